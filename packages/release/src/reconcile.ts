/**
 * What a reconciler may do with a ledger that it did not write: pure decisions over the head, what GitHub says of its
 * holder's run, and what Azure shows. What a live run holds, or one of which nobody can say, is never touched.
 */
import { isOver } from "./drive.ts";
import type { Explanation } from "./errors.ts";
import { type Author, advance } from "./head.ts";
import type { Head, Hold, Holder, Rollout, Surroundings } from "./ledger-records.ts";
import { describeAge, type RunState } from "./lock.ts";
import { identify } from "./next.ts";
import type { Milliseconds, SlotsObservation } from "./ports.ts";
import { describeContent, nameOf } from "./reasons.ts";

export type Standing =
  /** Nothing is open and nobody holds the lock. */
  | { kind: "idle" }
  /** The holder's run goes on, or GitHub cannot say. */
  | { kind: "led"; holder: Holder; run: "running" | "unknown" }
  /** A release waits for a person, in time; its run may be over. */
  | { kind: "on-hold"; rollout: Rollout; hold: Hold }
  | { kind: "needs-human"; rollout: Rollout }
  /** A release is open, and nobody leads it any more. `undo`: to the safe side; `follow`: the hold says what follows. */
  | { kind: "abandoned"; rollout: Rollout; how: "undo" | "follow" }
  /** Nothing is open, and the run that holds the lock is over. */
  | { kind: "stale-lock"; holder: Holder };

/** Where a head stands. `run` is what GitHub says of the holder's run; without a holder it does not matter. */
export function standingOf(head: Head, run: RunState, now: Milliseconds): Standing {
  const { holder, rollout } = head;
  if (holder && run !== "over") return { kind: "led", holder, run };
  if (rollout?.phase === "NEEDS_HUMAN") return { kind: "needs-human", rollout };
  if (!rollout || isOver(rollout)) return holder ? { kind: "stale-lock", holder } : { kind: "idle" };
  const { hold } = rollout;
  if (!hold) return { kind: "abandoned", rollout, how: "undo" };
  if (hold.lift) return decided(rollout, hold, hold.lift.how === "abort");
  const isOpen = hold.deadline === null || hold.onDeadline === "stay" || now < hold.deadline;
  if (isOpen) return { kind: "on-hold", rollout, hold };
  // Nobody is left to go on with it: proceeding would need a judge, so the safe side is sought.
  return { kind: "abandoned", rollout, how: hold.onDeadline === "rollback" ? "follow" : "undo" };
}

/** An abort is carried out by whoever comes; to go on is for the release's own workflow, which has the judge. */
const decided = (rollout: Rollout, hold: Hold, isAbort: boolean): Standing =>
  isAbort ? { kind: "abandoned", rollout, how: "follow" } : { kind: "on-hold", rollout, hold };

/** What of an app matters besides which release is where. */
export interface AppState {
  /** Azure's word for the app: `Running`, `Stopped`. */
  production: string;
  staging: string;
  surroundings: Surroundings;
}

export interface Drift {
  /** A person has to look; else it is only worth knowing. */
  isGrave: boolean;
  what: string;
  fix?: string;
}

/** How Azure differs from the ledger. Nothing follows from it by itself. */
export function driftOf(head: Head, slots: SlotsObservation, app: AppState): Drift[] {
  return [...contentDrift(head, slots), ...stateDrift(app), ...surroundingsDrift(head, app.surroundings)];
}

