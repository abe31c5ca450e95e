/**
 * Builds `dist/`: one bundle whose parts load on demand, and for each action the two stubs that `action.yml` names.
 * The output depends on the sources alone: not on the folder, the time or an earlier build.
 *
 * `AUGEO_DIST` builds elsewhere. `--no-budget` skips the size check.
 */

import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { actionNames, root, writeEntry } from "./build/action-folders.ts";
import { checkBudget } from "./build/budget.ts";
import { compressedModule, isSqlParser, withCompressedModule } from "./build/sql-parser-part.ts";
import { commandStub, gateStub, stub } from "./build/stub.ts";

const dist = resolve(root, process.env.AUGEO_DIST ?? "dist");

/**
 * Parts that an SDK loads only in a function that no action calls: lists of blobs as Arrow tables, and what opens a
 * browser to sign in. Left out they save a tenth of the bundle; were one reached, its `import()` would fail by name.
 */
function isNeverLoaded(name: string, source: string): boolean {
  return name === "xdg-open" || (/^\d+\.index\.js$/.test(name) && source.includes("node_modules/apache-arrow/"));
}

/** Entries of the command lines, which are run as programs. */
const commands = (version: string) => ({ "deploy.js": commandStub(), "augeo-gate.js": gateStub(version) });
const PROGRAMS: ReadonlySet<string> = new Set(Object.keys(commands("")));

interface NccResult {
  code: string;
  assets: Record<string, { source: string | Buffer }>;
}
type Ncc = (entry: string, options: Record<string, unknown>) => Promise<NccResult>;

async function bundle(): Promise<Map<string, string | Buffer>> {
  const ncc = createRequire(import.meta.url)("@vercel/ncc") as Ncc;
  const { code, assets } = await ncc(join(root, "actions/main.ts"), {
    transpileOnly: true,
    target: "es2022",
    license: "licenses.txt",
    cache: false,
    quiet: true,
  });
  const files = new Map<string, string | Buffer>([["index.js", code]]);
  for (const [name, { source }] of Object.entries(assets)) {
    if (name === "package.json" || isNeverLoaded(name, source.toString())) continue;
    if (isSqlParser(source.toString())) {
      files.set(name, withCompressedModule(source.toString()));
      files.set(...(await compressedModule(root)));
    } else files.set(name, source);
  }
  return files;
}

async function writeTree(folder: string, files: ReadonlyMap<string, string | Buffer>): Promise<void> {
  for (const [name, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { mode: PROGRAMS.has(name) ? 0o755 : 0o644 });
  }
}

async function build(): Promise<void> {
  // Module ids are made from paths relative to the working folder.
  process.chdir(root);
  const names = await actionNames();
  await writeEntry(names);
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const files = new Map<string, string | Buffer>();
  for (const [name, content] of await bundle()) files.set(name === "licenses.txt" ? name : `shared/${name}`, content);
  files.set("package.json", `${JSON.stringify({ type: "module" })}\n`);
  for (const name of names) {
    files.set(`${name}/index.js`, stub(name, "main", version));
    files.set(`${name}/post.js`, stub(name, "post", version));
  }
  for (const [name, content] of Object.entries(commands(version))) files.set(name, content);
  // Built beside and moved into place: an action that runs meanwhile never meets half a bundle.
  const fresh = `${dist}.${process.pid}`;
  await writeTree(fresh, files);
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
  if (!process.argv.includes("--no-budget")) await checkBudget(dist);
}

await build();
