/** The package input: a folder or a zip, read and validated, ready to be labelled and sent as often as needed. */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import zlib from "node:zlib";
import type { Upload } from "../http.ts";
import * as faults from "./faults.ts";
import { type FolderFile, packFolder, readFolder } from "./folder.ts";
import { contentHash, type PackageFile, RELEASE_FILE, timeOfContent } from "./manifest.ts";
import { decodeReleaseFile, encodeReleaseFile, type ReleaseFile } from "./release-file.ts";
import { readEntry, readZip, repackZip, type ZipFile } from "./zip.ts";
import { writeZip, type ZipItem, zipLength } from "./zip-writer.ts";

export interface Package {
  path: string;
  kind: "folder" | "zip";
  /** sha256 of what it contains, the release file aside. */
  content: string;
  /** Without the release file. */
  files: readonly PackageFile[];
  /** Uncompressed. */
  bytes: number;
  /** The release file that the given zip already has, as one that was stored does. */
  label: ReleaseFile | undefined;
  /** The zip to send: its bytes are the same every time it is opened. `length` is known for a given zip. */
  labelled(label: ReleaseFile): Upload;
}

/** Reads and validates. Throws `UsageError`; asks nobody and changes nothing. */
export async function readPackage(path: string): Promise<Package> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw faults.missing(path);
  if (!stats.isDirectory() && !stats.isFile()) throw faults.notFolderNorFile(path);
  return stats.isDirectory() ? folderPackage(path) : zipPackage(path);
}

async function folderPackage(path: string): Promise<Package> {
  const files = (await readFolder(path)).filter((file) => file.path !== RELEASE_FILE);
  if (files.length === 0) throw faults.empty(path);
  const common = describe(path, "folder", files);
  await refuseTooLarge(path, common.bytes, files);
  return {
    ...common,
    label: undefined,
    labelled: (label) => ({ open: () => chunked(packLabelled(packFolder(path, files), label)) }),
  };
}

/** What is under the limit before compression needs no counting; what is above is compressed once to know. */
async function refuseTooLarge(path: string, bytes: number, files: readonly FolderFile[]): Promise<void> {
  if (bytes <= faults.PACKAGE_LIMIT) return;
  let size = 0;
  for await (const chunk of writeZip(packFolder(path, files))) size += chunk.length;
  if (size > faults.PACKAGE_LIMIT) throw faults.tooLarge(path, size);
}

async function zipPackage(path: string): Promise<Package> {
  const all = await readZip(path);
  const files = all.filter((file) => file.path !== RELEASE_FILE);
  if (files.length === 0) throw faults.empty(path);
  return {
    ...describe(path, "zip", files),
    label: labelIn(path, all),
    labelled: (label) => ({
      open: () => chunked(packLabelled(repackZip(path, files), label)),
      length: zipLength([...files, { path: RELEASE_FILE, compressedSize: encodeReleaseFile(label).length }]),
    }),
  };
}

function labelIn(path: string, files: readonly ZipFile[]): ReleaseFile | undefined {
  const file = files.find((each) => each.path === RELEASE_FILE);
  return file === undefined ? undefined : decodeReleaseFile(readEntry(path, file).toString("utf8"));
}

function describe(path: string, kind: "folder" | "zip", files: readonly (FolderFile | ZipFile)[]) {
  const bytes = files.reduce((total, { size }) => total + size, 0);
  return { path, kind, content: contentHash(files), files, bytes };
}

/** The release file last: it is known last, and Kudu writes it when all else is there. */
async function* packLabelled(
  items: Iterable<ZipItem> | AsyncIterable<ZipItem>,
  label: ReleaseFile,
): AsyncGenerator<Buffer> {
  async function* all(): AsyncGenerator<ZipItem, void, undefined> {
    yield* items;
    yield labelItem(label);
  }
  yield* writeZip(all());
}

function labelItem(label: ReleaseFile): ZipItem {
  const data = encodeReleaseFile(label);
  const time = timeOfContent(createHash("sha256").update(data).digest("hex"));
  const head = {
    path: RELEASE_FILE,
    crc32: zlib.crc32(data),
    size: data.length,
    method: "store" as const,
    executable: false,
    time,
  };
  return { head, compressedSize: data.length, data: [data] };
}

const CHUNK = 256 * 1024;

/**
 * The same bytes in chunks of one buffer that is used again and again: what passes through leaves nothing to the
 * collector, however large the package is. What comes in may use its buffers again too.
 */
async function* chunked(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(CHUNK);
  let filled = 0;
  for await (const piece of pieces) {
    for (let done = 0; done < piece.length; ) {
      const copied = piece.copy(buffer, filled, done);
      done += copied;
      filled += copied;
      if (filled < CHUNK) continue;
      yield buffer;
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}
