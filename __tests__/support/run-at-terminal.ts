/** Runs the command line as a person does, at a terminal: Python's standard library has one, Node has none. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { pythonPath } from "../../packages/rehearsal/src/python.ts";
import { dist } from "./run-action.ts";

/** What has to be shown, and what is typed then. */
export type Dialogue = readonly (readonly [shown: string, typed: string])[];

export const [ENTER, CTRL_C, CTRL_D] = ["\r", "\x03", "\x04"] as const;

export interface TerminalRun {
  readonly exitCode: number | null;
  /** All that stood on the terminal, without what moves the cursor. */
  readonly screen: string;
}

export async function runAtTerminal(
  args: readonly string[],
  { folder, env }: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
  dialogue: Dialogue,
): Promise<TerminalRun> {
  const player = spawn(pythonPath(), [join(import.meta.dirname, "at-terminal.py")], {
    cwd: folder,
    env: { ...env, TERM: "xterm" },
    stdio: ["pipe", "pipe", "inherit"],
    // A question that is never asked would be waited for without end. What was shown until then tells why.
    timeout: 60_000,
  });
  player.stdin.end(JSON.stringify({ command: [process.execPath, join(dist, "deploy.js"), ...args], dialogue }));
  const ended = new Promise<number | null>((fulfil, reject) => player.once("error", reject).once("close", fulfil));
  const screen = await text(player.stdout);
  return { exitCode: await ended, screen: stripVTControlCharacters(screen).replaceAll("\r", "") };
}
