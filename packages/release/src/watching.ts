/** The bake time: production is watched with the new release, and swapped back when it is worse. */
import type { Rollout } from "./ledger-records.ts";
import type { Observation } from "./observation.ts";
import * as reasons from "./reasons.ts";
import { rollingBack } from "./rolling-back.ts";
import { enter, identify, look, type Step, stop } from "./steps.ts";

export function watching(state: Rollout, seen: Observation): Step {
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
  if (verdict === "healthy") return { state, command: { do: "observe", after: 0, identityOnly: true } };
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
