/** The directory of a given zip: what is in it, and whether all of that may be deployed. */
import { readSync } from "node:fs";
import { type Entry, fromFdPromise, getFileNameLowLevel, parseExtraFields, validateFileName } from "yauzl";
import * as faults from "./faults.ts";

const METHODS = new Map([
  [0, "store"],
  [8, "deflate"],
] as const);

export interface Listed {
  entry: Entry;
  path: string;
}

/** The entries of a zip, directories too. Throws `UsageError` when it is none or cut off. */
export async function listEntries(path: string, handle: number, size: number): Promise<Listed[]> {
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

/** Throws `UsageError` for every entry that must not be deployed. */
export function validate(path: string, files: readonly Listed[]): void {
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

export function methodOf(entry: Entry): "store" | "deflate" | undefined {
  const method = entry.compressionMethod;
  return method === 0 || method === 8 ? METHODS.get(method) : undefined;
}

/** The Unix mode, for zips made on a system that has one. */
export function modeOf(entry: Entry): number {
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
