import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Entry, openPromise } from "yauzl";
import {
  contentHash,
  decodeReleaseFile,
  encodeReleaseFile,
  type PackageFile,
  RELEASE_FILE,
  readPackage,
  timeOfContent,
  writePackage,
} from "../../../packages/azure/src/index.ts";
import { writeZip, zipLength } from "../../../packages/azure/src/package/zip-writer.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import fc from "../../support/properties.ts";

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder("package");
});
afterAll(() => folder.remove());

const at = (name: string) => join(folder.path, name);
const label = (content: string, release = "r1") => ({ release, commit: "c".repeat(40), content, schemaHead: null });

async function write(name: string, files: Record<string, string | Buffer>): Promise<string> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(join(at(name), file, ".."), { recursive: true });
    await writeFile(join(at(name), file), content);
  }
  return at(name);
}

async function pack(path: string, to: string, release = "r1") {
  const read = await readPackage(path);
  return { read, ...(await writePackage(read.labelled(label(read.content, release)), at(to))) };
}

async function entriesOf(path: string): Promise<Map<string, Entry>> {
  const zip = await openPromise(path);
  const found = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) found.set(String(entry.fileName), entry);
  return found;
}

function unzip(path: string): Record<string, string> {
  const script =
    "import sys,zipfile,json,hashlib\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(json.dumps({n:hashlib.sha256(z.read(n)).hexdigest() for n in z.namelist()}))";
  return JSON.parse(execFileSync("python3", ["-c", script, path], { encoding: "utf8" }));
}

const big = Buffer.alloc(1_300_000, "All work and no play makes a dull package. ");
const noise = Buffer.from(Array.from({ length: 700_000 }, (_, index) => Math.imul(index, 2654435761) >>> (index % 13)));

describe("a packed folder", () => {
  test("is the same bytes whenever, wherever and in whatever order its files were written", async () => {
    const one = await write("one", { "b.py": "b", "a/c.py": "c", "big.txt": big, "noise.bin": noise, "empty.txt": "" });
    const two = await write("two", { "noise.bin": noise, "empty.txt": "", "big.txt": big, "a/c.py": "c", "b.py": "b" });
    await utimes(join(two, "b.py"), 1, 1);
    expect((await pack(one, "one.zip")).sha256).toBe((await pack(two, "two.zip")).sha256);
  });

  test("compresses text and code, and stores what is compressed already", async () => {
    const random = Buffer.concat(
      Array.from({ length: 1_000 }, (_, index) => createHash("sha512").update(String(index)).digest()),
    );
    const files = { "photo.jpg": random, "module.py": "def handler(request): return None\n".repeat(900) };
    const folder = await write("kinds", { ...files, "encoded.txt": random.toString("base64") });
    await pack(folder, "kinds.zip");
    const entries = await entriesOf(at("kinds.zip"));
    const methods = Object.fromEntries([...entries].map(([name, entry]) => [name, entry.compressionMethod]));
    expect(methods).toMatchObject({ "photo.jpg": 0, "module.py": 8, "encoded.txt": 8 });
  });

  test("is the same bytes each time it is opened, whichever compressor a file meets", async () => {
    const word = (index: number) => (Math.imul(index, 2654435761) >>> 16).toString(36);
    const text = (file: number) =>
      Array.from({ length: 6_000 }, (_, index) => word((index * (file + 3)) % (700 + file))).join(" ");
    const files = Object.fromEntries(Array.from({ length: 120 }, (_, file) => [`f${file}.txt`, text(file)]));
    const read = await readPackage(await write("many", files));
    const upload = read.labelled(label(read.content));
    const hashes = new Set<string>();
    for (let time = 0; time < 4; time++) hashes.add((await writePackage(upload, at("many.zip"))).sha256);
    expect(hashes.size).toBe(1);
  });

  test("unpacks to what it was, with the release file added", async () => {
    const path = await write("whole", {
      "b.py": "b",
      "a/c.py": "c",
      "big.txt": big,
      "noise.bin": noise,
      "empty.txt": "",
      "ünïcode ☃.txt": "u",
    });
    const packed = await pack(path, "whole.zip");
    const expected = Object.fromEntries(packed.read.files.map((file) => [file.path, file.sha256]));
    const { [RELEASE_FILE]: release, ...rest } = unzip(at("whole.zip"));
    expect(rest).toEqual(expected);
    expect(release).toBeDefined();
  });

  test("gives each file a time that only its content decides", async () => {
    await pack(await write("before", { "same.py": "same", "changed.py": "one" }), "before.zip");
    await pack(await write("after", { "same.py": "same", "changed.py": "two", "new.py": "same" }), "after.zip");
    const [before, after] = [await entriesOf(at("before.zip")), await entriesOf(at("after.zip"))];
    const time = (entries: Map<string, Entry>, name: string) => {
      const entry = entries.get(name);
      return [entry?.lastModFileDate, entry?.lastModFileTime];
    };
    expect(time(after, "same.py")).toEqual(time(before, "same.py"));
    expect(time(after, "new.py")).toEqual(time(before, "same.py"));
    expect(time(after, "changed.py")).not.toEqual(time(before, "changed.py"));
    expect(time(after, RELEASE_FILE)).not.toEqual(time(before, RELEASE_FILE));
  });

  test("keeps who may run a file, and that is part of the content", async () => {
    const path = await write("runs", { "start.sh": "#!/bin/sh\n" });
    const plain = await readPackage(path);
    await chmod(join(path, "start.sh"), 0o755);
    const packed = await pack(path, "runs.zip");
    expect(packed.read.content).not.toBe(plain.content);
    expect(((await entriesOf(at("runs.zip"))).get("start.sh")?.externalFileAttributes ?? 0) >>> 16).toBe(0o100755);
  });

  test("that changes while it is sent is an error and not a wrong package", async () => {
    const path = await write("moving", { "app.py": "one" });
    const read = await readPackage(path);
    await writeFile(join(path, "app.py"), "two");
    await expect(writePackage(read.labelled(label(read.content)), at("moving.zip"))).rejects.toMatchObject({
      name: "UsageError",
      why: expect.stringContaining('"app.py" changed while the package was read'),
    });
  });
});

