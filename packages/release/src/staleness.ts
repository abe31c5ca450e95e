/** Whether a release that waited its turn has been passed by a newer one, so that letting it out would take that back. */
import type { ReleaseRecord } from "./ledger-records.ts";

/** How a commit stands to another one: `behind` is contained in it. `unknown`: nobody could say. */
export type CommitRelation = "ahead" | "behind" | "identical" | "diverged" | "unknown";

/** The run that wants to release. */
export interface Contender {
  readonly commit: string | null;
  /** Name of the event that started it. */
  readonly event: string;
  /** 1 for the first attempt; a person asked for every later one. */
  readonly attempt: number;
}

/** Events behind which stands a person who wants exactly this commit. */
const BY_HAND: readonly string[] = ["workflow_dispatch", "repository_dispatch"];

/** The two commits to compare, when the contender could be stale at all; undefined when it may go out as it is. */
export function commitsToCompare(
  live: ReleaseRecord | null,
  { commit, event, attempt }: Contender,
): { live: string; ours: string } | undefined {
  if (!live?.commit || !commit || live.commit === commit) return undefined;
  if (attempt > 1 || BY_HAND.includes(event)) return undefined;
  return { live: live.commit, ours: commit };
}

/** Only certainty stops a release: what is unknown, beside or ahead of the live commit goes out. */
export const isStale = (ours: CommitRelation): boolean => ours === "behind";
