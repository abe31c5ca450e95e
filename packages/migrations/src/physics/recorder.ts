import { type Effects, type IndexBuild, type Lock, type LockMode, lockRank } from "../trace.ts";

/** Collects effects on relations that existed before the revision; those on newer ones delay nobody and are dropped. */
export interface Recorder {
  lock(relation: string, mode: LockMode): void;
  rewrite(relation: string): void;
  scan(relation: string): void;
  build(relation: string, index: string): void;
  effects(): Effects;
}

export function recorder(existed: (relation: string) => boolean): Recorder {
  const locks = new Map<string, Lock>();
  const rewrites = new Set<string>();
  const scans = new Set<string>();
  const builds: IndexBuild[] = [];
  return {
    lock(relation, mode) {
      const held = locks.get(relation);
      if (!existed(relation) || (held !== undefined && lockRank(held.mode) >= lockRank(mode))) return;
      locks.set(relation, { relation, mode, preexisting: true });
    },
    rewrite: (relation) => existed(relation) && rewrites.add(relation),
    scan: (relation) => existed(relation) && scans.add(relation),
    build: (relation, index) => {
      if (existed(relation)) builds.push({ index, relation });
    },
    effects: () => ({
      locks: [...locks.values()],
      rewrites: [...rewrites],
      scans: [...scans],
      // A rewrite brings all indexes of its table with it.
      indexBuilds: builds.filter(({ relation }) => !rewrites.has(relation)),
    }),
  };
}
