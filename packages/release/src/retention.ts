/** Which stored packages nobody needs any more. Pure; whatever is in doubt keeps all of them. */
import type { Explanation } from "./errors.ts";
import type { Head } from "./ledger-records.ts";
import type { Milliseconds } from "./ports.ts";

/** A package in the ledger's container, as it was listed. */
export interface KeptPackage {
  /** Hexadecimal; it is the package's name. */
  sha256: string;
  /** Whoever deletes it names this. */
  etag: string;
  bytes: number;
  /** When it was stored, or stored again. */
  storedAt: Milliseconds;
}

/** What is at the place of a head, for each app and environment of the container. */
export type HeadSeen = { where: string } & (
  | { kind: "head"; head: Head }
  /** Its folder is there, and the head is not. */
  | { kind: "absent" }
  | { kind: "unreadable"; why: string }
);

export type Retention =
  | { kind: "decided"; goes: readonly KeptPackage[]; stays: readonly KeptPackage[] }
  | { kind: "in-doubt"; explanation: Explanation };

/** Packages that are older than `keep`. Only for these are the heads worth reading. */
export const oldPackages = (listed: readonly KeptPackage[], keep: Milliseconds, now: Milliseconds): KeptPackage[] =>
  listed.filter(({ storedAt }) => now - storedAt > keep);

/**
 * `listed` has to be older than `heads`: a package that a head began to name meanwhile was stored again for it, and its
 * ETag is another one.
 */
export function decideRetention(
  listed: readonly KeptPackage[],
  heads: readonly HeadSeen[],
  keep: Milliseconds,
  now: Milliseconds,
): Retention {
  const doubt = heads.find(({ kind }) => kind !== "head");
  if (doubt) return { kind: "in-doubt", explanation: explainDoubt(doubt) };
  if (heads.length === 0) return { kind: "in-doubt", explanation: NO_HEADS };
  const named = new Set(heads.flatMap((each) => (each.kind === "head" ? hashesIn(each.head) : [])));
  const goes = oldPackages(listed, keep, now).filter(({ sha256 }) => !named.has(sha256));
  return { kind: "decided", goes, stays: listed.filter((each) => !goes.includes(each)) };
}

/** Every hash that stands anywhere in a head: what comes into its form later counts without being added here. */
const hashesIn = (head: Head): string[] =>
  JSON.stringify(head)
    .toLowerCase()
    .match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? [];

const NO_HEADS: Explanation = {
  what: "No stored package was deleted.",
  why: "The container has packages and no ledger, so nobody can say which are needed.",
  fix: "Check the ledger input: it names the container that the releases name.",
};

function explainDoubt(seen: HeadSeen): Explanation {
  const why = seen.kind === "unreadable" ? `cannot be read (${seen.why})` : "is not there, but its folder is";
  return {
    what: "No stored package was deleted.",
    why: `${seen.where} ${why}, so nobody can say which packages it needs.`,
    fix:
      seen.kind === "unreadable"
        ? "Repair it, as its own finding says; the next run deletes what is old then."
        : "Put it back, or delete the rest of its folder if that app and environment are gone for good.",
  };
}
