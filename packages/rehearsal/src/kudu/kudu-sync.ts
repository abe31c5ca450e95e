import { lstat, mkdir, readdir, readlink, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface SyncResult {
  copied: string[];
  deleted: string[];
  /** Left alone because time and size are the same. */
  unchanged: number;
}

export interface SyncOptions {
  /** A scratch folder: what is copied is taken out of it. */
  from: string;
  to: string;
  /** What may be deleted in `to` when `from` has it not: everything, nothing, or the files named (an earlier manifest). */
  deletes: "all" | "nothing" | ReadonlySet<string>;
  /** Copies even what looks unchanged. */
  always: boolean;
  signal: AbortSignal;
}

/**
 * Brings a directory to the state of another, in place, while the app runs. A file with the same modification time and
 * size counts as the same, whatever is in it.
 */
export async function kuduSync(options: SyncOptions): Promise<SyncResult> {
  const wanted = await filesBelow(options.from);
  const result: SyncResult = { copied: [], deleted: [], unchanged: 0 };
  for (const path of wanted) {
    if (options.signal.aborted) return result;
    const [from, to] = [join(options.from, path), join(options.to, path)];
    if (!options.always && (await looksSame(from, to))) result.unchanged += 1;
    else {
      await move(from, to);
      result.copied.push(path);
    }
  }
  await deleteOthers(options, new Set(wanted), result);
  return result;
}

async function deleteOthers(options: SyncOptions, wanted: Set<string>, result: SyncResult): Promise<void> {
  if (options.deletes === "nothing") return;
  for (const path of await filesBelow(options.to)) {
    if (options.signal.aborted) return;
    if (wanted.has(path) || (options.deletes !== "all" && !options.deletes.has(path))) continue;
    await rm(join(options.to, path), { force: true });
    result.deleted.push(path);
  }
}

/** Paths of all files and links below a directory, relative, sorted; none when it does not exist. */
export async function filesBelow(directory: string, below = ""): Promise<string[]> {
  const entries = await readdir(join(directory, below), { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(directory, path)));
    else found.push(path);
  }
  return found.sort();
}

async function looksSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([lstat(one), lstat(other).catch(() => undefined)]);
  if (b === undefined || a.isSymbolicLink() !== b.isSymbolicLink()) return false;
  if (a.isSymbolicLink()) return (await readlink(one)) === (await readlink(other));
  return a.size === b.size && Math.floor(a.mtimeMs / 1000) === Math.floor(b.mtimeMs / 1000);
}

/** The source is scratch: moving is quicker than copying, and a process that has the old file open keeps it whole. */
async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to).catch(async () => {
    await rm(to, { force: true, recursive: true });
    await rename(from, to);
  });
}
