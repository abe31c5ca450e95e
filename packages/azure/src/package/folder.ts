/** A folder as a package: read once to know its content, and once more, compressed in parallel, while it is sent. */
import { createHash } from "node:crypto";
import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import zlib from "node:zlib";
import { DeflateLanes, FINAL_BLOCK, release } from "./deflate-lanes.ts";
import { changedWhilePacked, linksOrSpecials, unreadable } from "./faults.ts";
import { byPath, type PackageFile, timeOfContent } from "./manifest.ts";
import type { ZipItem } from "./zip-writer.ts";

/** Files are read and compressed in blocks of so many bytes, so that memory does not grow with them. */
const BLOCK = 512 * 1024;
/** Blocks compressed at once: as many as the thread pool has threads, so that none waits while this one reads. */
const LANES = 4;
/** Blocks under way or waiting to be sent. */
const AHEAD = 2 * LANES;
/** Bytes of a file that are tasted; smaller files are always compressed. */
const TASTE = 4 * 1024;
const SMALL = 1024;
/** Bits a byte from which content counts as compressed already: 4 KB of random bytes have 7.95, of base64 6.0, of code about 5. */
const RANDOM = 7.8;
/** Milliseconds of reading after which other work gets its turn. */
const TURN = 20;

export interface FolderFile extends PackageFile {
  compressible: boolean;
}

/** Every file of the folder, hashed. Throws `UsageError` for links, special files and what may not be read. */
export async function readFolder(root: string): Promise<FolderFile[]> {
  const entries = listEntries(root, "").sort(byPath);
  const special = entries.filter(({ entry }) => !entry.isFile()).map(({ path }) => path);
  if (special.length > 0) throw linksOrSpecials(root, special);
  const files: FolderFile[] = [];
  const buffer = Buffer.allocUnsafe(BLOCK);
  let turn = performance.now();
  for (const { path } of entries) {
    files.push(hashFile(root, path, buffer));
    if (performance.now() - turn < TURN) continue;
    await setImmediate();
    turn = performance.now();
  }
  return files;
}

interface Listed {
  path: string;
  entry: Dirent;
}

function listEntries(root: string, folder: string): Listed[] {
  return readOrFault(root, folder, () => readdirSync(join(root, folder), { withFileTypes: true })).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? listEntries(root, path) : [{ path, entry }];
  });
}

/** Reads synchronously: for thousands of small files in the page cache it takes a quarter of the time of going through the thread pool. */
function hashFile(root: string, path: string, buffer: Buffer): FolderFile {
  return readOrFault(root, path, () => {
    const file = openSync(join(root, path), constants.O_RDONLY);
    try {
      const hash = createHash("sha256");
      let crc32 = 0;
      let size = 0;
      let compressible = true;
      for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
        const block = buffer.subarray(0, read);
        if (size === 0) compressible = isCompressible(block);
        hash.update(block);
        crc32 = zlib.crc32(block, crc32);
        size += read;
      }
      return {
        path,
        size,
        crc32,
        sha256: hash.digest("hex"),
        executable: (fstatSync(file).mode & 0o100) !== 0,
        compressible,
      };
    } finally {
      closeSync(file);
    }
  });
}

function readOrFault<Result>(root: string, path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    if (code === "EACCES" || code === "EPERM") throw unreadable(root, [path === "" ? "the folder" : path], code);
    if (code === "ENOENT") throw changedWhilePacked(root, path);
    throw error;
  }
}

/** A part of a file, and its data on the way through the thread pool. */
interface Block {
  file: FolderFile;
  last: boolean;
  data: Promise<Buffer[]>;
}

/** The files as entries of a zip, compressed some blocks ahead of the one that is asked for, in order. */
export async function* packFolder(
  root: string,
  files: readonly FolderFile[],
): AsyncGenerator<ZipItem, void, undefined> {
  const lanes = new DeflateLanes(LANES, BLOCK);
  yield* itemsOf(ahead(blocksOf(root, files, lanes), AHEAD));
}

