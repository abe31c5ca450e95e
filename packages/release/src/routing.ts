/** One change of the share of traffic: absolute, asked for under an intent, judged by what the service shows afterwards. */
import type { Intent, Rollout } from "./ledger-records.ts";
import type { Observation } from "./observation.ts";
import type { Milliseconds } from "./ports.ts";
import * as reasons from "./reasons.ts";
import { intentOf, look, retreat, type Step } from "./steps.ts";
import type { Landed, Missed } from "./swapping.ts";

type Slots = Observation & { kind: "slots" };

/** Writes down what is going to be set, from what was just seen. Weight 0 removes the rule. */
export function beginRoute(state: Rollout, seen: Slots, weight: number): Step {
  const opId = `route-${weight}-${seen.now}`;
  const intent = intentOf(seen, { op: "route", opId, weight, patience: state.policy.observeTimeout });
  const expected = mayGiveMore(state) ? seen.slots.weight : null;
  return { state: { ...state, intent }, command: { do: "route", weight, expected } };
}

/** What follows gives the release more requests: a step, or the swap. On a way back nobody's brake can be undone. */
const mayGiveMore = ({ phase, kind }: Rollout): boolean => phase !== "ROLLING_BACK" && kind !== "rollback";

/**
 * The share of the traffic is not what this release left: somebody else changed it, which can be an emergency brake.
 * Undefined when it is, or when nothing more is going to be given to the release.
 */
export function meddledWith(state: Rollout, weight: number, now: Milliseconds): Step | undefined {
  if (!mayGiveMore(state) || !isMeddledWith(state, weight)) return undefined;
  return retreat(state, now, reasons.weightChanged(state, state.weight ?? 0, weight));
}

/** Whether the share of the traffic is another than this release left, as far as its ledger says. */
export const isMeddledWith = ({ weight: own }: Rollout, weight: number): boolean => own !== null && weight !== own;

/**
 * A weight was asked for. Seen to be set, it has landed. Not seen, it may still be on its way until the settle time is
 * over: only then may something else be asked for, or a late one could undo it.
 */
export function routing(state: Rollout, intent: Intent, seen: Observation, landed: Landed, missed: Missed): Step {
  const observe: Step = { state, command: { do: "observe", after: 0 } };
  if (seen.kind === "routed")
    return { ...observe, state: { ...state, intent: { ...intent, acknowledged: true, endedAt: seen.now } } };
  if (seen.kind === "unrouted") {
    const refusal = seen.sure ? { status: null, code: null, message: seen.why, busy: false } : null;
    return { ...observe, state: { ...state, intent: { ...intent, endedAt: seen.now, refusal } } };
  }
  const free = { ...state, intent: null };
  if (seen.kind === "withheld")
    return retreat(free, seen.now, reasons.weightChanged(state, intent.expect.weight, seen.weight));
  if (seen.kind !== "slots") return observe;
  const { now, slots } = seen;
  const hasSettled = now - (intent.endedAt ?? intent.startedAt) >= state.policy.settleTime;
  const trouble = mayGiveMore(state) ? unvouched(state, intent, slots.weight, hasSettled) : undefined;
  if (trouble) return retreat(trouble.mayLand ? state : free, now, trouble.reason);
  const isOver = intent.refusal !== null || hasSettled;
  if (slots.weight === intent.args.weight && (isOver || !isInTransit(state, intent)))
    return landed({ ...free, weight: slots.weight }, seen);
  return isOver ? missed(free, intent, now) : look(state);
}

/** On the way back a share that nobody acknowledged may arrive although the same one is there: a person can set it, too. */
const isInTransit = ({ phase }: Rollout, { args, acknowledged }: Intent): boolean =>
  phase === "ROLLING_BACK" && args.weight !== 0 && !acknowledged;

/**
 * Why what is there cannot be built upon, if so. Only a share that this release surely set is its own: what a lost
 * reply or a dead run left behind may as well be a person's, and to ask again could undo it.
 */
function unvouched(state: Rollout, intent: Intent, found: number, hasSettled: boolean) {
  const asked = intent.args.weight ?? 0;
  const before = intent.expect.weight;
  const changed = (expected: number) => ({
    mayLand: false,
    reason: reasons.weightChanged(state, expected, found),
  });
  if (intent.refusal) return found === before ? undefined : changed(before);
  if (intent.acknowledged) return found === asked || (found === before && !hasSettled) ? undefined : changed(asked);
  return { mayLand: true, reason: reasons.weightUnknown(state, asked, found) };
}
