/**
 * The core of a release: from where it stands and what was seen, where it stands next and what to do. No clock, no
 * network: ramp-up, bake, roll back, resume and take-over are all calls of this one function.
 */
import { expanded, prepared, staged } from "./before-swap.ts";
import type { Rollout } from "./ledger-records.ts";
import type { Observation } from "./observation.ts";
import type { Milliseconds } from "./ports.ts";
import { promoting } from "./promoting.ts";
import * as reasons from "./reasons.ts";
import { rollingBack } from "./rolling-back.ts";
import { enter, isTerminal, type Step, stop } from "./steps.ts";
import { watching } from "./watching.ts";

export { identify, isTerminal, type Step } from "./steps.ts";

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
