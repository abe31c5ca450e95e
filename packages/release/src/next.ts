/**
 * The core of a release: from where it stands and what was seen, where it stands next and what to do. No clock, no
 * network: ramp-up, bake, roll back, resume and take-over are all calls of this one function.
 */
import type { Identity, Intent, Phase, Reason, Rollout } from "./ledger-records.ts";
import type { Command, Observation } from "./observation.ts";
import type { Milliseconds, OperationStatus, SlotContent, SlotsObservation } from "./ports.ts";
import * as reasons from "./reasons.ts";

export interface Step {
  state: Rollout;
  command: Command;
}

/** Swaps back that are tried before a human is asked; each only after the one before was refused for good. */
const MOST_SWAPS_BACK = 3;

export const isTerminal = (phase: Phase): boolean =>
  phase === "COMPLETED" || phase === "ROLLED_BACK" || phase === "FAILED" || phase === "NEEDS_HUMAN";

export function next(state: Rollout, seen: Observation): Step {
  if (isTerminal(state.phase)) return { state, command: { do: "stop" } };
  if (seen.kind === "cancelled") return cancel(state, seen.now, seen.by);
  if (seen.kind === "held")
    return { state: { ...state, hold: seen.hold }, command: { do: "hold", until: seen.hold.deadline } };
  if (state.hold) return hold(state, state.hold, seen);
  switch (state.phase) {
    case "PREPARED":
      return prepared(state, seen);
    case "EXPANDED":
      return expanded(state, seen);
    case "STAGED":
      return staged(state, seen);
    case "WATCHING":
      return watching(state, seen);
    case "ROLLING_BACK":
      return rollingBack(state, seen);
    default:
      return promoting(state, seen);
  }
}

function hold(state: Rollout, held: NonNullable<Rollout["hold"]>, seen: Observation): Step {
  const free = { ...state, hold: null };
  if (seen.kind === "hold-lifted") return next(free, { kind: "started", now: seen.now });
  if (held.deadline === null || seen.now < held.deadline || held.onDeadline === "stay")
    return { state, command: { do: "hold", until: held.deadline } };
  return held.onDeadline === "proceed"
    ? next(free, { kind: "started", now: seen.now })
    : cancel(free, seen.now, "abandoned");
}

/** From here only the safe side is sought: nothing begun is left, and what was swapped in without proof is swapped out. */
function cancel(state: Rollout, now: Milliseconds, by: "cancelled" | "abandoned"): Step {
  const reason = reasons.stopped(state, by);
  const undo = { ...state, undo: true, hold: null };
  switch (state.phase) {
    case "ROLLING_BACK":
      return rollingBack(undo, { kind: "started", now });
    case "WATCHING":
      // A way back that was taken is not undone: it was taken because the other release is worse.
      if (state.kind === "rollback") return { state: undo, command: { do: "observe", after: 0 } };
      return rollingBack(enter(undo, "ROLLING_BACK", now, reason), { kind: "started", now });
    case "CANARY":
      return rollingBack(enter(undo, "ROLLING_BACK", now, reason), { kind: "started", now });
    case "PROMOTING":
      if (state.intent) return promoting({ ...undo, reason }, { kind: "started", now });
      return stop(undo, "FAILED", now, { ...reason, what: "The release was stopped before production was touched." });
    default:
      return stop(undo, "FAILED", now, reason);
  }
}

// ---------------------------------------------------------------------------------------------- before the swap

function prepared(state: Rollout, seen: Observation): Step {
  if (seen.kind === "refused") return stop(state, "FAILED", seen.now, seen.reason);
  if (seen.kind === "migrated")
    return expanded(enter({ ...state, schemaChange: seen.change }, "EXPANDED", seen.now), {
      kind: "started",
      now: seen.now,
    });
  if (seen.kind === "slots") {
    const known = takeBearings(state, seen.slots);
    if (!known) return unreadableYet(state, seen);
    return { state: known, command: { do: "migrate" } };
  }
  return { state, command: state.before ? { do: "migrate" } : { do: "observe", after: 0 } };
}

