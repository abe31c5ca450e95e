import type { ActionContext, Outcome } from "@augeo/action-kit";
import {
  carryOutPlan,
  type DriveResult,
  identify,
  nameOf,
  type Plan,
  type ReleaseRecord,
  type Steps,
} from "@augeo/release";
import { CanaryLead } from "../canary/lead-canary.ts";
import { canaryMarkdown, canaryResult } from "../canary/summary.ts";
import { closeLeftAccess } from "../migration-gate/database-access.ts";
import { ApprovalGate, heldBackReport } from "../slot-swap/approval-gate.ts";
import { type Connection, refOf } from "../slot-swap/connection.ts";
import { type Ending, endingOf } from "../slot-swap/ending.ts";
import { policyOf } from "../slot-swap/engine.ts";
import { type ReportRequest, reportOf } from "../slot-swap/report.ts";
import {
  bearingsOf,
  beginRun,
  type Ended,
  giveBack,
  markEnded,
  type Session,
  undoUnfinished,
} from "../slot-swap/session.ts";
import { differencesMarkdown, readDifferences } from "../slot-swap/settings-differences.ts";
import { summarise } from "../slot-swap/summary.ts";
import type { Mismatch } from "./artifact-digest.ts";
import { type DeploymentEnd, GitHubDeployment } from "./github-deployment.ts";
import { accessInputs, migrateStep } from "./migrate-step.ts";
import { type Prepared, prepare, type Refused } from "./prepare.ts";
import { stage, stageStored, storedSteps } from "./release-steps.ts";
import type { spec } from "./spec.ts";
import { findNewerLive } from "./stale-release.ts";

type Context = ActionContext<typeof spec>;
type Done = Outcome<typeof spec>;

const DEPLOYMENT = "deployment";
/** GitHub knows how the release ended. */
const TOLD = "told";

/** The release that GitHub shows as under way, and how it ended once that is known; for the post step. */
interface Announced {
  readonly release: string;
  readonly end: DeploymentEnd | null;
}

/** A whole release: what is wrong with it here is found first, then the lock, and only then is anything changed. */
export async function runRelease(context: Context): Promise<Done> {
  const { inputs, log } = context;
  const lead = CanaryLead.from(context, inputs);
  const prepared = await log.group("Prepare the release", () => prepare(context, inputs));
  if ("objections" in prepared) return gated(context, prepared);
  if ("found" in prepared) return mismatched(context, prepared);
  const plan = planOf(context, prepared, lead);
  const session = await openRelease(context, prepared, plan, lead);
  if ("reason" in session) return session;
  await lead?.sayWhatItCanShow(context, session, prepared.record);
  const deployment = await announce(context, prepared);
  await deployment?.endLost(inputs, session.held.head.live?.release);
  const differences = await readDifferences(log, session.connection.slots, refOf(inputs));
  const result = await carryOutPlan(session.engine, session.held, { ...plan, before: bearingsOf(session) });
  const ending = endingOf(result);
  await conclude(context, session, prepared, ending, deployment);
  const parts = [differencesMarkdown(differences)];
  return report(context, prepared, { ending, result, run: session, parts, canary: lead }, deployment);
}

/** Holds the lock with nothing in the way of the release any more; or how it ended before it began. */
async function openRelease(
  context: Context,
  prepared: Prepared,
  plan: Plan,
  lead: CanaryLead | undefined,
): Promise<Session | Done> {
  const canary = lead && { canary: lead.judgeFor, holdWait: context.inputs["hold-wait"] };
  const gate = new ApprovalGate(context, context.inputs);
  for (;;) {
    const opened = await beginRun(context, context.inputs, { plan, steps: stepsOf(context, prepared), ...canary });
    if (opened.kind === "ended") {
      const deployment = await tellContinued(context, prepared, opened);
      return report(context, prepared, { ...opened, run: opened, canary: lead }, deployment);
    }
    const { session } = opened;
    const early = await nothingToDo(context, session, prepared);
    if (early) return early;
    const passed = await gate.pass(session, prepared);
    if (passed === "open") return session;
    if (passed !== "again") {
      const outputs = { release: prepared.label.release };
      return { ...heldBackReport(context.clock.now(), prepared, passed), outputs };
    }
  }
}

