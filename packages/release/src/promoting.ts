/** A release that is healthy in its slot goes into production. */
import type { Intent, Rollout } from "./ledger-records.ts";
import type { Observation } from "./observation.ts";
import type { Milliseconds } from "./ports.ts";
import * as reasons from "./reasons.ts";
import { rollingBack } from "./rolling-back.ts";
import { beginRoute, meddledWith, routing } from "./routing.ts";
import { enter, giveUp, identify, look, type Step, stop, unreadableYet } from "./steps.ts";
import { begin, swapping, waitWhileBusy } from "./swapping.ts";
import { watching } from "./watching.ts";

export function promoting(state: Rollout, seen: Observation): Step {
  if (state.intent?.op === "route") return routing(state, state.intent, seen, ruleGone, ruleStays);
  if (state.intent) return swapping(state, state.intent, seen, swapLanded, swapMissed);
  if (seen.kind !== "slots") return { state, command: { do: "observe", after: 0 } };
  const production = identify(seen.slots.production);
  const staging = identify(seen.slots.staging);
  if (production === undefined || staging === undefined) return unreadableYet(state, seen);
  const meddled = meddledWith(state, seen.slots.weight, seen.now);
  if (meddled) return meddled;
  if (production === state.target.release)
    return seen.slots.weight === 0 ? swapLanded(state, seen) : beginRoute(state, seen, 0);
  const isExpected = production === state.before?.production && staging === state.target.release;
  if (!isExpected) return stop(state, "NEEDS_HUMAN", seen.now, reasons.drift(state, seen.slots));
  return begin(state, seen);
}

function swapLanded(state: Rollout, { now }: Pick<Observation, "now">): Step {
  if (state.undo && state.kind !== "rollback")
    return rollingBack(enter(state, "ROLLING_BACK", now), { kind: "started", now });
  if (state.undo) return stop(state, "COMPLETED", now, null);
  return watching(enter(state, "WATCHING", now), { kind: "started", now });
}

function swapMissed(state: Rollout, { refusal }: Intent, now: Milliseconds): Step {
  if (state.undo) return giveUp(state, now, reasons.stoppedInTime(state));
  if (refusal?.busy) return waitWhileBusy(state, refusal.message, now);
  return giveUp(state, now, refusal ? reasons.swapRefused(state, refusal) : reasons.swapLost(state));
}

/** The rule is removed before the swap, or clients that it pinned to the slot would get the old release afterwards. */
function ruleGone(state: Rollout): Step {
  return { state: { ...state, attempts: 0 }, command: { do: "observe", after: 0 } };
}

function ruleStays(state: Rollout, { refusal, endedAt }: Intent, now: Milliseconds): Step {
  const attempts = state.attempts + (endedAt === null ? 0 : 1);
  if (attempts < reasons.MOST_ATTEMPTS) return look({ ...state, attempts });
  return giveUp(state, now, reasons.routeRefused(state, 0, refusal?.message));
}
