/** A freeze: no new release, canary, swap or contract migration until its end. A way back and undoing are never stopped. */

import type { Explanation } from "./errors.ts";
import { type Author, advance } from "./head.ts";
import type { Freeze, Head } from "./ledger-records.ts";
import { describeAge } from "./lock.ts";
import type { Milliseconds } from "./ports.ts";

/** The freeze that counts now; one past its end is none. */
export function freezeInForce({ freeze }: Pick<Head, "freeze">, now: Milliseconds): Freeze | undefined {
  return freeze && (freeze.until === null || now < freeze.until) ? freeze : undefined;
}

export type FreezeChange =
  | { kind: "write"; head: Head; before: Freeze | undefined }
  /** Somebody else's freeze in force lasts longer, and nobody shortens it by accident. */
  | { kind: "longer"; freeze: Freeze }
  | { kind: "nothing" };

/** Sets the freeze, in place of one that is there. Needs no lock. */
export function setFreeze(head: Head, freeze: Freeze, by: Author, now: Milliseconds): FreezeChange {
  const before = freezeInForce(head, now);
  if (before && before.by !== freeze.by && endOf(before) > endOf(freeze)) return { kind: "longer", freeze: before };
  const details = { why: freeze.reason, until: freeze.until, replaced: before ? before.reason : null };
  return { kind: "write", head: advance(head, { freeze }, now, "frozen", details, by), before };
}

/** Lifts the freeze that is in force. Needs no lock. */
export function liftFreeze(head: Head, why: string, by: Author, now: Milliseconds): FreezeChange {
  const before = freezeInForce(head, now);
  if (!before) return { kind: "nothing" };
  const details = { why, frozenBy: before.by, frozenFor: before.reason, until: before.until };
  return { kind: "write", head: advance(head, { freeze: null }, now, "freeze-lifted", details, by), before };
}

/** Notes that a release goes out although it is frozen, and why. The freeze stays. */
export function overrideFreeze(head: Head, freeze: Freeze, why: string, now: Milliseconds): Head {
  const details = { why, frozenBy: freeze.by, frozenFor: freeze.reason, until: freeze.until };
  return advance(head, {}, now, "freeze-overridden", details);
}

const endOf = ({ until }: Freeze): number => until ?? Number.POSITIVE_INFINITY;

/** What the release that is held back says. */
export function explainFreeze(
  { app, environment }: Pick<Head, "app" | "environment">,
  freeze: Freeze,
  now: Milliseconds,
): Explanation {
  return {
    what: `${app} (${environment}) is frozen ${describeEnd(freeze, now)}: no new release goes out, and nothing was changed.`,
    why: `${freeze.by} froze it ${describeAge(now - freeze.since)} ago: ${freeze.reason} (${freeze.url})`,
    fix: "Release again after the end, or have it lifted (actions/freeze with mode: lift). If this one cannot wait, run again with override-freeze: <why>, which is recorded. A rollback is never held back.",
  };
}

/** `until 2026-12-27 08:00 UTC (in 3 days)`, or `until it is lifted`. */
export function describeEnd({ until }: Pick<Freeze, "until">, now: Milliseconds): string {
  if (until === null) return "until it is lifted";
  return `until ${utc(until)} (in ${describeAge(until - now)})`;
}

/** `2026-12-27 08:00 UTC`. */
/** `14:03:09 UTC` */
export const utcClock = (at: Milliseconds): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

export const utc = (at: Milliseconds): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
