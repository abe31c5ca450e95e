import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** How long a cancelled process is given. Real values: github-actions facts §3.3: SIGINT, 7.5 s, SIGTERM, 2.5 s, kill. */
export interface CancelBudget {
  readonly interrupt: number;
  readonly terminate: number;
}

export const REAL_CANCEL_BUDGET: CancelBudget = { interrupt: 7500, terminate: 2500 };

export interface Annotation {
  readonly level: "notice" | "warning" | "error";
  readonly message: string;
}

export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted to cancel the step; the runner then goes through its signals. */
  readonly cancelled: AbortSignal;
  /** Aborted when the machine is lost: killed at once, nothing is collected. */
  readonly lost: AbortSignal;
  readonly budget: CancelBudget;
  readonly timeout: number | undefined;
  onLine(line: string): void;
}

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly timedOut: boolean;
}

/** Runs one process of a step in a group of its own, so that nothing it started outlives it. */
export async function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  const { command, args, cwd, env } = request;
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const lines = [child.stdout, child.stderr].map((stream) => readLines(stream, request.onLine));
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code));
  });
  const ended = new AbortController();
  let timedOut = false;
  const timer =
    request.timeout === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          void wind(child, request.budget, ended.signal);
        }, request.timeout);
  const cancel = (): void => void wind(child, request.budget, ended.signal);
  const lose = (): void => killGroup(child, "SIGKILL");
  listen(request.cancelled, cancel, ended.signal);
  listen(request.lost, lose, ended.signal);
  try {
    const exitCode = await exit;
    killGroup(child, "SIGKILL");
    await Promise.all(lines);
    return { exitCode, timedOut };
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

function listen(signal: AbortSignal, listener: () => void, until: AbortSignal): void {
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener, { signal: until });
}

/** The entry process alone gets the signals; the kill takes the whole tree. */
async function wind(child: ChildProcess, budget: CancelBudget, ended: AbortSignal): Promise<void> {
  child.kill("SIGINT");
  await pause(budget.interrupt, ended);
  if (ended.aborted) return;
  child.kill("SIGTERM");
  await pause(budget.terminate, ended);
  if (!ended.aborted) killGroup(child, "SIGKILL");
}

function pause(milliseconds: number, until: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    until.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

async function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream })) onLine(line);
}

const FILES = ["OUTPUT", "STATE", "ENV", "PATH", "STEP_SUMMARY"] as const;

/** The files of one step through which it speaks to the runner. */
export class StepFiles {
  readonly #folder: string;
  readonly env: Readonly<Record<string, string>>;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    for (const name of FILES) writeFileSync(join(folder, name), "");
    this.env = Object.fromEntries(FILES.map((name) => [`GITHUB_${name}`, join(folder, name)]));
  }

  pairs(name: "OUTPUT" | "STATE" | "ENV"): Record<string, string> {
    return readPairs(readFileSync(join(this.#folder, name), "utf8"), name);
  }

  paths(): string[] {
    return readFileSync(join(this.#folder, "PATH"), "utf8").split("\n").filter(Boolean);
  }

  summary(): string {
    return readFileSync(join(this.#folder, "STEP_SUMMARY"), "utf8");
  }
}

/** `name=value` and `name<<delimiter` blocks; anything else is an error, as in the real runner. */
export function readPairs(text: string, file: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? "";
    if (line === "") continue;
    const block = /^([^=]+?)<<(.+)$/.exec(line);
    const plain = /^([^=]+)=(.*)$/s.exec(line);
    if (block?.[1] !== undefined && !/^[^<]*=/.test(line)) {
      const end = lines.indexOf(block[2] ?? "", i + 1);
      if (end < 0) throw new Error(`GITHUB_${file}: no line '${block[2]}' ends the value of ${block[1]}`);
      pairs[block[1]] = lines.slice(i + 1, end).join("\n");
      i = end;
    } else if (plain?.[1] !== undefined) pairs[plain[1]] = plain[2] ?? "";
    else throw new Error(`GITHUB_${file}: invalid format '${line}'`);
  }
  return pairs;
}
