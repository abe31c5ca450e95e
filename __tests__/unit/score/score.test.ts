import { loadSqlParser } from "@augeo/sql-parser";
import { describe, expect, test } from "@jest/globals";
import { type Case, decodeCases } from "../../../scripts/score/case.ts";
import { judgeCase } from "../../../scripts/score/judge-case.ts";
import { renderScore } from "../../../scripts/score/render-score.ts";
import { isScored, outcomeOf, scoreOf } from "../../../scripts/score/tally.ts";

const parser = await loadSqlParser();

const row = (change: object) => ({
  id: "x",
  scope: "lock",
  hazard: "index_not_concurrent",
  kind: "violation",
  sql: "CREATE INDEX i ON t (a);",
  ...change,
});

const cases = (...rows: object[]): Case[] => decodeCases(rows.map((one) => JSON.stringify(one)).join("\n"));

async function verdicts(...rows: object[]): Promise<string[]> {
  return Promise.all(cases(...rows).map(async (one) => outcomeOf(one, await judgeCase(one, parser)).verdict));
}

describe("reading cases", () => {
  test("leaves out rows without a scope and rows with a doubtful label", () => {
    expect(cases(row({}), row({ scope: undefined }), row({ label_suspect: "wrong" }))).toHaveLength(1);
  });

  test("scores locks, compatibility and transactions only", () => {
    expect(cases(row({}), row({ scope: "style" }), row({ scope: "schema" })).map(isScored)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("a verdict", () => {
  test("follows the label, for the hazard asked about alone", async () => {
    expect(
      await verdicts(
        row({}),
        row({ kind: "ok" }),
        row({ hazard: "drop_table" }),
        row({ hazard: "drop_table", kind: "ok" }),
      ),
    ).toEqual(["hit", "false alarm", "miss", "rightly silent"]);
  });

  test("follows PostgreSQL where it was asked, whatever the label says", async () => {
    expect(
      await verdicts(row({ kind: "ok", pg15: { long_blocking: true } }), row({ pg15: { long_blocking: false } })),
    ).toEqual(["hit", "false alarm"]);
  });

  test("counts every blocking finding where the world is closed", async () => {
    expect(await verdicts(row({ hazard: "drop_table", kind: "ok", closed_world: true }))).toEqual(["false alarm"]);
  });

  test("takes a column that comes required and one that becomes so for one danger", async () => {
    const added = "ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 1; ALTER TABLE t ALTER COLUMN a DROP DEFAULT;";
    expect(
      await verdicts(
        row({ scope: "compat", hazard: "add_required_column", sql: added }),
        row({ scope: "compat", hazard: "not_null_compat", sql: "ALTER TABLE t ADD COLUMN a int NOT NULL;" }),
      ),
    ).toEqual(["hit", "hit"]);
  });

  test("knows what scripts before it made", async () => {
    const scripts = [{ sql: "CREATE TABLE t (a int);" }, { sql: "CREATE INDEX i ON t (a);" }];
    expect(await verdicts(row({ scripts }), row({ sql: "CREATE TABLE t (a int); CREATE INDEX i ON t (a);" }))).toEqual([
      "hit",
      "miss",
    ]);
  });
});

test("recall and precision come from hits, misses and false alarms, and misses are listed", async () => {
  const told = cases(row({}), row({ kind: "ok" }), row({ id: "lost", hazard: "drop_table" }));
  const outcomes = await Promise.all(told.map(async (one) => outcomeOf(one, await judgeCase(one, parser))));
  expect(scoreOf(outcomes)).toMatchObject({ hits: 1, misses: 1, falseAlarms: 1, recall: 0.5, precision: 0.5 });
  expect(renderScore(outcomes, { listMisses: true })).toContain(
    "- miss (label) lost drop_table: CREATE INDEX i ON t (a);",
  );
});
