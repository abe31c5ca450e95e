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

/**
 * What a statement does that refuses a transaction block, such as CREATE INDEX CONCURRENTLY. It takes and drops its
 * locks as it goes, so a second session reads them. On an empty database they would be gone too fast: the helper holds
 * ROW EXCLUSIVE on every table, which such a statement has to wait out with its own locks in view.
 */
export async function traceOutsideTransaction({ session, helper, base, statement }: OutsideRequest): Promise<Effects> {
  const before = await read(session);
  const pid = await backendOf(session);
  await holdTables(helper, before);
  const seen: [number, LockMode][] = [];
  let done = false;
  const running = session.query(statement).finally(() => {
    done = true;
  });
  running.catch(() => undefined);
  const started = performance.now();
  while (!done) {
    const waiting = await poll(helper, pid, seen);
    if (waiting || performance.now() - started > LONGEST_HOLD_MS) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await helper.query("commit");
  while (!done) {
    await poll(helper, pid, seen);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const { command } = await running;
  const after = await read(session);
  const held = { relations: after.relations, locks: strongestModes(seen) };
  return effectsBetween({
    base,
    before: { ...before, locks: new Map() },
    after: held,
    truncates: command === "TRUNCATE",
  });
}

async function holdTables(helper: Client, { relations }: Snapshot): Promise<void> {
  await helper.query("begin");
  const oids = [...relations.values()].filter(({ kind }) => kind === "r" || kind === "p").map(({ oid }) => oid);
  const { rows } = await helper.query<{ name: string }>("select unnest($1::oid[])::regclass::text as name", [oids]);
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
