import { cp, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const example = join(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))), "examples", "auction-api");

/** What App Service starts the example app with. */
export const auctionStartCommand =
  "python -m uvicorn auction.main:app --host 0.0.0.0 --port $PORT --timeout-keep-alive 120 --no-access-log";

interface ReleaseEntry {
  over: string | null;
  about: string;
}

/** The example app's releases by name, as `examples/auction-api/releases.json` lists them. */
export async function auctionReleases(): Promise<Record<string, ReleaseEntry>> {
  return JSON.parse(await readFile(join(example, "releases.json"), "utf8"));
}

/** Lays out one release of the example app in `folder`, which is made when missing and should be empty. */
export async function materialiseRelease(name: string, folder: string): Promise<string> {
  const releases = await auctionReleases();
  const entry = releases[name];
  if (entry === undefined) throw new Error(`There is no release ${name}: ${Object.keys(releases).join(", ")}`);
  if (entry.over !== null) await materialiseRelease(entry.over, folder);
  await mkdir(folder, { recursive: true });
  const source = entry.over === null ? join(example, "base") : join(example, "releases", name);
  await cp(source, folder, { recursive: true, filter: (path) => !path.includes("__pycache__") });
  return folder;
}
