/** From the lock to a release that is proved healthy in its slot. Production is not touched here. */
import { leaveStaging } from "./canary.ts";
import type { Rollout } from "./ledger-records.ts";
import type { Command, Observation } from "./observation.ts";
import type { SlotsObservation } from "./ports.ts";
import * as reasons from "./reasons.ts";
import { enter, identify, type Step, stop, unreadableYet } from "./steps.ts";

export function prepared(state: Rollout, seen: Observation): Step {
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

export function expanded(state: Rollout, seen: Observation): Step {
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

export function staged(state: Rollout, seen: Observation): Step {
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
  if (verdict === "healthy") return leaveStaging(state, seen.now);
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
