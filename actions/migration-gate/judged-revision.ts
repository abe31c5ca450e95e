import type { ContractChange, Finding, Phase, Suppressed, SuppressionFault, Trace } from "@augeo/migrations";

/** One statement of a new revision and what is known of it. */
export interface SeenStatement {
  readonly sql: string;
  /** Line of the revision file that led to it. */
  readonly line: number | null;
  /** Outside a transaction. */
  readonly autocommit: boolean;
  readonly trace?: Trace;
}

/** How sure the verdict on a revision is. */
export type Evidence =
  /** Run on a server. */
  | "rehearsed"
  /** Its SQL was printed and read. */
  | "read"
  /** Only its Python could be read. */
  | "python-only";

export interface JudgedRevision {
  readonly id: string;
  readonly message: string;
  readonly file: string;
  readonly evidence: Evidence;
  /** Why it is not better. */
  readonly doubt: string | null;
  readonly phase: Phase;
  readonly statements: readonly SeenStatement[];
  /** Those that stand, with the severities of the policy; `file` and `line` are of the Python file. */
  readonly findings: readonly (Finding & { readonly file: string })[];
  readonly suppressed: readonly Suppressed[];
  readonly faults: readonly SuppressionFault[];
  readonly changes: readonly ContractChange[];
  /** The error that ended it on the rehearsal server. */
  readonly error: string | null;
  /** Whether downgrade takes it back. */
  readonly back: string;
  readonly milliseconds: number;
}
