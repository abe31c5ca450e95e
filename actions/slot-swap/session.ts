import { type Journal, UsageError } from "@augeo/action-kit";
import {
  type Acquired,
  acceptLive,
  type CanaryJudge,
  type Claimed,
  clearRoutingCommand,
  type DriveResult,
  describeContent,
  type Engine,
  type Event,
  endOwn,
  type FreezeWindow,
  type Head,
  type Held,
  identify,
  isOver,
  isSameRelease,
  type Ledger,
  moveHeld,
  nameOf,
  overrideFreeze,
  type Plan,
  planOf,
  release,
  ServiceError,
  type SlotsObservation,
  type Steps,
  settleLeftover,
} from "@augeo/release";
import { type Connection, type ConnectionInputs, connect, holderOf, type RunContext, refOf } from "./connection.ts";
import { type Ending, endingOf, refusalOf, wordsOf } from "./ending.ts";
import { engineOf } from "./engine.ts";
import { type FreezeInputs, freezeNow, windowsOf } from "./freeze-check.ts";
import { holdLock, type LockInputs, rememberedLedger, standInLock } from "./hold-lock.ts";
import { type HealthInputs, SlotHealth } from "./slot-health.ts";
import { Timeline } from "./timeline.ts";

export type SessionInputs = ConnectionInputs & LockInputs & HealthInputs & FreezeInputs;
export type SessionContext = RunContext & { readonly journal: Journal };

/** A run that holds the lock, has ended what was left open, and knows what is in the slots. */
export interface Session {
  connection: Connection;
  health: SlotHealth;
  timeline: Timeline;
  engine: Engine;
  held: Held;
  slots: SlotsObservation;
  /** What became of a release that an earlier run had left open. */
  leftover: DriveResult | undefined;
}

/** A run that ended before anything of its own began, or by continuing what an earlier attempt left. */
export interface Ended {
  kind: "ended";
  ending: Ending;
  timeline: Timeline;
  health: SlotHealth;
  connection: Connection;
  result?: DriveResult;
}

export type Opened = { kind: "open"; session: Session } | Ended;

export interface SessionOptions {
  /** Bring releases into the slot; without them only what is there can be swapped. */
  steps?: (connection: Connection) => Steps;
  /** What this run is going to do, when it is known before the slots were looked at. */
  plan?: Plan;
  /** A rollback: a person has decided, so neither NEEDS_HUMAN nor a change by hand stands in the way. */
  isRollback?: boolean;
  /** Judges the steps of a release with a ramp; without it none can be led. */
  canary?: (connection: Connection) => CanaryJudge;
  /** How long this run waits for a decision when the release is put on hold. */
  holdWait?: number;
}

const JOURNAL = "rollout";
const HEAD = "head";
const CLAIMED = "claimed";

/** Signs in, takes the lock, ends what an earlier run left, and looks. */
export async function beginRun(
  context: SessionContext,
  inputs: SessionInputs,
  options: SessionOptions = {},
): Promise<Opened> {
  const windows = windowsOf(inputs);
  const connection = connect(context, inputs);
  const { slots } = connection;
  const health = new SlotHealth(context, slots, refOf(inputs), inputs);
  const timeline = new Timeline();
  const parts = { timeline, health, connection };
  // The app, the slot and the right to read them are proved before anything is claimed or written.
  const before = await slots.observe();
  const claims = options.isRollback
    ? { ...inputs, "accept-live": nameOf(identify(before.production) ?? null) }
    : inputs;
  const { ledger, acquired } = await lock(context, connection, claims);
  if (acquired.kind !== "acquired") return ended(context, parts, refusalOf(acquired));
  const { epoch, holder } = acquired.held.head;
  await context.journal.record(CLAIMED, { epoch, at: holder?.since ?? 0 });
  const engine = engineOf(context, connection, {
    ledger,
    health,
    timeline,
    steps: options.steps?.(connection),
    canary: options.canary?.(connection),
    holdWait: options.holdWait,
  });
  const left = await endLeftover(context, engine, acquired, options.plan);
  if (left.ended) return ended(context, parts, endingOf(left.ended), left.ended);
  const now = left.wasOpen ? await slots.observe() : before;
  const session: Session = { ...parts, engine, held: left.held, slots: now, leftover: left.undone };
  const refusal = options.isRollback ? undefined : await mayBegin(context, session, inputs, windows);
  return refusal ? ended(context, parts, refusal) : { kind: "open", session };
}

async function ended(
  context: SessionContext,
  parts: Pick<Ended, "timeline" | "health" | "connection">,
  ending: Ending,
  result?: DriveResult,
): Promise<Ended> {
  await markEnded(context);
  return { kind: "ended", ending, ...parts, ...(result && { result }) };
}