describe("a given zip", () => {
  test("has the content hash of the folder it was made from, and keeps its data as it is", async () => {
    const path = await write("source", { "app.py": "print(1)\n".repeat(100), "lib/x.py": "x", "noise.bin": noise });
    execFileSync("python3", [
      "-m",
      "zipfile",
      "-c",
      at("given.zip"),
      join(path, "app.py"),
      join(path, "lib"),
      join(path, "noise.bin"),
    ]);
    const packed = await pack(at("given.zip"), "given-packed.zip");
    expect(packed.read.content).toBe((await readPackage(path)).content);
    const [given, sent] = [await entriesOf(at("given.zip")), await entriesOf(at("given-packed.zip"))];
    expect(sent.get("app.py")?.compressedSize).toBe(given.get("app.py")?.compressedSize);
    expect(unzip(at("given-packed.zip"))).toMatchObject(
      Object.fromEntries(packed.read.files.map((file) => [file.path, file.sha256])),
    );
  });

  test("has its length told before it is sent", async () => {
    const path = await write("measured", { "a.py": "a", "b/c.py": "c".repeat(1_000) });
    await pack(path, "measured.zip");
    const read = await readPackage(at("measured.zip"));
    const upload = read.labelled(label(read.content, "another-release"));
    expect((await writePackage(upload, at("measured-again.zip"))).size).toBe(upload.length);
  });

  test("that was labelled before names that release, is relabelled, and counts as the same content", async () => {
    const path = await write("labelled", { "a.py": "a" });
    const first = await pack(path, "labelled.zip", "old");
    const read = await readPackage(at("labelled.zip"));
    expect(read.label).toEqual(label(first.read.content, "old"));
    expect(read.content).toBe(first.read.content);
    await pack(at("labelled.zip"), "relabelled.zip", "new");
    expect((await readPackage(at("relabelled.zip"))).label?.release).toBe("new");
    expect([...(await entriesOf(at("relabelled.zip"))).keys()]).toEqual(["a.py", RELEASE_FILE]);
  });
});

describe("the content hash", () => {
  const file = fc.record({
    path: fc.string({ minLength: 1 }),
    sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
    size: fc.nat(),
    crc32: fc.nat(),
    executable: fc.boolean(),
  });

  test("does not depend on the order of files", () => {
    const files = fc.uniqueArray(file, { selector: ({ path }) => path });
    fc.assert(fc.property(files, (all: PackageFile[]) => contentHash(all) === contentHash([...all].reverse())));
  });

  test("leaves the release file out", () => {
    const one: PackageFile = { path: "a", size: 1, crc32: 1, sha256: "aa", executable: false };
    expect(contentHash([one, { ...one, path: RELEASE_FILE }])).toBe(contentHash([one]));
  });
});

test("a time made from content is a valid MS-DOS time", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (sha256) => {
      const stamp = timeOfContent(sha256);
      const [date, time] = [Math.floor(stamp / 0x10000), stamp % 0x10000];
      const [day, month, second, minute, hour] = [date & 31, (date >> 5) & 15, time & 31, (time >> 5) & 63, time >> 11];
      return (
        day >= 1 && day <= 28 && month >= 1 && month <= 12 && second < 30 && minute < 60 && hour < 24 && stamp < 2 ** 32
      );
    }),
  );
});

test("more entries than a plain zip can count are written with the larger end record", async () => {
  const head = (index: number) => ({
    path: `f${index}`,
    crc32: 0,
    size: 0,
    method: "store" as const,
    executable: false,
    time: 0x210000,
  });
  const items = Array.from({ length: 66_000 }, (_, index) => ({ head: head(index), compressedSize: 0, data: [] }));
  const parts: Buffer[] = [];
  for await (const part of writeZip(items)) parts.push(Buffer.from(part));
  await writeFile(at("many.zip"), Buffer.concat(parts));
  expect((await entriesOf(at("many.zip"))).size).toBe(66_000);
  expect(zipLength(items.map(({ head: { path } }) => ({ path, compressedSize: 0 })))).toBe(
    (await readFile(at("many.zip"))).length,
  );
});

describe("the release file", () => {
  test("holds no time: the same release is the same bytes", () => {
    expect(encodeReleaseFile(label("abc")).toString()).toBe(
      `{"schema":1,"release":"r1","commit":"${"c".repeat(40)}","content":"abc","schema-head":null}\n`,
    );
  });

  test.each(["", "{}", "[]", "null", '{"schema":2,"release":"r"}', '{"schema":1,"release":7}', "<html>"])(
    "is none when it is %j",
    (text) => {
      expect(decodeReleaseFile(text)).toBeUndefined();
    },
  );
});
