import { spawnSync } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Every user's runner downloads this repository in every job. */
const DIST_LIMIT = 8_000_000;
const TARBALL_LIMIT = 3_000_000;

export interface DistSizes {
  /** Bytes of all files. */
  readonly dist: number;
  /** Bytes of the folder as tar and gzip, as the runner downloads it. */
  readonly tarball: number;
  readonly files: number;
}

export async function distSizes(dist: string): Promise<DistSizes> {
  const entries = await readdir(dist, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return { dist: sizes.reduce((sum, size) => sum + size, 0), tarball: tarballSize(dist), files: files.length };
}

function tarballSize(dist: string): number {
  const tar = spawnSync("tar", ["-czf", "-", "-C", dirname(dist), basename(dist)], { maxBuffer: 64 * 1_024 * 1_024 });
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