function expanded(state: Rollout, seen: Observation): Step {
  if (seen.kind === "refused") return stop(state, "FAILED", seen.now, seen.reason);
  if (seen.kind === "staged") return { state, command: { do: "observe", after: 0 } };
  if (seen.kind !== "slots")
    return { state, command: state.before ? { do: "stage", record: state.target } : { do: "observe", after: 0 } };
  if (!state.before) {
    const known = takeBearings(state, seen.slots);
    return known ? { state: known, command: { do: "stage", record: state.target } } : unreadableYet(state, seen);
  }
  const staging = identify(seen.slots.staging);
  if (staging === undefined) return unreadableYet(state, seen);
  if (staging !== state.target.release) return stop(state, "FAILED", seen.now, reasons.notStaged(state, seen.slots));
  return staged(enter(state, "STAGED", seen.now), { kind: "started", now: seen.now });
}

function staged(state: Rollout, seen: Observation): Step {
  if (seen.kind === "verdict") return stagingVerdict(state, seen);
  if (seen.kind === "slots") {
    const known = takeBearings(state, seen.slots);
    if (!known || identify(seen.slots.staging) === undefined) return unreadableYet(state, seen);
    if (identify(seen.slots.staging) !== state.target.release)
      return stop(known, "FAILED", seen.now, reasons.notStaged(known, seen.slots));
    return { state: known, command: warmUp(known) };
  }
  return { state, command: state.before ? warmUp(state) : { do: "observe", after: 0 } };
}

function stagingVerdict(state: Rollout, seen: Observation & { kind: "verdict" }): Step {
  const { verdict, why } = seen.verdict;
  if (verdict === "healthy")
    return { state: enter(state, "PROMOTING", seen.now), command: { do: "observe", after: 0 } };
  const code = verdict === "unhealthy" ? "unhealthy" : "unknown-health";
  return stop(state, "FAILED", seen.now, reasons.unhealthyStaging(state, code, why));
}

const warmUp = ({ policy }: Rollout): Command => ({
  do: "probe",
  where: "staging",
  atLeast: 0,
  atMost: policy.warmUpTimeout,
});

/** Notes once what both slots ran before anything was changed; undefined while production cannot be read. */
function takeBearings(state: Rollout, slots: SlotsObservation): Rollout | undefined {
  if (state.before) return state;
  const production = identify(slots.production);
  if (production === undefined) return undefined;
  return { ...state, before: { production, staging: identify(slots.staging) ?? null } };
}

function unreadableYet(state: Rollout, seen: Observation & { kind: "slots" }): Step {
  if (seen.now - state.since < state.policy.observeTimeout) return look(state);
  return stop(state, "FAILED", seen.now, reasons.unreadable(state, seen.slots, false));
}

// ------------------------------------------------------------------------------------------------------- the swap

function promoting(state: Rollout, seen: Observation): Step {
  if (state.intent) return swapping(state, state.intent, seen, swapLanded, swapMissed);
  if (seen.kind !== "slots") return { state, command: { do: "observe", after: 0 } };
  const production = identify(seen.slots.production);
  const staging = identify(seen.slots.staging);
  if (production === undefined || staging === undefined) return unreadableYet(state, seen);
  if (production === state.target.release) return swapLanded(state, seen.now);
  const isExpected = production === state.before?.production && staging === state.target.release;
  if (!isExpected) return stop(state, "NEEDS_HUMAN", seen.now, reasons.drift(state, seen.slots));
  return begin(state, seen);
}

/** Nothing else is under way, no traffic is routed aside: only then is the swap asked for. */
function begin(state: Rollout, seen: Observation & { kind: "slots" }): Step {
  const { operation, weight } = seen.slots;
  if (operation !== undefined) return waitWhileBusy(state, operation, seen.now);
  if (weight !== 0) return { state, command: { do: "route", weight: 0 } };
  return { state: { ...state, intent: intend(state, seen) }, command: { do: "swap" } };
}

function waitWhileBusy(state: Rollout, operation: string, now: Milliseconds): Step {
  if (now - state.since < state.policy.swapTimeout) return look(state);
  if (state.phase === "ROLLING_BACK")
    return stop(
      state,
      "NEEDS_HUMAN",
      now,
      reasons.rollbackFailed(state, `Another operation stayed under way: ${operation}`),
    );
  return stop(state, "FAILED", now, reasons.busy(state, operation, now));
}

