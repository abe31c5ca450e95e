import {
  type Effects,
  foldStatements,
  judgeRevision,
  type LockMode,
  lockRank,
  NO_EFFECTS,
  type Schema,
  type Trace,
} from "@augeo/migrations";
import type { SqlParser } from "@augeo/sql-parser";
import type { Client } from "pg";
import {
  effectsBetween,
  readSnapshot,
  type Snapshot,
  snapshotSql,
} from "../../../../packages/alembic/src/trace/snapshot.ts";

/** What one statement did, as short lines that prediction and measurement can be compared by. */
export interface Account {
  readonly locks: readonly string[];
  readonly work: readonly string[];
}

/** Relations that hold rows or queries: an index is never named by those who wait. */
const WAITED_FOR = new Set(["r", "p", "m", "v"]);

export function accountOf(
  { locks, rewrites, scans, indexBuilds }: Effects,
  isWaitedFor: (relation: string) => boolean,
): Account {
  const strongest = new Map<string, LockMode>();
  for (const { relation, mode, preexisting } of locks) {
    const known = strongest.get(relation);
    if (preexisting && isWaitedFor(relation) && (known === undefined || lockRank(mode) > lockRank(known)))
      strongest.set(relation, mode);
  }
  const built = new Set(indexBuilds.map(({ relation }) => relation).filter((relation) => !rewrites.includes(relation)));
  const read = scans.filter((relation) => !rewrites.includes(relation) && !built.has(relation));
  return {
    // Reading and writing rows delays no one: what is weaker than SHARE UPDATE EXCLUSIVE is left out.
    locks: [...strongest]
      .filter(([, mode]) => lockRank(mode) > 3)
      .map(([relation, mode]) => `${mode.replace(/Lock$/, "")} ${relation}`)
      .sort(),
    work: [
      ...rewrites.map((name) => `rewrites ${name}`),
      ...[...built].map((name) => `builds on ${name}`),
      ...read.map((name) => `reads ${name}`),
    ].sort(),
  };
}

export interface Measurement {
  readonly effects: Effects;
  readonly before: Snapshot;
}

/** Runs one statement in a transaction that is rolled back. `undefined` when the server refuses it. */
export async function measure(session: Client, statement: string): Promise<Measurement | undefined> {
  await session.query("begin");
  try {
    const before = await read(session);
    const { command } = await session.query(statement);
    const after = await read(session);
    return { before, effects: effectsBetween({ base: before, before, after, truncates: command === "TRUNCATE" }) };
  } catch {
    return undefined;
  } finally {
    await session.query("rollback");
  }
}

/** Runs statements one after the other in a transaction that is rolled back: one trace for each. */
export async function traceInTurn(session: Client, statements: readonly string[]): Promise<Trace[]> {
  await session.query("begin");
  try {
    const base = await read(session);
    const traces: Trace[] = [];
    let before = base;
    for (const statement of statements) {
      await session.query("savepoint turn");
      try {
        const { command } = await session.query(statement);
        await session.query("release savepoint turn");
        const after = await read(session);
        traces.push({
          statement,
          durationMs: 1,
          ...effectsBetween({ base, before, after, truncates: command === "TRUNCATE" }),
        });
        before = after;
      } catch (error) {
        await session.query("rollback to savepoint turn");
        traces.push({ statement, durationMs: 1, ...NO_EFFECTS, error: String(error) });
      }
    }
    return traces;
  } finally {
    await session.query("rollback");
  }
}

async function read(session: Client): Promise<Snapshot> {
  const { rows } = await session.query<{ snapshot: string }>(snapshotSql);
  return readSnapshot(rows[0]?.snapshot ?? "");
}

export function predictEffects(parser: SqlParser, schema: Schema, statement: string, version: number): Effects {
  const { steps } = judgeRevision({
    statements: parser.statements(statement),
    schema,
    options: { version, inTransaction: true },
  });
  const all = steps.map(({ effects }) => effects);
  return {
    locks: all.flatMap(({ locks }) => locks),
    rewrites: [...new Set(all.flatMap(({ rewrites }) => rewrites))],
    scans: [...new Set(all.flatMap(({ scans }) => scans))],
    indexBuilds: all.flatMap(({ indexBuilds }) => indexBuilds),
  };
}

export const sceneOf = (parser: SqlParser, sql: string): Schema => foldStatements(parser.statements(sql));

export const waitedFor = ({ relations }: Snapshot) => {
  const names = new Set([...relations.values()].filter(({ kind }) => WAITED_FOR.has(kind)).map(({ name }) => name));
  return (relation: string): boolean => names.has(relation);
};
