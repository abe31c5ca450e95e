/** Contract migrations: a release of their own, once no rollback can need what they take away. */

import type { Explanation } from "./errors.ts";
import { explainFreeze, freezeInForce } from "./freeze.ts";
import { advance } from "./head.ts";
import type { Head, ReleaseRecord, SchemaChange } from "./ledger-records.ts";
import { describeAge } from "./lock.ts";
import { isTerminal } from "./next.ts";
import type { Milliseconds } from "./ports.ts";

export interface ContractRequest {
  now: Milliseconds;
  /** How long after it went live a release may still be rolled back to the one before it. */
  rollbackWindow: Milliseconds;
  /** Whether code built for this schema head has every revision that is to be applied: it can do without what they take. */
  knows(schemaHead: string | null): boolean;
}

export type ContractPermit =
  | { kind: "permitted"; live: ReleaseRecord }
  | { kind: "refused"; code: "window-open" | "not-live" | "frozen"; explanation: Explanation };

/** Whether the schema may be contracted now. The caller holds the lock, so nothing is released or rolled back meanwhile. */
export function permitContract(head: Head, { now, rollbackWindow, knows }: ContractRequest): ContractPermit {
  const freeze = freezeInForce(head, now);
  if (freeze) return { kind: "refused", code: "frozen", explanation: explainFreeze(head, freeze, now) };
  const { live, rollout } = head;
  const where = `${head.app} (${head.environment})`;
  if (rollout && !isTerminal(rollout.phase)) {
    return refused("window-open", {
      what: `${where} is in the middle of ${rollout.kind === "rollback" ? "a rollback" : "a release"}: the rollback window is open, and nothing was changed.`,
      why: `Release ${rollout.target.release} is in phase ${rollout.phase}; if it fails, the code before it must find the schema it knows.`,
      fix: "Let it end and its rollback window pass, then run again.",
    });
  }
  if (!live) {
    return refused("not-live", {
      what: `The ledger of ${where} knows no live release, so nothing was changed.`,
      why: "Which code runs decides what the schema can do without.",
      fix: "Release through this toolkit first; for a database that no release of it uses, apply with phase: all.",
    });
  }
  if (!knows(live.schemaHead)) return notLive(where, live);
  const end = live.at + rollbackWindow;
  return end > now ? windowOpen(head, live, end, now) : { kind: "permitted", live };
}

function refused(code: "window-open" | "not-live", explanation: Explanation): ContractPermit {
  return { kind: "refused", code, explanation };
}

function notLive(where: string, { release, schemaHead, commit }: ReleaseRecord): ContractPermit {
  return refused("not-live", {
    what: `The code that is live does not have these revisions, so it may need what they take away. Nothing was changed.`,
    why: `${where} runs ${release}, which was built for schema ${schemaHead ?? "(not recorded)"}.`,
    fix: `Release the code that has them first (it holds the contract revisions back by itself), or check out what is live${commit === null ? "" : ` (ref: ${commit})`} and run again.`,
  });
}

function windowOpen({ previous }: Head, live: ReleaseRecord, end: number, now: number): ContractPermit {
  const back =
    previous === null
      ? "the release before it"
      : `${previous.release} (schema ${previous.schemaHead ?? "not recorded"})`;
  return refused("window-open", {
    what: `The rollback window of ${live.release} is open for another ${describeAge(end - now)}: nothing was changed.`,
    why: `It is live since ${new Date(live.at).toISOString()}. A rollback would bring back ${back}, which needs what the contract revisions take away.`,
    fix: `Run again after ${new Date(end).toISOString()}, or set a shorter rollback-window if you would not go back any more.`,
  });
}

/** Recorded before the first statement: whatever becomes of this run, no rollback trusts the old schema again. */
export function beginContract(head: Head, change: SchemaChange, now: Milliseconds): Head {
  const details = { to: change.to, release: change.release };
  return advance(head, { schemaChanges: [...head.schemaChanges, change] }, now, "contracting", details);
}

/** What really changed takes the place of what was announced (null: nothing did), and the lock is given back. */
export function endContract(head: Head, announced: SchemaChange, real: SchemaChange | null, now: Milliseconds): Head {
  const others = head.schemaChanges.filter((each) => each.at !== announced.at || each.to !== announced.to);
  const schemaChanges = real === null ? others : [...others, real];
  const details = { from: real?.from ?? null, to: real?.to ?? null };
  return advance(head, { schemaChanges, holder: null }, now, real === null ? "not-contracted" : "contracted", details);
}
