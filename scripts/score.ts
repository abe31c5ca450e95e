import { readFile } from "node:fs/promises";
import { argv, stderr, stdout } from "node:process";
import { parseArgs } from "node:util";
import { loadSqlParser } from "@augeo/sql-parser";
import { decodeCases } from "./score/case.ts";
import { judgeCase } from "./score/judge-case.ts";
import { openRehearsal } from "./score/rehearsal.ts";
import { renderScore } from "./score/render-score.ts";
import { isScored, type Outcome, outcomeOf } from "./score/tally.ts";

const USAGE = `Usage: npm run score -- CASES.jsonl [--server] [--server-url URL] [--quiet]

Judges every case and prints precision and recall per hazard and in all, and lists every miss.
  --server          runs each case on a PostgreSQL started for it (the newest one installed here), besides reading it
  --server-url URL  runs each case on that server: throw-away databases are created and dropped on it
  --quiet           leaves the list of misses out
`;

function misused(why: string): never {
  stderr.write(`${why}\n\n${USAGE}`);
  process.exit(2);
}

function understood() {
  try {
    return parseArgs({
      args: argv.slice(2),
      allowPositionals: true,
      options: { server: { type: "boolean" }, "server-url": { type: "string" }, quiet: { type: "boolean" } },
    });
  } catch (error) {
    return misused((error as Error).message);
  }
}

const { values, positionals } = understood();
const path = positionals[0] ?? misused("Name the file of cases.");

const parser = await loadSqlParser();
const text = await readFile(path, "utf8").catch((error: Error) =>
  misused(`The cases cannot be read: ${error.message}`),
);
const cases = decodeCases(text).filter(isScored);
const rehearsal =
  values.server || values["server-url"] !== undefined ? await openRehearsal(values["server-url"]) : undefined;
try {
  const outcomes: Outcome[] = [];
  for (const one of cases) {
    outcomes.push(outcomeOf(one, await judgeCase(one, parser, rehearsal?.rehearse)));
  }
  if (rehearsal !== undefined) stdout.write(`PostgreSQL ${rehearsal.version}: ${rehearsal.describe()}\n\n`);
  stdout.write(renderScore(outcomes, { listMisses: values.quiet !== true }));
} finally {
  await rehearsal?.close();
}
