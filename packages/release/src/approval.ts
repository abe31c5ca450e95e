/**
 * The toolkit's own approval, for GitHub plans without required reviewers: a release waits until a person other than
 * its authors says yes to exactly this package, in place of exactly what is live. Rolling back never needs one.
 */
import type { Explanation } from "./errors.ts";
import { type Author, advance } from "./head.ts";
import type { Approval, Head } from "./ledger-records.ts";
import { describeAge } from "./lock.ts";
import type { Milliseconds } from "./ports.ts";

/** Requests that stay in the head; older ones are in the events. */
const KEPT = 20;

/** What a run wants approved. */
export interface Wanted {
  release: string;
  artifact: string | null;
  /** Logins of who started the run and of the commit's author, where GitHub knows it. */
  authors: readonly string[];
}

export type Gate =
  | { kind: "open"; approval: Approval }
  | { kind: "rejected"; approval: Approval }
  /** Asked for already, and not decided. */
  | { kind: "waiting"; approval: Approval }
  /** Not asked for yet, or for another package, or in place of another release. */
  | { kind: "closed" };

export function gateOf(head: Head, wanted: Wanted): Gate {
  const approval = head.approvals.find(({ release }) => release === wanted.release);
  const isSame =
    approval !== undefined &&
    approval.artifact === wanted.artifact &&
    approval.replaces === (head.live?.release ?? null);
  if (!isSame) return { kind: "closed" };
  const { decision } = approval;
  if (!decision) return { kind: "waiting", approval };
  if (decision.how === "reject") return { kind: "rejected", approval };
  // Who wrote it may be known better now than when it was asked for.
  return isAmong(wanted.authors, decision.by) ? { kind: "closed" } : { kind: "open", approval };
}

/** Asks for an approval and gives the lock back: nothing is open while a person thinks. */
export function requestApproval(head: Head, wanted: Wanted, url: string, now: Milliseconds): Head {
  const { release, artifact, authors } = wanted;
  const replaces = head.live?.release ?? null;
  const approval: Approval = { release, artifact, replaces, authors, url, requestedAt: now, decision: null };
  const approvals = [approval, ...head.approvals.filter((each) => each.release !== release)].slice(0, KEPT);
  const details = { asksFor: release, artifact, replaces, authors: authors.join(", ") };
  return advance(head, { approvals, holder: null }, now, "approval-requested", details);
}

export interface Word {
  release: string;
  how: "approve" | "reject";
  by: string;
  why: string;
  url: string;
  /** Beginning of the SHA-256 that the package must have; undefined: whatever was asked for. */
  package?: string | undefined;
}

export type Deciding =
  | { kind: "decided"; head: Head; approval: Approval }
  | { kind: "already"; approval: Approval }
  | { kind: "refused"; code: "not-awaiting" | "own-release" | "another-package"; explanation: Explanation };

/** Writes a person's word on a release that waits. Needs no lock. A word may be changed until the release went out. */
export function decideApproval(head: Head, word: Word, by: Author, now: Milliseconds): Deciding {
  const approval = head.approvals.find(({ release }) => release === word.release);
  if (!approval) return notAwaiting(head, word.release);
  if (word.package !== undefined && !approval.artifact?.startsWith(word.package.toLowerCase()))
    return anotherPackage(approval, word.package);
  if (isAmong(approval.authors, word.by)) return ownRelease(approval, word);
  if (approval.decision?.how === word.how) return { kind: "already", approval };
  const { how, why, url } = word;
  const decided: Approval = { ...approval, decision: { how, by: word.by, at: now, why, url } };
  const approvals = head.approvals.map((each) => (each === approval ? decided : each));
  const details = { decides: word.release, artifact: approval.artifact, why };
  const what = how === "approve" ? "approved" : "rejected";
  return { kind: "decided", head: advance(head, { approvals }, now, what, details, by), approval: decided };
}

/** What the release that waits says. */
export function explainWaiting({ app, environment }: Head, approval: Approval, now: Milliseconds): Explanation {
  const { release, artifact, replaces, authors, requestedAt } = approval;
  const place = `${app} (${environment})`;
  return {
    what: `${release} waits for an approval before it replaces ${replaces ?? "what is live"} on ${place}; nothing was changed.`,
    why: `It was asked for ${describeAge(now - requestedAt)} ago, for the package ${artifact?.slice(0, 12) ?? "(none)"}. ${authors.join(" and ")} may not approve it.`,
    fix: `Somebody else runs the approve workflow (actions/approve) with release: ${release}, decision: approve. Then re-run the failed jobs of this run, or start it again.`,
  };
}

export function explainRejected({ release, decision }: Approval): Explanation {
  return {
    what: `${release} was rejected by ${decision?.by}; nothing was changed.`,
    why: decision?.why ?? "",
    fix: `Release a mended version. If it was a mistake, somebody other than its authors runs the approve workflow again with release: ${release}, decision: approve.`,
  };
}

/** GitHub's logins differ in more than case. */
const isAmong = (logins: readonly string[], login: string): boolean =>
  logins.some((each) => each.toLowerCase() === login.toLowerCase());

function refused(code: (Deciding & { kind: "refused" })["code"], explanation: Explanation): Deciding {
  return { kind: "refused", code, explanation };
}

function notAwaiting({ app, environment, approvals, rollout }: Head, release: string): Deciding {
  if (rollout?.hold && rollout.target.release === release)
    return refused("not-awaiting", {
      what: `Release ${release} of ${app} (${environment}) waits for no approval: its canary is on hold.`,
      why: rollout.hold.reason,
      fix: "Decide on that: promote, abort or judge-again.",
    });
  const waiting = approvals.filter(({ decision }) => !decision).map((each) => each.release);
  return refused("not-awaiting", {
    what: `No release ${release} of ${app} (${environment}) waits for an approval.`,
    why: waiting.length === 0 ? "None waits at all." : `These wait: ${waiting.join(", ")}.`,
    fix: "Take the id from the summary of the run that waits. One that went out already needs no approval any more.",
  });
}

function ownRelease({ release, authors }: Approval, { by }: Word): Deciding {
  return refused("own-release", {
    what: `${by} may not decide on ${release}.`,
    why: `Its authors are ${authors.join(" and ")}: who started its run, and who wrote its commit.`,
    fix: "Ask somebody else with write access to the repository to run this.",
  });
}

function anotherPackage({ release, artifact }: Approval, wanted: string): Deciding {
  return refused("another-package", {
    what: `${release} waits with another package than the one named.`,
    why: `Its SHA-256 is ${artifact ?? "(none)"}, and package says ${wanted}: it was built again since.`,
    fix: "Look at what the new run would release, and approve that.",
  });
}
