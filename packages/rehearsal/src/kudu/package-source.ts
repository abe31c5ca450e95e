import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { get } from "node:https";
import { dirname } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { rootCertificates } from "node:tls";

/** The largest package the platform takes: 2048 MB. */
export const packageLimit = 2048 * 1024 * 1024;

export class TooLargeError extends Error {}

/** Writes a package to a file; nothing is left behind when it breaks off or is too large. */
export async function savePackage(from: Readable, file: string, signal: AbortSignal): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  try {
    await pipeline(from, limited(packageLimit), createWriteStream(file), { signal });
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

function limited(limit: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(new TooLargeError(`The package is larger than ${limit} bytes.`));
      else done(null, chunk);
    },
  });
}

/** Fetches a package by a plain GET, without any credential: what the URL itself grants is all there is. */
export async function fetchPackage(uri: string, file: string, ca: string, signal: AbortSignal): Promise<void> {
  const response = await new Promise<
    Readable & { statusCode?: number | undefined; statusMessage?: string | undefined }
  >((resolve, reject) => {
    get(uri, { ca: [...rootCertificates, ca], signal, agent: false }, resolve).on("error", reject);
  });
  if (response.statusCode !== 200) {
    response.destroy();
    const { statusCode, statusMessage } = response;
    throw new Error(`Response status code does not indicate success: ${statusCode} (${statusMessage}).`);
  }
  await savePackage(response, file, signal);
}
