/**
 * `npm run pack:npm -- FOLDER`: what goes to npm, as two folders to publish. `deploy` is `@augeo/deploy`: the bundle and
 * what `init` writes from, with nothing to install beside it, since everything is in the bundle already. `augeo-gate`
 * only starts it: `npx augeo-gate` asks npm for a package of that name, and it should be ours.
 */
import { chmod, copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { root } from "./build/action-folders.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Name the folder: npm run pack:npm -- FOLDER");
const target = resolve(folder);

const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
const { name, version, description, license, type, repository, bin, files, engines } = manifest;
const shared = { version, license, type, repository, engines };

async function writePackage(path: string, fields: Record<string, unknown>): Promise<string> {
  const at = join(target, path);
  await mkdir(at, { recursive: true });
  await writeFile(join(at, "package.json"), `${JSON.stringify(fields, undefined, 2)}\n`);
  await copyFile(join(root, "LICENSE"), join(at, "LICENSE"));
  return at;
}

const deploy = await writePackage("deploy", { name, description, ...shared, bin, files });
for (const file of [...files, "README.md"]) await cp(join(root, file), join(deploy, file), { recursive: true });

const starter = await writePackage("augeo-gate", {
  name: "augeo-gate",
  description: "Judges Alembic migrations before production does: the migration gate of @augeo/deploy as a command.",
  ...shared,
  bin: { "augeo-gate": "augeo-gate.js" },
  dependencies: { [name]: version },
});
await writeFile(join(starter, "augeo-gate.js"), `#!/usr/bin/env node\nimport "${name}/${bin["augeo-gate"]}";\n`);
await chmod(join(starter, "augeo-gate.js"), 0o755);
await copyFile(join(root, "docs/reference/augeo-gate.md"), join(starter, "README.md"));