async function lock(
  context: SessionContext,
  { ledger }: Connection,
  inputs: SessionInputs,
): Promise<{ ledger: Ledger; acquired: Acquired }> {
  await context.journal.record(JOURNAL, "begun");
  if (ledger) return { ledger, acquired: await holdLock(context, ledger, inputs) };
  return standInLock(context, inputs, keeper(context.journal));
}

const keeper = (journal: Journal) => (head: Head) => journal.record(HEAD, JSON.stringify(head));

interface Leftover {
  held: Held;
  wasOpen: boolean;
  ended?: DriveResult;
  undone?: DriveResult;
}

/** Continues what an earlier attempt of the same release left; anything else is brought to the safe side. */
async function endLeftover(
  { log }: SessionContext,
  engine: Engine,
  { held, how }: Acquired & { kind: "acquired" },
  wanted: Plan | undefined,
): Promise<Leftover> {
  const rollout = held.head.rollout;
  if (!rollout || isOver(rollout)) return { held, wasOpen: false };
  const plan = wanted ?? (how === "resumed" ? planOf(rollout) : undefined);
  const continues = plan !== undefined && isSameRelease(held.head, plan);
  const verb = continues ? "continued" : "brought to the safe side first";
  log.notice(`An earlier run left release ${rollout.target.release} in ${rollout.phase}; it is ${verb}.`);
  const result = await settleLeftover(engine, held, plan);
  if (!result) return { held, wasOpen: true };
  const goesOn = result.kind === "ended" && result.rollout.phase !== "NEEDS_HUMAN" && !continues;
  return goesOn ? { held: result.held, wasOpen: true, undone: result } : { held, wasOpen: true, ended: result };
}

/** Why nothing new may begin, if so; the lock is given back then. */
async function mayBegin(
  context: SessionContext,
  session: Session,
  inputs: SessionInputs,
  windows: readonly FreezeWindow[],
): Promise<Ending | undefined> {
  return (
    (await checkFreeze(context, session, inputs, windows)) ??
    (await checkLive(context, session, inputs)) ??
    (await checkRouting(context, session, inputs))
  );
}

/** Whoever routes requests to the slot by hand decides how many see what lies there; a release would overrule that. */
async function checkRouting(
  context: SessionContext,
  session: Session,
  inputs: SessionInputs,
): Promise<Ending | undefined> {
  const { weight } = session.slots;
  if (weight === 0) return undefined;
  await giveBack(context, session, { routedAside: weight });
  return {
    reason: "routing-rule",
    message: `A rule sends ${weight} % of production's requests to slot ${inputs.slot}, and no release that is open set it; nothing was changed.`,
    fix: `If nobody needs the rule any more, remove it (${clearRoutingCommand(refOf(inputs))}), then run again.`,
  };
}

/** A freeze holds back what is new; with a reason for the exception, which is recorded, it does not. */
async function checkFreeze(
  context: SessionContext,
  session: Session,
  inputs: FreezeInputs,
  windows: readonly FreezeWindow[],
): Promise<Ending | undefined> {
  const now = context.clock.now();
  const frozen = freezeNow(session.held.head, windows, now);
  if (!frozen) return undefined;
  const { freeze, explanation } = frozen;
  const why = inputs["override-freeze"];
  if (why === undefined) {
    await giveBack(context, session, { frozenBy: freeze.by, frozenFor: freeze.reason });
    return { reason: "frozen", ...wordsOf(explanation) };
  }
  await store(session, (held) => overrideFreeze(held, freeze, why, now));
  context.log.notice(`The freeze by ${freeze.by} (${freeze.reason}) is overridden by ${context.run.actor}: ${why}`);
  return undefined;
}

/** What the ledger calls live has to be live, unless a person says that what is there now is right. */
async function checkLive(
  context: SessionContext,
  session: Session,
  inputs: SessionInputs,
): Promise<Ending | undefined> {
  const { head } = session.held;
  const live = identify(session.slots.production);
  const accepted = inputs["accept-live"];
  const isOpen = head.rollout?.phase === "NEEDS_HUMAN" || (head.live !== null && live !== head.live.release);
  if (accepted !== undefined && isOpen) return accept(context, session, accepted);
  if (!head.live || live === undefined || live === head.live.release) return undefined;
  await giveBack(context, session);
  return driftEnding(nameOf(live), head.live.release);
}

