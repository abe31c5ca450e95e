import type { Situation } from "../physics/predict.ts";
import type { Operation } from "../sql/operation.ts";
import type { Statement } from "../statement.ts";
import { type Effects, type Lock, lockRank, strongest } from "../trace.ts";

export interface JudgeOptions {
  /** Major version of the server; 15 unless told. Minor versions as a fraction of no meaning are cut off. */
  readonly version?: number;
  /** Major version of the server that the traces come from; `version` unless told. */
  readonly tracedVersion?: number;
  /** Every statement runs in one transaction (as Alembic does) until the script ends it. */
  readonly inTransaction?: boolean;
  /** Steps of earlier revisions that the same transaction holds, where `inTransaction` goes on with theirs. */
  readonly earlier?: readonly Step[];
  /** Settings in force before the first statement: `lock_timeout`, `statement_timeout`, `timezone`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Alembic's own table, whose rows change in every revision; `alembic_version` unless told. */
  readonly versionTable?: string;
}

/** Number of the transaction that is open when a revision begins. */
export const FIRST_TRANSACTION = 0;

/** One operation in its place: what was known, held and set when it ran. */
export interface Step {
  readonly statement: Statement;
  readonly operation: Operation;
  /** Measured where a server ran, otherwise predicted. */
  readonly effects: Effects;
  readonly predicted: Effects;
  readonly source: "trace" | "parser";
  /** Locks that earlier statements of the same transaction took and still hold. */
  readonly held: readonly Lock[];
  /** Number of the open transaction; `undefined` when each statement is its own. */
  readonly transaction: number | undefined;
  readonly situation: Situation;
  readonly setting: (name: string) => string | undefined;
}

/** A revision as a whole: what it will do (known at once) and what it did up to here. */
export interface Run {
  readonly operations: readonly Operation[];
  readonly steps: readonly Step[];
  readonly options: JudgeOptions;
  readonly transactions: TransactionEvents;
  /** Steps so far that add a value to an enum. */
  readonly enumAdditions: readonly Step[];
}

export interface TransactionEvents {
  /** Steps that began a transaction inside another. */
  readonly nested: readonly Step[];
  /** Steps that ended a transaction where none was open. */
  readonly stray: readonly Step[];
  /** Steps that ended a transaction that the caller had opened, and did not open another. */
  readonly ended: readonly Step[];
  /** The step that opened a transaction which the script leaves open. */
  readonly leftOpen: Step | undefined;
}

/** Relations that a statement reads or writes from end to end. */
export const workOf = ({ rewrites, scans, indexBuilds }: Effects): string[] => [
  ...new Set([...rewrites, ...scans, ...indexBuilds.map((build) => build.relation)]),
];

const SHARE = lockRank("ShareLock");

/** The lock that makes a step's work a wait for others: its own, or one held since an earlier statement. */
export function blockingLock(step: Step): Lock | undefined {
  const work = workOf(step.effects);
  if (work.length === 0) return undefined;
  const own = strongest(step.effects.locks.filter((lock) => lock.preexisting));
  const lock = strongest([...(own === undefined ? [] : [own]), ...step.held]);
  return lock !== undefined && lockRank(lock.mode) >= SHARE ? lock : undefined;
}
