/**
 * `npm run bench`: prints one JSON object with what the actions cost. `-- --write` also writes
 * `docs/explanation/performance.md`; `-- --only start,deploys,polling,sizes,gate` measures a part.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { benchDeploys } from "./bench/deploys.ts";
import { benchGate } from "./bench/gate.ts";
import { performancePage } from "./bench/performance-page.ts";
import { benchPolling } from "./bench/polling.ts";
import { benchStartUp } from "./bench/start-up.ts";
import { actionNames, root } from "./build/action-folders.ts";
import { distSizes } from "./build/budget.ts";

const parts = option("--only")?.split(",") ?? ["sizes", "start", "deploys", "polling", "gate"];

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** The bundles to measure: those of AUGEO_DIST, else built for this run from the sources. */
function bundles(folder: string): string {
  const given = process.env.AUGEO_DIST;
  if (given !== undefined) return given;
  const dist = join(folder, "dist");
  const build = spawnSync(process.execPath, [join(root, "scripts/build.ts")], {
    env: { ...process.env, AUGEO_DIST: dist },
    stdio: ["ignore", 2, 2],
  });
  if (build.status !== 0) throw new Error("the bundles could not be built");
  return dist;
}

function machine(): object {
  const [cpu] = cpus();
  return {
    node: process.version,
    cpu: cpu?.model.trim(),
    cores: cpus().length,
    /** Of the last minute, before anything was measured: what others had running. */
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
    memoryGB: Math.round(totalmem() / 2 ** 30),
  };
}

async function bench(folder: string): Promise<Record<string, object>> {
  const dist = bundles(folder);
  const figures: Record<string, object> = { machine: machine() };
  if (parts.includes("sizes")) figures.sizes = await distSizes(dist);
  if (parts.includes("start")) figures.startUp = await benchStartUp(dist, await actionNames(), folder);
  if (parts.includes("deploys")) figures.deploys = await benchDeploys(dist, folder);
  if (parts.includes("polling")) figures.polling = await benchPolling(dist, folder);
  if (parts.includes("gate")) figures.gate = await benchGate(dist, folder);
  return figures;
}

const writes = process.argv.includes("--write");
if (writes && option("--only") !== undefined) {
  process.stderr.write("--write makes the whole page, so it does not go with --only: leave one of them out.\n");
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), "augeo-bench-"));
try {
  const figures = await bench(folder);
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  if (writes) await writeFile(join(root, "docs/explanation/performance.md"), performancePage(figures));
} finally {
  await rm(folder, { recursive: true, force: true });
}
