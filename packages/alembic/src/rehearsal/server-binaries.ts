import { execFile } from "node:child_process";
import { access, constants, readdir } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Environment } from "../python-environment.ts";

export interface ServerBinaries {
  /** Folder with `initdb` and `postgres`. */
  folder: string;
  /** `16.4`. */
  version: string;
}

const run = promisify(execFile);
/** Where Debian, Ubuntu (GitHub's images too), Red Hat and Homebrew put them: none is on the PATH there. */
const PLACES = ["/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

/** PostgreSQL servers installed on this machine, newest first. */
export async function findServers(env: Environment): Promise<ServerBinaries[]> {
  const onPath = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const installed = await Promise.all(PLACES.map(versionFolders));
  const folders = [...new Set([...onPath, ...installed.flat(), "/usr/pgsql/bin"])];
  const found = await Promise.all(folders.map(serverIn));
  return found
    .filter((server) => server !== undefined)
    .sort((a, b) => Number.parseFloat(b.version) - Number.parseFloat(a.version));
}

async function versionFolders(place: string): Promise<string[]> {
  const names = await readdir(place).catch(() => []);
  return names.filter((name) => /^(postgresql@)?\d+$|^postgresql$/.test(name)).map((name) => join(place, name, "bin"));
}

async function serverIn(folder: string): Promise<ServerBinaries | undefined> {
  try {
    await Promise.all(["initdb", "postgres"].map((name) => access(join(folder, name), constants.X_OK)));
    const { stdout } = await run(join(folder, "postgres"), ["--version"]);
    const version = /(\d+(?:\.\d+)?)/.exec(stdout)?.[1];
    // A command on the PATH may be a link into the real folder, where initdb finds what it needs by itself.
    return version === undefined ? undefined : { folder: dirname(join(folder, "postgres")), version };
  } catch {
    return undefined;
  }
}
