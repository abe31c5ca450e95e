import type { ContractChange, Finding, Phase, Trace } from "@augeo/migrations";

/** One statement of a new revision and what is known of it. */
export interface SeenStatement {
  readonly sql: string;
  /** Line of the revision file that led to it. */
  readonly line: number | null;
  /** Outside a transaction. */
  readonly autocommit: boolean;
  readonly trace?: Trace;
}

export interface GateFinding extends Finding {
  readonly revision: string;
  readonly file: string;
  /** The reason given in the file for accepting it. */
  readonly accepted?: string;
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
  readonly findings: readonly GateFinding[];
  readonly changes: readonly ContractChange[];
  /** The error that ended it on the rehearsal server. */
  readonly error: string | null;
  /** Whether downgrade takes it back. */
  readonly back: string;
  readonly milliseconds: number;
}
