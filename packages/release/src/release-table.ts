/** The last releases of a ledger, and for each whether and how production can return to it. Pure. */
import type { Head, ReleaseRecord, Rollout } from "./ledger-records.ts";
import type { Milliseconds, SlotContent, SlotsObservation } from "./ports.ts";
import { planRollback } from "./rollback-plan.ts";

/**
 * `swap`: it is still in the slot · `package`: by its stored package · `not-stored`, `package-gone`: not any more ·
 * `schema`: the database was contracted since · null: it is live.
 */
export type WayBack = "swap" | "package" | "not-stored" | "package-gone" | "schema" | null;

export interface ReleaseRow {
  release: string;
  commit: string | null;
  schemaHead: string | null;
  liveSince: Milliseconds;
  state: "live" | "previous" | "earlier";
  back: WayBack;
}

const ROWS = 10;

/**
 * Newest first, the live one at the top. What is in the slot is taken from the ledger, which is what a release left
 * there. `stored`: hashes of the packages that are there, where they were listed; else what the ledger says is believed.
 */
export function releaseTable(head: Head, stored?: ReadonlySet<string>): ReleaseRow[] {
  const slots = slotsOf(head);
  const known = [head.live, head.previous, ...head.history].filter((each) => each !== null);
  const unique = known.filter(
    (each, position) => known.findIndex(({ release }) => release === each.release) === position,
  );
  return unique.slice(0, ROWS).map((record) => ({
    release: record.release,
    commit: record.commit,
    schemaHead: record.schemaHead,
    liveSince: record.at,
    state: stateOf(head, record),
    back: record.release === head.live?.release ? null : wayBack(head, record, slots, stored),
  }));
}

function stateOf({ live, previous }: Head, { release }: ReleaseRecord): ReleaseRow["state"] {
  if (release === live?.release) return "live";
  return release === previous?.release ? "previous" : "earlier";
}

/** By the rollback's own rules, so that the table promises what a rollback does. */
function wayBack(
  head: Head,
  { release }: ReleaseRecord,
  slots: SlotsObservation,
  stored: ReadonlySet<string> | undefined,
): WayBack {
  const plan = planRollback(head, { to: release, slots, ignoreSchema: false });
  if (plan.kind === "refused") return plan.code === "schema" ? "schema" : "not-stored";
  if (plan.kind !== "redeploy") return plan.kind === "swap" ? "swap" : null;
  return stored && !stored.has(plan.target.artifact ?? "") ? "package-gone" : "package";
}

const slotsOf = ({ live, rollout }: Head): SlotsObservation => ({
  production: contentOf(live?.release),
  staging: contentOf(rollout ? leftInSlot(rollout) : undefined),
  weight: 0,
});

/** What a swap forth, or forth and back, left in the slot. */
function leftInSlot({ phase, before, target }: Rollout): string | undefined {
  if (phase === "COMPLETED" || phase === "WATCHING") return before?.production ?? undefined;
  return phase === "ROLLED_BACK" ? target.release : undefined;
}

const contentOf = (release: string | undefined): SlotContent =>
  release === undefined ? { kind: "unlabelled" } : { kind: "release", release, schemaHead: null };
