import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guardFolder } from "./reaper.ts";

export interface TemporaryFolder {
  path: string;
  remove(): Promise<void>;
}

/** A new folder that only its owner can read, removed at the latest when this process is gone. */
export async function temporaryFolder(name: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(await realpath(tmpdir()), `augeo-${name}-`));
  const removed = guardFolder(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      removed();
    },
  };
}
