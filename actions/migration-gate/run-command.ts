import { spawn } from "node:child_process";

const SHOWN_CHARACTERS = 20_000;

/** Runs a command line as a workflow step does (`bash -e -c`). The output is its last part, both streams together. */
export function runCommand(
  command: string,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn("bash", ["-e", "-c", command], {
      cwd: directory,
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text: Buffer) => {
        output = (output + text.toString()).slice(-SHOWN_CHARACTERS);
      });
    }
    child.once("error", (error) => resolve({ code: 127, output: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
