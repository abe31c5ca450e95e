/** A package as a file of its own: to be kept, compared and sent again later. */
import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { open } from "node:fs/promises";
import type { Upload } from "../http.ts";

export interface StoredPackage {
  path: string;
  /** Of the file, hexadecimal. */
  sha256: string;
  /** Bytes. */
  size: number;
}

/** Writes what would be sent. */
export async function writePackage(upload: Upload, path: string): Promise<StoredPackage> {
  const hash = createHash("sha256");
  let size = 0;
  const file = await open(path, "w");
  try {
    for await (const chunk of upload.open()) {
      hash.update(chunk);
      size += chunk.length;
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return { path, sha256: hash.digest("hex"), size };
}

/** A file as it is, such as a package that was stored. */
export function fileUpload(path: string): Upload {
  return { open: () => createReadStream(path, { highWaterMark: 256 * 1024 }), length: statSync(path).size };
}
