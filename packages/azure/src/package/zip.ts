/** A given zip as a package: validated and hashed before anything is sent, then sent entry by entry without recompressing. */
import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import zlib from "node:zlib";
import { type Entry, fromFdPromise, getFileNameLowLevel, parseExtraFields, validateFileName } from "yauzl";
import * as faults from "./faults.ts";
import { byPath, type PackageFile, timeOfContent } from "./manifest.ts";
import type { ZipItem } from "./zip-writer.ts";

export interface ZipFile extends PackageFile {
  method: "store" | "deflate";
  compressedSize: number;
  /** Where its compressed data starts in the zip. */
  start: number;
}

const BLOCK = 256 * 1024;
/** Entries up to so many bytes are inflated at once, larger ones as a stream. */
const AT_ONCE = 1024 * 1024;
const TURN = 20;
const LOCAL_HEADER = 30;
const METHODS = new Map([
  [0, "store"],
  [8, "deflate"],
] as const);

interface Listed {
  entry: Entry;
  path: string;
}

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

async function listEntries(path: string, handle: number, size: number): Promise<Listed[]> {
  if (size === 0) throw faults.empty(path);
  try {
    const zip = await fromFdPromise(handle, { autoClose: false, decodeStrings: false });
    const listed: Listed[] = [];
    for await (const entry of zip.eachEntry()) listed.push({ entry, path: nameOf(entry) });
    return listed;
  } catch (error) {
    throw notReadable(path, handle, error);
  }
}

function nameOf(entry: Entry): string {
  const raw: unknown = entry.fileName;
  if (!Buffer.isBuffer(raw)) return String(raw);
  return getFileNameLowLevel(entry.generalPurposeBitFlag, raw, parseExtraFields(entry.extraFieldRaw), false);
}

const OTHER_FORMATS: readonly [RegExp, string][] = [
  [/^1f8b/, ", but gzip data, such as a .tar.gz"],
  [/^377abcaf/, ", but a 7z archive"],
  [/^52617221/, ", but a RAR archive"],
  [/^3c/, ", but looks like HTML or XML, such as the error page of a download"],
  [/^7b/, ", but looks like JSON"],
];

function notReadable(path: string, handle: number, error: unknown): Error {
  const start = Buffer.alloc(4);
  readSync(handle, start, 0, 4, 0);
  if (start.readUInt32LE(0) === 0x04034b50)
    return faults.truncated(path, error instanceof Error ? error.message : String(error));
  const found = OTHER_FORMATS.find(([magic]) => magic.test(start.toString("hex")));
  return faults.notAZip(path, found?.[1] ?? "");
}

function validate(path: string, files: readonly Listed[]): void {
  const named = (test: (listed: Listed) => boolean) => files.filter(test).map((each) => each.path);
  const report = (names: string[], fault: (path: string, names: readonly string[]) => Error) => {
    if (names.length > 0) throw fault(path, names);
  };
  if (files.length === 0) throw faults.empty(path);
  report(
    named(({ path: name }) => name.includes("\\") || validateFileName(name) !== null),
    faults.climbsOut,
  );
  report(
    named(({ entry }) => isSpecial(entry)),
    faults.linksOrSpecials,
  );
  report(
    named(({ entry }) => (entry.generalPurposeBitFlag & 1) !== 0),
    faults.encrypted,
  );
  report(
    named(({ entry }) => methodOf(entry) === undefined),
    faults.unknownMethod,
  );
  report(repeated(files.map((each) => each.path)), faults.duplicates);
  const folder = onlyFolder(files.map((each) => each.path));
  if (folder !== undefined) throw faults.singleFolder(path, folder);
}

function methodOf(entry: Entry): "store" | "deflate" | undefined {
  const method = entry.compressionMethod;
  return method === 0 || method === 8 ? METHODS.get(method) : undefined;
}

