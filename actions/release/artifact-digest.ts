import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type InputsOf, UsageError } from "@augeo/action-kit";
import type { spec } from "./spec.ts";

/** The package is not the one that was built. Both are SHA-256, in hexadecimal digits. */
export interface Mismatch {
  readonly wanted: string;
  readonly found: string;
}

/** Holds the zip against `artifact-digest`; undefined when it is the one, or when none was given. */
export async function findMismatch(inputs: InputsOf<typeof spec>): Promise<Mismatch | undefined> {
  const given = inputs["artifact-digest"];
  if (given === undefined) return undefined;
  if (statSync(inputs.package, { throwIfNoEntry: false })?.isDirectory()) throw folderGiven(inputs.package);
  const wanted = given.toLowerCase().replace("sha256:", "");
  const found = await sha256Of(inputs.package);
  return found === wanted ? undefined : { wanted, found };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

const folderGiven = (path: string): UsageError =>
  new UsageError({
    what: `package: ${path} is a folder, and artifact-digest is that of a zip.`,
    why: "What was downloaded was unpacked, so that its digest can no longer be told.",
    fix: "set skip-decompress: true on actions/download-artifact and give its zip as package, or leave artifact-digest out.",
  });
