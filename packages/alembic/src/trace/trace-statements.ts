import { randomBytes } from "node:crypto";
import { type Effects, NO_EFFECTS, splitStatements, type Trace } from "@augeo/migrations";
import type { Client } from "pg";
import { traceOutsideTransaction } from "./outside-transaction.ts";
import { effectsBetween, readSnapshot, type Snapshot, snapshotSql } from "./snapshot.ts";

/** A PostgreSQL server for throw-away databases; the URL's role may create them. */
export interface TraceServer {
  url: string;
}

export interface TraceRequest {
  /** Brings an empty database to where the traced statements begin. */
  preamble: string;
  sql: string;
  /** All of `sql` in one transaction, as Alembic does; otherwise each statement in one of its own. */
  inTransaction: boolean;
}

/** Longest time one statement may take on an empty database. */
const STATEMENT_TIMEOUT_MS = 20_000;

/**
 * Runs statements on a database of their own and says what each did there: locks, rewrites, scans, index builds. One
 * entry per statement, in order; one that fails has `error` and does not keep the next from being tried.
 * @throws Error when the preamble fails.
 */
export async function traceStatements(server: TraceServer, request: TraceRequest): Promise<Trace[]> {
  return withDatabase(server, async (url) => {
    const session = await connect(url);
    const helper = await connect(url);
    try {
      await session.query(`set statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
      if (request.preamble.trim() !== "") await runPreamble(session, request.preamble);
      return await new StatementTracer(session, helper).run(request);
    } finally {
      await Promise.all([session.end(), helper.end()]);
    }
  });
}

/** Major version of a server. */
export async function serverVersion({ url }: TraceServer): Promise<number> {
  const client = await connect(url);
  try {
    const { rows } = await client.query<{ v: string }>("select pg_catalog.current_setting('server_version_num') as v");
    return Math.trunc(Number(rows[0]?.v) / 10_000);
  } finally {
    await client.end();
  }
}

async function runPreamble(session: Client, preamble: string): Promise<void> {
  for (const { sql } of splitStatements(preamble)) await session.query(sql);
  await session.query("rollback").catch(() => undefined);
}

async function connect(connectionString: string): Promise<Client> {
  const { Client: PgClient } = (await import("pg")).default;
  const client = new PgClient({ connectionString, application_name: "augeo trace" });
  client.on("error", () => undefined);
  client.on("notice", () => undefined);
  await client.connect();
  return client;
}

async function withDatabase<T>({ url }: TraceServer, work: (url: string) => Promise<T>): Promise<T> {
  const admin = await connect(url);
  const name = `augeo_trace_${randomBytes(6).toString("hex")}`;
  try {
    await admin.query(`create database ${name}`);
    const own = new URL(url);
    own.pathname = `/${name}`;
    return await work(own.toString());
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`).catch(() => undefined);
    await admin.end();
  }
}

const BEGINS = /^(?:begin|start\s+transaction)\b/i;
const ENDS = /^(?:commit|end|abort|rollback(?!\s+(?:work\s+|transaction\s+)?to\b))\b/i;
/** SQLSTATE of a statement that refuses to run inside a transaction block. */
const ACTIVE_TRANSACTION = "25001";

class StatementTracer {
  readonly #session: Client;
  readonly #helper: Client;
  #base: Snapshot | undefined;
  /** The reading after the last statement of an open transaction. */
  #last: Snapshot | undefined;
  #open = false;

  constructor(session: Client, helper: Client) {
    this.#session = session;
    this.#helper = helper;
  }

  async run({ sql, inTransaction }: TraceRequest): Promise<Trace[]> {
    this.#base = await this.#read();
    if (inTransaction) await this.#begin();
    const traces: Trace[] = [];
    for (const piece of splitStatements(sql)) traces.push(await this.#trace(piece.sql));
    await this.#session.query("rollback").catch(() => undefined);
    return traces;
  }

  async #trace(statement: string): Promise<Trace> {
    const started = performance.now();
    const duration = (): number => Math.round((performance.now() - started) * 1000) / 1000;
    try {
      const effects = await this.#effects(statement);
      return { statement, ...effects, durationMs: duration() };
    } catch (error) {
      return { statement, ...NO_EFFECTS, durationMs: duration(), error: messageOf(error) };
    }
  }

  async #effects(statement: string): Promise<Effects> {
    if (BEGINS.test(statement) || ENDS.test(statement)) return this.#control(statement);
    if (this.#open) return this.#inside(statement);
    await this.#begin();
    try {
      const effects = await this.#inside(statement);
      await this.#end("commit");
      return effects;
    } catch (error) {
      await this.#end("rollback");
      if (codeOf(error) !== ACTIVE_TRANSACTION || this.#base === undefined) throw error;
      return traceOutsideTransaction({ session: this.#session, helper: this.#helper, base: this.#base, statement });
    }
  }

  async #control(statement: string): Promise<Effects> {
    await this.#session.query(statement);
    this.#open = BEGINS.test(statement) || /\band\s+chain\s*$/i.test(statement);
    this.#last = undefined;
    return NO_EFFECTS;
  }

  /** Within a savepoint, so that what fails does not hide what comes after it. */
  async #inside(statement: string): Promise<Effects> {
    const before = this.#last ?? (await this.#read());
    await this.#session.query("savepoint augeo_trace");
    try {
      const { command } = await this.#session.query(statement);
      const after = await this.#read();
      await this.#session.query("release savepoint augeo_trace");
      this.#last = after;
      return effectsBetween({ base: this.#base ?? before, before, after, truncates: command === "TRUNCATE" });
    } catch (error) {
      await this.#session.query("rollback to savepoint augeo_trace");
      throw error;
    }
  }

  async #begin(): Promise<void> {
    await this.#session.query("begin");
    this.#open = true;
    this.#last = undefined;
  }

  async #end(word: "commit" | "rollback"): Promise<void> {
    this.#open = false;
    this.#last = undefined;
    await this.#session.query(word);
  }

  async #read(): Promise<Snapshot> {
    const { rows } = await this.#session.query<{ snapshot: string }>(snapshotSql);
    return readSnapshot(rows[0]?.snapshot ?? '{"relations":[],"locks":[]}');
  }
}

function messageOf(error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return code === undefined ? message : `${code}: ${message}`;
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
