/** Who may act now. The lock is the head's holder, compared and swapped; it ends with its run and never by a clock. */

import type { Explanation } from "./errors.ts";
import type { Head, Holder } from "./ledger-records.ts";
import type { Milliseconds } from "./ports.ts";
import { swapCommand } from "./reasons.ts";

/** What GitHub says of the holder's run. `unknown`: it could not be asked, or may not be. */
export type RunState = "running" | "over" | "unknown";

export interface ClaimRequest {
  me: Holder;
  holderRun: RunState;
  /** Claim id that a person allows to be taken over, when GitHub cannot say whether its run is over. */
  takeOver?: string | undefined;
  /** The release that a person says is rightly in production: leaves NEEDS_HUMAN. */
  acceptLive?: string | undefined;
  now: Milliseconds;
}

export type ClaimDecision =
  | { kind: "claim"; how: "free" | "resumed" | "taken-over" }
  /** `mayEnd`: waiting can help, because the holder's run goes on. */
  | { kind: "held"; mayEnd: boolean; explanation: Explanation }
  | { kind: "needs-human"; explanation: Explanation };

/** Decides on a head that was just read; the claim itself is a compare-and-swap and may still be lost. */
export function decideClaim(head: Head, request: ClaimRequest): ClaimDecision {
  const { holder } = head;
  const { me } = request;
  if (holder && holder.claimId !== me.claimId) {
    const refusal = mayTakeOver(holder, request) ? undefined : held(head, holder, request);
    if (refusal) return refusal;
  }
  if (holder && holder.claimId === me.claimId && holder.attempt > me.attempt) return outdated(holder, me);
  if (head.rollout?.phase === "NEEDS_HUMAN" && request.acceptLive === undefined) return needsHuman(head);
  if (!holder) return { kind: "claim", how: "free" };
  return { kind: "claim", how: holder.claimId === me.claimId ? "resumed" : "taken-over" };
}

function mayTakeOver(holder: Holder, { holderRun, takeOver }: ClaimRequest): boolean {
  return holderRun === "over" || (holderRun === "unknown" && takeOver === holder.claimId);
}

function held(head: Head, holder: Holder, { holderRun, now }: ClaimRequest): ClaimDecision {
  const age = describeAge(now - holder.since);
  const doing = head.rollout ? ` (${head.rollout.phase}, release ${head.rollout.target.release})` : "";
  const what = `${head.app} (${head.environment}) has been locked by another run for ${age}.`;
  const why = `Run ${holder.url}, attempt ${holder.attempt}, started by ${holder.actor}, is releasing it${doing}.`;
  if (holderRun === "running")
    return {
      kind: "held",
      mayEnd: true,
      explanation: {
        what,
        why,
        fix: `Wait for that run, or let this one wait (lock-wait: 15m). To stop it: gh run cancel ${holder.runId} -R ${holder.repository}; the next run then takes the lock over by itself.`,
      },
    };
  return {
    kind: "held",
    mayEnd: false,
    explanation: {
      what,
      why: `${why} GitHub did not say whether that run is over, so its lock was not touched.`,
      fix: `Let the job ask (permissions: actions: read, and a github-token that may read ${holder.repository}). If the run is over, which gh run view ${holder.runId} -R ${holder.repository} shows, run again with take-over: ${holder.claimId}`,
    },
  };
}

function outdated(holder: Holder, me: Holder): ClaimDecision {
  return {
    kind: "held",
    mayEnd: false,
    explanation: {
      what: `Attempt ${me.attempt} of this run was overtaken by attempt ${holder.attempt}.`,
      why: "A later attempt of the same run has taken up the release; the earlier one may do nothing more.",
      fix: `Follow the later attempt: ${holder.url}`,
    },
  };
}

function needsHuman(head: Head): ClaimDecision {
  const reason = head.rollout?.reason;
  const place = head.rollout?.place;
  return {
    kind: "needs-human",
    explanation: {
      what: `${head.app} (${head.environment}) waits for a person: ${reason?.what ?? "the last release ended without a clear outcome."}`,
      why: reason?.why ?? "The ledger says NEEDS_HUMAN and gives no reason.",
      fix:
        reason?.fix ??
        `See which release is live${place ? ` (to swap: ${swapCommand(place)})` : ""}, then run again with accept-live: <that release>.`,
    },
  };
}

export function describeAge(age: Milliseconds): string {
  const minutes = Math.max(0, Math.floor(age / 60_000));
  if (minutes < 1) return "less than a minute";
  if (minutes < 120) return `${minutes} minute${minutes === 1 ? "" : "s"}`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}
