/** Runs a built action as the runner does: a child process, its variables, its files, and afterwards its `post`. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Annotation, readAnnotations } from "./annotations.ts";
import { readKeyValues } from "./runner-file.ts";

const root = resolve(import.meta.dirname, "../..");
export const dist = resolve(root, process.env.AUGEO_DIST ?? "dist");

/** When to send a signal: milliseconds after the start, a line of the log, or a promise (a request the cloud has seen). */
export type Moment = number | RegExp | Promise<unknown> | (() => Promise<unknown>);

export interface RunOptions {
  /** By the names users write. */
  readonly inputs: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Variables of the cloud the action reaches: CA, ID-token endpoint, GitHub API. */
  readonly cloud?: { readonly env: Readonly<Record<string, string>> };
  /** Further variables; `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signalAfter?: {
    readonly signal: "SIGINT" | "SIGTERM" | "SIGKILL";
    readonly moment: Moment;
    /** As the runner does it to a process that goes on: SIGTERM 7.5 s later, and SIGKILL 2.5 s after that. */
    readonly insists?: true;
  };
  /** The checked-out repository; a fresh empty folder without it. */
  readonly workspace?: string;
  /** Milliseconds; the child is killed then, and the run rejects. */
  readonly timeout?: number;
  /** Hears each line of the log as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface FinishedRun {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly outputs: Readonly<Record<string, string>>;
  /** Entries of GITHUB_STATE. */
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly stdout: string;
  readonly stderr: string;
}

export interface MainRun extends FinishedRun {
  /** `result`, parsed; null when the run was killed before it was set. */
  readonly result: Readonly<Record<string, unknown>> | null;
  /** Runs the action's `post` with the state this run has saved. */
  post(options?: Pick<RunOptions, "signalAfter" | "timeout" | "env">): Promise<FinishedRun>;
}

/** Runs the `main` of one action to its end. */
export async function runAction(name: string, options: RunOptions): Promise<MainRun> {
  const main = await runPhase(name, "index.js", options, {});
  const saved = Object.fromEntries(Object.entries(main.state).map(([key, value]) => [`STATE_${key}`, value]));
  const text = main.outputs.result;
  return {
    ...main,
    result: text === undefined ? null : (JSON.parse(text) as Record<string, unknown>),
    post: (more = {}) => {
      const { signalAfter: _, ...rest } = options;
      return runPhase(name, "post.js", { ...rest, ...more, env: { ...options.env, ...more.env } }, saved);
    },
  };
}

const FILES = ["OUTPUT", "STATE", "STEP_SUMMARY", "ENV", "PATH"] as const;

async function runPhase(
  name: string,
  script: string,
  options: RunOptions,
  saved: Record<string, string>,
): Promise<FinishedRun> {
  const folder = await mkdtemp(join(tmpdir(), "augeo-run-"));
  try {
    for (const file of FILES) await writeFile(join(folder, file), "");
    const env = { ...variables(folder, options), ...saved };
    const child = spawn(process.execPath, [join(dist, name, script)], { env, cwd: env.GITHUB_WORKSPACE });
    const ended = await watch(child, options);
    const read = (file: string): Promise<string> => readFile(join(folder, file), "utf8");
    return {
      ...ended,
      outputs: readKeyValues(await read("OUTPUT")),
      state: readKeyValues(await read("STATE")),
      summary: await read("STEP_SUMMARY"),
      annotations: readAnnotations(ended.stdout),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Only what a runner sets: nothing of the test's own environment but where node finds its temporary folder. */
function variables(folder: string, options: RunOptions): NodeJS.ProcessEnv & { GITHUB_WORKSPACE: string } {
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: folder,
    LANG: "C.UTF-8",
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_ACTOR: "octocat",
    GITHUB_API_URL: "https://api.github.com",
    GITHUB_EVENT_NAME: "push",
    GITHUB_JOB: "deploy",
    GITHUB_REF: "refs/heads/main",
    GITHUB_REPOSITORY: "octo-org/auction",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_RUN_ID: "1001",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_SHA: "0123456789abcdef0123456789abcdef01234567",
    GITHUB_WORKFLOW: "Deploy",
    RUNNER_TEMP: folder,
    NODE_COMPILE_CACHE: process.env.AUGEO_COMPILED,
    ...Object.fromEntries(FILES.map((file) => [`GITHUB_${file}`, join(folder, file)])),
    ...options.cloud?.env,
    ...inputVariables(options.inputs),
  };
  for (const [key, value] of Object.entries(options.env ?? {})) {
    if (value === undefined) delete env[key];
    else env[key] = value;
  }
  return { ...env, GITHUB_WORKSPACE: options.workspace ?? env.GITHUB_WORKSPACE ?? folder };
}

function inputVariables(inputs: RunOptions["inputs"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, String(value)]),
  );
}

interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function watch(child: ChildProcess, { signalAfter, onLine, timeout = 120_000 }: RunOptions): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  let sent = false;
  const timers = [setTimeout(() => child.kill("SIGKILL"), timeout)];
  const strike = (): void => {
    if (!sent && signalAfter !== undefined) child.kill(signalAfter.signal);
    if (!sent && signalAfter?.insists)
      timers.push(
        setTimeout(() => child.kill("SIGTERM"), 7_500),
        setTimeout(() => child.kill("SIGKILL"), 10_000),
      );
    sent = true;
  };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (onLine) for (const line of text.split("\n").filter(Boolean)) onLine(line);
    if (signalAfter?.moment instanceof RegExp && signalAfter.moment.test(stdout)) strike();
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  timers.push(...arm(signalAfter?.moment, strike));
  return new Promise((fulfil, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => {
      for (const timer of timers) clearTimeout(timer);
      const late = signal === "SIGKILL" && signalAfter?.signal !== "SIGKILL" && !signalAfter?.insists;
      if (late) reject(new Error(`still running after ${timeout} ms\n${stdout}\n${stderr}`));
      else fulfil({ exitCode, signal, stdout, stderr });
    });
  });
}

function arm(moment: Moment | undefined, strike: () => void): NodeJS.Timeout[] {
  if (typeof moment === "number") return [setTimeout(strike, moment)];
  if (moment === undefined || moment instanceof RegExp) return [];
  const promise = typeof moment === "function" ? moment() : moment;
  promise.then(strike, () => undefined);
  return [];
}
