/** What every phase of the reducer is made of. */
import type { Identity, Intent, Phase, Reason, Rollout } from "./ledger-records.ts";
import type { Command, Observation } from "./observation.ts";
import type { Milliseconds, SlotContent } from "./ports.ts";
import * as reasons from "./reasons.ts";

export interface Step {
  state: Rollout;
  command: Command;
}

export const isTerminal = (phase: Phase): boolean =>
  phase === "COMPLETED" || phase === "ROLLED_BACK" || phase === "FAILED" || phase === "NEEDS_HUMAN";

/** The release id in a slot, null without a release file, undefined when unreadable. */
export function identify(content: SlotContent): Identity | undefined {
  if (content.kind === "release") return content.release;
  return content.kind === "unlabelled" ? null : undefined;
}

interface Planned {
  op: Intent["op"];
  opId: string;
  weight: number | null;
  /** How long the act is waited for. */
  patience: Milliseconds;
}

/** An act that is about to be asked for, and what was seen right before it. */
export function intentOf({ slots, now }: Observation & { kind: "slots" }, planned: Planned): Intent {
  const { op, opId, weight, patience } = planned;
  return {
    op,
    opId,
    args: { weight },
    expect: {
      production: identify(slots.production) ?? null,
      staging: identify(slots.staging) ?? null,
      weight: slots.weight,
    },
    asyncUrl: null,
    startedAt: now,
    deadline: now + patience,
    endedAt: null,
    acknowledged: false,
    refusal: null,
  };
}

export const look = (state: Rollout): Step => ({ state, command: { do: "observe", after: state.policy.pollInterval } });

export function enter(state: Rollout, phase: Phase, now: Milliseconds, reason: Reason | null = state.reason): Rollout {
  return { ...state, phase, since: now, reason, attempts: 0 };
}

export function stop(state: Rollout, phase: Phase, now: Milliseconds, reason: Reason | null): Step {
  return { state: enter(state, phase, now, reason), command: { do: "stop" } };
}

/** What ran before gets all requests again, and is put back where it is not in production. */
export const retreat = (state: Rollout, now: Milliseconds, reason: Reason): Step => ({
  state: enter(state, "ROLLING_BACK", now, reason),
  command: { do: "observe", after: 0 },
});

/** Cannot go on before its swap. Without a canary nobody has seen the release; else its share is made sure to be gone. */
export function giveUp(state: Rollout, now: Milliseconds, reason: Reason): Step {
  return state.canary ? retreat(state, now, reason) : stop(state, "FAILED", now, reason);
}

/** Before the swap: looks again for a while, then gives up. */
export function unreadableYet(state: Rollout, seen: Observation & { kind: "slots" }): Step {
  if (seen.now - state.since < state.policy.observeTimeout) return look(state);
  return giveUp(state, seen.now, reasons.unreadable(state, seen.slots, false));
}
