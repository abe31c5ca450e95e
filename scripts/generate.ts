/**
 * Writes what follows from the specs: each `action.yml`, the tables in each README, `docs/reference/`.
 * With `--check` it writes nothing, names what differs, and exits with 1.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { actionNames, entrySource, root } from "./build/action-folders.ts";
import { generatedFiles } from "./build/generated-files.ts";

async function current(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

const files = await generatedFiles();
files.set("actions/main.ts", entrySource(await actionNames()));
const stale: string[] = [];
for (const [name, content] of files) {
  const path = join(root, name);
  if ((await current(path)) === content) continue;
  stale.push(name);
  if (process.argv.includes("--check")) continue;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
if (stale.length > 0)
  console.log(`${process.argv.includes("--check") ? "Out of date" : "Written"}: ${stale.join(", ")}`);
if (stale.length > 0 && process.argv.includes("--check")) {
  console.log("Run: node scripts/generate.ts");
  process.exitCode = 1;
}