/** Cancelled or dead before its end: undone, and GitHub's record says so. */
export async function undoRelease(context: Context): Promise<void> {
  // Both, whatever becomes of the other: the firewall is open to the Internet, and production may be half swapped.
  const closing = closeLeftAccess(context, accessInputs(context.inputs));
  const ends = await Promise.allSettled([closing, undoUnfinishedRelease(context)]);
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function undoUnfinishedRelease(context: Context): Promise<void> {
  const { inputs, journal } = context;
  let end: DeploymentEnd = { state: "error", description: "Stopped; the next run ends it" };
  try {
    end = endAfter(await undoUnfinished(context, inputs, storedSteps(context, inputs))) ?? end;
  } finally {
    const left = journal.read(DEPLOYMENT) as Announced | typeof TOLD | undefined;
    if (typeof left === "object") await GitHubDeployment.endRelease(context, inputs, left.release, left.end ?? end);
  }
}

/** How a release ended whose run was stopped; undefined when it did not. */
function endAfter(result: DriveResult | undefined): DeploymentEnd | undefined {
  if (result === undefined) return { state: "failure", description: "Stopped before anything was changed" };
  if (result.kind !== "ended" || result.rollout.phase === "NEEDS_HUMAN") return undefined;
  const { phase, target } = result.rollout;
  return phase === "COMPLETED"
    ? { state: "success", description: `${target.release} is live` }
    : { state: "failure", description: "Stopped and undone" };
}

function planOf({ inputs, run }: Context, { record }: Prepared, lead: CanaryLead | undefined): Plan {
  const why = `${run.actor}: ${run.eventName} of ${run.sha.slice(0, 7)}`;
  const limits = { place: refOf(inputs), policy: policyOf(inputs), ramp: lead?.plan.ramp };
  return { kind: "release", from: "PREPARED", ...limits, target: record, why };
}

/** The target comes from this machine and is stored as it goes out; anything else is an older release's stored package. */
const stepsOf =
  (context: Context, prepared: Prepared) =>
  (connection: Connection): Steps => ({
    migrate: () => migrateStep(context, context.inputs, prepared),
    stage: async (record) => {
      if (record.artifact !== prepared.record.artifact) return stageStored(context, connection, context.inputs, record);
      const { package: pack, packed, label } = prepared;
      await connection.ledger?.storeArtifact(record.artifact ?? "", packed);
      return stage(context, connection, context.inputs, { package: pack, packed, ...label });
    },
  });

async function nothingToDo(context: Context, session: Session, prepared: Prepared): Promise<Done | undefined> {
  const { label, record } = prepared;
  const known = session.held.head.history.find(({ release }) => release === label.release);
  const isLive = identify(session.slots.production) === label.release;
  const isTaken = known ? known.artifact !== null && known.artifact !== record.artifact : false;
  const newer = isLive || isTaken ? undefined : await findNewerLive(context, session.held.head.live, label.commit);
  if (newer) return stale(context, session, label, newer);
  if (!isLive && !isTaken) return undefined;
  await giveBack(context, session);
  return isTaken ? taken(context, label.release) : alreadyLive(context, session, label.release);
}

const empty = ({ clock }: Context) => ({ facts: [], moments: [], end: clock.now(), sessions: [], parts: [] });

/** Refused before anything was asked of anyone: several heads, a broken chain. */
function gated(context: Context, { objections }: Refused): Done {
  const why = objections.map(({ file, what }) => `${file === undefined ? "" : `${file}: `}${what}`).join(" ");
  const message = `The migrations of this release are not sound; nothing was changed. ${why}`;
  const fix = objections[0]?.fix ?? "Mend the revision files named above.";
  const summary = summarise({ ...empty(context), heading: "Refused by the gate", isGood: false, message, fix });
  return { reason: "gate", message, fix, result: { objections: objections.map((each) => ({ ...each })) }, summary };
}

/** Refused before anything was asked of anyone: what is here is not what was built. */
function mismatched(context: Context, { wanted, found }: Mismatch): Done {
  const message = `The package is not the one that was built: its SHA-256 is ${found}, and artifact-digest says ${wanted}. Nothing was asked of anyone.`;
  const fix = "Build again. If it happens again, find out who writes to the run's artifacts.";
  const summary = summarise({ ...empty(context), heading: "Not what was built", isGood: false, message, fix });
  return { reason: "artifact-mismatch", message, fix, result: { wanted, found }, summary };
}

async function stale(
  context: Context,
  session: Session,
  { release, commit }: Prepared["label"],
  live: ReleaseRecord,
): Promise<Done> {
  await giveBack(context, session, { why: "stale", commit, live: live.release });
  const message = `Production runs ${live.release} of commit ${live.commit?.slice(0, 7)}, which contains this run's commit ${commit.slice(0, 7)}. Releasing the older one would take the newer one back.`;
  const fix = "To go back on purpose use the rollback action, or re-run this job by hand.";
  return {
    reason: "stale",
    message,
    outputs: { release, "live-release": live.release },
    result: { release, live: live.release },
    summary: summarise({ ...empty(context), heading: "A newer commit is live", isGood: true, message, fix }),
  };
}

function taken(context: Context, release: string): Done {
  const message = `The ledger knows release ${release} with another package. An id means one package for ever, or a rollback could bring back the wrong one.`;
  const summary = summarise({ ...empty(context), heading: "Not released: the id is taken", isGood: false, message });
  return { reason: "release-taken", message, outputs: { release }, result: { release }, summary };
}

async function alreadyLive(context: Context, session: Session, release: string): Promise<Done> {
  const url = `https://${(await session.connection.slots.sites()).production.defaultHostName}`;
  const message = `Production runs ${release} already.`;
  return {
    reason: "already-live",
    message,
    outputs: { release, "live-release": release, url },
    result: { release, live: release },
    summary: summarise({ ...empty(context), heading: "Nothing to release", isGood: true, message }),
  };
}

async function announce(context: Context, { label }: Prepared): Promise<GitHubDeployment | undefined> {
  const { inputs, journal, signal } = context;
  await journal.record(DEPLOYMENT, { release: label.release, end: null });
  const deployment = await GitHubDeployment.begin(context, inputs, label.release);
  if (!deployment && !signal.aborted) await journal.record(DEPLOYMENT, TOLD);
  return deployment;
}

/** The release is over. What GitHub is not told of it any more, because the run was cancelled, the post step tells. */
async function conclude(
  context: Context,
  { connection }: Pick<Session, "connection">,
  { label: { release } }: Prepared,
  ending: Ending,
  deployment: GitHubDeployment | undefined,
): Promise<void> {
  const url = `https://${(await connection.slots.sites()).production.defaultHostName}`;
  const end: DeploymentEnd =
    ending.reason === "completed"
      ? { state: "success", description: `${release} is live`, url }
      : { state: ending.reason === "needs-human" ? "error" : "failure", description: ending.message };
  if (deployment) await context.journal.record(DEPLOYMENT, { release, end: { ...end } });
  await markEnded(context);
  if (await deployment?.set(end)) await context.journal.record(DEPLOYMENT, TOLD);
}

/** A release that an earlier attempt had announced and this one led to its end. */
async function tellContinued(
  context: Context,
  prepared: Prepared,
  { connection, ending, result }: Ended,
): Promise<GitHubDeployment | undefined> {
  const { release } = prepared.label;
  if (result?.rollout.target.release !== release) return undefined;
  const deployment = await announce(context, prepared);
  if (deployment) {
    const end: DeploymentEnd = { state: "inactive", description: "A later attempt went on with it" };
    await GitHubDeployment.endRelease(context, context.inputs, release, end, deployment.id);
  }
  await conclude(context, { connection }, prepared, ending, deployment);
  return deployment;
}

async function report(
  context: Context,
  { label }: Prepared,
  {
    canary,
    ...parts
  }: Pick<ReportRequest, "ending" | "result" | "run" | "parts"> & { canary?: CanaryLead | undefined },
  deployment?: GitHubDeployment,
): Promise<Done> {
  const { inputs } = context;
  const { outputs, ...done } = await reportOf({
    ...parts,
    context,
    app: inputs.app,
    completed: ({ target, before, policy }) => ({
      heading: `${target.release} is live`,
      message: `${target.release} is live and stayed healthy for ${policy.bakeTime / 1000} s; ${nameOf(before?.production ?? null)} waits in slot ${inputs.slot} for a way back.`,
    }),
    ...(canary && { lead: canaryMarkdown(canary) }),
    facts: [
      ["Commit", label.commit.slice(0, 12)],
      ["Schema", label.schemaHead ?? ""],
    ],
  });
  const { reason } = parts.ending;
  return {
    reason: reason === "completed" ? "released" : reason,
    ...done,
    result: canary ? { ...done.result, canary: canaryResult(canary) } : done.result,
    outputs: { ...outputs, release: label.release, "deployment-id": deployment?.id ?? "" },
  };
}
