import type { Call, Reply } from "../http.ts";
import type { Slot } from "../model.ts";
import { mergeConfig } from "./config.ts";
import { beginWrite, type Context, isRecord, ok, part, paths, refuseWhilePrepared, siteOf, slotOf } from "./context.ts";
import { siteView } from "./site-view.ts";
import { same } from "./world.ts";

function get(context: Context, call: Call): Reply {
  return ok(siteView(context.world, slotOf(context, call)));
}

/** Lists of a resource group, or of the whole subscription when the path names no group. */
function list(context: Context, call: Call): Reply {
  const { subscription = "", group } = call.params;
  const sites = context.world.sites.filter(
    (site) => same(site.subscriptionId, subscription) && (group === undefined || same(site.resourceGroup, group)),
  );
  const withSlots = call.query.isTrue("includeSlots");
  const slots = sites.flatMap((site) => [site.production, ...(withSlots ? site.slots.values() : [])]);
  return ok({ value: slots.map((slot) => siteView(context.world, slot)), nextLink: null });
}

function listSlots(context: Context, call: Call): Reply {
  const slots = [...siteOf(context, call).slots.values()];
  return ok({ value: slots.map((slot) => siteView(context.world, slot)), nextLink: null });
}

/** Applies what a PUT or PATCH of a site or slot may change. */
export function applySite(context: Context, slot: Slot, body: Record<string, unknown>): void {
  if (isRecord(body.tags))
    slot.tags = Object.fromEntries(Object.entries(body.tags).map(([name, value]) => [name, String(value)]));
  if (body.identity !== undefined && body.identity !== null) slot.identity = body.identity;
  const properties = isRecord(body.properties) ? body.properties : {};
  if (typeof properties.httpsOnly === "boolean") slot.httpsOnly = properties.httpsOnly;
  if (isRecord(properties.siteConfig)) mergeConfig(context, slot, properties.siteConfig);
}

async function patch(context: Context, call: Call): Promise<Reply> {
  const slot = slotOf(context, call);
  const body = await call.json();
  refuseWhilePrepared(slot);
  beginWrite(slot);
  applySite(context, slot, isRecord(body) ? body : {});
  return ok(siteView(context.world, slot));
}

async function start(context: Context, call: Call): Promise<Reply> {
  const slot = slotOf(context, call);
  slot.state = "Running";
  await context.hosting.start(slot);
  return { status: 200 };
}

async function stop(context: Context, call: Call): Promise<Reply> {
  const slot = slotOf(context, call);
  slot.state = "Stopped";
  await context.hosting.stop(slot);
  return { status: 200 };
}

async function restart(context: Context, call: Call): Promise<Reply> {
  await context.hosting.restart(slotOf(context, call), call.query.isTrue("synchronous"));
  return { status: 200 };
}

function instanceView(slot: Slot, instance: { id: string; state: string }): unknown {
  const base = `https://${slot.scmHostName}`;
  const links = { statusUrl: `${base}/api/`, detectorUrl: base, consoleUrl: base, healthCheckUrl: null };
  const properties = { siteInstanceName: null, state: instance.state, ...links, containers: {}, physicalZone: "" };
  return part(slot, `instances/${instance.id}`, "instances", properties);
}

function instances(context: Context, call: Call): Reply {
  const slot = slotOf(context, call);
  const all = context.hosting.instances(slot).map((one) => instanceView(slot, one));
  const wanted = call.params.instance;
  if (wanted === undefined) return ok({ value: all, nextLink: null });
  const one = context.hosting.instances(slot).find((instance) => same(instance.id, wanted));
  return one === undefined ? { status: 404 } : ok(instanceView(slot, one));
}

export const siteRoutes = [
  ["GET", "/subscriptions/{subscription}/providers/Microsoft.Web/sites", list],
  ["GET", `${paths.web}/sites`, list],
  ["GET", `${paths.site}/slots`, listSlots],
  ["GET", paths.slot, get],
  ["PATCH", paths.slot, patch],
  ["POST", `${paths.slot}/start`, start],
  ["POST", `${paths.slot}/stop`, stop],
  ["POST", `${paths.slot}/restart`, restart],
  ["GET", `${paths.slot}/instances[/{instance}]`, instances],
] as const;
