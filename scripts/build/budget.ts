import { spawnSync } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { root } from "./action-folders.ts";

/** Every user's runner downloads this repository in every job. */
const DIST_LIMIT = 8_000_000;
const TARBALL_LIMIT = 3_000_000;

export interface DistSizes {
  /** Bytes of all files. */
  readonly dist: number;
  /** Bytes of the repository as tar and gzip, as the runner downloads it: without what `.gitattributes` leaves out. */
  readonly tarball: number;
  readonly files: number;
}

export async function distSizes(dist: string): Promise<DistSizes> {
  const entries = await readdir(dist, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return { dist: sizes.reduce((sum, size) => sum + size, 0), tarball: tarballSize(dist), files: files.length };
}

/** The whole repository with this `dist/` in place of the committed one; outside a clone, `dist/` alone. */
function tarballSize(dist: string): number {
  const options = { cwd: root, maxBuffer: 64 * 1_024 * 1_024 };
  const listed = spawnSync("git", ["ls-files", "-z", "--", ".", ":!dist", ":(exclude,attr:export-ignore)"], options);
  const others = listed.status === 0 ? listed.stdout : Buffer.alloc(0);
  const args = ["-cz", "--ignore-failed-read", "--null", "-T", "-", "-C", dirname(dist), basename(dist)];
  const tar = spawnSync("tar", args, { ...options, input: others });
  if (tar.status !== 0) throw new Error(`tar failed: ${tar.stderr.toString()}`);
  return tar.stdout.length;
}

/** Throws when `dist/` has outgrown what every user should pay. */
export async function checkBudget(dist: string): Promise<void> {
  const sizes = await distSizes(dist);
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
  console.log(
    `dist ${mb(sizes.dist)} of ${mb(DIST_LIMIT)}, tarball ${mb(sizes.tarball)} of ${mb(TARBALL_LIMIT)}, ${sizes.files} files`,
  );
  if (sizes.dist > DIST_LIMIT || sizes.tarball > TARBALL_LIMIT) throw new Error("dist/ is over its budget");
}
