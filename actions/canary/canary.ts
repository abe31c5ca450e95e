import type { ActionContext, Outcome } from "@augeo/action-kit";
import { carryOutPlan, type DriveResult, identify, nameOf, type Plan } from "@augeo/release";
import { refOf } from "../slot-swap/connection.ts";
import { type Ending, endingOf } from "../slot-swap/ending.ts";
import { policyOf } from "../slot-swap/engine.ts";
import { reportOf } from "../slot-swap/report.ts";
import { bearingsOf, beginRun, markEnded, type Session, undoUnfinished } from "../slot-swap/session.ts";
import { type Differences, differencesMarkdown, readDifferences } from "../slot-swap/settings-differences.ts";
import { alreadyLive, stagedRelease } from "../slot-swap/staged-release.ts";
import { CanaryLead } from "./lead-canary.ts";
import type { spec } from "./spec.ts";
import { canaryMarkdown, canaryResult } from "./summary.ts";

type Context = ActionContext<typeof spec>;
type Done = Outcome<typeof spec>;

/** Gives what is in the slot a growing share of the requests, and the rest by a swap once every step has passed. */
export async function runCanary(context: Context): Promise<Done> {
  const { inputs, log } = context;
  const lead = CanaryLead.from(context, inputs);
  if (!lead) throw new Error("steps is required");
  const options = { canary: lead.judgeFor, holdWait: inputs["hold-wait"] };
  const opened = await beginRun(context, inputs, options);
  if (opened.kind === "ended") return outcome(context, lead, opened.ending, opened.result, opened);
  const { session } = opened;
  const differences = await readDifferences(log, session.connection.slots, refOf(inputs));
  const target = await stagedRelease(context, session);
  if (target.release === identify(session.slots.production)) return alreadyLive(context, session, target);
  await lead.sayWhatItCanShow(context, session, target);
  const place = { place: refOf(inputs), policy: policyOf(inputs) };
  const { ramp } = lead.plan;
  const plan: Plan = { kind: "swap", from: "STAGED", ...place, target, ramp, before: bearingsOf(session) };
  const result = await carryOutPlan(session.engine, session.held, plan);
  const ending = endingOf(result);
  await markEnded(context);
  return outcome(context, lead, ending, result, session, differences);
}

/** The weight goes to 0 and the rule away; what was swapped in without proof is swapped out. */
export const undoCanary = async (context: Context): Promise<void> => {
  await undoUnfinished(context, context.inputs);
};

async function outcome(
  context: Context,
  lead: CanaryLead,
  ending: Ending,
  result: DriveResult | undefined,
  run: Pick<Session, "timeline" | "health" | "connection">,
  differences?: Differences,
): Promise<Done> {
  const { app, slot } = context.inputs;
  const report = await reportOf({
    context,
    app,
    ending,
    result,
    run,
    completed: ({ target, before }) => ({
      heading: `${target.release} is live`,
      message: `${target.release} passed every step and is live; ${nameOf(before?.production ?? null)} is in slot ${slot}.`,
    }),
    lead: canaryMarkdown(lead),
    parts: [differencesMarkdown(differences)],
  });
  const done = { ...report, result: { ...report.result, canary: canaryResult(lead) } };
  const { reason } = ending;
  if (reason === "completed") return { reason: "promoted", ...done };
  return { reason: reason === "gate" ? "stopped" : reason, ...done };
}
