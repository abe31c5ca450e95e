import { randomBytes } from "node:crypto";
import { judgeRevision, splitStatements } from "@augeo/migrations";
import { loadSqlParser } from "@augeo/sql-parser";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { announcedServers } from "../../../../packages/rehearsal/src/servers.ts";
import { accountOf, type Measurement, measure, predictEffects, sceneOf, waitedFor } from "./compare.ts";
import { SCENE, STATEMENTS } from "./scene.ts";

const parser = await loadSqlParser();
const schema = sceneOf(parser, SCENE);
const database = `physics_${randomBytes(4).toString("hex")}`;
let admin: pg.Client;
let session: pg.Client;
let version = 0;
const measured: { statement: string; measurement: Measurement }[] = [];

beforeAll(async () => {
  const url = new URL(announcedServers()?.postgresUrl ?? "");
  admin = new pg.Client({ connectionString: url.toString() });
  await admin.connect();
  await admin.query(`create database ${database}`);
  url.pathname = `/${database}`;
  session = new pg.Client({ connectionString: url.toString() });
  await session.connect();
  const { rows } = await session.query<{ v: string }>("select current_setting('server_version_num') as v");
  version = Math.trunc(Number(rows[0]?.v) / 10_000);
  for (const { sql } of splitStatements(SCENE)) await session.query(sql);
  for (const statement of STATEMENTS) {
    const measurement = await measure(session, statement);
    if (measurement !== undefined) measured.push({ statement, measurement });
  }
});

afterAll(async () => {
  await session.end();
  await admin.query(`drop database ${database}`);
  await admin.end();
});

/** What only a running server knows, with the reason. */
const OUT_OF_SIGHT = new Set([
  // Views that stand on a table are not followed, nor what a function's or a schema's dependents are.
  "drop table t cascade",
  "drop function touch cascade",
  "drop schema app cascade",
  // Policies are not kept, so one that is not there looks like one that is.
  "drop policy if exists nope on t",
  "alter table t alter constraint t_parent not enforced",
  // Put together as it runs.
  "do $$ begin execute format('create index on %I (n)', 't'); end $$",
]);

const isQuery = (statement: string): boolean => /^(select|insert|update|delete|merge|with)\b/.test(statement);

describe("what the parser predicts is what PostgreSQL does", () => {
  test("most of the statements run on this server", () => {
    expect(measured.length).toBeGreaterThan(STATEMENTS.length * 0.9);
  });

  test("the same locks and, but for queries, the same rewrites, scans and index builds", () => {
    const told = measured
      .filter(({ statement }) => !OUT_OF_SIGHT.has(statement))
      .map(({ statement, measurement }) => {
        const is = waitedFor(measurement.before);
        const truth = accountOf(measurement.effects, is);
        const guess = accountOf(predictEffects(parser, schema, statement, version), is);
        // The planner of an empty table reads it otherwise than that of a large one, so that of queries is no truth.
        return isQuery(statement) || statement === "refresh materialized view concurrently sums"
          ? { statement, truth: truth.locks, guess: guess.locks }
          : { statement, truth, guess };
      });
    const differ = told.filter(({ truth, guess }) => JSON.stringify(truth) !== JSON.stringify(guess));
    expect(differ).toEqual([]);
  });

  test("and the rules say the same of either", () => {
    const differ = measured
      .filter(({ statement }) => !OUT_OF_SIGHT.has(statement))
      .map(({ statement, measurement }) => {
        const judged = (traced: boolean) => rulesOf(statement, traced ? measurement : undefined);
        return { statement, read: judged(false), traced: judged(true) };
      })
      .filter(({ read, traced }) => JSON.stringify(read) !== JSON.stringify(traced));
    expect(differ.map(({ statement }) => statement)).toEqual([
      // The server shows the scan of the other action as work of both.
      "alter table t alter column v set not null, alter column v type text",
    ]);
  });
});

function rulesOf(statement: string, measurement: Measurement | undefined): string[] {
  const traces = measurement && [{ statement, durationMs: 1, ...measurement.effects }];
  const options = { version, inTransaction: true };
  const input = { statements: parser.statements(statement), schema, options, ...(traces && { traces }) };
  return judgeRevision(input)
    .findings.filter(({ rule }) => !/timeout/.test(rule))
    .map(({ rule, relation, severity }) => `${severity} ${rule} ${relation}`)
    .sort();
}
