import {
  appendAll,
  claim,
  type DriveResult,
  drive,
  type Head,
  type Health,
  type Held,
  type Holder,
  moveHeld,
  release,
  type SlotsObservation,
  type Standing,
  settleLeftover,
} from "@augeo/release";
import { storedSteps } from "../release/release-steps.ts";
import { type Connection, holderOf, type RunContext } from "../slot-swap/connection.ts";
import { endingOf } from "../slot-swap/ending.ts";
import { engineOf } from "../slot-swap/engine.ts";
import type { Timeline } from "../slot-swap/timeline.ts";
import type { Finding } from "./finding.ts";
import type { Inputs } from "./reconcile-target.ts";
import type { Target } from "./target.ts";

/** What is done at one target, and what was found so far. */
export interface Work {
  readonly context: RunContext;
  readonly inputs: Inputs & Target;
  readonly connection: Connection;
  readonly timeline: Timeline;
  readonly findings: Finding[];
}

/** Undoing proves nothing new: what it brings back was live before. */
const noProbes: Health = { probe: async () => ({ verdict: "unknown", why: "The reconciler probes nothing." }) };

/** Takes the lock on exactly the head that was judged. Undefined: somebody wrote it meanwhile. */
export async function takeLock({ context, connection }: Work, { head, etag }: Held): Promise<Held | undefined> {
  const now = context.clock.now();
  const claimed = claim(head, { ...holderOf(context.run), since: now }, head.holder ? "taken-over" : "free", now);
  const written = await connection.ledger?.write(claimed, etag);
  if (!connection.ledger || written?.kind !== "written") return undefined;
  await appendAll(connection.ledger, claimed);
  return { head: claimed, etag: written.etag };
}

/** Gives the lock back; the event says what it was taken for. */
export async function giveLockBack(work: Work, held: Held, why: string): Promise<Held> {
  const { connection, context } = work;
  if (!connection.ledger) return held;
  const next = (head: Head) => release(head, context.clock.now(), { why: `reconcile: ${why}` });
  const moved = await moveHeld(connection.ledger, held, next);
  return moved.kind === "written" ? moved.held : held;
}

/** Frees the lock of a run that is over and left nothing open. */
export async function freeLock(work: Work, held: Held, holder: Holder): Promise<Held | undefined> {
  const what = `freed the lock of ${holder.url}, whose run is over and left nothing open`;
  if (work.inputs["dry-run"]) return would(work, held, what);
  const taken = await takeLock(work, held);
  if (!taken) return undefined;
  const freed = await giveLockBack(work, taken, what);
  work.findings.push({ kind: "done", what: capital(what) });
  return freed;
}

/** Ends an abandoned release by the engine's own rules. `seen`: what was found in the slots, when it is what ends it. */
export async function settle(
  work: Work,
  held: Held,
  { rollout, how }: Pick<Standing & { kind: "abandoned" }, "rollout" | "how">,
  seen?: SlotsObservation,
): Promise<Held | undefined> {
  const { target, phase } = rollout;
  const what = `brought ${target.release} to the safe side: its run is over and left it in ${phase}`;
  if (work.inputs["dry-run"]) return would(work, held, what);
  const { context, connection, inputs, timeline } = work;
  const { ledger } = connection;
  const taken = await takeLock(work, held);
  if (!taken || !ledger) return undefined;
  context.log.notice(`${target.release} was left in ${phase} by a run that is over; it is brought to the safe side.`);
  const steps = storedSteps(context, inputs)(connection);
  const engine = engineOf(context, connection, { ledger, health: noProbes, timeline, steps });
  const now = context.clock.now();
  const result =
    how === "follow"
      ? await drive(
          { ...engine, keepsLock: true },
          taken,
          seen ? { kind: "slots", slots: seen, now } : { kind: "started", now },
        )
      : await settleLeftover(engine, taken, undefined);
  if (!result) return giveLockBack(work, taken, "nothing was open any more");
  return conclude(work, result, what);
}

/** Throws `Interrupted` when the reconciler itself was cancelled: the next one takes it up. */
async function conclude(work: Work, result: DriveResult, what: string): Promise<Held | undefined> {
  const { message, fix } = endingOf(result);
  if (result.kind === "fenced" || result.kind === "interrupted") {
    work.findings.push({ kind: "note", what: message });
    return undefined;
  }
  const { phase } = result.rollout;
  if (result.kind === "on-hold" || phase === "NEEDS_HUMAN") {
    work.findings.push({ kind: "person", what: message, fix });
    return result.held;
  }
  work.findings.push({ kind: "done", what: `${capital(what)}. ${message || "It was complete."}` });
  return giveLockBack(work, result.held, what);
}

export function would(work: Work, held: Held, what: string): Held {
  work.findings.push({ kind: "would", what: `Would have ${what}.` });
  return held;
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
