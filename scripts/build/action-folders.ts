import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

/** The folders under `actions/` that hold an action, in order of their names. */
export async function actionNames(): Promise<string[]> {
  const entries = await readdir(join(root, "actions"), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(root, "actions", entry.name, "index.ts")))
    .map((entry) => entry.name)
    .sort();
}

/** The bundle's entry as text: one `import()` for each action, so that each is a chunk of its own. */
export function entrySource(names: readonly string[]): string {
  const loaders = names.map((name) => `  ${quoteKey(name)}: async () => (await import("./${name}/index.ts")).action,`);
  return [
    "// Written by scripts/build.ts: one entry for each folder with an index.ts.",
    'import { type Action, runAction } from "@augeo/action-kit";',
    "",
    "const actions: Readonly<Record<string, () => Promise<Action>>> = {",
    ...loaders,
    "};",
    "",
    "/** Runs the command line and ends the process with its exit code. `toolkit` is the folder that holds `dist/`. */",
    "export async function command(args: readonly string[], toolkit: string): Promise<void> {",
    '  const { processTerminal, runCommand } = await import("./cli/main.ts");',
    "  const code = await runCommand(args, processTerminal(), toolkit);",
    '  process.stdout.write("", () => process.exit(code));',
    "}",
    "",
    "/** Runs one phase of one action and ends the process with its exit code. */",
    'export async function start(name: string, phase: "main" | "post", version: string): Promise<void> {',
    "  const load = actions[name];",
    "  if (load === undefined) throw new RangeError(`no action ${name}`);",
    "  const code = await runAction(await load(), { phase, version });",
    "  // An open keep-alive socket must not hold the step open.",
    '  process.stdout.write("", () => process.exit(code));',
    "}",
    "",
    "/** Carries out one command line of `augeo-gate`. */",
    "export async function startGate(args: readonly string[], version: string): Promise<void> {",
    '  const { runGate } = await import("./migration-gate/cli/main.ts");',
    "  await runGate(args, version);",
    "}",
    "",
  ].join("\n");
}

function quoteKey(name: string): string {
  return /^[a-z]+$/.test(name) ? name : JSON.stringify(name);
}

/** Writes `actions/main.ts` when it differs. */
export async function writeEntry(names: readonly string[]): Promise<void> {
  const path = join(root, "actions/main.ts");
  const source = entrySource(names);
  if (!existsSync(path) || (await readFile(path, "utf8")) !== source) await writeFile(path, source);
}
