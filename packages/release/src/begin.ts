/** How a rollout starts, and how the one that an earlier run left is brought to an end first. */

import { type DriveResult, drive, type Engine, isOver } from "./drive.ts";
import { UsageError } from "./errors.ts";
import { open, release } from "./head.ts";
import { appendAll, type Held, moveHeld } from "./held.ts";
import type { Head, Phase, Place, Policy, Ramp, ReleaseRecord, Rollout } from "./ledger-records.ts";
import type { Milliseconds } from "./ports.ts";

export interface Plan {
  kind: Rollout["kind"];
  /** PREPARED for a whole release, EXPANDED when nothing has to be migrated, STAGED when the slot holds the target. */
  from: Extract<Phase, "PREPARED" | "EXPANDED" | "STAGED">;
  place: Place;
  policy: Policy;
  target: ReleaseRecord;
  /** The canary before the swap; undefined, or without steps: none. */
  ramp?: Ramp | undefined;
  /** What the slots run, when it was just looked at under the lock; undefined: looked at first. */
  before?: Rollout["before"] | undefined;
  /** Why it is done, in the words of who asked; kept in the events. */
  why?: string | undefined;
}

export function planRollout(plan: Plan, live: ReleaseRecord | null, now: number): Rollout {
  return {
    kind: plan.kind,
    place: plan.place,
    policy: plan.policy,
    phase: plan.from,
    since: now,
    startedAt: now,
    target: plan.target,
    before: plan.before ?? null,
    fallback: live,
    schemaChange: null,
    intent: null,
    hold: null,
    undo: false,
    attempts: 0,
    reason: null,
    ramp: plan.ramp && plan.ramp.steps.length > 0 ? plan.ramp : null,
    canary: null,
    weight: 0,
  };
}

/** The plan that an open rollout came from: to continue it is to be led by it again. */
export function planOf({ kind, place, policy, target }: Rollout): Plan {
  return { kind, from: "PREPARED", place, policy, target };
}

/** True when the head's open rollout is the one that is asked for, so that it is continued and not undone. */
export function isSameRelease(head: Head, plan: Plan): boolean {
  const rollout = head.rollout;
  return (
    rollout !== null &&
    !rollout.undo &&
    rollout.kind === plan.kind &&
    rollout.target.release === plan.target.release &&
    rollout.target.artifact === plan.target.artifact
  );
}

/** Ends what an earlier run left open: continues it when it is the same release, else seeks the safe side. */
export async function settleLeftover(
  engine: Engine,
  held: Held,
  plan: Plan | undefined,
): Promise<DriveResult | undefined> {
  if (isOver(held.head.rollout)) return undefined;
  const now = engine.clock.now();
  const isOurs = plan !== undefined && isSameRelease(held.head, plan);
  if (isOurs) needsJudge(engine, held.head.rollout?.ramp ?? null);
  return isOurs
    ? drive(engine, held, { kind: "started", now })
    : drive({ ...engine, keepsLock: true }, held, { kind: "cancelled", by: "abandoned", now });
}

function needsJudge({ canary }: Engine, ramp: Ramp | null): void {
  if (canary || !ramp || ramp.steps.length === 0) return;
  throw new UsageError({
    what: `The release has a canary of ${ramp.steps.length} steps, and this action cannot judge one.`,
    why: "Without a judge nothing could end a bad canary before everybody gets it.",
    fix: "Lead it with the canary action, or release without steps.",
  });
}

/** Puts the plan into the head and leads it to its end. The lock has to be held. */
export async function carryOutPlan(engine: Engine, held: Held, plan: Plan): Promise<DriveResult> {
  needsJudge(engine, plan.ramp ?? null);
  const now = engine.clock.now();
  const rollout = planRollout(plan, held.head.live, now);
  const moved = await moveHeld(engine.ledger, held, (head) => open(head, rollout, now, plan.why));
  if (moved.kind === "lost") return { kind: "fenced", rollout, why: moved.why };
  engine.onState?.(rollout, now);
  return drive(engine, moved.held, { kind: "started", now });
}

/** The lock as this run took it: nobody else wrote what has its epoch. */
export interface Claimed {
  epoch: number;
  at: Milliseconds;
}

/**
 * What `post` does: whatever this run still holds is brought to the safe side, and the lock given back. A release that
 * ended with this claim, in a write whose reply was lost, is told as it ended. Undefined when there is none; the events
 * of the last write are appended all the same.
 */
export async function endOwn(engine: Engine, claimId: string, claimed?: Claimed): Promise<DriveResult | undefined> {
  const read = await engine.ledger.read();
  if (read.kind !== "head") return undefined;
  const { head, etag } = read;
  await appendAll(engine.ledger, head);
  const { rollout, holder } = head;
  const isOwn = claimed && head.epoch === claimed.epoch && rollout && isOver(rollout) && rollout.since >= claimed.at;
  const told: DriveResult | undefined = isOwn ? { kind: "ended", held: { head, etag }, rollout } : undefined;
  if (holder?.claimId !== claimId) return told;
  const now = engine.clock.now();
  if (!isOver(rollout)) return drive(engine, { head, etag }, { kind: "cancelled", by: "cancelled", now });
  if (rollout?.phase === "NEEDS_HUMAN") return told;
  await moveHeld(engine.ledger, { head, etag }, (held) => release(held, now));
  return undefined;
}
