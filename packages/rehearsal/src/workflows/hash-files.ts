import { createHash } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** `hashFiles()`: SHA-256 over the SHA-256 of each matching file, empty when nothing matches. Source: docs.github.com. */
export function hashFiles(workspace: string, patterns: readonly string[]): string {
  const names = globSync([...patterns], { cwd: workspace }).sort();
  const files = names.map((name) => join(workspace, name)).filter((file) => statSync(file).isFile());
  if (files.length === 0) return "";
  const total = createHash("sha256");
  for (const file of files) total.update(createHash("sha256").update(readFileSync(file)).digest());
  return total.digest("hex");
}