function contentDrift({ live, previous }: Head, { production, staging }: SlotsObservation): Drift[] {
  const found: Drift[] = [];
  const runs = identify(production);
  if (runs === undefined)
    found.push({ isGrave: false, what: `Production's content is ${describeContent(production)}.` });
  else if (live && runs !== live.release)
    found.push({
      isGrave: true,
      what: `Production runs ${nameOf(runs)}, and the ledger says ${live.release}: somebody swapped or deployed past the ledger.`,
      fix: `If ${nameOf(runs)} is right, run the next release with accept-live: ${nameOf(runs)}. Else put ${live.release} back with the rollback action (release: ${live.release}).`,
    });
  const holds = identify(staging);
  if (previous && holds !== undefined && holds !== previous.release && holds !== live?.release)
    found.push({
      isGrave: false,
      what: `The slot runs ${nameOf(holds)}, not ${previous.release}: going back to ${previous.release} takes a deployment of its stored package, not one swap.`,
    });
  return found;
}

function stateDrift({ production, staging }: AppState): Drift[] {
  const isStopped = (state: string) => state !== "" && state.toLowerCase() !== "running";
  return [
    ...(isStopped(production)
      ? [
          {
            isGrave: true,
            what: `Production is ${production}.`,
            fix: "Start it (az webapp start), or find out who stopped it: az monitor activity-log list.",
          },
        ]
      : []),
    ...(isStopped(staging)
      ? [{ isGrave: false, what: `The slot is ${staging}: a way back by swap starts it first.` }]
      : []),
  ];
}

/** Against what was seen when the live release was first found in place. */
function surroundingsDrift({ surroundings: known, live }: Head, now: Surroundings): Drift[] {
  if (!known || known.release !== live?.release) return [];
  const gone = known.sticky.filter((name) => !now.sticky.includes(name));
  const come = now.sticky.filter((name) => !known.sticky.includes(name));
  const changes = [
    ...(gone.length > 0 ? [`no longer stay with their slot: ${gone.join(", ")}`] : []),
    ...(come.length > 0 ? [`stay with their slot now: ${come.join(", ")}`] : []),
  ];
  return [
    ...(changes.length > 0
      ? [
          {
            isGrave: gone.length > 0,
            what: `The slot settings were changed since ${known.release} went live: ${changes.join("; ")}.`,
            fix: "Check that the next swap moves only what it should: the settings under Environment variables with Deployment slot setting ticked. With the next release the new state counts as right.",
          },
        ]
      : []),
    ...(known.healthCheckPath !== null && now.healthCheckPath === null
      ? [
          {
            isGrave: true,
            what: `The health check (${known.healthCheckPath}) was switched off since ${known.release} went live.`,
            fix: `Switch it on again: az webapp config set --generic-configurations '{"healthCheckPath": "${known.healthCheckPath}"}'. With the next release the new state counts as right.`,
          },
        ]
      : []),
  ];
}

/** Notes what lies around the live release. Needs no lock. */
export const noteSurroundings = (head: Head, surroundings: Surroundings, by: Author, now: Milliseconds): Head =>
  advance(head, { surroundings }, now, "surroundings", { healthCheckPath: surroundings.healthCheckPath }, by);

/** What a person reads about a hold that goes on. */
export function explainHold({ target }: Rollout, hold: Hold, now: Milliseconds): Explanation {
  const { release } = target;
  const since = describeAge(now - hold.since);
  if (hold.lift)
    return {
      what: `${release} is decided on (${hold.lift.how}, by ${hold.lift.by}) and its run is over.`,
      why: hold.lift.why,
      fix: "Re-run the failed jobs of its run: that goes on with it.",
    };
  return {
    what: `${release} has been on hold for ${since}${endText(hold, now)}.`,
    why: hold.reason,
    fix: `Decide on it with the approve action: release: ${release}, decision: promote, abort or judge-again.`,
  };
}

/** Its run is over: also what was to proceed goes back, since nobody is left who could judge it. */
function endText({ deadline, onDeadline }: Hold, now: Milliseconds): string {
  if (deadline === null || onDeadline === "stay") return "";
  const but = onDeadline === "proceed" ? " (on-hold-timeout: proceed needs a run that waits, and its run is over)" : "";
  return `; in ${describeAge(deadline - now)} its requests are taken back${but}`;
}
