import type { ActionContext, Outcome } from "@augeo/action-kit";
import { withoutCanary } from "./ending.ts";
import { undoUnfinished } from "./session.ts";
import type { spec } from "./spec.ts";
import { swapStaged } from "./swap-staged.ts";

type Context = ActionContext<typeof spec>;

/** Brings what is in the slot into production, once, and back when production is not healthy with it. */
export async function swapSlots(context: Context): Promise<Outcome<typeof spec>> {
  const swapped = await swapStaged(context);
  if (swapped.kind === "not-begun") return swapped.done;
  const reason = withoutCanary(swapped.reason);
  if (reason === "completed") return { reason: "swapped", ...swapped.report };
  // A leftover of another action can end in its migrations.
  return { reason: reason === "gate" ? "stopped" : reason, ...swapped.report };
}

export const undoSwap = async (context: Context): Promise<void> => {
  await undoUnfinished(context, context.inputs);
};
