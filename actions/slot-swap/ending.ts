import { Interrupted } from "@augeo/action-kit";
import { type Acquired, type DriveResult, type Explanation, type Identity, nameOf, type Rollout } from "@augeo/release";
import { type CanaryReason, canaryReasons, type RolloutReason } from "./rollout-reasons.ts";

/** How a run ended, in the words that outcomes are made of. */
export interface Ending {
  reason: RolloutReason | CanaryReason | "completed";
  message: string;
  fix?: string;
}

/** What a rollout that was led to an end means. Throws `Interrupted` when it was not. */
export function endingOf(result: DriveResult): Ending {
  if (result.kind === "interrupted") throw interruption(result.rollout);
  if (result.kind === "fenced") return { reason: "overtaken", message: `Another run took over: ${result.why}.` };
  if (result.kind === "on-hold") return holdOf(result.rollout);
  const { phase, reason } = result.rollout;
  if (phase === "COMPLETED") return { reason: "completed", message: "" };
  const text = reason ?? { what: `The release ended in ${phase}.`, why: "", fix: "Look at the ledger." };
  return { reason: reasonOf(result.rollout), message: `${text.what} ${text.why}`.trim(), fix: text.fix };
}

/** The lock and the place stay in the ledger; whoever comes next goes on from there. */
function holdOf({ target, hold }: Rollout): Ending {
  const until = hold?.deadline == null ? "" : ` until ${new Date(hold.deadline).toISOString()}`;
  const isLate =
    hold?.onDeadline === "proceed"
      ? " Without a word, run them again after that time (on-hold-timeout: proceed); the scheduled reconciler cannot judge what goes on, and undoes it."
      : "";
  return {
    reason: "on-hold",
    message: `Release ${target.release} waits for a decision${until}: ${hold?.reason ?? ""}`,
    fix: `Decide with the approve action (release: ${target.release}, decision: promote, abort or judge-again), then run the failed jobs of this run again: they go on where it stands.${isLate}`,
  };
}

function reasonOf({ phase, reason }: Rollout): RolloutReason | CanaryReason {
  if (phase === "NEEDS_HUMAN") return "needs-human";
  const code = reason?.code;
  if (code !== undefined && code in canaryReasons) return code as CanaryReason;
  if (code === "expired") return "unproved";
  if (phase === "ROLLED_BACK") return code === "swapped-by-hand" ? code : isAboutHealth(code) ? "unhealthy" : "stopped";
  if (isAboutHealth(code)) return "unhealthy-slot";
  return code !== undefined && isSame(code) ? code : "stopped";
}

/** Codes of the engine that are reasons of the actions under the same name. */
const SAME = ["busy", "swap-refused", "swap-lost", "unreadable", "stage-failed", "gate"] as const;
const isSame = (code: string): code is (typeof SAME)[number] => SAME.some((each) => each === code);

const isAboutHealth = (code: string | undefined) => code === "unhealthy" || code === "unknown-health";

/** For actions that lead no canary: one that an earlier run left can end in their hands all the same. */
export function withoutCanary(reason: Ending["reason"]): RolloutReason | "completed" {
  return reason in canaryReasons ? "stopped" : (reason as RolloutReason | "completed");
}

/** Why the lock could not be had. */
export function refusalOf({ kind, explanation }: Exclude<Acquired, { kind: "acquired" }>): Ending {
  const reason = kind === "unreadable" ? "ledger-unreadable" : kind;
  return { reason, ...wordsOf(explanation) };
}

export const wordsOf = ({ what, why, fix }: Explanation): { message: string; fix: string } => ({
  message: `${what} ${why}`,
  fix,
});

/** The run was cancelled: what is done, and what the post step or the next run has to end. */
export function interruption({ phase, target, before, intent, place, canary, schemaChange }: Rollout): Interrupted {
  const done: string[] = [];
  const undone: string[] = [];
  if (schemaChange) done.push(`the schema was expanded to ${schemaChange.to ?? "(empty)"}`);
  if (phase === "PREPARED" && before) undone.push("expand migrations, of which some may have been applied");
  if (phase === "EXPANDED") undone.push(`${target.release} was on its way into slot ${place.slot}`);
  if (phase === "CANARY") undone.push(`${canary?.weight ?? 0} % of the requests go to ${target.release}`);
  if (phase === "PROMOTING" && intent?.op === "swap")
    undone.push(`the swap of ${target.release} into production, which was asked for`);
  if (phase === "WATCHING") {
    done.push(`${target.release} was swapped into production`);
    undone.push("it was not watched to the end of the bake time");
  }
  if (phase === "ROLLING_BACK")
    undone.push(`all requests were being given back from ${target.release} to ${nameOf(before?.production ?? null)}`);
  if (phase === "STAGED" || (phase === "PROMOTING" && !intent)) done.push(`${target.release} is in slot ${place.slot}`);
  return new Interrupted({ what: `The release of ${target.release} was cancelled in ${phase}.`, done, undone });
}

/** What production runs now, as far as the rollout knows; undefined when only a look can tell. */
export function liveAfter({ phase, target, before, intent }: Rollout): Identity | undefined {
  if (phase === "COMPLETED" || phase === "WATCHING") return target.release;
  const isBefore = phase === "ROLLED_BACK" || phase === "FAILED" || intent?.op !== "swap";
  return phase === "NEEDS_HUMAN" || !isBefore ? undefined : before?.production;
}
