import { type Effects, LOCK_MODES, type Lock, type LockMode, lockRank } from "@augeo/migrations";

/**
 * One reading of what a session has done so far: every user relation with its file and how often its heap was scanned
 * (which counts on empty tables too; what ended transactions did is in one count, this one's in the other, and outside a
 * transaction a scan may move from the second to the first at any time), and the locks the session holds or waits for.
 * Reading it locks catalogs only. The same text is run by the tracer of SQL files and by the one inside Alembic.
 */
export const snapshotSql = `select pg_catalog.json_build_object(
 'relations', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(c.oid::bigint,
    case when n.nspname = 'public' then c.relname::text else n.nspname::text operator(pg_catalog.||) '.' operator(pg_catalog.||) c.relname::text end,
    c.relkind::text, c.relfilenode::bigint, pg_catalog.pg_stat_get_numscans(c.oid) operator(pg_catalog.+) pg_catalog.pg_stat_get_xact_numscans(c.oid), i.indrelid::bigint, h.inhparent::bigint)), '[]'::json)
   from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
   left join pg_catalog.pg_index i on i.indexrelid operator(pg_catalog.=) c.oid
   left join pg_catalog.pg_inherits h on h.inhrelid operator(pg_catalog.=) c.oid and c.relispartition and c.relkind operator(pg_catalog.<>) 'i'
   where n.nspname operator(pg_catalog.!~) '^pg_' and n.nspname operator(pg_catalog.<>) 'information_schema'),
 'locks', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(l.relation::bigint, l.mode)), '[]'::json)
   from pg_catalog.pg_locks l where l.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid() and l.locktype operator(pg_catalog.=) 'relation'))::text as snapshot`;

export interface Relation {
  oid: number;
  /** Without `public.`. */
  name: string;
  /** pg_class.relkind. */
  kind: string;
  filenode: number;
  scans: number;
  /** Of an index: its table. */
  table: number | null;
  /** Of a partition: the table it is one of. */
  parent: number | null;
}

export interface Snapshot {
  relations: ReadonlyMap<number, Relation>;
  /** The strongest mode per relation. */
  locks: ReadonlyMap<number, LockMode>;
}

const isMode = (mode: unknown): mode is LockMode => LOCK_MODES.some((known) => known === mode);

export function readSnapshot(text: string): Snapshot {
  const { relations, locks } = JSON.parse(text) as {
    relations: [number, string, string, number, number | null, number | null, number | null][];
    locks: [number, unknown][];
  };
  return {
    relations: new Map(
      relations.map(([oid, name, kind, filenode, scans, table, parent]) => [
        oid,
        { oid, name, kind, filenode, scans: scans ?? 0, table, parent },
      ]),
    ),
    locks: strongestModes(locks.flatMap(([oid, mode]) => (isMode(mode) ? [[oid, mode] as const] : []))),
  };
}

export function strongestModes(locks: Iterable<readonly [number, LockMode]>): Map<number, LockMode> {
  const modes = new Map<number, LockMode>();
  for (const [oid, mode] of locks) {
    const known = modes.get(oid);
    if (known === undefined || lockRank(mode) > lockRank(known)) modes.set(oid, mode);
  }
  return modes;
}

export interface Measured {
  /** When the revision began: what stood then is what others may be using. */
  base: Snapshot;
  before: Snapshot;
  after: Snapshot;
  /** TRUNCATE gives a table a new file, and writes nothing. */
  truncates: boolean;
}

/** What one statement did, from the readings around it. */
export function effectsBetween({ base, before, after, truncates }: Measured): Effects {
  const old = [...before.relations.values()].filter(({ oid }) => base.relations.has(oid));
  const changed = old.filter(({ oid, filenode }) => {
    const now = after.relations.get(oid);
    return now !== undefined && now.filenode !== filenode;
  });
  const rewritten = truncates ? [] : changed.filter(({ kind }) => kind === "r" || kind === "m");
  const scanned = old.filter(({ oid, scans, kind }) => (after.relations.get(oid)?.scans ?? 0) > scans && kind !== "i");
  const builds = truncates ? [] : indexBuilds(base, before, after, new Set(rewritten.map(({ oid }) => oid)));
  const parents = (oids: readonly number[]): string[] => lockedParents(oids, before, after);
  return {
    locks: newLocks(base, before, after),
    rewrites: [...rewritten.map(({ name }) => name), ...parents(rewritten.map(({ oid }) => oid))],
    scans: truncates ? [] : [...scanned.map(({ name }) => name), ...parents(scanned.map(({ oid }) => oid))],
    indexBuilds: builds
      .map(({ index, name: relation }) => ({ index, relation }))
      .concat(parents(builds.map(({ oid }) => oid)).map((relation) => ({ index: builds[0]?.index ?? "", relation }))),
  };
}

/** A partitioned table has no rows of its own: locked for it, it stands for what is done to its partitions. */
function lockedParents(oids: readonly number[], before: Snapshot, after: Snapshot): string[] {
  const found = new Map<number, string>();
  const pending = [...oids];
  for (let oid = pending.pop(); oid !== undefined; oid = pending.pop()) {
    const parent = before.relations.get(oid)?.parent ?? null;
    const relation = parent === null ? undefined : before.relations.get(parent);
    if (relation === undefined || found.has(relation.oid)) continue;
    pending.push(relation.oid);
    const lock = after.locks.get(relation.oid);
    if (lock !== undefined && lockRank(lock) >= WORKING_RANK) found.set(relation.oid, relation.name);
  }
  return [...found.values()];
}

const WORKING_RANK = lockRank("ShareUpdateExclusiveLock");

/** TOAST tables are left out: nothing waits for them that does not wait for their table. */
const LOCKABLE = new Set(["r", "p", "m", "v", "f", "i", "I"]);

/** ALTER SEQUENCE makes those wait who ask for a number; a sequence that goes with its table is told with the table. */
const isLockable = ({ kind }: Relation, mode: LockMode): boolean =>
  LOCKABLE.has(kind) || (kind === "S" && mode === "ShareRowExclusiveLock");

function newLocks(base: Snapshot, before: Snapshot, after: Snapshot): Lock[] {
  return [...after.locks].flatMap(([oid, mode]) => {
    const known = before.locks.get(oid);
    const relation = before.relations.get(oid) ?? after.relations.get(oid);
    if (relation === undefined || !isLockable(relation, mode)) return [];
    if (known !== undefined && lockRank(known) >= lockRank(mode)) return [];
    return [{ relation: relation.name, mode, preexisting: base.relations.has(oid) }];
  });
}

interface Built {
  readonly index: string;
  /** Of its table. */
  readonly name: string;
  readonly oid: number;
}

/** An index was built when its file is one that did not exist before: a re-created index may keep its old file. */
function indexBuilds(base: Snapshot, before: Snapshot, after: Snapshot, rewritten: ReadonlySet<number>): Built[] {
  const files = new Set([...before.relations.values()].map(({ filenode }) => filenode));
  return [...after.relations.values()].flatMap(({ kind, table, name, filenode }) => {
    if (kind !== "i" || table === null || files.has(filenode) || rewritten.has(table)) return [];
    const relation = base.relations.get(table);
    return relation === undefined
      ? []
      : [{ index: name, name: before.relations.get(table)?.name ?? relation.name, oid: table }];
  });
}
