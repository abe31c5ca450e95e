/**
 * The loop around the reducer: writes what was decided, does it, feeds back what it saw. Nothing is done before the
 * ledger holds it, and nothing is held that was not compared and swapped.
 */
import { type Explanation, ServiceError, UsageError } from "./errors.ts";
import { record } from "./head.ts";
import { catchUp, type Held, moveHeld } from "./held.ts";
import type { Reason, ReleaseRecord, Rollout, SchemaChange, StepVerdict } from "./ledger-records.ts";
import { isTerminal, next } from "./next.ts";
import type { Command, JudgedStep, Observation } from "./observation.ts";
import type { Clock, Ledger, Milliseconds, Slots } from "./ports.ts";
import type { Verdict } from "./probe-verdict.ts";
import { isMeddledWith } from "./routing.ts";

/** The acts before the swap. Both may be repeated; they throw a `UsageError` or `ServiceError` when they say no. */
export interface Steps {
  /** Expand migrations only; null when there was nothing to change. */
  migrate(): Promise<SchemaChange | null>;
  /** Brings a release into the staging slot. */
  stage(record: ReleaseRecord): Promise<void>;
}

/** A session of probes until its verdict is final. */
export interface Health {
  probe(
    where: "staging" | "production",
    atLeast: Milliseconds,
    atMost: Milliseconds,
  ): Promise<Pick<Verdict, "verdict" | "why">>;
}

/** A verdict on a step; or `disturbed`: the share of the traffic is no longer the step's, so there is nothing to judge. */
export type Judged = { verdict: StepVerdict; why: string } | "disturbed";

/**
 * Judges one step of a canary. It may say `fail` or `disturbed` at any time; every other verdict comes at the end of the
 * window (`windowEnd`) at the earliest, and it waits for that by itself. It reads only: what follows is the engine's.
 */
export interface CanaryJudge {
  judge(step: JudgedStep): Promise<Judged>;
}

export interface Engine {
  ledger: Ledger;
  slots: Slots;
  steps: Steps;
  health: Health;
  clock: Clock;
  signal: AbortSignal;
  /** Needed by plans with a ramp. */
  canary?: CanaryJudge;
  /** How long this run stays and waits for a decision when the release is put on hold; undefined: it ends at once. */
  holdWait?: Milliseconds;
  /** True while a rollout is ended that another one follows under the same lock. */
  keepsLock?: boolean;
  /** Told of every state once it is stored. */
  onState?: (rollout: Rollout, now: Milliseconds) => void;
}

export type DriveResult =
  | { kind: "ended"; held: Held; rollout: Rollout }
  /** On hold, and this run does not wait (any longer): the ledger keeps the lock and the place until somebody decides. */
  | { kind: "on-hold"; held: Held; rollout: Rollout }
  /** The signal was given; the ledger says where it stands. */
  | { kind: "interrupted"; held: Held; rollout: Rollout }
  /** Somebody else wrote the head: this run may do nothing more. */
  | { kind: "fenced"; rollout: Rollout; why: string };

/** Thrown inside the loop when the head was written by somebody else. */
class Fenced extends Error {
  override readonly name = "Fenced";
}

/** Leads the head's rollout from where it stands to its end. `first` is `started`, or `cancelled` to seek the safe side. */
export async function drive(engine: Engine, held: Held, first: Observation): Promise<DriveResult> {
  const rollout = held.head.rollout;
  if (!rollout) throw new Error("drive was called without a rollout in the head");
  const run: Run = { engine, held, rollout };
  try {
    return await follow(run, first);
  } catch (error) {
    if (error instanceof Fenced) return { kind: "fenced", rollout: run.rollout, why: error.message };
    if (engine.signal.aborted) return { kind: "interrupted", held: run.held, rollout: run.rollout };
    throw error;
  }
}

/** These acts take too long for a lease, so the head is read right before them. */
const TAKEN = "another run took the release over";

interface Run {
  engine: Engine;
  held: Held;
  rollout: Rollout;
}

async function follow(run: Run, first: Observation): Promise<DriveResult> {
  let seen = first;
  for (;;) {
    const { state, command } = next(run.rollout, seen);
    if (state !== run.rollout) await store(run, state);
    if (command.do === "stop") return { kind: "ended", held: run.held, rollout: run.rollout };
    if (run.engine.signal.aborted) return { kind: "interrupted", held: run.held, rollout: run.rollout };
    if (command.do === "hold") {
      const met = await waitOnHold(run, command.until);
      if (!met) return { kind: "on-hold", held: run.held, rollout: run.rollout };
      seen = met;
    } else seen = await carryOut(run, command);
  }
}

/** The head is read at every poll of a hold, the traffic's weight at every so-manieth: once a minute by default. */
const WEIGHT_EVERY = 20;

/**
 * What ends the wait: somebody decided, the deadline has come, or the share of the traffic was changed by hand.
 * Undefined when this run's patience ended first.
 */
async function waitOnHold(run: Run, until: Milliseconds | null): Promise<Observation | undefined> {
  const { clock, signal, slots, holdWait = 0 } = run.engine;
  const patience = clock.now() + holdWait;
  for (let poll = 0; ; poll++) {
    await takeIn(run, "the release was taken over while it was on hold");
    const now = clock.now();
    if (run.rollout.hold?.lift || (until !== null && now >= until)) return { kind: "started", now };
    if (poll % WEIGHT_EVERY === 0 && (await isDisturbed(run)))
      return { kind: "slots", slots: await slots.observe(), now: clock.now() };
    if (now >= patience) return undefined;
    const next = Math.min(now + run.rollout.policy.pollInterval, patience, until ?? Number.POSITIVE_INFINITY);
    await clock.sleep(Math.max(1, next - now), signal);
  }
}

