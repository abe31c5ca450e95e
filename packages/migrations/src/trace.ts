/** Table lock modes by strength, as `pg_locks.mode` names them. */
export const LOCK_MODES = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
] as const;

export type LockMode = (typeof LOCK_MODES)[number];

/** 1 for ACCESS SHARE to 8 for ACCESS EXCLUSIVE. */
export const lockRank = (mode: LockMode): number => LOCK_MODES.indexOf(mode) + 1;

export interface Lock {
  readonly relation: string;
  readonly mode: LockMode;
  /** The relation existed before the revision, so someone else may be waiting for it. */
  readonly preexisting: boolean;
}

export interface IndexBuild {
  readonly index: string;
  readonly relation: string;
}

/**
 * What one statement does to relations that existed before its revision. Measured on a server or predicted by the
 * parser: both have this shape, so that the same rules judge either. Relation names come without `public.`.
 */
export interface Effects {
  readonly locks: readonly Lock[];
  /** Relations whose whole heap is written anew. */
  readonly rewrites: readonly string[];
  /** Relations read from end to end. */
  readonly scans: readonly string[];
  readonly indexBuilds: readonly IndexBuild[];
}

/** The effects of one statement as a server showed them. */
export interface Trace extends Effects {
  readonly statement: string;
  readonly durationMs: number;
  readonly error?: string;
}

export const NO_EFFECTS: Effects = { locks: [], rewrites: [], scans: [], indexBuilds: [] };

/** Waiting sessions are blocked from writing (SHARE and stronger) or from reading too (ACCESS EXCLUSIVE). */
export type Blocks = "reads and writes" | "writes" | "schema changes" | "nothing";

export function blocksOf(mode: LockMode | undefined): Blocks {
  if (mode === undefined || lockRank(mode) < lockRank("ShareUpdateExclusiveLock")) return "nothing";
  if (mode === "AccessExclusiveLock") return "reads and writes";
  return mode === "ShareUpdateExclusiveLock" ? "schema changes" : "writes";
}

/** The strongest of some locks, `undefined` for none. */
export function strongest(locks: readonly Lock[]): Lock | undefined {
  return locks.reduce<Lock | undefined>(
    (best, lock) => (best && lockRank(best.mode) >= lockRank(lock.mode) ? best : lock),
    undefined,
  );
}
