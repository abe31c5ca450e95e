import type { Run, Step } from "../engine/step.ts";
import type { AlembicCase } from "../revision-facts.ts";
import type { ActionKind, ActionOf, Operation, OperationKind, OperationOf } from "../sql/operation.ts";
import type { Lock, LockMode } from "../trace.ts";

export type Severity = "block" | "warn" | "info" | "none";

/** What a rule is about: the lock taken, the code still running, transaction boundaries, or the Alembic project. */
export type Scope = "lock" | "compat" | "txn" | "alembic";

/** What a recipe is written for. Everything but the relation may be missing. */
export interface Subject {
  readonly relation: string;
  readonly name?: string | undefined;
  readonly column?: string | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly type?: string | undefined;
  readonly references?: string | undefined;
  readonly to?: string | undefined;
}

/** One place where a rule applies. */
export interface Hit {
  readonly subject: Subject;
  /** What is particular about this place; a sentence without a full stop. */
  readonly note?: string | undefined;
  readonly severity?: Partial<Severities> | undefined;
  /** The lock it is about, where that is not the one on the subject's own relation. */
  readonly lock?: Lock | undefined;
}

export interface Severities {
  /** Danger to availability: locks, rewrites, failing migrations. */
  readonly lock: Severity;
  /** Danger to the code of the old release, which keeps running until the swap and after a rollback. */
  readonly oldCode: Severity;
}

/** SQL (or facts of an Alembic project) on which a rule must speak, or must be silent. Also printed in its page. */
export interface Example {
  readonly sql?: string;
  readonly preamble?: string;
  readonly transaction?: boolean;
  readonly version?: number;
  readonly timeZone?: string;
  readonly alembic?: AlembicCase;
}

export type Detector = (step: Step, run: Run) => readonly Hit[];

export interface Rule {
  /** kebab-case; also the name of its page. */
  readonly id: string;
  /** Rows of the hazards table that the rule covers. */
  readonly rows: readonly number[];
  readonly title: string;
  /** The class of danger, shared by rules with one cure. */
  readonly hazard: string;
  readonly scope: Scope;
  /** Strongest lock on an existing table, for the page; findings carry the lock of their statement. */
  readonly lock?: LockMode;
  readonly severity: Severities;
  /** First and last PostgreSQL major version that the rule is for. */
  readonly since?: number;
  readonly until?: number;
  readonly why: string;
  /** The rule is about work on a table: a server that shows no such work silences it. */
  readonly physical?: true;
  readonly recipe: (subject: Subject) => string;
  readonly detect?: Detector;
  /** Looks at the whole revision once every statement is known. */
  readonly detectRun?: (run: Run) => readonly (Hit & { readonly step: Step })[];
  readonly detectAlembic?: (facts: AlembicCase) => readonly (Hit & { readonly line: number; readonly file?: string })[];
  readonly examples: { readonly fires: readonly Example[]; readonly passes: readonly Example[] };
}

const NONE: readonly Hit[] = [];

/** Narrows a detector to one kind of operation. */
export function on<K extends OperationKind>(
  kind: K,
  detect: (operation: OperationOf<K>, step: Step, run: Run) => readonly Hit[],
): Detector {
  const isMine = (operation: Operation): operation is OperationOf<K> => operation.kind === kind;
  return (step, run) => (isMine(step.operation) ? detect(step.operation, step, run) : NONE);
}

/** Narrows a detector to one action of ALTER TABLE on a table that existed before the revision. */
export function onAction<K extends ActionKind>(
  kind: K,
  detect: (action: ActionOf<K>, table: string, step: Step, run: Run) => readonly Hit[],
): Detector {
  return on("alter-table", ({ action, table, target }, step, run) => {
    const isMine = (candidate: typeof action): candidate is ActionOf<K> & typeof action => candidate.kind === kind;
    return target === "table" && isMine(action) && step.situation.existed(table)
      ? detect(action, table, step, run)
      : [];
  });
}

/** Asks several detectors. */
export const any =
  (...detectors: readonly Detector[]): Detector =>
  (step, run) =>
    detectors.flatMap((detect) => detect(step, run));

export const hit = (relation: string, subject: Omit<Subject, "relation"> = {}, note?: string): Hit[] => [
  { subject: { relation, ...subject }, note },
];