async function* itemsOf(blocks: AsyncGenerator<Block, void, undefined>): AsyncGenerator<ZipItem, void, undefined> {
  for (let next = await blocks.next(); !next.done; next = await blocks.next()) {
    const { file, last } = next.value;
    const data = await next.value.data;
    const method = file.compressible ? ("deflate" as const) : ("store" as const);
    const head = { ...file, method, time: timeOfContent(file.sha256) };
    const known = last ? data.reduce((total, chunk) => total + chunk.length, 0) : undefined;
    yield {
      head,
      compressedSize: file.compressible ? known : file.size,
      data: released(last ? data : remainder(data, blocks)),
    };
  }
}

/** Gives a chunk's memory back when the next is asked for, instead of leaving the whole package to the collector. */
async function* released(chunks: Iterable<Buffer> | AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield chunk;
    release(chunk);
  }
}

async function* remainder(start: Buffer[], blocks: AsyncGenerator<Block, void, undefined>): AsyncGenerator<Buffer> {
  yield* start;
  for (let next = await blocks.next(); !next.done; next = await blocks.next()) {
    yield* await next.value.data;
    if (next.value.last) return;
  }
}

/** Keeps `count` blocks under way while the first is waited for. */
async function* ahead(source: Iterator<Block>, count: number): AsyncGenerator<Block, void, undefined> {
  const waiting: Block[] = [];
  for (;;) {
    while (waiting.length < count) {
      const next = source.next();
      if (next.done) break;
      // A rejection is met when its turn comes.
      next.value.data.catch(() => undefined);
      waiting.push(next.value);
    }
    const first = waiting.shift();
    if (first === undefined) return;
    yield first;
  }
}

function* blocksOf(root: string, files: readonly FolderFile[], lanes: DeflateLanes): Generator<Block, void, undefined> {
  for (const file of files) {
    const check = checkUnchanged(root, file);
    let offset = 0;
    do {
      const length = Math.min(BLOCK, file.size - offset);
      const last = offset + length >= file.size;
      yield { file, last, data: blockData(root, file, { offset, length, last }, lanes, check) };
      offset += length;
    } while (offset < file.size);
  }
}

interface Range {
  offset: number;
  length: number;
  last: boolean;
}

async function blockData(
  root: string,
  file: FolderFile,
  range: Range,
  lanes: DeflateLanes,
  check: (block: Buffer, last: boolean) => void,
): Promise<Buffer[]> {
  const read = (buffer: Buffer) => {
    const block = readBlock(root, file, range, buffer);
    check(block, range.last);
    return block;
  };
  if (!file.compressible) return [read(Buffer.allocUnsafeSlow(range.length))];
  const data = await lanes.compress(read);
  return range.last ? [data, FINAL_BLOCK] : [data];
}

function readBlock(root: string, file: FolderFile, { offset, length }: Range, buffer: Buffer): Buffer {
  return readOrFault(root, file.path, () => {
    const handle = openSync(join(root, file.path), constants.O_RDONLY);
    try {
      const read = length === 0 ? 0 : readSync(handle, buffer, 0, length, offset);
      if (read !== length) throw changedWhilePacked(root, file.path);
      return buffer.subarray(0, read);
    } finally {
      closeSync(handle);
    }
  });
}

/** Blocks of one file come in order; the last shows whether the content is still what was hashed. */
function checkUnchanged(root: string, file: FolderFile): (block: Buffer, last: boolean) => void {
  let crc32 = 0;
  return (block, last) => {
    crc32 = zlib.crc32(block, crc32);
    if (last && crc32 !== file.crc32) throw changedWhilePacked(root, file.path);
  };
}

/** A taste of the start tells images, fonts and archives, which only cost time to compress: their bytes are all alike often. */
function isCompressible(start: Buffer): boolean {
  if (start.length < SMALL) return true;
  const taste = start.subarray(0, TASTE);
  return entropy(taste) < RANDOM;
}

/** Shannon's entropy in bits a byte. A trial compression would tell more and takes ten times as long. */
function entropy(bytes: Buffer): number {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  return bits;
}
