import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { type AlembicEvent, decodeEvent, type PythonFailure, silentEnd } from "./alembic-events.ts";
import { runAlembicProgram } from "./programs/run-alembic.ts";
import type { Environment } from "./python-environment.ts";

export interface ProcessOptions {
  python: string;
  directory: string;
  /** From `directory`. */
  config: string;
  /** The project's environment, secrets included. */
  env: Environment;
  settings: Readonly<Record<string, unknown>>;
  onEvent: (event: AlembicEvent) => void;
  /** Whole lines the project printed, as they come. */
  onOutput: (lines: string) => void;
}

export type Answer = { kind: "done" } | { kind: "failed"; failure: PythonFailure };

export interface AlembicRequest {
  do: "observe" | "upgrade" | "downgrade" | "release" | "check" | "exercise" | "offline" | "offline-all" | "stamp";
  target?: string | readonly string[];
  /**
   * Of an upgrade or downgrade: this revision alone. env.py is then held open for further ones where it can be, until
   * `release`, which is what any other request has to come after.
   */
  revision?: string;
  /** Where an offline upgrade begins; none for an empty database. */
  from?: string;
  /** Revisions to print, parents first, from the first of the chain on. */
  revisions?: readonly string[];
  /** The text of a snapshot query: reads it before and after every statement of a revision. */
  trace?: string;
}

/** The project's Alembic in one Python process, which answers one request after another. */
export class AlembicProcess {
  readonly #child: ChildProcess;
  readonly #requests: Writable;
  readonly #options: ProcessOptions;
  readonly #ended: Promise<void>;
  #waiting: ((answer: Answer) => void) | undefined;
  /** Why it can answer no more: it failed before the first request, or ended. */
  #broken: PythonFailure | undefined;
  #revision: string | null = null;

  constructor(options: ProcessOptions) {
    this.#options = options;
    const env = { ...options.env, PYTHONUNBUFFERED: "1" };
    this.#child = spawn(options.python, ["-c", runAlembicProgram, options.config], {
      cwd: options.directory,
      env,
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      // In a group of its own: a terminal's or the runner's interrupt comes to us, and we stop it in order.
      detached: true,
    });
    this.#requests = this.#child.stdio[4] as Writable;
    this.#requests.on("error", () => undefined);
    for (const stream of [this.#child.stdout, this.#child.stderr]) if (stream !== null) this.#forward(stream);
    const events = createInterface({ input: this.#child.stdio[3] as Readable });
    events.on("line", (line) => this.#receive(decodeEvent(line)));
    const closed = new Promise<void>((resolve) => events.once("close", resolve));
    this.#ended = Promise.all([this.#exit(), closed]).then(([failure]) => this.#fail(failure));
    this.#send(options.settings);
  }

  /** One at a time. Never rejects: a process that ended is a failed answer. */
  request(request: AlembicRequest): Promise<Answer> {
    if (this.#broken !== undefined) return Promise.resolve({ kind: "failed", failure: this.#broken });
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#send(request);
    });
  }

  /** Lets a traced statement run that waits for it. */
  go(): void {
    this.#send({});
  }

  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Ends the process when it does not end by itself. */
  async close(): Promise<void> {
    this.#requests.end();
    const timer = setTimeout(() => this.kill(), 2_000);
    await this.#ended;
    clearTimeout(timer);
  }

  #exit(): Promise<PythonFailure> {
    return new Promise((resolve) => {
      this.#child.once("error", (error) => resolve({ ...silentEnd(null, null, null), message: error.message }));
      this.#child.once("exit", (code, signal) => resolve(silentEnd(code, signal, this.#revision)));
    });
  }

  #send(message: unknown): void {
    this.#requests.write(`${JSON.stringify(message)}\n`);
  }

  #receive(event: AlembicEvent): void {
    if (event.event === "revision") this.#revision = event.id;
    if (event.event === "done") this.#settle({ kind: "done" });
    else if (event.event === "failed") {
      const { during } = event.failure;
      if (during === "load" || during === "configure") this.#fail(event.failure);
      else this.#settle({ kind: "failed", failure: event.failure });
    } else this.#options.onEvent(event);
  }

  #fail(failure: PythonFailure): void {
    this.#broken ??= failure;
    this.#settle({ kind: "failed", failure: this.#broken });
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(answer);
  }

  #forward(stream: Readable): void {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      const end = (rest + text).lastIndexOf("\n");
      const whole = (rest + text).slice(0, Math.max(0, end));
      rest = (rest + text).slice(end + 1);
      if (whole !== "") this.#options.onOutput(whole);
    });
    stream.on("end", () => {
      if (rest !== "") this.#options.onOutput(rest);
    });
  }
}
