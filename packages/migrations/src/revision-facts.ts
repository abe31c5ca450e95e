/** One call in the body of `upgrade()` or `downgrade()`, read from the Python file without importing it. */
export interface OperationFact {
  /** Without `op.`: `create_index`, `execute`, `get_bind`, `f`; other calls by their dotted name. */
  readonly call: string;
  readonly line: number;
  readonly endLine: number;
  readonly table?: string;
  /** `null` when the code passes a literal `None`. */
  readonly name?: string | null;
  /** The SQL when it is a literal. */
  readonly sql?: string;
  /** Which `autocommit_block()` the call stands in, counted from 0; `null` for none. */
  readonly autocommitBlock: number | null;
  /** Names of the keyword arguments given. */
  readonly args: readonly string[];
}

/** What one revision file says of itself. */
export interface RevisionFacts {
  readonly revision: string;
  readonly file: string;
  readonly downRevisions: readonly string[];
  readonly imports: readonly { readonly module: string; readonly line: number }[];
  readonly upgrade: readonly OperationFact[];
  /** `null` when the file defines no `downgrade`. */
  readonly downgrade: readonly OperationFact[] | null;
  readonly downgradeRaises: boolean;
  readonly downgradeIsEmpty: boolean;
  readonly comments: readonly { readonly line: number; readonly text: string }[];
}

/** What env.py and the project's tools say. */
export interface ProjectFacts {
  readonly transactionPerMigration: boolean | null;
  /** env.py begins a transaction itself, for an advisory lock for example. */
  readonly opensOwnTransaction: boolean;
  readonly paramstyleNamed: boolean;
  /** Modules that belong to the application. */
  readonly appModules: readonly string[];
  /** Revisions that will be applied together. */
  readonly pending: number;
}

/** What the graph of revisions says, on the merge result. */
export interface GraphFacts {
  readonly heads: readonly string[];
  readonly orphans: readonly { readonly revision: string; readonly missing: string; readonly file: string }[];
  readonly duplicates: readonly { readonly revision: string; readonly files: readonly string[] }[];
  readonly edited: readonly { readonly revision: string; readonly file: string }[];
  /** New revisions whose parent is no longer a head of the base branch, which has `heads` after it now. */
  readonly behindBase: readonly {
    readonly revision: string;
    readonly file: string;
    readonly parent: string;
    readonly heads: readonly string[];
  }[];
}

/** What running the project showed. */
export interface RehearsalFacts {
  /** Why a revision could not be printed as SQL. */
  readonly offlineError?: string;
  readonly offlinePrintedOnFailure?: boolean;
  readonly drift?: readonly string[];
  /** upgrade, downgrade, upgrade did not come back to the same catalog. */
  readonly notReversed?: readonly string[];
  readonly firstRevisionFails?: boolean;
  /** Indexes that are INVALID after the run. */
  readonly invalidIndexes?: readonly string[];
  /** The change touches code outside `versions/` that a contract revision needs. */
  readonly codeChanged?: boolean;
  readonly contractRevision?: boolean;
}

/** Everything that is known of a revision besides its SQL. Parts that are absent were not looked at. */
export interface AlembicCase {
  readonly revision?: RevisionFacts;
  readonly project?: ProjectFacts;
  readonly graph?: GraphFacts;
  readonly rehearsal?: RehearsalFacts;
}
