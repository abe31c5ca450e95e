import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadSqlParser } from "@augeo/sql-parser";
import { expect, test } from "@jest/globals";
import { decodeCases } from "../../../scripts/score/case.ts";
import { judgeCase } from "../../../scripts/score/judge-case.ts";
import { outcomeOf, scoreOf } from "../../../scripts/score/tally.ts";

/** Labelled before any of it was judged; `pg15` is what PostgreSQL 15 did, read with a program of its own. */
const FIXTURE = join(import.meta.dirname, "../../fixtures/gate-cases.jsonl");

test("the project's own labelled cases are judged as they are labelled, without a server", async () => {
  const parser = await loadSqlParser();
  const cases = decodeCases(await readFile(FIXTURE, "utf8"));
  const outcomes = await Promise.all(cases.map(async (one) => outcomeOf(one, await judgeCase(one, parser))));
  const wrong = outcomes.filter(({ verdict }) => verdict === "miss" || verdict === "false alarm");
  expect(wrong.map(({ case: one, verdict, told }) => `${verdict}: ${one.id} ${one.sql} (told ${told.join()})`)).toEqual(
    [],
  );
  expect(scoreOf(outcomes).cases).toBeGreaterThan(2000);
});