/** Not being able to look is no news: the next look, or the decision's own, will tell. */
async function isDisturbed({ engine: { slots }, rollout }: Run): Promise<boolean> {
  try {
    return isMeddledWith(rollout, await slots.weight());
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return false;
  }
}

/** Takes in what others noted in the head; throws `Fenced` when it is no longer this run's. */
async function takeIn(run: Run, why: string): Promise<void> {
  const now = await catchUp(run.engine.ledger, run.held);
  if (!now?.head.rollout) throw new Fenced(why);
  run.held = now;
  run.rollout = now.head.rollout;
}

async function store(run: Run, state: Rollout): Promise<void> {
  const { ledger, clock, onState, keepsLock } = run.engine;
  const moved = await moveHeld(ledger, run.held, (head) => record(head, state, clock.now(), keepsLock));
  if (moved.kind === "lost") throw new Fenced(moved.why);
  run.held = moved.held;
  run.rollout = state;
  onState?.(state, clock.now());
}

async function carryOut(run: Run, command: Exclude<Command, { do: "stop" | "hold" }>): Promise<Observation> {
  const { slots, steps, health, clock, signal } = run.engine;
  const at = (seen: Unstamped): Observation => ({ ...seen, now: clock.now() });
  switch (command.do) {
    case "migrate":
      await takeIn(run, TAKEN);
      return at(await saysNo(run, "gate", async () => ({ kind: "migrated", change: await steps.migrate() })));
    case "stage":
      await takeIn(run, TAKEN);
      return at(
        await saysNo(run, "stage-failed", async () => {
          await steps.stage(command.record);
          return { kind: "staged" };
        }),
      );
    case "observe":
      if (command.after > 0) await clock.sleep(command.after, signal);
      return at({ kind: "slots", slots: await slots.observe({ identityOnly: command.identityOnly }) });
    case "swap":
      return at(await guarded(run, () => swapped(run)));
    case "poll":
      if (command.after > 0) await clock.sleep(command.after, signal);
      return at({ kind: "swap", status: await slots.swapStatus(command.operationUrl) });
    case "route":
      return at(await guarded(run, () => routed(slots, command)));
    case "judge": {
      const found = await judged(run.engine, command.step);
      // Both slots are looked at, and the reducer decides on what it sees as it does at the end of a step.
      return at(found === "disturbed" ? { kind: "slots", slots: await slots.observe() } : { kind: "judged", ...found });
    }
    case "probe":
      return at({ kind: "verdict", verdict: await health.probe(command.where, command.atLeast, command.atMost) });
  }
}

type WithoutNow<T> = T extends unknown ? Omit<T, "now"> : never;
type Unstamped = WithoutNow<Observation>;

/** A live mutation, under the lease that is only given while the head is still this run's. */
async function guarded<T>(run: Run, act: () => Promise<T>): Promise<T> {
  for (;;) {
    const guard = await run.engine.ledger.guard(run.held.etag, act);
    if (guard.kind === "held") return guard.value;
    const { etag } = run.held;
    await takeIn(run, guard.why);
    if (run.held.etag === etag) throw new Fenced(guard.why);
  }
}

/** A rule that somebody set since the last look must not be swapped past. A way back by hand waits for nothing. */
async function swapped({ engine: { slots }, rollout }: Run): Promise<Unstamped> {
  const weight = rollout.kind === "rollback" ? 0 : await slots.weight();
  return weight === 0 ? { kind: "swap", status: await slots.swap() } : { kind: "withheld", weight };
}

async function routed(slots: Slots, { weight, expected }: Command & { do: "route" }): Promise<Unstamped> {
  try {
    const reply = await slots.route(weight, expected);
    return reply.kind === "set" ? { kind: "routed" } : reply;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { status, what, why } = error;
    const sure = status !== undefined && status >= 400 && status < 500 && status !== 408;
    return { kind: "unrouted", sure, why: `${what} ${why}` };
  }
}

async function judged({ canary }: Engine, step: JudgedStep): Promise<Judged> {
  if (!canary)
    throw new UsageError({
      what: "The release has a canary, and this action cannot judge one.",
      why: "It was begun by another action.",
      fix: "Let the canary action go on with it.",
    });
  try {
    return await canary.judge(step);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { verdict: "provider-error", why: `${error.what} ${error.why}` };
  }
}

/** An error that explains itself is an outcome of this step; a cancellation or a fault of ours is not. */
async function saysNo(run: Run, code: Reason["code"], act: () => Promise<Unstamped>): Promise<Unstamped> {
  try {
    return await act();
  } catch (error) {
    if (run.engine.signal.aborted || !isExplained(error)) throw error;
    const { what, why, fix } = error;
    return { kind: "refused", reason: { code, what, why, fix } };
  }
}

function isExplained(error: unknown): error is Error & Explanation {
  return error instanceof Error && "what" in error && "why" in error && "fix" in error;
}

export const isOver = (rollout: Rollout | null): boolean => rollout === null || isTerminal(rollout.phase);
