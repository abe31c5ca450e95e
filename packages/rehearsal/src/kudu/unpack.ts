import { createWriteStream } from "node:fs";
import { chmod, mkdir, symlink, utimes } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import yauzl from "yauzl";

/** The package is no zip, is cut off, or holds something that must not be unpacked. */
export class PackageError extends Error {}

const symbolicLink = 0o120000;
const filesAtOnce = 8;

/**
 * Unpacks a zip below `directory`. Names that climb out, absolute names and links that lead out are refused. Times are
 * those of the zip's DOS fields (two-second steps, taken as UTC): they decide later what is copied.
 */
export async function unpack(zip: string, directory: string, signal: AbortSignal): Promise<number> {
  const archive = await open(zip);
  const inWork = new Set<Promise<void>>();
  const all: Promise<void>[] = [];
  try {
    await mkdir(directory, { recursive: true });
    for await (const entry of entries(archive)) {
      if (signal.aborted) break;
      const work = unpackEntry(archive, entry, directory).finally(() => inWork.delete(work));
      // A failure is met below, and must not count as unhandled until then.
      work.catch(() => undefined);
      inWork.add(work);
      all.push(work);
      if (inWork.size >= filesAtOnce) await Promise.race(inWork);
    }
    await Promise.all(all);
  } finally {
    await Promise.allSettled(all);
    archive.close();
  }
  return all.length;
}

function open(zip: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(zip, { lazyEntries: true, autoClose: false, strictFileNames: true }, (error, archive) => {
      if (archive) resolve(archive);
      else reject(new PackageError(error?.message ?? "The package cannot be read."));
    });
  });
}

async function* entries(archive: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  for (;;) {
    const entry = await nextEntry(archive);
    if (entry === undefined) return;
    yield entry;
  }
}

function nextEntry(archive: yauzl.ZipFile): Promise<yauzl.Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      archive.removeAllListeners();
      act();
    };
    archive.once("entry", (entry: yauzl.Entry) => settle(() => resolve(entry)));
    archive.once("end", () => settle(() => resolve(undefined)));
    archive.once("error", (error: Error) => settle(() => reject(new PackageError(error.message))));
    archive.readEntry();
  });
}

async function unpackEntry(archive: yauzl.ZipFile, entry: yauzl.Entry, directory: string): Promise<void> {
  const path = inside(directory, entry.fileName);
  if (entry.fileName.endsWith("/")) return void (await mkdir(path, { recursive: true }));
  await mkdir(dirname(path), { recursive: true });
  const mode = entry.externalFileAttributes >>> 16;
  if ((mode & 0o170000) === symbolicLink) return link(archive, entry, path, directory);
  await pipeline(await contentOf(archive, entry), createWriteStream(path)).catch((error: unknown) => {
    throw new PackageError(`${entry.fileName}: ${error instanceof Error ? error.message : String(error)}`);
  });
  if ((mode & 0o111) !== 0) await chmod(path, 0o755);
  const modified = entry.getLastModDate({ timezone: "UTC", forceDosFormat: true });
  await utimes(path, modified, modified);
}

async function link(archive: yauzl.ZipFile, entry: yauzl.Entry, path: string, directory: string): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of await contentOf(archive, entry)) parts.push(Buffer.from(part));
  const target = Buffer.concat(parts).toString("utf8");
  inside(directory, relative(directory, resolve(dirname(path), target)));
  await symlink(target, path);
}

function contentOf(archive: yauzl.ZipFile, entry: yauzl.Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    archive.openReadStream(entry, (error, stream) => {
      if (stream) resolve(stream);
      else reject(new PackageError(error?.message ?? `${entry.fileName} cannot be read.`));
    });
  });
}

function inside(directory: string, name: string): string {
  const path = join(directory, name);
  const way = relative(directory, path);
  if (way.startsWith("..") || name.startsWith("/"))
    throw new PackageError(`The entry '${name}' is outside of the target directory.`);
  return path;
}
