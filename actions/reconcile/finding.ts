import type { Explanation, ReleaseRow } from "@augeo/release";
import type { Moment } from "../slot-swap/timeline.ts";

/** `done`, or `would` in a dry run: acted on · `person`: somebody has to look · `failed`: could not be done or seen. */
export type FindingKind = "note" | "done" | "would" | "person" | "failed";

export interface Finding {
  readonly kind: FindingKind;
  readonly what: string;
  readonly fix?: string | undefined;
}

/** What was found at one app and environment, or one database server. */
export interface Report {
  readonly name: string;
  /** Release that the ledger calls live. */
  readonly live: string;
  /** Where the last release stands, and since when. */
  readonly state: string;
  /** Who holds the lock. */
  readonly holder: string;
  readonly findings: readonly Finding[];
  readonly moments: readonly Moment[];
  /** The last releases, newest first. */
  readonly releases?: readonly ReleaseRow[];
}

export const note = (what: string): Finding => ({ kind: "note", what });
export const person = ({ what, why, fix }: Explanation): Finding => ({ kind: "person", what: `${what} ${why}`, fix });
export const failed = ({ what, why, fix }: Explanation): Finding => ({ kind: "failed", what: `${what} ${why}`, fix });
