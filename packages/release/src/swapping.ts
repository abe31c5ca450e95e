/** One swap, forth or back: asked for once, followed to its end, judged by identity. */
import type { Identity, Intent, Rollout } from "./ledger-records.ts";
import type { Command, Observation } from "./observation.ts";
import type { Milliseconds, OperationStatus } from "./ports.ts";
import * as reasons from "./reasons.ts";
import { beginRoute } from "./routing.ts";
import { giveUp, identify, intentOf, look, type Step, stop } from "./steps.ts";

/** Nothing else is under way, no traffic is routed aside: only then is the swap asked for. */
export function begin(state: Rollout, seen: Observation & { kind: "slots" }): Step {
  const { operation, weight } = seen.slots;
  if (operation !== undefined) return waitWhileBusy(state, operation, seen.now);
  if (weight !== 0) return beginRoute(state, seen, 0);
  return { state: { ...state, intent: intend(state, seen) }, command: { do: "swap" } };
}

export function waitWhileBusy(state: Rollout, operation: string, now: Milliseconds): Step {
  if (now - state.since < state.policy.swapTimeout) return look(state);
  if (state.phase === "ROLLING_BACK")
    return stop(
      state,
      "NEEDS_HUMAN",
      now,
      reasons.rollbackFailed(state, `Another operation stayed under way: ${operation}`),
    );
  return giveUp(state, now, reasons.busy(state, operation, now));
}

function intend(state: Rollout, seen: Observation & { kind: "slots" }): Intent {
  const direction = state.phase === "ROLLING_BACK" ? "back" : "swap";
  return intentOf(seen, {
    op: "swap",
    opId: `${direction}-${state.attempts + 1}-${seen.now}`,
    weight: null,
    patience: state.policy.swapTimeout,
  });
}

export type Landed = (state: Rollout, seen: Observation & { kind: "slots" }) => Step;
export type Missed = (state: Rollout, intent: Intent, now: Milliseconds) => Step;

/** A swap was asked for. It is followed to its end and judged by identity; it is never asked for again here. */
export function swapping(state: Rollout, intent: Intent, seen: Observation, landed: Landed, missed: Missed): Step {
  if (seen.kind === "swap") return followSwap(state, intent, seen.status, seen.now);
  if (seen.kind === "slots") return judgeSwap(state, intent, seen, landed, missed);
  if (seen.kind === "withheld") return { state: { ...state, intent: null }, command: { do: "observe", after: 0 } };
  return intent.asyncUrl !== null && intent.endedAt === null
    ? { state, command: { do: "poll", operationUrl: intent.asyncUrl, after: 0 } }
    : { state, command: lookWhere(state) };
}

/** On a way back the share of the traffic is asked for as well: at its end nothing may go to the slot. */
const lookWhere = ({ phase }: Rollout): Command => ({
  do: "observe",
  after: 0,
  identityOnly: phase !== "ROLLING_BACK",
});

function followSwap(state: Rollout, intent: Intent, status: OperationStatus, now: Milliseconds): Step {
  if (status.kind === "running" && now < intent.deadline) {
    const { operationUrl } = status;
    const isKnown = intent.asyncUrl === operationUrl;
    return {
      state: isKnown ? state : { ...state, intent: { ...intent, asyncUrl: operationUrl } },
      command: { do: "poll", operationUrl, after: status.retryAfter ?? state.policy.pollInterval },
    };
  }
  const refusal =
    status.kind === "failed"
      ? { status: status.status ?? null, code: status.code ?? null, message: status.message, busy: status.busy }
      : null;
  return {
    state: { ...state, intent: { ...intent, endedAt: now, refusal } },
    command: lookWhere(state),
  };
}

function judgeSwap(
  state: Rollout,
  intent: Intent,
  seen: Observation & { kind: "slots" },
  landed: Landed,
  missed: Missed,
): Step {
  const { now, slots } = seen;
  const production = identify(slots.production);
  const known: readonly (Identity | undefined)[] = [intent.expect.production, intent.expect.staging, undefined];
  const isStranger = !known.includes(production) || !known.includes(identify(slots.staging));
  if (isStranger) return stop(state, "NEEDS_HUMAN", now, reasons.drift(state, slots));
  const isQuiet = slots.operation === undefined;
  const hasSettled = now - (intent.endedAt ?? intent.startedAt) >= state.policy.settleTime;
  // Routing is switched; what may go on is the restart of the old app, and an operation that Azure forgot to clear.
  if (production === intent.expect.staging && (isQuiet || hasSettled)) return landed({ ...state, intent: null }, seen);
  const isUntouched = production === intent.expect.production && identify(slots.staging) === intent.expect.staging;
  if (isUntouched && isQuiet && (intent.refusal || hasSettled)) return missed({ ...state, intent: null }, intent, now);
  if (now < intent.deadline + state.policy.observeTimeout) return look(state);
  if (production === intent.expect.staging) return landed({ ...state, intent: null }, seen);
  return stop(state, "NEEDS_HUMAN", now, reasons.unreadable(state, slots, true));
}
