/** Mermaid, which GitHub draws the charts of a summary with: one file of its npm package, fetched once. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const PACKAGE = "mermaid@12.3.0";
const folder = resolve(import.meta.dirname, "../../../.rehearsal", PACKAGE);
const script = join(folder, "package/dist/mermaid.min.js");

/** Its source; undefined where it cannot be had, and charts are then shown as they are written. */
export function loadMermaid(): string | undefined {
  try {
    if (!existsSync(script)) {
      mkdirSync(folder, { recursive: true });
      const options = { cwd: folder, encoding: "utf8", stdio: "pipe" } as const;
      const archive = execFileSync("npm", ["pack", "--silent", PACKAGE], options).trim().split("\n").at(-1) ?? "";
      execFileSync("tar", ["-xzf", archive, "package/dist/mermaid.min.js"], options);
    }
    return readFileSync(script, "utf8");
  } catch {
    return undefined;
  }
}