async function accept(context: SessionContext, session: Session, accepted: string): Promise<undefined> {
  const { production } = session.slots;
  const live = identify(production);
  if (live === undefined || accepted !== nameOf(live)) {
    if (session.held.head.rollout?.phase !== "NEEDS_HUMAN") await giveBack(context, session);
    await markEnded(context);
    throw new UsageError({
      what: `accept-live: ${accepted} does not name what production runs.`,
      why: `Production runs ${describeContent(production)}.`,
      fix:
        live === undefined
          ? "check that the app's SCM site answers and lets this identity in, then run again."
          : `set accept-live to ${nameOf(live)}, or put ${accepted} into production first.`,
    });
  }
  await store(session, (head) => acceptLive(head, accepted, context.clock.now()));
  context.log.notice(`${accepted} is accepted as what production rightly runs.`);
  return undefined;
}

const driftEnding = (live: string, expected: string): Ending => ({
  reason: "drift",
  message: `Production runs ${live}, and the ledger says ${expected}. Somebody swapped or deployed past the ledger, so nothing was changed.`,
  fix: `If ${live} is right, run again with accept-live: ${live}. Else put ${expected} back first, with the rollback action (release: ${expected}).`,
});

async function store(session: Session, move: (head: Head) => Head): Promise<void> {
  const moved = await moveHeld(session.engine.ledger, session.held, move);
  if (moved.kind === "lost") throw overtaken(moved.why);
  session.held = moved.held;
}

const overtaken = (why: string): ServiceError =>
  new ServiceError({
    service: "Blob Storage",
    operation: "write the ledger",
    what: "Another run took the lock over; this one did nothing more.",
    why: `${why}.`,
    fix: "Follow the other run; give the workflow a concurrency group so that its runs do not meet.",
  });

/** What the slots run as a rollout notes it at its start; null while production cannot be read. */
export function bearingsOf({ slots }: Session): Plan["before"] {
  const production = identify(slots.production);
  return production === undefined ? null : { production, staging: identify(slots.staging) ?? null };
}

/** Gives the lock back when nothing was begun under it, and tells the post step so. */
export const giveBack = (context: SessionContext, session: Session, details: Event["details"] = {}): Promise<void> =>
  endWith(context, session, (head) => release(head, context.clock.now(), details));

/** Writes the last head of a run that began nothing; `next` gives the lock back. */
export async function endWith(context: SessionContext, session: Session, next: (head: Head) => Head): Promise<void> {
  await store(session, next);
  await markEnded(context);
}

/** Tells the post step that there is nothing left to do. */
export const markEnded = ({ journal }: SessionContext): Promise<void> => journal.record(JOURNAL, "ended");

/** The post step has five minutes after a cancellation; the rest is the next run's. */
const POST_BUDGET = 240_000;

/** The post step: what this run began and did not end is undone, or left to the next run in the ledger's words. */
export async function undoUnfinished(
  context: SessionContext,
  inputs: SessionInputs,
  stepsFor?: (connection: Connection) => Steps,
): Promise<DriveResult | undefined> {
  const { journal, log, signal } = context;
  if (journal.read(JOURNAL) !== "begun") return undefined;
  const connection = connect(context, inputs, AbortSignal.any([signal, AbortSignal.timeout(POST_BUDGET)]));
  const kept = journal.read(HEAD);
  const remembered = typeof kept === "string" ? rememberedLedger(JSON.parse(kept), keeper(journal)) : undefined;
  const ledger = connection.ledger ?? remembered;
  if (!ledger) return undefined;
  const health = new SlotHealth(context, connection.slots, refOf(inputs), inputs);
  const parts = { ledger, health, timeline: new Timeline(), steps: stepsFor?.(connection) };
  const engine = engineOf(context, connection, parts);
  const claimed = (journal.read(CLAIMED) as unknown as Claimed | undefined) ?? undefined;
  const { claimId } = holderOf(context.run);
  const result = await log.group("Undo what was begun", () => endOwn(engine, claimId, claimed));
  if (result) tellUndone(context, result);
  return result;
}

function tellUndone({ log }: SessionContext, result: DriveResult): void {
  if (result.kind === "fenced") log.notice("Another run has taken the release over; nothing was done here.");
  else if (result.kind === "interrupted") log.warning(`${LEFT} It is in ${result.rollout.phase}.`);
  else if (result.rollout.phase === "NEEDS_HUMAN") log.error(endText(result));
  else log.notice(endText(result));
}

const LEFT = "Not all could be undone in time; the next run of this workflow ends the release first.";

function endText({ rollout: { reason, phase, target } }: DriveResult): string {
  if (phase === "COMPLETED") return `${target.release} is live; nothing had to be undone.`;
  return reason ? `${reason.what} Fix: ${reason.fix}` : phase;
}
