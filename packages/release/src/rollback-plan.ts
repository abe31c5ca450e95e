/** Which way back there is: the swap when the release is still in the slot, else its stored package; or why none. */
import type { Explanation } from "./errors.ts";
import type { Head, ReleaseRecord, SchemaChange } from "./ledger-records.ts";
import { identify } from "./next.ts";
import type { SlotsObservation } from "./ports.ts";
import { describeContent } from "./reasons.ts";

export type RollbackPlan =
  | { kind: "swap"; target: ReleaseRecord }
  | { kind: "redeploy"; target: ReleaseRecord }
  | { kind: "nothing"; target: ReleaseRecord }
  | {
      kind: "refused";
      code: "no-such-release" | "no-previous" | "no-artifact" | "schema" | "unreadable";
      explanation: Explanation;
    };

export interface RollbackRequest {
  /** The release to return to; undefined: the one before the live one. */
  to: string | undefined;
  slots: SlotsObservation;
  /** A person says that the old release works with the schema as it is. */
  ignoreSchema: boolean;
}

export function planRollback(head: Head, { to, slots, ignoreSchema }: RollbackRequest): RollbackPlan {
  const target = to === undefined ? previousOf(head, slots) : findRelease(head, to);
  if (!target) return to === undefined ? noPrevious(head) : noSuchRelease(head, to);
  const production = identify(slots.production);
  if (production === undefined) return unreadable(slots);
  if (production === target.release) return { kind: "nothing", target };
  const broken = ignoreSchema ? [] : contractsSince(head, target);
  if (broken.length > 0) return schemaRefusal(target, broken);
  if (identify(slots.staging) === target.release) return { kind: "swap", target };
  return target.artifact ? { kind: "redeploy", target } : noArtifact(head, target);
}

/** The release before the one that production really runs, which need not be the one the ledger thinks is live. */
function previousOf(head: Head, slots: SlotsObservation): ReleaseRecord | undefined {
  const live = identify(slots.production);
  if (live === head.live?.release && head.previous) return head.previous;
  const position = head.history.findIndex((each) => each.release === live);
  return head.history.slice(position + 1).find((each) => each.release !== live);
}

function findRelease(head: Head, release: string): ReleaseRecord | undefined {
  return [head.live, head.previous, ...head.history].find((each) => each?.release === release) ?? undefined;
}

/**
 * Contract changes that the target does not know of. The target's place is where its own schema head was reached; a
 * head that the ledger never saw is placed by the time the release went live.
 */
export function contractsSince({ schemaChanges }: Head, target: ReleaseRecord): readonly SchemaChange[] {
  const reached = schemaChanges.findLastIndex((each) => each.to === target.schemaHead);
  const isStart = schemaChanges[0]?.from === target.schemaHead;
  const later =
    reached >= 0
      ? schemaChanges.slice(reached + 1)
      : isStart
        ? schemaChanges
        : schemaChanges.filter((each) => each.at > target.at);
  return later.filter((each) => each.kind === "contract");
}

function refused(code: (RollbackPlan & { kind: "refused" })["code"], explanation: Explanation): RollbackPlan {
  return { kind: "refused", code, explanation };
}

function schemaRefusal(target: ReleaseRecord, broken: readonly SchemaChange[]): RollbackPlan {
  const list = broken
    .map((each) => `${each.from ?? "(empty)"} → ${each.to ?? "(empty)"} by release ${each.release}`)
    .join("; ");
  return refused("schema", {
    what: `Release ${target.release} no longer fits the database, so it was not put back.`,
    why: `It was built for schema ${target.schemaHead ?? "(none)"}; since then the schema was contracted: ${list}. What the old code reads or writes may be gone.`,
    fix: "Release a mended version instead. If you know that the old code does without what was taken away, run again with ignore-schema: true (this never downgrades the database).",
  });
}

function noPrevious(head: Head): RollbackPlan {
  return refused("no-previous", {
    what: `The ledger of ${head.app} (${head.environment}) knows no earlier release.`,
    why: head.live ? `${head.live.release} is the only one that was recorded.` : "No release was recorded yet.",
    fix: "Name a release with release: <id>, or release a mended version.",
  });
}

function noSuchRelease(head: Head, release: string): RollbackPlan {
  const known = [...new Set(head.history.map((each) => each.release))].slice(0, 10).join(", ") || "none";
  return refused("no-such-release", {
    what: `The ledger of ${head.app} (${head.environment}) does not know release ${release}.`,
    why: `It knows these, newest first: ${known}.`,
    fix: "Set release to one of them, or leave it out for the previous one.",
  });
}

function noArtifact(head: Head, target: ReleaseRecord): RollbackPlan {
  return refused("no-artifact", {
    what: `Release ${target.release} can no longer be brought back.`,
    why: "It is not in the slot any more and its package was not stored in the ledger.",
    fix: `Build commit ${target.commit ?? "(unknown)"} again and release it, or choose a release whose package is stored: ${
      head.history
        .filter((each) => each.artifact)
        .map((each) => each.release)
        .slice(0, 5)
        .join(", ") || "none"
    }.`,
  });
}

function unreadable(slots: SlotsObservation): RollbackPlan {
  return refused("unreadable", {
    what: "Which release production runs could not be read, so nothing was changed.",
    why: describeContent(slots.production),
    fix: "Check that the app's SCM site answers and lets this identity in (role Website Contributor), then run again.",
  });
}
