import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { within } from "../hosting/wait.ts";

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  command: string;
  directory: string;
  environment: Record<string, string>;
  onLine: (line: string) => void;
}

/*
 * A watcher sits in the process group and reads a pipe that only this process holds open. When this process dies
 * without a chance to clean up, the read ends and the watcher kills the whole group: nothing is left running.
 */
const launcher = '( read -r _ <&3; kill -KILL 0 ) >/dev/null 2>&1 & exec 3<&-; exec /bin/sh -c "$0"';

/** A shell command and everything it starts, in a process group of its own, so that all of it can be ended. */
export class ProcessGroup {
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #exit: Exit | undefined;

  constructor(options: ProcessOptions) {
    this.#child = spawn("/bin/sh", ["-c", launcher, options.command], {
      cwd: options.directory,
      env: options.environment,
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    this.exited = new Promise((resolve) => {
      this.#child.once("error", () => resolve(this.#ended(127, null)));
      this.#child.once("exit", (code, signal) => resolve(this.#ended(code, signal)));
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) if (stream) readLines(stream, options.onLine);
  }

  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** SIGTERM, then SIGKILL after `grace` milliseconds. Resolves once the command is gone. */
  async stop(grace: number): Promise<void> {
    if (this.#exit === undefined) {
      this.#signal("SIGTERM");
      await within(this.exited, grace);
      this.#signal("SIGKILL");
    }
    await this.exited;
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): Exit {
    this.#exit = { code, signal };
    this.#signal("SIGKILL");
    return this.#exit;
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // The group is gone already, which is what was wanted.
    }
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on("line", onLine);
  stream.on("error", () => undefined);
}
