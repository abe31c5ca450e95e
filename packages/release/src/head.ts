/** How the ledger's head moves: claims, phases, outcomes. Pure; every function returns the head to be written next. */

import type { CanaryPosition, Event, Head, Holder, ReleaseRecord, Rollout, SchemaChange } from "./ledger-records.ts";
import { LEDGER_SCHEMA } from "./ledger-records.ts";
import { isTerminal } from "./next.ts";
import type { Milliseconds } from "./ports.ts";

/** Releases that stay in the head; older ones are in the events. */
const HISTORY = 50;

export function emptyHead(app: string, environment: string): Head {
  return {
    schema: LEDGER_SCHEMA,
    app,
    environment,
    epoch: 0,
    seq: 0,
    holder: null,
    rollout: null,
    live: null,
    previous: null,
    history: [],
    schemaChanges: [],
    freeze: null,
    approvals: [],
    surroundings: null,
    queue: [],
    outbox: [],
  };
}

export type EventDetails = Event["details"];

/** Who writes, when it is not the holder. */
export type Author = Pick<Event, "runId" | "attempt" | "actor">;

/** The next write, by the holder unless told otherwise: `seq` raised, one event put into the outbox. */
export function advance(
  head: Head,
  change: Partial<Head>,
  now: Milliseconds,
  what: string,
  details: EventDetails = {},
  by?: Author,
): Head {
  const moved: Head = { ...head, ...change, schema: LEDGER_SCHEMA, seq: head.seq + 1 };
  const holder = by ?? moved.holder ?? head.holder;
  const event: Event = {
    schema: LEDGER_SCHEMA,
    epoch: moved.epoch,
    seq: moved.seq,
    at: now,
    what,
    release: moved.rollout?.target.release ?? null,
    phase: moved.rollout?.phase ?? null,
    runId: holder?.runId ?? "",
    attempt: holder?.attempt ?? 0,
    actor: holder?.actor ?? "",
    details,
  };
  return { ...moved, outbox: [event] };
}

/** Takes the lock: a new epoch, so that an earlier holder can record nothing more. */
export function claim(head: Head, holder: Holder, how: "free" | "resumed" | "taken-over", now: Milliseconds): Head {
  const from = how === "taken-over" && head.holder ? { from: head.holder.claimId, heldSince: head.holder.since } : {};
  const queue = head.queue.filter((each) => each.claimId !== holder.claimId);
  const what = how === "free" ? "claimed" : how;
  return advance({ ...head, epoch: head.epoch + 1 }, { holder, queue }, now, what, from);
}

/** Gives the lock back without a release; the details say why, where it was not for want of anything to do. */
export const release = (head: Head, now: Milliseconds, details: EventDetails = {}): Head =>
  advance(head, { holder: null }, now, "released", details);

/** A person says what is rightly live: NEEDS_HUMAN ends, and the ledger follows. */
export function acceptLive(head: Head, release: string, now: Milliseconds): Head {
  const known = [head.live, head.previous, head.rollout?.target, ...head.history].find(
    (each) => each?.release === release,
  );
  const live = known ?? { release, commit: null, artifact: null, schemaHead: null, at: now };
  const isNew = head.live?.release !== release;
  const rollout: Rollout | null = head.rollout && { ...head.rollout, phase: "FAILED", since: now, intent: null };
  const change = { live, previous: isNew ? head.live : head.previous, rollout };
  return advance(head, change, now, "accepted", { live: release });
}

/** Puts a new rollout at its start into the head. */
export const open = (head: Head, rollout: Rollout, now: Milliseconds, why?: string): Head =>
  advance(head, { rollout }, now, "opened", { kind: rollout.kind, ...(why === undefined ? {} : { why }) });

/**
 * Records where the rollout stands now. Once production has changed, `live` says so; a terminal phase gives the lock
 * back in the same write, but NEEDS_HUMAN keeps it, and so does a run that goes on (`keepsLock`).
 */
export function record(head: Head, rollout: Rollout, now: Milliseconds, keepsLock = false): Head {
  const before = head.rollout;
  const entered = before?.phase !== rollout.phase;
  const change: Partial<Head> = {
    rollout,
    schemaChanges: withChange(head.schemaChanges, rollout.schemaChange),
    ...(entered ? productionAfter(head, rollout, now) : {}),
    ...(isTerminal(rollout.phase) && rollout.phase !== "NEEDS_HUMAN" && !keepsLock ? { holder: null } : {}),
  };
  const { what, details } = describeStep(before, rollout);
  return advance(head, change, now, what, details);
}

function describeStep(before: Rollout | null, after: Rollout): { what: string; details: EventDetails } {
  if (before?.phase !== after.phase) {
    const { reason } = after;
    return {
      what: "phase",
      details: { from: before?.phase ?? null, reason: reason?.code ?? null, why: reason?.why ?? null },
    };
  }
  if (!before?.intent && after.intent)
    return {
      what: "intent",
      details: { op: after.intent.op, opId: after.intent.opId, weight: after.intent.args.weight },
    };
  if (before?.intent && !after.intent)
    return { what: "outcome", details: { op: before.intent.op, opId: before.intent.opId } };
  if (after.hold && !before?.hold)
    return { what: "held", details: { reason: after.hold.reason, deadline: after.hold.deadline } };
  if (before?.canary !== after.canary && after.canary) return describeCanary(before?.canary ?? null, after.canary);
  if (after.intent) {
    const { asyncUrl, refusal } = after.intent;
    return { what: "progress", details: { opId: after.intent.opId, asyncUrl, refusal: refusal?.message ?? null } };
  }
  return { what: "noted", details: {} };
}

function describeCanary(before: CanaryPosition | null, after: CanaryPosition): { what: string; details: EventDetails } {
  const { step, weight, window, judged } = after;
  if (judged && judged !== before?.judged)
    return { what: "judged", details: { step: judged.step, verdict: judged.verdict, why: judged.why } };
  return { what: "step", details: { step, weight, until: window?.end ?? null } };
}

function withChange(changes: readonly SchemaChange[], change: SchemaChange | null): readonly SchemaChange[] {
  if (!change) return changes;
  const isKnown = changes.some(
    (each) => each.release === change.release && each.to === change.to && each.at === change.at,
  );
  return isKnown ? changes : [...changes, change];
}

function productionAfter(head: Head, rollout: Rollout, now: Milliseconds): Partial<Head> {
  // An approval is used up once its release was in production: a second time is asked for anew.
  const approvals = head.approvals.filter(({ release }) => release !== rollout.target.release);
  if (rollout.phase === "WATCHING") return { ...wentLive(head, rollout, now), approvals };
  if (rollout.phase === "ROLLED_BACK")
    return { live: rollout.fallback, previous: secondOf(head.history, rollout.fallback), approvals };
  if (rollout.phase !== "COMPLETED") return {};
  const change = wentLive(head, rollout, now);
  return { ...change, approvals, history: [change.live, ...head.history].slice(0, HISTORY) };
}

/** The target is live, since now unless it was already; a rollback that was stopped completes without being watched. */
function wentLive(head: Head, { target, fallback }: Rollout, now: Milliseconds) {
  const isNew = head.live?.release !== target.release;
  const live = isNew || !head.live ? { ...target, at: now } : head.live;
  return { live, previous: isNew ? fallback : head.previous };
}

function secondOf(history: readonly ReleaseRecord[], live: ReleaseRecord | null): ReleaseRecord | null {
  const position = history.findIndex((each) => each.release === live?.release);
  return history.slice(position + 1).find((each) => each.release !== live?.release) ?? null;
}
