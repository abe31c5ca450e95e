/**
 * The core of a release: from where it stands and what was seen, where it stands next and what to do. No clock, no
 * network: ramp-up, bake, roll back, resume and take-over are all calls of this one function.
 */
import { expanded, prepared, staged } from "./before-swap.ts";
import { canary, goOn, judgeAgain } from "./canary.ts";
import type { Hold, Lift, Reason, Rollout } from "./ledger-records.ts";
import type { Command, Observation } from "./observation.ts";
import type { Milliseconds } from "./ports.ts";
import { promoting } from "./promoting.ts";
import * as reasons from "./reasons.ts";
import { rollingBack } from "./rolling-back.ts";
import { meddledWith } from "./routing.ts";
import { enter, isTerminal, type Step, stop } from "./steps.ts";
import { watching } from "./watching.ts";

export { identify, isTerminal, type Step } from "./steps.ts";

export function next(state: Rollout, seen: Observation): Step {
  if (isTerminal(state.phase)) return { state, command: { do: "stop" } };
  if (seen.kind === "cancelled") return cancel(state, seen.now, reasons.stopped(state, seen.by));
  if (seen.kind === "held") return { state: { ...state, hold: seen.hold }, command: wait(seen.hold) };
  if (state.hold) return hold(state, state.hold, seen);
  switch (state.phase) {
    case "PREPARED":
      return prepared(state, seen);
    case "EXPANDED":
      return expanded(state, seen);
    case "STAGED":
      return staged(state, seen);
    case "CANARY":
      return canary(state, seen);
    case "WATCHING":
      return watching(state, seen);
    case "ROLLING_BACK":
      return rollingBack(state, seen);
    default:
      return promoting(state, seen);
  }
}

function hold(state: Rollout, held: Hold, seen: Observation): Step {
  const free = { ...state, hold: null };
  const { now } = seen;
  const meddled = seen.kind === "slots" && meddledWith(free, seen.slots.weight, now);
  if (meddled) return meddled;
  if (held.lift) return lifted(free, held.lift, now);
  if (held.deadline === null || now < held.deadline || held.onDeadline === "stay")
    return { state, command: wait(held) };
  return held.onDeadline === "proceed" ? proceed(free, now) : cancel(free, now, reasons.expired(free, held));
}

const wait = ({ deadline, onDeadline }: Hold): Command => ({
  do: "hold",
  until: onDeadline === "stay" ? null : deadline,
});

function lifted(state: Rollout, lift: Lift, now: Milliseconds): Step {
  if (lift.how === "abort") return cancel(state, now, reasons.aborted(state, lift));
  return lift.how === "judge" && state.phase === "CANARY" ? judgeAgain(state, now) : proceed(state, now);
}

const proceed = (state: Rollout, now: Milliseconds): Step =>
  state.phase === "CANARY" ? goOn(state, now) : next(state, { kind: "started", now });

/** From here only the safe side is sought: nothing begun is left, and what was swapped in without proof is swapped out. */
function cancel(state: Rollout, now: Milliseconds, reason: Reason): Step {
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
      if (state.intent?.op === "swap") return promoting({ ...undo, reason }, { kind: "started", now });
      if (state.intent || state.canary)
        return rollingBack(enter(undo, "ROLLING_BACK", now, reason), { kind: "started", now });
      return stop(undo, "FAILED", now, { ...reason, what: "The release was stopped before production was touched." });
    default:
      return stop(undo, "FAILED", now, reason);
  }
}
