import type { ActionContext, Outcome } from "@augeo/action-kit";
import {
  carryOutPlan,
  type DriveResult,
  nameOf,
  type Plan,
  planRollback,
  type RollbackPlan,
  releaseTable,
} from "@augeo/release";
import { storedSteps } from "../release/release-steps.ts";
import { refOf } from "../slot-swap/connection.ts";
import { endingOf, withoutCanary, wordsOf } from "../slot-swap/ending.ts";
import { policyOf } from "../slot-swap/engine.ts";
import { releasesJson, releasesMarkdown } from "../slot-swap/releases.ts";
import { type Report, type ReportRequest, reportOf } from "../slot-swap/report.ts";
import { bearingsOf, beginRun, giveBack, markEnded, type Session, undoUnfinished } from "../slot-swap/session.ts";
import { summarise } from "../slot-swap/summary.ts";
import { ofReleases, type spec } from "./spec.ts";

type Context = ActionContext<typeof spec>;
type Done = Outcome<typeof spec>;
type Reason = Done["reason"];

/** Returns production to an earlier release. Nothing but the schema and a live lock stands in the way. */
export async function rollBack(context: Context): Promise<Done> {
  const { inputs, log } = context;
  const opened = await beginRun(context, inputs, { steps: storedSteps(context, inputs), isRollback: true });
  if (opened.kind === "ended") return report(context, { ...opened, run: opened });
  const { session } = opened;
  if (session.leftover && inputs.release === undefined) return undoneAlready(context, session, session.leftover);
  const { slots } = session;
  const way = planRollback(session.held.head, { to: inputs.release, slots, ignoreSchema: inputs["ignore-schema"] });
  if (way.kind === "refused" || way.kind === "nothing") return withoutActing(context, session, way);
  const by = way.kind === "swap" ? "it is still in the slot" : "its stored package is brought into the slot first";
  log.info(`Back to ${way.target.release}: ${by}.`);
  const result = await carryOutPlan(session.engine, session.held, {
    ...planOf(context, way),
    before: bearingsOf(session),
  });
  const ending = endingOf(result);
  await markEnded(context);
  return report(context, { ending, result, run: session });
}

export const undoRollBack = async (context: Context): Promise<void> => {
  await undoUnfinished(context, context.inputs, storedSteps(context, context.inputs));
};

function planOf({ inputs, run }: Context, { kind, target }: RollbackPlan & { kind: "swap" | "redeploy" }): Plan {
  const why = `${run.actor}: ${inputs.why ?? "no reason given"}`;
  const from = kind === "swap" ? "STAGED" : "EXPANDED";
  return { kind: "rollback", from, place: refOf(inputs), policy: policyOf(inputs), target, why };
}

async function withoutActing(
  context: Context,
  session: Session,
  way: RollbackPlan & { kind: "refused" | "nothing" },
): Promise<Done> {
  await giveBack(context, session);
  const rows = session.connection.ledger ? releaseTable(session.held.head) : [];
  const releases = releasesJson(rows);
  const empty = { facts: [], moments: [], end: context.clock.now(), sessions: [], parts: [releasesMarkdown(rows)] };
  if (way.kind === "nothing") {
    const { release } = way.target;
    const message = `Production runs ${release} already.`;
    const summary = summarise({ ...empty, heading: "Nothing to roll back", isGood: true, message });
    return {
      reason: "already-live",
      message,
      outputs: { "live-release": release },
      result: { live: release, releases },
      summary,
    };
  }
  const { message, fix } = wordsOf(way.explanation);
  const summary = summarise({ ...empty, heading: "Not rolled back", isGood: false, message, fix });
  return { reason: reasonOf(way.code), message, fix, result: { refused: way.code, releases }, summary };
}

/** Undoing what a dead run had left open was the way back: going one further would be one too far. */
async function undoneAlready(context: Context, session: Session, leftover: DriveResult): Promise<Done> {
  await giveBack(context, session);
  const { target, before } = leftover.rollout;
  const message = `${target.release} was left unfinished by a run that is over; it was undone, and ${nameOf(before?.production ?? null)} is live.`;
  const parts = { ending: { reason: "completed", message } as const, result: leftover, run: session };
  const done = await reportOf({
    ...parts,
    context,
    app: context.inputs.app,
    completed: () => ({ heading: "The unfinished release is undone", message }),
  });
  return { reason: "rolled-back", ...done };
}

const reasonOf = (code: (RollbackPlan & { kind: "refused" })["code"]): Reason =>
  code === "no-previous" ? "no-such-release" : code;

async function report(context: Context, parts: Pick<ReportRequest, "ending" | "result" | "run">): Promise<Done> {
  const { inputs, run } = context;
  const done: Report = await reportOf({
    ...parts,
    context,
    app: inputs.app,
    completed: ({ target, before }) => ({
      heading: `${target.release} is live again`,
      message: `${target.release} replaced ${nameOf(before?.production ?? null)}, asked for by ${run.actor}${inputs.why ? `: ${inputs.why}` : ""}.`,
    }),
    facts: [
      ["Asked for by", run.actor],
      ["Why", inputs.why ?? ""],
    ],
  });
  const reason = withoutCanary(parts.ending.reason);
  if (reason === "completed") return { reason: "rolled-back", ...done };
  return { reason: isOfReleases(reason) ? "needs-human" : reason, ...done };
}

const isOfReleases = (reason: string): reason is keyof typeof ofReleases => Object.hasOwn(ofReleases, reason);
