import type { Call, Reply } from "../http.ts";
import { ProviderError, type Slot } from "../model.ts";
import { type Context, isRecord, notThere, paths, refuseWhileBusy, refuseWhilePrepared, slotOf } from "./context.ts";
import { badRequest } from "./errors.ts";
import { accepted } from "./operations.ts";
import { slotId } from "./rbac.ts";
import { findSlot, same } from "./world.ts";

export interface Pair {
  /** The slot that is prepared and warmed up. */
  source: Slot;
  /** The slot that keeps serving until the routing is switched: production, if it is one of the two. */
  target: Slot;
}

/** The slot of the path and the one the body names, `targetSlot`. */
export async function bothSlots(context: Context, call: Call): Promise<{ current: Slot; other: Slot }> {
  const current = slotOf(context, call);
  const body = await call.json();
  const name = isRecord(body) ? body.targetSlot : undefined;
  if (typeof name !== "string" || name === "")
    throw badRequest("The parameter slotSwapEntity.targetSlot has an invalid value.", "51008");
  const other = findSlot(current.site, name) ?? notThere(name);
  if (other === current) throw badRequest("Cannot swap a slot with itself.", "51008");
  return { current, other };
}

/** A request to the site itself names the slot to swap with production; production is the target either way. */
async function pairOf(context: Context, call: Call): Promise<Pair> {
  const { current, other } = await bothSlots(context, call);
  const fromSite = current === current.site.production;
  return fromSite ? { source: other, target: current } : { source: current, target: other };
}

function completesPreview({ source, target }: Pair): boolean {
  return source.targetSwapSlot !== undefined && same(source.targetSwapSlot, target.name);
}

function resource(slot: Slot, call: Call): string {
  return call.params.slot === undefined ? slotId(slot.site.production) : slotId(slot);
}

async function swap(context: Context, call: Call): Promise<Reply> {
  const pair = await pairOf(context, call);
  const { source, target } = pair;
  refuseWhileBusy(source.site);
  if (!completesPreview(pair)) for (const slot of [source, target]) refuseWhilePrepared(slot);
  const operation = context.operations.begin(source.site, "SwapSiteSlots", () => context.hosting.swap(source, target));
  return accepted(context, call, resource(source, call), operation);
}

/** Swap with preview, first half: the target's settings onto the source. */
async function apply(context: Context, call: Call): Promise<Reply> {
  const { source, target } = await pairOf(context, call);
  refuseWhileBusy(source.site);
  for (const slot of [source, target]) refuseWhilePrepared(slot);
  if (source.siteAuthEnabled || target.siteAuthEnabled) {
    const message = "Swap with preview is not supported when site authentication is enabled on one of the slots.";
    throw new ProviderError(409, "Conflict", message, "04060");
  }
  const operation = context.operations.begin(source.site, "ApplySlotConfiguration", () =>
    context.hosting.applySlotConfig(source, target),
  );
  await operation.done;
  if (operation.error !== undefined) throw operation.error;
  return { status: 200 };
}

/** The slot prepared for a swap: the one of the path, or the one that waits to be swapped into it. */
function prepared(context: Context, call: Call): Slot | undefined {
  const asked = slotOf(context, call);
  if (asked.targetSwapSlot !== undefined) return asked;
  return [...asked.site.slots.values()].find((slot) => same(slot.targetSwapSlot ?? "", asked.name));
}

async function reset(context: Context, call: Call): Promise<Reply> {
  const slot = prepared(context, call);
  if (slot?.targetSwapSlot === undefined) return { status: 200 };
  refuseWhileBusy(slot.site);
  await context.hosting.resetSlotConfig(slot);
  return { status: 200 };
}

export const swapRoutes = [
  ["POST", `${paths.slot}/slotsswap`, swap],
  ["POST", `${paths.slot}/applySlotConfig`, apply],
  ["POST", `${paths.slot}/resetSlotConfig`, reset],
] as const;
