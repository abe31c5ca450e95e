/** `npm test [-- arguments for jest]`: every suite, on the Node the actions run on. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism, constants, tmpdir } from "node:os";
import { join } from "node:path";

const jest = createRequire(import.meta.url).resolve("jest/bin/jest");

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that failed before any test of theirs ran. */
  numRuntimeErrorTestSuites: number;
}

function runJest(report: string): Promise<number> {
  // A test waits for processes and sockets most of the time, so that each core keeps two workers busy. A number: jest
  // takes a percentage above 100 for the number itself.
  const workers = 2 * availableParallelism();
  const flags = [`--maxWorkers=${workers}`, "--json", `--outputFile=${report}`, ...process.argv.slice(2)];
  const node = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  // The report goes to the file; without a pipe in between, jest would print it again.
  const child = spawn(process.execPath, [...node, jest, ...flags], { stdio: ["ignore", "ignore", "inherit"] });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

/** What the report says in one line; undefined when jest ended without one. */
async function closingLine(report: string): Promise<string | undefined> {
  const text = await readFile(report, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const counts = JSON.parse(text) as Report;
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
  const skipped = counts.numPendingTests + counts.numTodoTests;
  return `${counts.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

const folder = await mkdtemp(join(tmpdir(), "augeo-test-"));
const report = join(folder, "report.json");
const code = await runJest(report);
const line = await closingLine(report);
await rm(folder, { recursive: true });
process.stdout.write(`${line ?? "0 passed, 1 failed"}\n`);
process.exitCode = line === undefined && code === 0 ? 1 : code;