function intend(state: Rollout, seen: Observation & { kind: "slots" }): Intent {
  const { slots, now } = seen;
  return {
    op: "swap",
    opId: `${state.phase === "ROLLING_BACK" ? "back" : "swap"}-${state.attempts + 1}-${now}`,
    args: { weight: null },
    expect: {
      production: identify(slots.production) ?? null,
      staging: identify(slots.staging) ?? null,
      weight: slots.weight,
    },
    asyncUrl: null,
    startedAt: now,
    deadline: now + state.policy.swapTimeout,
    endedAt: null,
    refusal: null,
  };
}

type Landed = (state: Rollout, now: Milliseconds) => Step;
type Missed = (state: Rollout, intent: Intent, now: Milliseconds) => Step;

/** A swap was asked for. It is followed to its end and judged by identity; it is never asked for again here. */
function swapping(state: Rollout, intent: Intent, seen: Observation, landed: Landed, missed: Missed): Step {
  if (seen.kind === "swap") return followSwap(state, intent, seen.status, seen.now);
  if (seen.kind === "slots") return judgeSwap(state, intent, seen, landed, missed);
  return intent.asyncUrl !== null && intent.endedAt === null
    ? { state, command: { do: "poll", operationUrl: intent.asyncUrl, after: 0 } }
    : { state, command: { do: "observe", after: 0 } };
}

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
  return { state: { ...state, intent: { ...intent, endedAt: now, refusal } }, command: { do: "observe", after: 0 } };
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
  if (production === intent.expect.staging && isQuiet) return landed({ ...state, intent: null }, now);
  const hasSettled = now - (intent.endedAt ?? intent.startedAt) >= state.policy.settleTime;
  const isUntouched = production === intent.expect.production && identify(slots.staging) === intent.expect.staging;
  if (isUntouched && isQuiet && (intent.refusal || hasSettled)) return missed({ ...state, intent: null }, intent, now);
  if (now < intent.deadline + state.policy.observeTimeout) return look(state);
  if (production === intent.expect.staging) return landed({ ...state, intent: null }, now);
  return stop(state, "NEEDS_HUMAN", now, reasons.unreadable(state, slots, true));
}

function swapLanded(state: Rollout, now: Milliseconds): Step {
  if (state.undo && state.kind !== "rollback")
    return rollingBack(enter(state, "ROLLING_BACK", now), { kind: "started", now });
  if (state.undo) return stop(state, "COMPLETED", now, null);
  return watching(enter(state, "WATCHING", now), { kind: "started", now });
}

function swapMissed(state: Rollout, { refusal }: Intent, now: Milliseconds): Step {
  if (state.undo) return stop(state, "FAILED", now, reasons.stoppedInTime(state));
  if (refusal?.busy) return waitWhileBusy(state, refusal.message, now);
  return stop(state, "FAILED", now, refusal ? reasons.swapRefused(state, refusal) : reasons.swapLost(state));
}

// ------------------------------------------------------------------------------------------------- after the swap

function watching(state: Rollout, seen: Observation): Step {
  if (seen.kind === "verdict") return productionVerdict(state, seen);
  if (seen.kind === "slots") return confirm(state, seen);
  const left = Math.max(0, state.since + state.policy.bakeTime - seen.now);
  return {
    state,
    command: { do: "probe", where: "production", atLeast: left, atMost: left + state.policy.observeTimeout },
  };
}

function productionVerdict(state: Rollout, seen: Observation & { kind: "verdict" }): Step {
  const { verdict, why } = seen.verdict;
  if (verdict === "healthy") return { state, command: { do: "observe", after: 0 } };
  if (state.kind === "rollback") return stop(state, "NEEDS_HUMAN", seen.now, reasons.unhealthyRollback(state, why));
  const code = verdict === "unhealthy" ? "unhealthy" : "unknown-health";
  const reason = reasons.unhealthyProduction(state, code, why);
  return rollingBack(enter(state, "ROLLING_BACK", seen.now, reason), { kind: "started", now: seen.now });
}

