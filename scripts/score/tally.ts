import type { Case } from "./case.ts";
import type { CaseJudgement } from "./judge-case.ts";

export type Verdict = "hit" | "miss" | "false alarm" | "rightly silent";

export interface Outcome {
  readonly case: Case;
  /** Physics: against PostgreSQL's own behaviour; label: against the tool's label. */
  readonly truth: "physics" | "label";
  readonly verdict: Verdict;
  readonly told: readonly string[];
}

const SCORED = new Set(["lock", "compat", "txn"]);

/** Cases about style and about the schema's design are no business of a gate. */
export const isScored = (one: Case): boolean => SCORED.has(one.scope);

// Labels name a class of danger more coarsely than the rules do: any of these findings is the one that was asked for.
const MEANS: Readonly<Record<string, readonly string[]>> = {
  index_not_concurrent: ["concurrently_in_tx"],
  drop_index_not_concurrent: ["concurrently_in_tx"],
  reindex_not_concurrent: ["concurrently_in_tx"],
  stmts_while_access_exclusive: ["concurrently_in_tx"],
  missing_lock_timeout: ["missing_statement_timeout"],
  pk_builds_index: ["add_column_rewrite"],
  // Old INSERTs leave out a column that must be filled, whether it comes so or becomes so.
  add_required_column: ["not_null_compat"],
  not_null_compat: ["add_required_column"],
  non_transactional: ["concurrently_in_tx"],
  backward_incompatible: [
    "drop_table",
    "drop_database",
    "drop_column",
    "rename_table",
    "rename_column",
    "rename_schema",
    "unique_index_on_existing",
    "constraint_validating",
    "fk_validating",
  ],
};

const isMeant = (hazard: string, told: string): boolean => told === hazard || (MEANS[hazard] ?? []).includes(told);

/** How the judgement compares with what is known. */
export function outcomeOf(one: Case, judgement: CaseJudgement): Outcome {
  const told = [...new Set(judgement.findings.filter(({ severity }) => severity !== "none").map(({ rule }) => rule))];
  if (one.scope === "lock" && one.isLongBlocking !== undefined) {
    return { case: one, truth: "physics", verdict: verdictOf(one.isLongBlocking, judgement.isLongBlocking), told };
  }
  const isNamed = judgement.findings.some(({ hazard, severity }) => severity !== "none" && isMeant(one.hazard, hazard));
  // In a closed world every finding counts, and an "ok" bears none that would stop the pull request.
  const isOther =
    one.isClosed &&
    !one.isViolation &&
    !one.allowsWarnings &&
    judgement.findings.some(({ severity }) => severity === "block");
  return { case: one, truth: "label", verdict: verdictOf(one.isViolation, isNamed || isOther), told };
}

function verdictOf(isDanger: boolean, isTold: boolean): Verdict {
  if (isDanger) return isTold ? "hit" : "miss";
  return isTold ? "false alarm" : "rightly silent";
}

export interface Score {
  readonly cases: number;
  readonly hits: number;
  readonly misses: number;
  readonly falseAlarms: number;
  /** NaN without any case of the kind. */
  readonly recall: number;
  readonly precision: number;
}

export function scoreOf(outcomes: readonly Outcome[]): Score {
  const count = (verdict: Verdict) => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const hits = count("hit");
  const misses = count("miss");
  const falseAlarms = count("false alarm");
  return {
    cases: outcomes.length,
    hits,
    misses,
    falseAlarms,
    recall: hits / (hits + misses),
    precision: hits / (hits + falseAlarms),
  };
}
