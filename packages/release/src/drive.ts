/**
 * The loop around the reducer: writes what was decided, does it, feeds back what it saw. Nothing is done before the
 * ledger holds it, and nothing is held that was not compared and swapped.
 */
import type { Explanation } from "./errors.ts";
import { record } from "./head.ts";
import type { Head, Reason, ReleaseRecord, Rollout, SchemaChange } from "./ledger-records.ts";
import { isTerminal, next } from "./next.ts";
import type { Command, Observation } from "./observation.ts";
import type { Clock, Ledger, Milliseconds, Slots } from "./ports.ts";
import type { Verdict } from "./probe-verdict.ts";

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

export interface Engine {
  ledger: Ledger;
  slots: Slots;
  steps: Steps;
  health: Health;
  clock: Clock;
  signal: AbortSignal;
  /** True while a rollout is ended that another one follows under the same lock. */
  keepsLock?: boolean;
  /** Told of every state once it is stored. */
  onState?: (rollout: Rollout, now: Milliseconds) => void;
}

/** A head that this run holds, and its ETag. */
export interface Held {
  head: Head;
  etag: string;
}

export type DriveResult =
  | { kind: "ended"; held: Held; rollout: Rollout }
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
    if (command.do === "stop" || command.do === "hold") return { kind: "ended", held: run.held, rollout: run.rollout };
    if (run.engine.signal.aborted) return { kind: "interrupted", held: run.held, rollout: run.rollout };
    seen = await carryOut(run, command);
  }
}

async function store(run: Run, state: Rollout): Promise<void> {
  const { ledger, clock, onState, keepsLock } = run.engine;
  const head = record(run.held.head, state, clock.now(), keepsLock);
  const written = await ledger.write(head, run.held.etag);
  if (written.kind === "lost") throw new Fenced(written.why);
  run.held = { head, etag: written.etag };
  run.rollout = state;
  await appendAll(ledger, head);
  onState?.(state, clock.now());
}

/** Events of the head's last write go to the log; an event that is there already stays as it is. */
export async function appendAll(ledger: Ledger, head: Head): Promise<void> {
  for (const event of head.outbox) await ledger.append(event);
}

async function carryOut(run: Run, command: Exclude<Command, { do: "stop" | "hold" }>): Promise<Observation> {
  const { slots, steps, health, clock, signal } = run.engine;
  const at = (seen: Unstamped): Observation => ({ ...seen, now: clock.now() });
  switch (command.do) {
    case "migrate":
      return at(await saysNo(run, "gate", async () => ({ kind: "migrated", change: await steps.migrate() })));
    case "stage":
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
      return at({ kind: "swap", status: await guarded(run, () => slots.swap()) });
    case "poll":
      if (command.after > 0) await clock.sleep(command.after, signal);
      return at({ kind: "swap", status: await slots.swapStatus(command.operationUrl) });
    case "route":
      await guarded(run, () => slots.route(command.weight));
      return at({ kind: "routed" });
    case "probe":
      return at({ kind: "verdict", verdict: await health.probe(command.where, command.atLeast, command.atMost) });
  }
}

type WithoutNow<T> = T extends unknown ? Omit<T, "now"> : never;
type Unstamped = WithoutNow<Observation>;

async function guarded<T>({ engine, held }: Run, act: () => Promise<T>): Promise<T> {
  const guard = await engine.ledger.guard(held.etag, act);
  if (guard.kind === "lost") throw new Fenced(guard.why);
  return guard.value;
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