/** The Unix mode, for zips made on a system that has one. */
function modeOf(entry: Entry): number {
  return entry.versionMadeBy >> 8 === 3 ? entry.externalFileAttributes >>> 16 : 0;
}

function isSpecial(entry: Entry): boolean {
  const type = modeOf(entry) & 0o170000;
  return type !== 0 && type !== 0o100000;
}

function repeated(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.filter((name) => seen.size === seen.add(name).size);
}

function onlyFolder(names: readonly string[]): string | undefined {
  const tops = new Set(names.map((name) => (name.includes("/") ? name.slice(0, name.indexOf("/")) : "")));
  const [top] = tops;
  return tops.size === 1 && top !== "" ? top : undefined;
}

async function hashAll(path: string, handle: number, listed: readonly Listed[], size: number): Promise<ZipFile[]> {
  const files: ZipFile[] = [];
  let turn = performance.now();
  for (const each of listed) {
    files.push(await hashEntry(path, handle, each, size));
    if (performance.now() - turn < TURN) continue;
    await setImmediate();
    turn = performance.now();
  }
  return files.sort(byPath);
}

async function hashEntry(path: string, handle: number, { entry, path: name }: Listed, size: number): Promise<ZipFile> {
  const start = dataStart(path, handle, entry);
  const method = methodOf(entry) ?? "store";
  if (start + entry.compressedSize > size) throw faults.truncated(path, `"${name}" ends after the file does`);
  const hash = createHash("sha256");
  let crc32 = 0;
  let read = 0;
  try {
    for await (const chunk of contentOf(path, handle, {
      start,
      method,
      compressedSize: entry.compressedSize,
      size: entry.uncompressedSize,
    })) {
      hash.update(chunk);
      crc32 = zlib.crc32(chunk, crc32);
      read += chunk.length;
    }
  } catch (error) {
    throw faults.truncated(path, `"${name}" cannot be unpacked (${error instanceof Error ? error.message : error})`);
  }
  if (crc32 !== entry.crc32 || read !== entry.uncompressedSize)
    throw faults.truncated(path, `"${name}" does not match its checksum`);
  const executable = (modeOf(entry) & 0o100) !== 0;
  return {
    path: name,
    size: read,
    crc32,
    sha256: hash.digest("hex"),
    executable,
    method,
    compressedSize: entry.compressedSize,
    start,
  };
}

function dataStart(path: string, handle: number, entry: Entry): number {
  const header = Buffer.alloc(LOCAL_HEADER);
  const read = readSync(handle, header, 0, LOCAL_HEADER, entry.relativeOffsetOfLocalHeader);
  if (read < LOCAL_HEADER || header.readUInt32LE(0) !== 0x04034b50)
    throw faults.truncated(path, "an entry is not where the directory says");
  return entry.relativeOffsetOfLocalHeader + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** Compressed bytes of the one entry that is inflated at once: reading is synchronous, so one buffer does. */
const scratch = Buffer.allocUnsafeSlow(AT_ONCE);

type Stored = Pick<ZipFile, "start" | "method" | "compressedSize" | "size">;

function contentOf(path: string, handle: number, stored: Stored): Iterable<Buffer> | AsyncIterable<Buffer> {
  if (stored.method === "store") return rawBlocks(handle, stored, scratch.subarray(0, BLOCK));
  if (stored.compressedSize > AT_ONCE || stored.size > 4 * AT_ONCE) {
    const end = stored.start + stored.compressedSize - 1;
    return createReadStream(path, { start: stored.start, end }).pipe(zlib.createInflateRaw({ chunkSize: BLOCK }));
  }
  const compressed = scratch.subarray(0, readSync(handle, scratch, 0, stored.compressedSize, stored.start));
  const chunkSize = Math.max(64, stored.size);
  return [zlib.inflateRawSync(compressed, { maxOutputLength: chunkSize, chunkSize })];
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
    return method === "store" ? data : zlib.inflateRawSync(data, { maxOutputLength: AT_ONCE });
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
