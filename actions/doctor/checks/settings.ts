import {
  rampUpRulesOf,
  readAppSettings,
  readConfiguration,
  readConnectionStrings,
  readStickyNames,
  textOf,
} from "@augeo/azure";
import { type Examination, findingOf } from "../examination.ts";
import type { Finding } from "../finding.ts";
import { strayDifferences } from "./stray-differences.ts";

type AppSettings = Readonly<Record<string, string>>;
type Configuration = Readonly<Record<string, unknown>>;

/** What a swap would carry into production, and the settings that decide when a slot counts as warm. */
export async function checkSettings(examination: Examination): Promise<Finding[]> {
  const { arm } = examination.session;
  try {
    const [settings, configuration] = await Promise.all([
      readAppSettings(arm, examination.production),
      readConfiguration(arm, examination.production),
    ]);
    return [
      ...(await differences(examination, settings)),
      ...warmUp(examination, settings, configuration),
      ...routing(examination, configuration),
    ];
  } catch (error) {
    return [findingOf("settings", "unknown", error)];
  }
}

/** Settings that differ between the slots and would move with a swap. Values are never shown. */
async function differences({ session, production, staging }: Examination, here: AppSettings): Promise<Finding[]> {
  const { arm } = session;
  const [sticky, there, ownStrings, otherStrings] = await Promise.all([
    readStickyNames(arm, production),
    readAppSettings(arm, staging),
    readConnectionStrings(arm, production),
    readConnectionStrings(arm, staging),
  ]);
  const stray = [
    ...strayDifferences(here, there, sticky.appSettingNames),
    ...strayDifferences(ownStrings, otherStrings, sticky.connectionStringNames),
  ];
  if (stray.length === 0)
    return [
      {
        area: "settings",
        state: "ok",
        what: "No setting would move into production with a swap that is not there already.",
      },
    ];
  return [
    {
      area: "settings",
      state: "warning",
      what: `${stray.length} settings differ between the slots and would change sides with a swap: ${stray.join(", ")}.`,
      why: "Only settings marked as slot settings stay where they are.",
      fix: `az webapp config appsettings set --name ${production.app} --resource-group ${production.resourceGroup} --slot-settings ${stray.map((name) => `${name}=<value>`).join(" ")}`,
    },
  ];
}

const WARM_UP = "WEBSITE_SWAP_WARMUP_PING_PATH";
const STATUSES = "WEBSITE_SWAP_WARMUP_PING_STATUSES";

/** Without these two, Azure takes any answer to `/` as warm, an error page included. */
function warmUp({ production, inputs }: Examination, settings: AppSettings, configuration: Configuration): Finding[] {
  const path = inputs["health-path"][0] ?? "/";
  const found: Finding[] = [];
  const unset = [WARM_UP, STATUSES].filter((name) => settings[name] === undefined);
  if (unset.length > 0) {
    found.push({
      area: "settings",
      state: "warning",
      what: `${unset.join(" and ")} ${unset.length === 1 ? "is" : "are"} not set.`,
      why: "Azure then takes any answer as warm during a swap, an error page included. The action warms and probes the slot itself before.",
      fix: `az webapp config appsettings set --name ${production.app} --resource-group ${production.resourceGroup} --settings ${WARM_UP}=${path} ${STATUSES}=200`,
    });
  } else
    found.push({
      area: "settings",
      state: "ok",
      what: `A swap waits until ${settings[WARM_UP]} answers ${settings[STATUSES]}.`,
    });
  if (textOf(configuration.healthCheckPath) === "") {
    found.push({
      area: "settings",
      state: "warning",
      what: "No health check path is set.",
      why: "Azure then never takes a broken instance out of the load balancer.",
      fix: `az webapp config set --name ${production.app} --resource-group ${production.resourceGroup} --generic-configurations '{"healthCheckPath": "${path}"}'`,
    });
  }
  const autoSwap = textOf(configuration.autoSwapSlotName);
  if (autoSwap !== "")
    found.push({
      area: "settings",
      state: "problem",
      what: `Auto swap into ${autoSwap} is on.`,
      why: "It would swap a release that nobody has probed, and is not supported on Linux.",
      fix: `az webapp deployment slot auto-swap --name ${production.app} --resource-group ${production.resourceGroup} --slot <slot> --disable`,
    });
  return found;
}

function routing({ production }: Examination, configuration: Configuration): Finding[] {
  const active = rampUpRulesOf(configuration).filter((rule) => rule.reroutePercentage > 0);
  if (active.length === 0) return [];
  const shares = active.map((rule) => `${rule.reroutePercentage} % to ${rule.name}`).join(", ");
  return [
    {
      area: "settings",
      state: "warning",
      what: `Production's traffic is routed aside: ${shares}.`,
      why: "A release removes every routing rule before it swaps.",
      fix: `az webapp traffic-routing clear --name ${production.app} --resource-group ${production.resourceGroup}`,
    },
  ];
}
