import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export class SetupError extends Error {
  constructor(what, why, fix) {
    super(`Error: ${what}\nWhy: ${why}\nFix: ${fix}`);
  }
}

/** Shows what is being prepared and how long it took. */
export async function step(title, work) {
  const began = Date.now();
  process.stderr.write(`set-up: ${title} …\n`);
  const result = await work();
  process.stderr.write(`set-up: ${title}: done in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
  return result;
}

/** Runs a command to its end. Resolves to its exit code and all it printed; `code` is undefined if it did not start. */
export function capture(command, args) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, { cwd: repository, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    child.on("error", (error) => resolve({ code: undefined, output: error.message }));
    child.on("close", (code) => resolve({ code, output: output.trim() }));
  });
}