/** Healthy until the end; the release is complete when production still runs it. */
function confirm(state: Rollout, seen: Observation & { kind: "slots" }): Step {
  const production = identify(seen.slots.production);
  if (production === state.target.release) return stop(state, "COMPLETED", seen.now, null);
  const staging = identify(seen.slots.staging);
  if (production === undefined) {
    const patience = state.policy.bakeTime + 2 * state.policy.observeTimeout;
    if (seen.now - state.since < patience) return look(state);
    return stop(state, "NEEDS_HUMAN", seen.now, reasons.unreadable(state, seen.slots, true));
  }
  if (production === state.before?.production && staging === state.target.release)
    return stop(state, "ROLLED_BACK", seen.now, reasons.swappedByHand(state));
  return stop(state, "NEEDS_HUMAN", seen.now, reasons.drift(state, seen.slots));
}

// ----------------------------------------------------------------------------------------------------- rolling back

function rollingBack(state: Rollout, seen: Observation): Step {
  if (state.intent) return swapping(state, state.intent, seen, backLanded, backMissed);
  if (seen.kind === "refused")
    return stop(
      state,
      "NEEDS_HUMAN",
      seen.now,
      reasons.rollbackFailed(state, `${seen.reason.what} ${seen.reason.why}`),
    );
  if (seen.kind !== "slots") return { state, command: { do: "observe", after: 0 } };
  return restore(state, seen);
}

function restore(state: Rollout, seen: Observation & { kind: "slots" }): Step {
  const production = identify(seen.slots.production);
  const staging = identify(seen.slots.staging);
  const wanted = state.before?.production;
  if (production === undefined || (production !== wanted && staging === undefined)) {
    if (seen.now - state.since < state.policy.observeTimeout) return look(state);
    return stop(state, "NEEDS_HUMAN", seen.now, reasons.unreadable(state, seen.slots, true));
  }
  if (production === wanted) {
    if (seen.slots.weight !== 0) return { state, command: { do: "route", weight: 0 } };
    return stop(state, "ROLLED_BACK", seen.now, state.reason);
  }
  if (production !== state.target.release)
    return stop(state, "NEEDS_HUMAN", seen.now, reasons.drift(state, seen.slots));
  if (staging === wanted) return begin(state, seen);
  return restage(state, seen);
}

/** The release to go back to is no longer in the slot: its stored package is brought there first. */
function restage(state: Rollout, seen: Observation & { kind: "slots" }): Step {
  const { fallback } = state;
  if (fallback?.artifact && fallback.release === state.before?.production)
    return { state, command: { do: "stage", record: fallback } };
  return stop(state, "NEEDS_HUMAN", seen.now, reasons.drift(state, seen.slots));
}

function backLanded(state: Rollout, now: Milliseconds): Step {
  return stop(state, "ROLLED_BACK", now, state.reason);
}

function backMissed(state: Rollout, { refusal, endedAt }: Intent, now: Milliseconds): Step {
  if (refusal?.busy) return waitWhileBusy(state, refusal.message, now);
  const wasSent = endedAt !== null;
  const attempts = state.attempts + (wasSent ? 1 : 0);
  if (attempts < MOST_SWAPS_BACK) return look({ ...state, attempts });
  const why = refusal
    ? `Azure refused the swap back ${attempts} times: ${refusal.message}`
    : `The swap back was asked for ${attempts} times and never took place.`;
  return stop({ ...state, attempts }, "NEEDS_HUMAN", now, reasons.rollbackFailed(state, why));
}

// ------------------------------------------------------------------------------------------------------------ parts

/** The release id in a slot, null without a release file, undefined when unreadable. */
export function identify(content: SlotContent): Identity | undefined {
  if (content.kind === "release") return content.release;
  return content.kind === "unlabelled" ? null : undefined;
}

const look = (state: Rollout): Step => ({ state, command: { do: "observe", after: state.policy.pollInterval } });

function enter(state: Rollout, phase: Phase, now: Milliseconds, reason: Reason | null = state.reason): Rollout {
  return { ...state, phase, since: now, reason };
}

function stop(state: Rollout, phase: Phase, now: Milliseconds, reason: Reason | null): Step {
  return { state: enter(state, phase, now, reason), command: { do: "stop" } };
}
