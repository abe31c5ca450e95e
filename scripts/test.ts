/** `npm test [-- arguments for jest]`: every suite, on the Node the actions run on. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism, constants, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

const jest = createRequire(import.meta.url).resolve("jest/bin/jest");

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that failed before any test of theirs ran. */
  numRuntimeErrorTestSuites: number;
  testResults: {
    /** Absolute path of the file. */
    name: string;
    /** Why the file as a whole failed; of its tests, all their messages. */
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] | null }[];
  }[];
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

/** Every failure in a line, and the counts in the last one; undefined when jest ended without a report. */
async function closingLines(report: string): Promise<string[] | undefined> {
  const text = await readFile(report, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const found = JSON.parse(text) as Report;
  const failed = found.numFailedTests + found.numRuntimeErrorTestSuites;
  const skipped = found.numPendingTests + found.numTodoTests;
  const counts = `${found.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  return [...failures(found), counts];
}

/** Said once more at the end, where a long log is read first. */
function failures({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages?.[0]}`);
    const told = assertionResults.length === 0 && message !== "" ? [message] : failed;
    return told.map((text) => `FAILED: ${relative(process.cwd(), name)}: ${inOneLine(text)}`);
  });
}

const inOneLine = (text: string): string => stripVTControlCharacters(text).replace(/\s+/g, " ").trim().slice(0, 300);

const folder = await mkdtemp(join(tmpdir(), "augeo-test-"));
const report = join(folder, "report.json");
const code = await runJest(report);
const lines = await closingLines(report);
await rm(folder, { recursive: true });
process.stdout.write(`${(lines ?? ["0 passed, 1 failed"]).join("\n")}\n`);
process.exitCode = lines === undefined && code === 0 ? 1 : code;
