/** A share of production's requests goes to the new release, step by step; each step is judged before the next. */
import type { CanaryPosition, Hold, Intent, Ramp, Rollout } from "./ledger-records.ts";
import type { Observation } from "./observation.ts";
import type { Milliseconds } from "./ports.ts";
import * as reasons from "./reasons.ts";
import { beginRoute, meddledWith, routing } from "./routing.ts";
import { enter, identify, look, retreat, type Step } from "./steps.ts";

type Slots = Observation & { kind: "slots" };
type Judged = Observation & { kind: "judged" };

/** The release is healthy in its slot: the first step, or straight to the swap without a ramp. */
export function leaveStaging(state: Rollout, now: Milliseconds): Step {
  // What is live already has nothing to be compared with.
  const isLive = state.before?.production === state.target.release;
  const first = state.ramp && !isLive && positionAt(state.ramp, 0, null);
  if (!first) return promote(state, now);
  return { state: { ...enter(state, "CANARY", now), canary: first }, command: { do: "observe", after: 0 } };
}

export function canary(state: Rollout, seen: Observation): Step {
  const { ramp, canary: at } = state;
  if (!ramp || !at)
    return retreat(state, seen.now, reasons.unproved(state, "The ledger does not say which step it is."));
  if (state.intent) return routing(state, state.intent, seen, routed, unrouted);
  if (seen.kind === "judged") return verdict(state, ramp, at, seen);
  if (seen.kind !== "slots") return { state, command: { do: "observe", after: 0 } };
  const trouble = disturbance(state, at, seen);
  if (trouble) return trouble;
  if (at.window)
    return { state, command: { do: "judge", step: { ...windowOf(at, at.window), steps: ramp.steps.length } } };
  if (seen.slots.operation !== undefined && seen.now - lastMove(state, at) < state.policy.swapTimeout)
    return look(state);
  if (seen.slots.weight === at.weight) return openWindow(state, ramp, at, seen.now);
  return beginRoute(state, seen, at.weight);
}

const windowOf = ({ step, weight }: CanaryPosition, { setAt, start, end }: NonNullable<CanaryPosition["window"]>) => ({
  step,
  weight,
  setAt,
  windowStart: start,
  windowEnd: end,
});

function positionAt(ramp: Ramp, step: number, judged: CanaryPosition["judged"]): CanaryPosition | undefined {
  const found = ramp.steps[step];
  return found && { step, weight: found.weight, window: null, judged };
}

/** What forbids to go on: slots that are not as this release left them. Undefined when all is as expected. */
function disturbance(state: Rollout, at: CanaryPosition, seen: Slots): Step | undefined {
  const production = identify(seen.slots.production);
  const staging = identify(seen.slots.staging);
  const isDrift =
    (production !== undefined && production !== state.before?.production) ||
    (staging !== undefined && staging !== state.target.release);
  // The way back brings the weight to 0 where production is still what it was, and then asks a human.
  if (isDrift) return retreat(state, seen.now, reasons.drift(state, seen.slots));
  if (production === undefined || staging === undefined) {
    if (seen.now - lastMove(state, at) < state.policy.observeTimeout) return look(state);
    return retreat(state, seen.now, reasons.unreadable(state, seen.slots, false));
  }
  return meddledWith(state, seen.slots.weight, seen.now);
}

/** Slots may stay unreadable for a while after the last thing that is known to have happened. */
const lastMove = ({ since }: Rollout, { window, judged }: CanaryPosition): Milliseconds =>
  Math.max(since, window?.end ?? 0, judged?.at ?? 0);

function routed(state: Rollout, { now }: Slots): Step {
  const { ramp, canary: at } = state;
  return ramp && at ? openWindow({ ...state, attempts: 0 }, ramp, at, now) : canary(state, { kind: "started", now });
}

/** Refused: nothing was changed, so it may be asked for again. */
function unrouted(state: Rollout, { refusal, args }: Intent, now: Milliseconds): Step {
  const attempts = state.attempts + 1;
  if (attempts < reasons.MOST_ATTEMPTS) return look({ ...state, attempts });
  return retreat(state, now, reasons.routeRefused(state, args.weight ?? 0, refusal?.message));
}

/** The weight is set: from here on the step is measured. Its slots are looked at once more before it is judged. */
function openWindow(state: Rollout, ramp: Ramp, at: CanaryPosition, now: Milliseconds): Step {
  const duration = ramp.steps[at.step]?.duration ?? 0;
  const opened = { ...at, window: { setAt: now, start: now, end: now + duration } };
  return { state: { ...state, canary: opened }, command: { do: "observe", after: 0 } };
}

function verdict(state: Rollout, ramp: Ramp, at: CanaryPosition, seen: Judged): Step {
  const { now, why } = seen;
  // Whatever the judge says: there is no early pass.
  const isEarly = seen.verdict === "pass" && (!at.window || now < at.window.end);
  const found = isEarly ? "inconclusive" : seen.verdict;
  const judged = { ...state, canary: { ...at, judged: { step: at.step, verdict: found, why, at: now } } };
  if (found === "pass") return goOn(judged, now);
  if (found === "fail") return retreat(judged, now, reasons.worse(judged, why));
  const wish = ramp.unsure[found === "provider-error" ? "providerError" : found];
  if (wish === "promote") return goOn(judged, now);
  if (wish === "rollback") return retreat(judged, now, reasons.unproved(judged, why));
  const hold: Hold = {
    reason: why,
    since: now,
    deadline: now + ramp.holdTimeout,
    onDeadline: ramp.onHoldTimeout,
    lift: null,
  };
  return { state: { ...judged, hold }, command: { do: "hold", until: hold.deadline } };
}

/** The step is over: the next one, or the swap after the last. */
export function goOn(state: Rollout, now: Milliseconds): Step {
  const { ramp, canary: at } = state;
  const following = ramp && at && positionAt(ramp, at.step + 1, at.judged);
  if (!following) return promote(state, now);
  return { state: { ...state, canary: following }, command: { do: "observe", after: 0 } };
}

/** The same step, measured for as long again; what was measured so far counts on. */
export function judgeAgain(state: Rollout, now: Milliseconds): Step {
  const { ramp, canary: at } = state;
  const duration = (at && ramp?.steps[at.step]?.duration) ?? 0;
  const longer = at?.window ? { ...at, window: { ...at.window, end: now + duration } } : at;
  return { state: { ...state, canary: longer }, command: { do: "observe", after: 0 } };
}

const promote = (state: Rollout, now: Milliseconds): Step => ({
  state: enter(state, "PROMOTING", now),
  command: { do: "observe", after: 0 },
});
