import { fieldsOf, isProduction, listSlotNames, readSite, type SiteView, textOf } from "@augeo/azure";
import { type Examination, findingOf } from "../examination.ts";
import type { Finding } from "../finding.ts";

/** Slots a plan's tier allows besides production. Source: Microsoft Learn, App Service limits. */
const SLOTS: Readonly<Record<string, number>> = {
  free: 0,
  shared: 0,
  basic: 0,
  standard: 5,
  premium: 20,
  premiumv2: 20,
  premiumv3: 20,
  premiumv4: 20,
  premium0v3: 20,
  isolated: 20,
  isolatedv2: 20,
};

/** The app, its slot, and whether its plan allows slots at all. `isThere`: both exist, so that more can be asked of them. */
export async function checkNames(examination: Examination): Promise<{ findings: Finding[]; isThere: boolean }> {
  const { session, production, staging } = examination;
  let site: SiteView;
  try {
    site = await readSite(session.arm, production);
  } catch (error) {
    return { findings: [findingOf("names", "problem", error)], isThere: false };
  }
  const found: Finding[] = [state(site, production.app)];
  const slots = await listSlotNames(session.arm, production);
  const exists = isProduction(staging.slot) || slots.some((name) => name.toLowerCase() === staging.slot.toLowerCase());
  if (exists) found.push({ area: "names", state: "ok", what: `The slot "${staging.slot}" exists.` });
  else found.push(missingSlot(examination, slots));
  found.push(...(await checkPlan(examination, site, slots.length, exists)));
  if (site.targetSwapSlot !== undefined) found.push(pendingSwap(examination, site.targetSwapSlot));
  return { findings: found, isThere: exists };
}

function state(site: SiteView, app: string): Finding {
  if (site.state === "Running")
    return { area: "names", state: "ok", what: `The app "${app}" is running at ${site.defaultHostName}.` };
  return {
    area: "names",
    state: "problem",
    what: `The app "${app}" is ${site.state.toLowerCase()}.`,
    why: "A swap would put the release into an app that answers nobody.",
    fix: `az webapp start --name ${app} --resource-group ${resourceGroupOf(site.id)}`,
  };
}

function missingSlot({ production, staging }: Examination, slots: readonly string[]): Finding {
  return {
    area: "names",
    state: "problem",
    what: `The slot "${staging.slot}" does not exist.`,
    why: slots.length === 0 ? "The app has no slots." : `Existing slots: ${slots.join(", ")}.`,
    fix: `az webapp deployment slot create --name ${production.app} --resource-group ${production.resourceGroup} --slot ${staging.slot} --configuration-source ${production.app}`,
  };
}

async function checkPlan(
  { session, inputs }: Examination,
  site: SiteView,
  slots: number,
  exists: boolean,
): Promise<Finding[]> {
  const reply = await session.arm
    .call({ operation: "read the App Service plan", method: "GET", path: site.serverFarmId, accept: [403, 404] })
    .catch(() => undefined);
  const sku = fieldsOf(fieldsOf(reply?.body).sku);
  const tier = textOf(sku.tier);
  if (reply === undefined || reply.status !== 200 || tier === "") {
    return [
      {
        area: "names",
        state: "unknown",
        what: "The plan's tier could not be read.",
        why: "Whoever is signed in may not read the App Service plan.",
        fix: `az role assignment create --assignee ${inputs["client-id"]} --role Reader --scope ${site.serverFarmId}`,
      },
    ];
  }
  const most = SLOTS[tier.toLowerCase()];
  if (most === undefined || (exists && slots <= most) || slots < most) {
    return [
      {
        area: "names",
        state: "ok",
        what: `The plan's tier ${tier} allows ${most ?? "some"} slots; ${slots} are in use.`,
      },
    ];
  }
  return [
    {
      area: "names",
      state: "problem",
      what: `The plan's tier ${tier} allows ${most} slots, and ${slots} are in use.`,
      why: "A release needs a slot beside production.",
      fix: `az appservice plan update --ids ${site.serverFarmId} --sku ${most === 0 ? "S1" : "P0V3"}`,
    },
  ];
}

function pendingSwap({ production, staging }: Examination, target: string): Finding {
  return {
    area: "names",
    state: "problem",
    what: `A swap with preview is pending (target: ${target}).`,
    why: "Azure refuses every other swap until it is completed or reset.",
    fix: `az webapp deployment slot swap --name ${production.app} --resource-group ${production.resourceGroup} --slot ${staging.slot} --action reset`,
  };
}

export function resourceGroupOf(id: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? "<group>";
}
