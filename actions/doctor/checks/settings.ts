import {
  rampUpRulesOf,
  readAppSettings,
  readConfiguration,
  readConnectionStrings,
  readStickyNames,
  type StickyNames,
  sitePath,
  textOf,
} from "@augeo/azure";
import { azTarget } from "../az-target.ts";
import { type Examination, findingOf } from "../examination.ts";
import type { Finding } from "../finding.ts";
import { strayDifferences } from "./stray-differences.ts";

type AppSettings = Readonly<Record<string, string>>;
type Configuration = Readonly<Record<string, unknown>>;

/** What a swap would carry into production, and the settings that decide when a slot counts as warm. */
export async function checkSettings(examination: Examination): Promise<Finding[]> {
  const { arm } = examination.session;
  try {
    const [settings, configuration, ofSlot] = await Promise.all([
      readAppSettings(arm, examination.production),
      readConfiguration(arm, examination.production),
      readConfiguration(arm, examination.staging),
    ]);
    return [
      ...(await differences(examination, settings)),
      ...warmUp(examination, settings, configuration),
      ...autoSwap(examination, ofSlot),
      ...routing(examination, configuration),
    ];
  } catch (error) {
    return [findingOf("settings", "unknown", error)];
  }
}

/** Settings that differ between the slots and would move with a swap. Values are never shown. */
async function differences(examination: Examination, here: AppSettings): Promise<Finding[]> {
  const { session, production, staging } = examination;
  const { arm } = session;
  const [sticky, there, ownStrings, otherStrings] = await Promise.all([
    readStickyNames(arm, production),
    readAppSettings(arm, staging),
    readConnectionStrings(arm, production),
    readConnectionStrings(arm, staging),
  ]);
  const ofSettings = strayDifferences(here, there, sticky.appSettingNames);
  const ofStrings = strayDifferences(ownStrings, otherStrings, sticky.connectionStringNames);
  const stray = [...ofSettings, ...ofStrings];
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
      fix: stickCommand(examination, {
        ...sticky,
        appSettingNames: [...sticky.appSettingNames, ...ofSettings],
        connectionStringNames: [...sticky.connectionStringNames, ...ofStrings],
      }),
    },
  ];
}

/** The names alone, and all of them, since they are written as a whole: no value has to be known or typed. */
function stickCommand({ session, production }: Examination, properties: StickyNames): string {
  const url = `${sitePath(session.arm, production)}/config/slotConfigNames?api-version=2025-05-01`;
  return `az rest --method put --url '${url}' --body '${JSON.stringify({ properties })}'`;
}

const WARM_UP = "WEBSITE_SWAP_WARMUP_PING_PATH";
const STATUSES = "WEBSITE_SWAP_WARMUP_PING_STATUSES";

/** Without these two, Azure takes any answer to `/` as warm, an error page included. */
function warmUp(
  { production, staging, inputs }: Examination,
  settings: AppSettings,
  configuration: Configuration,
): Finding[] {
  const path = inputs["health-path"][0] ?? "/";
  const found: Finding[] = [];
  const unset = [WARM_UP, STATUSES].filter((name) => settings[name] === undefined);
  if (unset.length > 0) {
    found.push({
      area: "settings",
      state: "warning",
      what: `${unset.join(" and ")} ${unset.length === 1 ? "is" : "are"} not set.`,
      why: "Azure then takes any answer as warm during a swap, an error page included. The action warms and probes the slot itself before.",
      // In both slots: in one alone it would change sides with a swap.
      fix: [production, staging]
        .map((ref) => `az webapp config appsettings set ${azTarget(ref)} --settings ${WARM_UP}=${path} ${STATUSES}=200`)
        .join("\n"),
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
  return found;
}

/** It is set on the slot that is swapped away from. Source: Microsoft Learn, configure auto swap. */
function autoSwap({ staging }: Examination, ofSlot: Configuration): Finding[] {
  const target = textOf(ofSlot.autoSwapSlotName);
  if (target === "") return [];
  return [
    {
      area: "settings",
      state: "problem",
      what: `Auto swap from ${staging.slot} into ${target} is on.`,
      why: "It would swap a release that nobody has probed, and is not supported on Linux.",
      fix: `az webapp deployment slot auto-swap --name ${staging.app} --resource-group ${staging.resourceGroup} --slot ${staging.slot} --disable`,
    },
  ];
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
