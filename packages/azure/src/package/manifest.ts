/** What a package contains, as one hash: the same for a folder and for any zip of it, whoever zipped it and when. */
import { createHash } from "node:crypto";

export interface PackageFile {
  /** Relative, with `/`. */
  path: string;
  /** Bytes. */
  size: number;
  crc32: number;
  /** Of the content, hexadecimal. */
  sha256: string;
  executable: boolean;
}

/** The file that labels a release, inside the package itself, so that it travels with every swap. */
export const RELEASE_FILE = "augeo-release.json";

/** sha256 over one line per file, in order of path; the release file is not part of the content. */
export function contentHash(files: Iterable<PackageFile>): string {
  const lines = [...files]
    .filter(({ path }) => path !== RELEASE_FILE)
    .sort(byPath)
    .map(({ path, sha256, executable }) => `${sha256} ${executable ? "x" : "-"} ${path}\n`);
  return createHash("sha256").update(lines.join("")).digest("hex");
}

/** By code unit: the same order on every machine. */
export function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

const FIRST_YEAR = 1981;
const YEARS = 40;
const MONTHS = 12;
const DAYS = 28;
const TWO_SECONDS = 24 * 60 * 30;

/**
 * An entry's time as MS-DOS date and time, made from its content: Kudu copies a file when its time differs from the one
 * that is there, so equal content is left alone and changed content is copied, which a build's clock cannot promise.
 * All days exist in every month; about 580 million different times.
 */
export function timeOfContent(sha256: string): number {
  let rest = Number.parseInt(sha256.slice(0, 12), 16);
  const take = (choices: number) => {
    const taken = rest % choices;
    rest = Math.floor(rest / choices);
    return taken;
  };
  const tick = take(TWO_SECONDS);
  const day = take(DAYS) + 1;
  const month = take(MONTHS) + 1;
  const year = take(YEARS) + FIRST_YEAR;
  const date = ((year - 1980) << 9) | (month << 5) | day;
  const time = (Math.floor(tick / 1800) << 11) | (Math.floor((tick % 1800) / 30) << 5) | (tick % 30);
  return date * 0x10000 + time;
}
