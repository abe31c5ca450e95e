/**
 * Writes a zip as a stream, from entries whose data is compressed already. No library is used here: the one at hand that
 * streams compresses one entry after the other, and none can take over an entry of another zip as it is. Format:
 * PKWARE APPNOTE 6.3.3, sections 4.3 and 4.4.
 */
export interface ZipEntryHead {
  /** Relative, with `/`, UTF-8. */
  path: string;
  crc32: number;
  /** Uncompressed bytes. */
  size: number;
  method: "store" | "deflate";
  executable: boolean;
  /** MS-DOS date and time, date in the upper half. */
  time: number;
}

export interface ZipItem {
  head: ZipEntryHead;
  /** Undefined: known only when all data has passed; a data descriptor follows it. */
  compressedSize: number | undefined;
  data: Iterable<Buffer> | AsyncIterable<Buffer>;
}

interface Written {
  head: ZipEntryHead;
  compressedSize: number;
  offset: number;
  described: boolean;
}

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const LOCAL_BYTES = 30;
const DESCRIPTOR_BYTES = 16;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const END_64_BYTES = 76;
const UTF8_NAME = 0x0800;
const SIZE_FOLLOWS = 0x0008;
const UNIX = 3;
/** Version 2.0: deflate; more is not needed. */
const VERSION = 20;
const MOST_ENTRIES = 0xffff;

/** The zip's bytes, in order. Holds one small record per entry and none of the data. */
export async function* writeZip(
  items: Iterable<ZipItem> | AsyncIterable<ZipItem>,
): AsyncGenerator<Buffer, void, undefined> {
  const written: Written[] = [];
  let offset = 0;
  for await (const { head, compressedSize, data } of items) {
    const start = offset;
    const described = compressedSize === undefined;
    const local = localHeader(head, compressedSize);
    yield local;
    let size = 0;
    for await (const chunk of data) {
      size += chunk.length;
      yield chunk;
    }
    if (described) yield descriptor(head, size);
    offset += local.length + size + (described ? DESCRIPTOR_BYTES : 0);
    written.push({ head, compressedSize: size, offset: start, described });
  }
  yield directory(written, offset);
}

/** Bytes of the zip that `writeZip` makes of entries whose compressed sizes are known. */
export function zipLength(entries: Iterable<{ path: string; compressedSize: number }>): number {
  let total = END_BYTES;
  let count = 0;
  for (const { path, compressedSize } of entries) {
    total += LOCAL_BYTES + CENTRAL_BYTES + 2 * Buffer.byteLength(path) + compressedSize;
    count += 1;
  }
  return total + (count > MOST_ENTRIES ? END_64_BYTES : 0);
}

function localHeader(head: ZipEntryHead, compressedSize: number | undefined): Buffer {
  const name = Buffer.from(head.path);
  const buffer = Buffer.alloc(LOCAL_BYTES + name.length);
  buffer.writeUInt32LE(LOCAL, 0);
  buffer.writeUInt16LE(VERSION, 4);
  writeCommon(buffer, 6, head, compressedSize === undefined, compressedSize ?? 0);
  buffer.writeUInt16LE(name.length, 26);
  name.copy(buffer, LOCAL_BYTES);
  return buffer;
}

/** Flags, method, time, checksum and sizes: the same run of fields in both headers. */
function writeCommon(buffer: Buffer, at: number, head: ZipEntryHead, described: boolean, compressedSize: number): void {
  buffer.writeUInt16LE(UTF8_NAME | (described ? SIZE_FOLLOWS : 0), at);
  buffer.writeUInt16LE(head.method === "deflate" ? 8 : 0, at + 2);
  buffer.writeUInt32LE(head.time, at + 4);
  const local = buffer.readUInt32LE(0) === LOCAL;
  if (local && described) return;
  buffer.writeUInt32LE(head.crc32, at + 8);
  buffer.writeUInt32LE(compressedSize, at + 12);
  buffer.writeUInt32LE(head.size, at + 16);
}

function descriptor(head: ZipEntryHead, compressedSize: number): Buffer {
  const buffer = Buffer.alloc(DESCRIPTOR_BYTES);
  buffer.writeUInt32LE(DESCRIPTOR, 0);
  buffer.writeUInt32LE(head.crc32, 4);
  buffer.writeUInt32LE(compressedSize, 8);
  buffer.writeUInt32LE(head.size, 12);
  return buffer;
}

function directory(written: readonly Written[], offset: number): Buffer {
  const records = written.map(centralHeader);
  const size = records.reduce((total, record) => total + record.length, 0);
  const end = endRecords(written.length, size, offset);
  return Buffer.concat([...records, ...end]);
}

function centralHeader({ head, compressedSize, offset, described }: Written): Buffer {
  const name = Buffer.from(head.path);
  const buffer = Buffer.alloc(CENTRAL_BYTES + name.length);
  buffer.writeUInt32LE(CENTRAL, 0);
  buffer.writeUInt16LE((UNIX << 8) | VERSION, 4);
  buffer.writeUInt16LE(VERSION, 6);
  writeCommon(buffer, 8, head, described, compressedSize);
  buffer.writeUInt16LE(name.length, 28);
  buffer.writeUInt32LE((head.executable ? 0o100755 : 0o100644) * 0x10000, 38);
  buffer.writeUInt32LE(offset, 42);
  name.copy(buffer, CENTRAL_BYTES);
  return buffer;
}

function endRecords(count: number, size: number, offset: number): Buffer[] {
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(Math.min(count, MOST_ENTRIES), 8);
  end.writeUInt16LE(Math.min(count, MOST_ENTRIES), 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return count > MOST_ENTRIES ? [endRecord64(count, size, offset), end] : [end];
}

function endRecord64(count: number, size: number, offset: number): Buffer {
  const buffer = Buffer.alloc(END_64_BYTES);
  buffer.writeUInt32LE(END_64, 0);
  buffer.writeBigUInt64LE(44n, 4);
  buffer.writeUInt16LE(45, 12);
  buffer.writeUInt16LE(45, 14);
  buffer.writeBigUInt64LE(BigInt(count), 24);
  buffer.writeBigUInt64LE(BigInt(count), 32);
  buffer.writeBigUInt64LE(BigInt(size), 40);
  buffer.writeBigUInt64LE(BigInt(offset), 48);
  buffer.writeUInt32LE(LOCATOR_64, 56);
  buffer.writeBigUInt64LE(BigInt(offset + size), 64);
  buffer.writeUInt32LE(1, 72);
  return buffer;
}
