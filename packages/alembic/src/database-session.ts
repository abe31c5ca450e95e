import { ServiceError } from "@augeo/release";
import type { Client } from "pg";
import { type DatabaseAddress, tlsOptions } from "./database-address.ts";
import { explainConnection } from "./explain-connection.ts";

/** Two 32-bit keys of the advisory lock under which migrations are applied: "AUGE", "MIGR". Locks are per database. */
export const lockKey = [0x41554745, 0x4d494752] as const;

const CONNECT_TIMEOUT_MS = 15_000;

export interface LockHolder {
  pid: number;
  application: string;
  address: string;
  since: string;
}

export interface InvalidIndex {
  index: string;
  table: string;
}

/** The gate's own connection: it holds the lock, reads the state, and can stop what the project's connection does. */
export interface DatabaseSession {
  readonly version: string;
  /** Set once the server ended the connection: the lock is gone with it. */
  lost(): Error | undefined;
  tryLock(): Promise<boolean>;
  holder(): Promise<LockHolder | undefined>;
  /** Revisions in the version table; empty when there is no such table. */
  revisions(table: string, schema: string | null): Promise<string[]>;
  invalidIndexes(): Promise<InvalidIndex[]>;
  /** Ends the running statement of another session of the same role. */
  cancel(pid: number): Promise<void>;
  close(): Promise<void>;
}

/** @throws ServiceError that says which of host, port, TLS, user, password or database is wrong. */
export async function openSession(address: DatabaseAddress): Promise<DatabaseSession> {
  const client = await connectTo(address);
  let lost: Error | undefined;
  client.on("error", (error) => {
    lost = error;
  });
  const { rows } = await client.query<{ v: string }>("select current_setting('server_version') as v");
  return {
    version: rows[0]?.v ?? "?",
    lost: () => lost,
    tryLock: () => tryLock(client),
    holder: () => holder(client),
    revisions: (table, schema) => revisions(client, table, schema),
    invalidIndexes: () => invalidIndexes(client),
    async cancel(pid) {
      await client.query("select pg_cancel_backend($1)", [pid]);
    },
    close: () => client.end().catch(() => undefined),
  };
}

/** @throws ServiceError that says which of host, port, TLS, user, password or database is wrong. */
export async function connectTo(address: DatabaseAddress): Promise<Client> {
  return tryToConnect(address).catch((error: unknown) => {
    throw explainConnection(error, address);
  });
}

/** As `connectTo`, with the error as it came. */
export async function tryToConnect(address: DatabaseAddress, timeout = CONNECT_TIMEOUT_MS): Promise<Client> {
  const ssl = await tlsOptions(address);
  try {
    return await attempt(address, ssl, timeout);
  } catch (error) {
    const plain = address.tls === "prefer" && error instanceof Error && /does not support SSL/i.test(error.message);
    if (!plain) throw error;
  }
  return attempt(address, false, timeout);
}

type Ssl = Awaited<ReturnType<typeof tlsOptions>>;

async function attempt(address: DatabaseAddress, ssl: Ssl, timeout: number): Promise<Client> {
  const { Client: PgClient } = (await import("pg")).default;
  const client = new PgClient({
    host: address.host,
    port: address.port,
    user: address.user,
    database: address.database,
    ...(address.password === undefined ? {} : { password: address.password }),
    ssl,
    application_name: "augeo migration-gate",
    connectionTimeoutMillis: timeout,
    // Azure's load balancer forgets a silent connection after 4 minutes, and the lock would go with it.
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>("select pg_try_advisory_lock($1, $2) as got", [...lockKey]);
  return rows[0]?.got === true;
}

async function holder(client: Client): Promise<LockHolder | undefined> {
  const { rows } = await client.query<LockHolder>(
    `select a.pid, coalesce(a.application_name, '') as application, coalesce(host(a.client_addr), 'local') as address,
            to_char(a.backend_start at time zone 'UTC', 'HH24:MI:SS') || ' UTC' as since
       from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.classid = $1 and l.objid = $2
        and l.database = (select oid from pg_database where datname = current_database())`,
    [...lockKey],
  );
  return rows[0];
}

async function revisions(client: Client, table: string, schema: string | null): Promise<string[]> {
  const name =
    schema === null
      ? client.escapeIdentifier(table)
      : `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}`;
  const { rows: found } = await client.query<{ t: string | null }>("select to_regclass($1)::text as t", [name]);
  if (found[0]?.t == null) return [];
  const { rows } = await client.query<{ version_num: string }>(`select version_num from ${name} order by 1`);
  return rows.map((row) => row.version_num);
}

/** That of a partitioned table is none: it is invalid until every partition's index is attached to it. */
async function invalidIndexes(client: Client): Promise<InvalidIndex[]> {
  const { rows } = await client.query<InvalidIndex>(
    `select i.indexrelid::regclass::text as index, i.indrelid::regclass::text as "table"
       from pg_index i join pg_class c on c.oid = i.indexrelid
      where not i.indisvalid and c.relkind = 'i' order by 1`,
  );
  return rows;
}

/** A lost connection means a lost lock: nothing may be applied any more. */
export function assertHeld(session: DatabaseSession, address: DatabaseAddress): void {
  const lost = session.lost();
  if (lost === undefined) return;
  throw new ServiceError({
    service: "PostgreSQL",
    operation: "advisory lock",
    what: `The connection that holds the migration lock on ${address.shown} was ended.`,
    why: lost.message,
    fix: "Start the run again: it reads where the database is before it does anything. Connect to PostgreSQL itself, not through a pooler in transaction mode.",
    retryable: true,
    cause: lost,
  });
}
