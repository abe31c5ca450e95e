import type { Call, Reply } from "../http.ts";
import { ProviderError, type Site, type Slot } from "../model.ts";
import {
  beginWrite,
  type Context,
  isRecord,
  ok,
  paths,
  refuseWhileBusy,
  refuseWhilePrepared,
  siteOf,
} from "./context.ts";
import { badRequest } from "./errors.ts";
import { accepted } from "./operations.ts";
import { siteId } from "./rbac.ts";
import { applySite } from "./site.ts";
import { siteView } from "./site-view.ts";
import { addSlot, createSite, findSite, findSlot, newSlot, same, type World } from "./world.ts";

/** Slots an app may have besides production, by the tier of its plan. Source: App Service limits. */
function slotLimit(tier: string): number {
  if (/^(free|shared|basic|dynamic)/i.test(tier)) return 0;
  return /^standard/i.test(tier) ? 5 : 20;
}

function checkLimit(world: World, site: Site): void {
  const plan = world.plans.find((one) => same(one.name, site.planName));
  const tier = plan?.sku.tier ?? "Standard";
  if (site.slots.size < slotLimit(tier)) return;
  const message = `Cannot complete the operation because the site will exceed the number of slots allowed for the '${tier}' SKU.`;
  throw new ProviderError(409, "Conflict", message, "04068");
}

function checkName(name: string): void {
  if (/^[a-z0-9](?:[a-z0-9-]{0,57}[a-z0-9])?$/i.test(name) && !same(name, "production")) return;
  throw badRequest(`The parameter slotName has an invalid value. Slot name '${name}' is not allowed.`, "51008");
}

/** The site or slot whose configuration a `cloningInfo` asks to copy, by its resource id. */
function sourceOf(world: World, id: string): Slot | undefined {
  const parts = id.split("/").filter(Boolean);
  const site = findSite(world, parts[1] ?? "", parts[3] ?? "", parts[7] ?? "");
  return site === undefined ? undefined : findSlot(site, parts[9] ?? "production");
}

function clone(world: World, slot: Slot, properties: unknown): void {
  const cloning = isRecord(properties) ? properties.cloningInfo : undefined;
  if (!isRecord(cloning)) return;
  const source = sourceOf(world, String(cloning.sourceWebAppId));
  if (source === undefined) throw badRequest("The source web app of cloningInfo was not found.", "51008");
  slot.appSettings = { ...source.appSettings };
  slot.connectionStrings = structuredClone(source.connectionStrings);
  slot.config = { ...structuredClone(source.config), experiments: { rampUpRules: [] } };
}

async function create(context: Context, site: Site, name: string, body: Record<string, unknown>): Promise<Slot> {
  const slot = newSlot(site, name, site.production.config.linuxFxVersion);
  clone(context.world, slot, body.properties);
  applySite(context, slot, body);
  await addSlot(context.hosting, site, slot);
  return slot;
}

/** Creates or changes a site or a slot. */
async function put(context: Context, call: Call): Promise<Reply> {
  const body = await call.json();
  const wanted = isRecord(body) ? body : {};
  if (!siteExists(context, call)) return putSite(context, call, wanted);
  const site = siteOf(context, call);
  const name = call.params.slot ?? "production";
  const known = findSlot(site, name);
  if (known !== undefined) {
    refuseWhilePrepared(known);
    beginWrite(known);
    applySite(context, known, wanted);
    return ok(siteView(context.world, known));
  }
  refuseWhileBusy(site);
  checkName(name);
  checkLimit(context.world, site);
  if (context.behaviour.slotCreation === "immediate")
    return ok(siteView(context.world, await create(context, site, name, wanted)));
  const operation = context.operations.begin(site, "CreateSiteSlot", async () =>
    siteView(context.world, await create(context, site, name, wanted)),
  );
  return accepted(context, call, siteId(site), operation);
}

function siteExists({ world }: Context, call: Call): boolean {
  return findSite(world, call.param("subscription"), call.param("group"), call.param("site")) !== undefined;
}

/** A site needs a plan that exists, named by its id, and a name that nobody else has. */
async function putSite(context: Context, call: Call, wanted: Record<string, unknown>): Promise<Reply> {
  const { world, hosting } = context;
  const name = call.param("site");
  const properties = isRecord(wanted.properties) ? wanted.properties : {};
  const planName =
    String(properties.serverFarmId ?? "")
      .split("/")
      .at(-1) ?? "";
  if (!world.plans.some((plan) => same(plan.name, planName))) {
    const message = `Cannot find App Service plan ${planName}.`;
    throw new ProviderError(404, "NotFound", message, "51004");
  }
  if (world.sites.some((site) => same(site.name, name)))
    throw new ProviderError(409, "Conflict", `Website with given name ${name} already exists.`, "54001");
  const config = isRecord(properties.siteConfig) ? properties.siteConfig : {};
  const runtime = typeof config.linuxFxVersion === "string" ? config.linuxFxVersion : "";
  const site = await createSite(world, hosting, { name, plan: planName, resourceGroup: call.param("group"), runtime });
  applySite(context, site.production, wanted);
  return ok(siteView(world, site.production));
}

async function remove(context: Context, call: Call): Promise<Reply> {
  const site = siteOf(context, call);
  const name = call.param("slot");
  const slot = findSlot(site, name);
  if (slot === undefined) return { status: 204 };
  if (slot === site.production) throw badRequest("The production slot cannot be deleted.", "51008");
  refuseWhilePrepared(slot);
  beginWrite(slot);
  site.slots.delete(name.toLowerCase());
  await context.hosting.destroy(slot);
  return { status: 200 };
}

export const slotRoutes = [
  ["PUT", paths.slot, put],
  ["DELETE", `${paths.site}/slots/{slot}`, remove],
] as const;
