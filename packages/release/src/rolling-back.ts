/** What ran before is put back: by swap, or by its stored package and a swap. */
import type { Intent, Rollout } from "./ledger-records.ts";
import type { Observation } from "./observation.ts";
import type { Milliseconds } from "./ports.ts";
import * as reasons from "./reasons.ts";
import { beginRoute, routing } from "./routing.ts";
import { identify, look, type Step, stop } from "./steps.ts";
import { begin, swapping, waitWhileBusy } from "./swapping.ts";

export function rollingBack(state: Rollout, seen: Observation): Step {
  if (state.intent?.op === "route") return routing(state, state.intent, seen, routed, unrouted);
  if (state.intent) return swapping(state, state.intent, seen, restore, backMissed);
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

/** Also after the swap back: a rule that somebody set meanwhile would send requests to what was got rid of. */
function restore(state: Rollout, seen: Observation & { kind: "slots" }): Step {
  const production = identify(seen.slots.production);
  const staging = identify(seen.slots.staging);
  const wanted = state.before?.production;
  if (production === undefined || (production !== wanted && staging === undefined)) {
    if (seen.now - state.since < state.policy.observeTimeout) return look(state);
    // What was live when the canary began is, as far as anyone knows, still there; the slot's share of it is not proved.
    if (production === undefined && state.canary && seen.slots.weight !== 0) return beginRoute(state, seen, 0);
    return stop(state, "NEEDS_HUMAN", seen.now, reasons.unreadable(state, seen.slots, true));
  }
  const isDrift = state.reason?.code === "drift";
  if (production === wanted) {
    if (seen.slots.weight !== 0) return beginRoute(state, seen, 0);
    return stop(state, isDrift ? "NEEDS_HUMAN" : "ROLLED_BACK", seen.now, state.reason);
  }
  if (isDrift || production !== state.target.release)
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

const routed = (state: Rollout): Step => ({
  state: { ...state, attempts: 0 },
  command: { do: "observe", after: 0 },
});

function unrouted(state: Rollout, { refusal, args, endedAt }: Intent, now: Milliseconds): Step {
  // Only a removal that was really asked for counts: not a share that never came, nor what a dead run only meant to do.
  const attempts = state.attempts + (args.weight === 0 && endedAt !== null ? 1 : 0);
  if (attempts < reasons.MOST_ATTEMPTS) return look({ ...state, attempts });
  return stop(state, "NEEDS_HUMAN", now, reasons.routeRefused(state, 0, refusal?.message));
}

function backMissed(state: Rollout, { refusal, endedAt }: Intent, now: Milliseconds): Step {
  if (refusal?.busy) return waitWhileBusy(state, refusal.message, now);
  const wasSent = endedAt !== null;
  const attempts = state.attempts + (wasSent ? 1 : 0);
  if (attempts < reasons.MOST_ATTEMPTS) return look({ ...state, attempts });
  const why = refusal
    ? `Azure refused the swap back ${attempts} times: ${refusal.message}`
    : `The swap back was asked for ${attempts} times and never took place.`;
  return stop({ ...state, attempts }, "NEEDS_HUMAN", now, reasons.rollbackFailed(state, why));
}
