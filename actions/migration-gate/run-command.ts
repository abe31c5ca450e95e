import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface CommandOptions {
  /** Aborted: the command is interrupted, and ended when it does not heed that. */
  readonly signal?: AbortSignal;
  /** Hears what it writes to standard error, line by line. */
  readonly onLine?: (line: string) => void;
  /** Characters that are kept of each stream, from the end. */
  readonly keep?: number;
}

export interface FinishedCommand {
  readonly code: number;
  readonly stdout: string;
  /** Both streams together, in the order they came. */
  readonly output: string;
}

const KEPT_CHARACTERS = 20_000;
const GRACE_MS = 5_000;

/** Runs a command line as a workflow step does (`bash -e -c`). Never rejects: what cannot be run ends with 127. */
export function runCommand(
  command: string,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
  { signal, onLine, keep = KEPT_CHARACTERS }: CommandOptions = {},
): Promise<FinishedCommand> {
  return new Promise((resolve) => {
    const child = spawn("bash", ["-e", "-c", command], {
      cwd: directory,
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [output, stdout] = ["", ""];
    const hear = (text: Buffer, isAnswer: boolean): void => {
      output = (output + text.toString()).slice(-keep);
      if (isAnswer) stdout = (stdout + text.toString()).slice(-keep);
    };
    child.stdout.on("data", (text: Buffer) => hear(text, true));
    child.stderr.on("data", (text: Buffer) => hear(text, false));
    if (onLine) createInterface({ input: child.stderr }).on("line", onLine);
    const stop = (): void => {
      child.kill("SIGINT");
      setTimeout(() => child.kill("SIGTERM"), GRACE_MS).unref();
    };
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    const end = (code: number): void => {
      signal?.removeEventListener("abort", stop);
      resolve({ code, stdout, output });
    };
    child.once("error", (error) => {
      output += error.message;
      end(127);
    });
    child.once("close", (code) => end(code ?? 1));
  });
}
