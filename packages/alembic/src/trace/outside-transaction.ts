import type { Effects, LockMode } from "@augeo/migrations";
import type { Client } from "pg";
import { effectsBetween, readSnapshot, type Snapshot, snapshotSql, strongestModes } from "./snapshot.ts";

export interface OutsideRequest {
  session: Client;
  /** A second session of the same database. */
  helper: Client;
  base: Snapshot;
  statement: string;
}

const POLL_MS = 2;
/** By then a statement that waits for the helper is seen waiting. */
const LONGEST_HOLD_MS = 300;

/** A watch on another session's locks, with every table held so that it has to wait where it can be seen. */
export interface HeldTables {
  /** Ends the watch, and gives the strongest mode seen per relation. */
  stop(): Promise<ReadonlyMap<number, LockMode>>;
}

/**
 * Watches a session that is about to run a statement outside a transaction, such as CREATE INDEX CONCURRENTLY. It takes
 * and drops its locks as it goes, and on an empty database they would be gone too fast to be seen: the helper holds
 * ROW EXCLUSIVE on every table, which such a statement has to wait out with its own locks in view. Resolves once the
 * tables are held, that is, when the statement may begin.
 */
export async function watchOutside(helper: Client, pid: number, before: Snapshot): Promise<HeldTables> {
  await holdTables(helper, before);
  const seen: [number, LockMode][] = [];
  let stopped = false;
  const watching = watch(helper, pid, seen, () => stopped);
  watching.catch(() => undefined);
  return {
    async stop() {
      stopped = true;
      await watching;
      return strongestModes(seen);
    },
  };
}

async function watch(helper: Client, pid: number, seen: [number, LockMode][], stopped: () => boolean): Promise<void> {
  const started = performance.now();
  while (!stopped() && !(await poll(helper, pid, seen)) && performance.now() - started < LONGEST_HOLD_MS) await pause();
  await helper.query("commit");
  while (!stopped()) {
    await poll(helper, pid, seen);
    await pause();
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, POLL_MS));

/** What a statement does that refuses a transaction block. */
export async function traceOutsideTransaction({ session, helper, base, statement }: OutsideRequest): Promise<Effects> {
  const before = await read(session);
  const held = await watchOutside(helper, await backendOf(session), before);
  let command: string | null = null;
  try {
    command = (await session.query(statement)).command;
  } finally {
    await held.stop();
  }
  const after = { ...(await read(session)), locks: await held.stop() };
  return effectsBetween({ base, before: { ...before, locks: new Map() }, after, truncates: command === "TRUNCATE" });
}

async function holdTables(helper: Client, { relations }: Snapshot): Promise<void> {
  await helper.query("begin");
  const oids = [...relations.values()].filter(({ kind }) => kind === "r" || kind === "p").map(({ oid }) => oid);
  const { rows } = await helper.query<{ name: string }>(
    "select oid::regclass::text as name from pg_class where oid = any($1::oid[])",
    [oids],
  );
  if (rows.length === 0) return;
  await helper.query(`lock table ${rows.map(({ name }) => `only ${name}`).join(", ")} in row exclusive mode`);
}

/** Adds the locks the session holds or waits for; true once it waits. */
async function poll(helper: Client, pid: number, seen: [number, LockMode][]): Promise<boolean> {
  const { rows } = await helper.query<{ relation: string | null; mode: LockMode; granted: boolean }>(
    "select relation::bigint as relation, mode, granted from pg_locks where pid = $1",
    [pid],
  );
  for (const { relation, mode } of rows) if (relation !== null) seen.push([Number(relation), mode]);
  return rows.some(({ granted }) => !granted);
}

async function backendOf(session: Client): Promise<number> {
  const { rows } = await session.query<{ pid: number }>("select pg_catalog.pg_backend_pid() as pid");
  return rows[0]?.pid ?? 0;
}

async function read(session: Client): Promise<Snapshot> {
  const { rows } = await session.query<{ snapshot: string }>(snapshotSql);
  return readSnapshot(rows[0]?.snapshot ?? '{"relations":[],"locks":[]}');
}
