import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { judgeRevision, splitStatements, type Trace } from "@augeo/migrations";
import { loadSqlParser } from "@augeo/sql-parser";
import { expect, test } from "@jest/globals";
import pg from "pg";
import { announcedServers } from "../../../../packages/rehearsal/src/servers.ts";
import { type Case, decodeCases } from "../../../../scripts/score/case.ts";
import { type Outcome, outcomeOf } from "../../../../scripts/score/tally.ts";
import { sceneOf, traceInTurn } from "./compare.ts";

const FIXTURE = join(import.meta.dirname, "../../../fixtures/gate-cases.jsonl");
const ENDS_TRANSACTION = /^(begin|start|commit|end|rollback|abort|savepoint|release|explain|copy)\b/i;

/** Of the statements that stand alone, which physics.test.ts is about, one in so many is traced here. */
const SAMPLE = 5;

const parser = await loadSqlParser();

/** What can run in one transaction on a database that many cases share. */
const canBeTraced = ({ sql, scripts, inTransaction, version, scope }: Case): boolean => {
  const statements = splitStatements(sql).map((piece) => piece.sql);
  return (
    scope === "lock" &&
    scripts.length === 0 &&
    version === undefined &&
    (inTransaction || statements.length === 1) &&
    !statements.some((statement) => ENDS_TRANSACTION.test(statement))
  );
};

async function withSession<T>(work: (session: pg.Client) => Promise<T>): Promise<T> {
  const url = new URL(announcedServers()?.postgresUrl ?? "");
  const database = `cases_${randomBytes(4).toString("hex")}`;
  const admin = new pg.Client({ connectionString: url.toString() });
  await admin.connect();
  await admin.query(`create database ${database}`);
  url.pathname = `/${database}`;
  const session = new pg.Client({ connectionString: url.toString() });
  await session.connect();
  try {
    return await work(session);
  } finally {
    await session.end();
    await admin.query(`drop database ${database}`);
    await admin.end();
  }
}

/** Traced and judged, case after case. One that the server refuses is left out. */
const judgeOnServer = (scene: string, cases: readonly Case[]): Promise<Outcome[]> =>
  withSession(async (session) => {
    for (const { sql } of splitStatements(scene)) await session.query(sql);
    const { rows } = await session.query<{ v: string }>("select current_setting('server_version_num') as v");
    const version = Math.trunc(Number(rows[0]?.v) / 10_000);
    const schema = sceneOf(parser, scene);
    const outcomes: Outcome[] = [];
    // A case with PostgreSQL's truth comes twice: once more to be called by its name.
    const traced = new Map<string, Trace[]>();
    for (const one of cases) {
      const pieces = splitStatements(one.sql).map(({ sql }) => sql);
      const traces = traced.get(one.sql) ?? (await traceInTurn(session, pieces));
      traced.set(one.sql, traces);
      if (traces.some(({ error }) => error !== undefined)) continue;
      const options = { version, inTransaction: one.inTransaction };
      const judgement = judgeRevision({ statements: parser.statements(one.sql), schema, options, traces });
      outcomes.push(outcomeOf(one, judgement));
    }
    return outcomes;
  });

test("traced on a server, the project's own cases about locks are judged as they are labelled", async () => {
  const traceable = decodeCases(await readFile(FIXTURE, "utf8")).filter(canBeTraced);
  const isTogether = ({ sql }: Case) => /;|^do\b/i.test(sql);
  const cases = traceable.filter((one, index) => isTogether(one) || index % SAMPLE === 0);
  const scenes = new Set(cases.map(({ preamble }) => preamble));
  const outcomes = await Promise.all(
    [...scenes].map((scene) =>
      judgeOnServer(
        scene,
        cases.filter(({ preamble }) => preamble === scene),
      ),
    ),
  );
  const wrong = outcomes.flat().filter(({ verdict }) => verdict === "miss" || verdict === "false alarm");
  expect(
    wrong.map(
      ({ case: one, verdict, truth, told }) => `${verdict} (${truth}): ${one.id} ${one.sql} (told ${told.join()})`,
    ),
  ).toEqual([]);
  expect(outcomes.flat().length).toBeGreaterThan(400);
});
