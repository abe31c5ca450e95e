import type { ActionContext, Outcome } from "@augeo/action-kit";
import { undoUnfinished } from "../slot-swap/session.ts";
import { swapStaged } from "../slot-swap/swap-staged.ts";
import { CanaryLead } from "./lead-canary.ts";
import type { spec } from "./spec.ts";
import { canaryMarkdown, canaryResult } from "./summary.ts";

type Context = ActionContext<typeof spec>;

/** Gives what is in the slot a growing share of the requests, and the rest by a swap once every step has passed. */
export async function runCanary(context: Context): Promise<Outcome<typeof spec>> {
  const { inputs } = context;
  const lead = CanaryLead.from(context, inputs);
  if (!lead) throw new Error("steps is required");
  const swapped = await swapStaged(context, {
    options: { canary: lead.judgeFor, holdWait: inputs["hold-wait"] },
    ramp: lead.plan.ramp,
    prepare: (session, target) => lead.sayWhatItCanShow(context, session, target),
    markdown: () => canaryMarkdown(lead),
  });
  if (swapped.kind === "not-begun") return swapped.done;
  const { reason, report } = swapped;
  const told = { ...report, result: { ...report.result, canary: canaryResult(lead) } };
  if (reason === "completed") return { reason: "promoted", ...told };
  return { reason: reason === "gate" ? "stopped" : reason, ...told };
}

/** The weight goes to 0 and the rule away; what was swapped in without proof is swapped out. */
export const undoCanary = async (context: Context): Promise<void> => {
  await undoUnfinished(context, context.inputs);
};
