import type { Objection, Phase, PlannedRevision } from "@augeo/migrations";
import type { ProjectSession } from "./alembic-events.ts";
import type { InvalidIndex } from "./database-session.ts";
import type { Environment } from "./python-environment.ts";
import type { AlembicProject } from "./read-project.ts";

/** What applying migrations needs of the world; an action's context has all of it. */
export interface MigrationPorts {
  log: {
    info(text: string): void;
    warning(text: string): void;
    /** Text from outside. */
    quote(text: string): void;
    mask(secret: string): void;
  };
  /** Aborted on cancellation. */
  signal: AbortSignal;
  clock: { now(): number; sleep(milliseconds: number, signal?: AbortSignal): Promise<void> };
  env: Environment;
  /** An Entra access token for the database, used as its password, where sign-in is keyless. */
  token?: (() => Promise<string>) | undefined;
}

/** Durations in milliseconds. */
export interface MigrationOptions {
  directory: string;
  config?: string | undefined;
  python?: string | undefined;
  /** As Alembic's: `head`, `heads`, `label@head`, a revision. */
  target: string;
  /** Branch labels that may each have a head: with several heads, `head` then means all of them. */
  branches?: readonly string[];
  databaseUrl: string;
  /** The environment variable the project reads its address from. */
  databaseUrlEnv: string;
  /** How long a statement may wait for a lock, and hold up everyone behind it. */
  lockTimeout: number;
  /** 0: no limit. */
  statementTimeout: number;
  /** How often an upgrade that ran into the lock timeout is tried again. */
  lockRetries: number;
  /** For all of it, waiting for another gate included. */
  timeout: number;
  /** Stop before the first contract revision. */
  expandOnly?: boolean;
}

export interface AppliedRevision {
  id: string;
  message: string;
  file: string;
  phase: Phase;
  milliseconds: number;
  statements: number;
}

export type MigrationReason =
  | "migrated"
  | "up-to-date"
  | "several-heads"
  | "broken-chain"
  | "database-ahead"
  | "contract-pending"
  | "locked"
  | "lock-timeout"
  | "migration-failed";

/** Where a failed upgrade left things, and how to go on. */
export interface FailureReport {
  revision: string | null;
  file: string | null;
  line: number | null;
  sqlstate: string | null;
  /** PostgreSQL's or Python's message, secrets hidden. */
  message: string;
  detail: string | null;
  hint: string | null;
  statement: string | null;
  /** What state the database is in now, in one or two sentences. */
  state: string;
  /** The command to go on with, once the cause is mended. */
  command: string;
  invalidIndexes: readonly InvalidIndex[];
}

export interface MigrationOutcome {
  reason: MigrationReason;
  project: AlembicProject;
  heads: readonly string[];
  /** Revisions in the database before and after; null where it was not asked. */
  from: readonly string[] | null;
  to: readonly string[] | null;
  planned: readonly PlannedRevision[];
  applied: readonly AppliedRevision[];
  /** Contract revisions that wait for a release of their own. */
  held: readonly PlannedRevision[];
  objections: readonly Objection[];
  session: ProjectSession | null;
  /** How often the upgrade was tried. */
  attempts: number;
  failure: FailureReport | null;
}
