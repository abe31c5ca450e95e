/** One change of the share of traffic: absolute, asked for under an intent, judged by what the service shows afterwards. */
import type { Intent, Rollout } from "./ledger-records.ts";
import type { Observation } from "./observation.ts";
import { intentOf, look, type Step } from "./steps.ts";
import type { Landed, Missed } from "./swapping.ts";

/** Writes down what is going to be set, from what was just seen. Weight 0 removes the rule. */
export function beginRoute(state: Rollout, seen: Observation & { kind: "slots" }, weight: number): Step {
  const opId = `route-${weight}-${seen.now}`;
  const intent = intentOf(seen, { op: "route", opId, weight, patience: state.policy.observeTimeout });
  return { state: { ...state, intent }, command: { do: "route", weight } };
}

/**
 * A weight was asked for. Seen to be set, it has landed. Not seen, it may still be on its way until the settle time is
 * over: only then may something else be asked for, or a late one could undo it.
 */
export function routing(state: Rollout, intent: Intent, seen: Observation, landed: Landed, missed: Missed): Step {
  const observe: Step = { state, command: { do: "observe", after: 0 } };
  if (seen.kind === "routed") return { ...observe, state: { ...state, intent: { ...intent, endedAt: seen.now } } };
  if (seen.kind === "unrouted") {
    const refusal = seen.sure ? { status: null, code: null, message: seen.why, busy: false } : null;
    return { ...observe, state: { ...state, intent: { ...intent, endedAt: seen.now, refusal } } };
  }
  if (seen.kind !== "slots") return observe;
  const { now, slots } = seen;
  const free = { ...state, intent: null };
  if (slots.weight === intent.args.weight) return landed(free, now);
  const hasSettled = now - (intent.endedAt ?? intent.startedAt) >= state.policy.settleTime;
  return intent.refusal || hasSettled ? missed(free, intent, now) : look(state);
}
