/** A given zip as a package: validated and hashed before anything is sent, then sent entry by entry without recompressing. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import zlib from "node:zlib";
import type { Entry } from "yauzl";
import * as faults from "./faults.ts";
import { Inflater } from "./inflater.ts";
import { byPath, type PackageFile, timeOfContent } from "./manifest.ts";
import { type Listed, listEntries, methodOf, modeOf, validate } from "./zip-entries.ts";
import type { ZipItem } from "./zip-writer.ts";

export interface ZipFile extends PackageFile {
  method: "store" | "deflate";
  compressedSize: number;
  /** Where its compressed data starts in the zip. */
  start: number;
}

const BLOCK = 256 * 1024;
/** Most bytes of an entry that is read as a whole: the release file. */
const SMALL = 64 * 1024;
const TURN = 20;
const LOCAL_HEADER = 30;

/** Every file of the zip, its checksum verified. Throws `UsageError` for each way in which a zip can be wrong. */
export async function readZip(path: string): Promise<ZipFile[]> {
  const { size } = statSync(path);
  if (size > faults.PACKAGE_LIMIT) throw faults.tooLarge(path, size);
  const handle = openOrFault(path);
  try {
    const listed = await listEntries(path, handle, size);
    const files = listed.filter(({ path: name }) => !name.endsWith("/"));
    validate(path, files);
    return await hashAll(path, handle, files, size);
  } finally {
    closeSync(handle);
  }
}

function openOrFault(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw code === "EACCES" || code === "EPERM" ? faults.unreadable(path, ["the file"], code) : error;
  }
}

async function hashAll(path: string, handle: number, listed: readonly Listed[], size: number): Promise<ZipFile[]> {
  const files: ZipFile[] = [];
  const reader = new ContentReader(handle);
  let turn = performance.now();
  try {
    for (const each of listed) {
      files.push(await hashEntry(path, reader, each, size));
      if (performance.now() - turn < TURN) continue;
      await setImmediate();
      turn = performance.now();
    }
  } finally {
    reader.close();
  }
  return files.sort(byPath);
}

async function hashEntry(
  path: string,
  reader: ContentReader,
  { entry, path: name }: Listed,
  size: number,
): Promise<ZipFile> {
  const start = dataStart(path, reader.handle, entry);
  const stored = { start, method: methodOf(entry) ?? "store", compressedSize: entry.compressedSize };
  if (start + entry.compressedSize > size) throw faults.truncated(path, `"${name}" ends after the file does`);
  const hash = createHash("sha256");
  let crc32 = 0;
  let read = 0;
  const take = (chunk: Buffer) => {
    hash.update(chunk);
    crc32 = zlib.crc32(chunk, crc32);
    read += chunk.length;
  };
  try {
    await reader.read(stored, take);
  } catch (error) {
    throw faults.truncated(path, `"${name}" cannot be unpacked (${error instanceof Error ? error.message : error})`);
  }
  if (crc32 !== entry.crc32 || read !== entry.uncompressedSize)
    throw faults.truncated(path, `"${name}" does not match its checksum`);
  return {
    path: name,
    size: read,
    crc32,
    sha256: hash.digest("hex"),
    executable: (modeOf(entry) & 0o100) !== 0,
    ...stored,
  };
}

/** Reads the content of entries through one buffer and one decompressor. */
class ContentReader {
  readonly handle: number;
  readonly #buffer = Buffer.allocUnsafeSlow(BLOCK);
  readonly #inflater = new Inflater();

  constructor(handle: number) {
    this.handle = handle;
  }

  async read(
    stored: Pick<ZipFile, "start" | "method" | "compressedSize">,
    take: (chunk: Buffer) => void,
  ): Promise<void> {
    const blocks = rawBlocks(this.handle, stored, this.#buffer);
    if (stored.method === "deflate") return this.#inflater.inflate(blocks, take);
    for (const block of blocks) take(block);
  }

  close(): void {
    this.#inflater.close();
  }
}

function dataStart(path: string, handle: number, entry: Entry): number {
  const header = Buffer.alloc(LOCAL_HEADER);
  const read = readSync(handle, header, 0, LOCAL_HEADER, entry.relativeOffsetOfLocalHeader);
  if (read < LOCAL_HEADER || header.readUInt32LE(0) !== 0x04034b50)
    throw faults.truncated(path, "an entry is not where the directory says");
  return entry.relativeOffsetOfLocalHeader + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** The entry's bytes as they lie in the zip; each block overwrites the one before. */
function* rawBlocks(
  handle: number,
  { start, compressedSize }: Pick<ZipFile, "start" | "compressedSize">,
  buffer: Buffer,
): Generator<Buffer, void, undefined> {
  for (let done = 0; done < compressedSize; ) {
    const length = Math.min(BLOCK, compressedSize - done);
    const read = readSync(handle, buffer, 0, length, start + done);
    if (read === 0) throw new Error("the file ends early");
    yield buffer.subarray(0, read);
    done += read;
  }
}

/** The content of one small entry. */
export function readEntry(path: string, { start, compressedSize, method }: ZipFile): Buffer {
  const handle = openSync(path, "r");
  try {
    const data = Buffer.alloc(compressedSize);
    readSync(handle, data, 0, compressedSize, start);
    return method === "store" ? data : zlib.inflateRawSync(data, { maxOutputLength: SMALL });
  } finally {
    closeSync(handle);
  }
}

/** The files as entries of a new zip: data as it is, headers and times made anew. A chunk is valid until the next is asked for. */
export function* repackZip(path: string, files: readonly ZipFile[]): Generator<ZipItem, void, undefined> {
  const handle = openSync(path, "r");
  try {
    const buffer = Buffer.allocUnsafeSlow(BLOCK);
    for (const file of files) {
      const head = { ...file, time: timeOfContent(file.sha256) };
      yield { head, compressedSize: file.compressedSize, data: rawBlocks(handle, file, buffer) };
    }
  } finally {
    closeSync(handle);
  }
}
