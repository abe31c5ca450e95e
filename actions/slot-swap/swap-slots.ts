import type { ActionContext, Outcome } from "@augeo/action-kit";
import { carryOutPlan, type DriveResult, identify, nameOf } from "@augeo/release";
import { refOf } from "./connection.ts";
import { type Ending, endingOf, withoutCanary } from "./ending.ts";
import { policyOf } from "./engine.ts";
import { reportOf } from "./report.ts";
import { bearingsOf, beginRun, markEnded, type Session, undoUnfinished } from "./session.ts";
import { type Differences, differencesMarkdown, readDifferences } from "./settings-differences.ts";
import type { spec } from "./spec.ts";
import { alreadyLive, stagedRelease } from "./staged-release.ts";

type Context = ActionContext<typeof spec>;
type Done = Outcome<typeof spec>;

/** Brings what is in the slot into production, once, and back when production is not healthy with it. */
export async function swapSlots(context: Context): Promise<Done> {
  const { inputs, log } = context;
  const opened = await beginRun(context, inputs);
  if (opened.kind === "ended") return outcome(context, opened.ending, opened.result, opened);
  const { session } = opened;
  const differences = await readDifferences(log, session.connection.slots, refOf(inputs));
  const target = await stagedRelease(context, session);
  if (target.release === identify(session.slots.production)) return alreadyLive(context, session, target);
  const plan = {
    kind: "swap",
    from: "STAGED",
    place: refOf(inputs),
    policy: policyOf(inputs),
    target,
    before: bearingsOf(session),
  } as const;
  const result = await carryOutPlan(session.engine, session.held, plan);
  const ending = endingOf(result);
  await markEnded(context);
  return outcome(context, ending, result, session, differences);
}

export const undoSwap = async (context: Context): Promise<void> => {
  await undoUnfinished(context, context.inputs);
};

async function outcome(
  context: Context,
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
      message: `${target.release} is live; ${nameOf(before?.production ?? null)} is in slot ${slot}.`,
    }),
    parts: [differencesMarkdown(differences)],
  });
  const reason = withoutCanary(ending.reason);
  if (reason === "completed") return { reason: "swapped", ...report };
  // A leftover of another action can end in its migrations.
  return { reason: reason === "gate" ? "stopped" : reason, ...report };
}
