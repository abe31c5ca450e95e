import { readFile } from "node:fs/promises";
import { argv, stdout } from "node:process";
import { loadSqlParser } from "@augeo/sql-parser";
import { decodeCases } from "./score/case.ts";
import { judgeCase } from "./score/judge-case.ts";
import { renderScore } from "./score/render-score.ts";
import { type Outcome, outcomeOf } from "./score/tally.ts";

const [path, ...flags] = argv.slice(2);
if (path === undefined) throw new Error("Usage: npm run score -- <cases.jsonl> [--quiet]");

const parser = await loadSqlParser();
const outcomes: Outcome[] = [];
for (const one of decodeCases(await readFile(path, "utf8"))) {
  const outcome = outcomeOf(one, judgeCase(one, parser));
  if (outcome !== undefined) outcomes.push(outcome);
}
stdout.write(renderScore(outcomes, { listMisses: !flags.includes("--quiet") }));
