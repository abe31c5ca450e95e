import { type Journal, UsageError } from "@augeo/action-kit";
import {
  type Acquired,
  acceptLive,
  appendAll,
  type DriveResult,
  type Engine,
  endOwn,
  type Head,
  type Held,
  identify,
  isOver,
  type Ledger,
  nameOf,
  planOf,
  release,
  type SlotsObservation,
  type Steps,
  settleLeftover,
} from "@augeo/release";
import { type Connection, type ConnectionInputs, connect, holderOf, type RunContext } from "./connection.ts";
import { type Ending, endingOf, refusalOf } from "./ending.ts";
import { engineOf } from "./engine.ts";
import { holdLock, type LockInputs, rememberedLedger, standInLock } from "./hold-lock.ts";
import { type HealthInputs, SlotHealth } from "./slot-health.ts";
import { Timeline } from "./timeline.ts";

export type SessionInputs = ConnectionInputs & LockInputs & HealthInputs;
export type SessionContext = RunContext & { readonly journal: Journal };

/** A run that holds the lock, has ended what was left open, and knows what is in the slots. */
export interface Session {
  connection: Connection;
  health: SlotHealth;
  timeline: Timeline;
  engine: Engine;
  held: Held;
  slots: SlotsObservation;
}

export type Opened =
  | { kind: "open"; session: Session }
  /** Ended before anything of its own began, or by continuing what an earlier attempt left. */
  | { kind: "ended"; ending: Ending; timeline: Timeline; health: SlotHealth; result?: DriveResult };

const JOURNAL = "rollout";
const HEAD = "head";

/** Signs in, takes the lock, ends what an earlier run left, and looks. `steps` bring releases into the slot. */
export async function openSession(
  context: SessionContext,
  inputs: SessionInputs,
  stepsFor?: (connection: Connection) => Steps,
): Promise<Opened> {
  const connection = connect(context, inputs);
  connection.signIn.start();
  const { slots } = connection;
  // The app, the slot and the right to read them are proved before anything is claimed or written.
  await slots.observe();
  const ref = { app: inputs.app, resourceGroup: inputs["resource-group"], slot: inputs.slot };
  const health = new SlotHealth(context, slots, ref, inputs);
  const timeline = new Timeline();
  const { ledger, acquired } = await lock(context, connection, inputs);
  if (acquired.kind !== "acquired") return { kind: "ended", ending: refusalOf(acquired), timeline, health };
  const steps = stepsFor?.(connection);
  const engine = engineOf(context, connection, { ledger, health, timeline, ...(steps && { steps }) });
  const left = await endLeftover(context, engine, acquired);
  if (left.ended) return { kind: "ended", ending: endingOf(left.ended), timeline, health, result: left.ended };
  const session: Session = { connection, health, timeline, engine, held: left.held, slots: await slots.observe() };
  const ending = await checkLive(context, session, inputs);
  return ending ? { kind: "ended", ending, timeline, health } : { kind: "open", session };
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

/** Continues what an earlier attempt of this very run left; anything of another run is brought to the safe side. */
async function endLeftover(
  { log }: SessionContext,
  engine: Engine,
  { held, how }: Acquired & { kind: "acquired" },
): Promise<{ held: Held; ended?: DriveResult }> {
  const rollout = held.head.rollout;
  if (!rollout || isOver(rollout)) return { held };
  const continues = how === "resumed" && !rollout.undo;
  const verb = continues ? "continued" : "brought to the safe side first";
  log.notice(`An earlier run left release ${rollout.target.release} in ${rollout.phase}; it is ${verb}.`);
  const result = await settleLeftover(engine, held, continues ? planOf(rollout) : undefined);
  if (!result) return { held };
  const goesOn = result.kind === "ended" && result.rollout.phase !== "NEEDS_HUMAN" && !continues;
  return goesOn ? { held: result.held } : { held, ended: result };
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
  if (accepted !== undefined && (head.rollout?.phase === "NEEDS_HUMAN" || live !== head.live?.release)) {
    if (live !== accepted) return refuseAccepted(session, context, accepted, nameOf(live ?? null));
    const { held } = await store(session, acceptLive(head, accepted, context.clock.now()));
    session.held = held;
    context.log.notice(`${accepted} is accepted as what production rightly runs.`);
    return undefined;
  }
  if (!head.live || live === undefined || live === head.live.release) return undefined;
  await giveBack(context, session);
  return {
    reason: "drift",
    message: `Production runs ${nameOf(live)}, and the ledger says ${head.live.release}. Somebody swapped or deployed past the ledger, so nothing was changed.`,
    fix:
      live === null
        ? "Deploy a release with a release file to production's slot by swapping it in by hand, then run again with accept-live."
        : `If ${live} is right, run again with accept-live: ${live}. Else put ${head.live.release} back first.`,
  };
}

async function refuseAccepted(
  session: Session,
  context: SessionContext,
  accepted: string,
  live: string,
): Promise<never> {
  const isOpen = session.held.head.rollout?.phase === "NEEDS_HUMAN";
  if (!isOpen) await giveBack(context, session);
  throw new UsageError({
    what: `accept-live: ${accepted} does not name what production runs.`,
    why: `Production runs ${live}.`,
    fix: `set accept-live to ${live}, or put ${accepted} into production first.`,
  });
}

async function store(session: Session, head: Head): Promise<{ held: Held }> {
  const written = await session.engine.ledger.write(head, session.held.etag);
  if (written.kind === "lost") throw new Error(`The ledger was written by another run: ${written.why}`);
  await appendAll(session.engine.ledger, head);
  return { held: { head, etag: written.etag } };
}

/** Gives the lock back when nothing was begun under it. */
export async function giveBack(context: SessionContext, session: Session): Promise<void> {
  const { held } = await store(session, release(session.held.head, context.clock.now()));
  session.held = held;
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
  const ledger =
    connection.ledger ?? rememberedLedger(typeof kept === "string" ? JSON.parse(kept) : null, keeper(journal));
  if (!ledger) return undefined;
  const ref = { app: inputs.app, resourceGroup: inputs["resource-group"], slot: inputs.slot };
  const health = new SlotHealth(context, connection.slots, ref, inputs);
  const steps = stepsFor?.(connection);
  const engine = engineOf(context, connection, { ledger, health, timeline: new Timeline(), ...(steps && { steps }) });
  const result = await log.group("Undo what was begun", () => endOwn(engine, holderOf(context.run).claimId));
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

function endText({ rollout: { reason, phase } }: DriveResult): string {
  return reason ? `${reason.what} Fix: ${reason.fix}` : phase;
}
