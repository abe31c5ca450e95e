import {
  carryOutPlan,
  type DriveResult,
  identify,
  nameOf,
  type Plan,
  type Ramp,
  type ReleaseRecord,
} from "@augeo/release";
import { ApprovalGate, type ApprovalInputs, heldBackReport } from "./approval-gate.ts";
import { refOf } from "./connection.ts";
import { type Ending, endingOf } from "./ending.ts";
import { type PolicyInputs, policyOf } from "./engine.ts";
import { type Report, reportOf } from "./report.ts";
import {
  bearingsOf,
  beginRun,
  markEnded,
  type Session,
  type SessionContext,
  type SessionInputs,
  type SessionOptions,
} from "./session.ts";
import { type Differences, differencesMarkdown, readDifferences } from "./settings-differences.ts";
import { alreadyLive, stagedRelease } from "./staged-release.ts";

export type StagedContext = SessionContext & { readonly inputs: SessionInputs & PolicyInputs & ApprovalInputs };

/** What a canary adds to a swap. */
export interface Lead {
  readonly options: SessionOptions;
  readonly ramp: Ramp;
  /** Whatever it throws, it gives the lock back first: nothing was begun. */
  prepare(session: Session, target: ReleaseRecord): Promise<void>;
  /** For the summary, before the timeline. */
  markdown(): string;
}

export type NotBegun = Awaited<ReturnType<typeof alreadyLive>> | ReturnType<typeof heldBackReport>;
export type Swapped =
  | { readonly kind: "not-begun"; readonly done: NotBegun }
  | { readonly kind: "ended"; readonly reason: Ending["reason"]; readonly report: Report };

/** Brings what is in the slot into production, once, with or without a canary before, and tells how that ended. */
export async function swapStaged(context: StagedContext, lead?: Lead): Promise<Swapped> {
  const gate = new ApprovalGate(context, context.inputs);
  for (;;) {
    const opened = await beginRun(context, context.inputs, lead?.options);
    if (opened.kind === "ended") return ended(context, lead, opened, opened);
    const { session } = opened;
    const { target, sha256 } = await stagedRelease(context, session);
    if (target.release === identify(session.slots.production))
      return { kind: "not-begun", done: await alreadyLive(context, session, target) };
    const candidate = { record: { ...target, artifact: sha256 } };
    const passed = await gate.pass(session, candidate);
    if (passed === "open") return swap(context, session, target, lead);
    if (passed !== "again") return { kind: "not-begun", done: heldBackReport(context.clock.now(), candidate, passed) };
  }
}

async function swap(
  context: StagedContext,
  session: Session,
  target: ReleaseRecord,
  lead: Lead | undefined,
): Promise<Swapped> {
  const { inputs, log } = context;
  await lead?.prepare(session, target);
  const differences = await readDifferences(log, session.connection.slots, refOf(inputs));
  const place = { place: refOf(inputs), policy: policyOf(inputs), ramp: lead?.ramp };
  const plan: Plan = { kind: "swap", from: "STAGED", ...place, target, before: bearingsOf(session) };
  const result = await carryOutPlan(session.engine, session.held, plan);
  const ending = endingOf(result);
  await markEnded(context);
  return ended(context, lead, { ending, result, differences }, session);
}

interface End {
  ending: Ending;
  result?: DriveResult | undefined;
  differences?: Differences | undefined;
}

async function ended(
  context: StagedContext,
  lead: Lead | undefined,
  { ending, result, differences }: End,
  run: Pick<Session, "timeline" | "health" | "connection">,
): Promise<Swapped> {
  const { app, slot } = context.inputs;
  const report = await reportOf({
    context,
    app,
    ending,
    result,
    run,
    completed: ({ target: { release }, before }) => ({
      heading: `${release} is live`,
      message: `${release} ${lead ? "passed every step and " : ""}is live; ${nameOf(before?.production ?? null)} is in slot ${slot}.`,
    }),
    ...(lead && { lead: lead.markdown() }),
    parts: [differencesMarkdown(differences)],
  });
  return { kind: "ended", reason: ending.reason, report };
}
