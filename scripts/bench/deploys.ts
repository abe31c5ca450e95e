import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type MeasuredRun, measureAction, median, progress, round } from "./measured-run.ts";
import { openStage, type Stage, writePackage } from "./stage.ts";

const REPEATS = 3;
const MB = 1_000_000;

/** Deploys of three sizes, and `zip -qr` of the same folder right before each of its deploys. */
export async function benchDeploys(dist: string, folder: string): Promise<object> {
  const small = await zipOf(join(folder, "one"), 1 * MB);
  const large = await zipOf(join(folder, "two-hundred"), 200 * MB);
  const many = await manyFiles(join(folder, "many"));
  const script = join(dist, "slot-deploy", "index.js");
  const zips: Zipped[] = [];
  const results = {
    "zip of 1 MB": await benchPackage("bench-small", script, small),
    "zip of 200 MB": await benchPackage("bench-large", script, large),
    "folder of 4,000 files, 200 MB": await benchPackage("bench-many", script, many, zips),
  };
  const zip = { seconds: round(median(zips.map(({ seconds }) => seconds)), 2), megabytes: zips[0]?.megabytes };
  return { "zip -qr of the folder": zip, ...results };
}

type Sent = MeasuredRun & { readonly sent: number };

/** @param zips takes a `zip -qr` of the same folder for each deploy, made just before it: other load hits both alike. */
async function benchPackage(name: string, script: string, path: string, zips?: Zipped[]): Promise<object> {
  progress(`deploy: ${name}`);
  const runs: Sent[] = [];
  for (let index = 0; index < REPEATS; index++) {
    if (zips !== undefined) zips.push(await zipFolder(path));
    // A fresh site each time: the second deploy of one content has nothing to send.
    const stage = await openStage(`${name}-${index}`);
    try {
      runs.push(await deploy(stage, script, path));
    } finally {
      await stage.cloud.close();
    }
  }
  const ratios = zips?.map(({ seconds }, index) => (runs[index]?.sent ?? Number.NaN) / 1_000 / seconds);
  return {
    reason: runs[0]?.reason,
    packedAndSentSeconds: round(median(runs.map(({ sent }) => sent)) / 1_000, 2),
    ...(ratios === undefined ? {} : { packedAndSentTimesZip: round(median(ratios), 2) }),
    wallSeconds: round(median(runs.map(({ wall }) => wall)) / 1_000, 2),
    peakMemoryMB: round(median(runs.map(({ peakMemory }) => peakMemory))),
    requests: median(runs.map(({ requests }) => requests)),
    megabytesSent: round(median(runs.map(({ bytesSent }) => bytesSent)) / MB, 1),
  };
}

/** `sent`: from the start of the action until the SCM site had the whole package, which is all that is ours to make fast. */
async function deploy({ cloud, inputs }: Stage, script: string, path: string): Promise<Sent> {
  const run = await measureAction(script, cloud, {
    ...inputs,
    package: path,
    release: "bench",
    "start-timeout": "60s",
  });
  const upload = cloud.requests.of({ host: "scm", method: "POST", path: /\/api\/publish/ }).at(-1);
  if (run.reason !== "deployed" || upload === undefined) throw new Error(`the deploy ended with ${run.reason}`);
  return { ...run, sent: upload.at + (upload.milliseconds ?? 0) - run.startedAt };
}

/** Text-like and random bytes by turns, so that it packs to about half, as a build with its packages does. */
function content(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size);
  let block = createHash("sha512").update(`augeo ${seed}`).digest();
  for (let offset = 0; offset < size; offset += 128) {
    block = createHash("sha512").update(block).digest();
    bytes.set(block.subarray(0, Math.min(64, size - offset)), offset);
    if (offset + 64 < size)
      bytes.fill("def handler(request): return None\n", offset + 64, Math.min(offset + 128, size));
  }
  return bytes;
}

async function manyFiles(folder: string): Promise<string> {
  await writePackage(folder);
  for (let index = 0; index < 4_000; index++) {
    const place = join(folder, `lib${index % 40}`, `part${index % 7}`);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, `module_${index}.py`), content(50_000, index));
  }
  return folder;
}

/** A zip of one size that holds the app; what fills it does not pack. */
async function zipOf(folder: string, size: number): Promise<string> {
  const filler = Buffer.concat(Array.from({ length: Math.ceil(size / MB) }, (_, index) => random(MB, index)));
  await writePackage(folder, { "data.bin": filler.subarray(0, size) });
  const zip = `${folder}.zip`;
  run("zip", ["-qr0", zip, "."], folder);
  await rm(folder, { recursive: true });
  return zip;
}

function random(size: number, seed: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(size / 64) }, (_, index) =>
    createHash("sha512").update(`${seed} ${index}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, size);
}

interface Zipped {
  readonly seconds: number;
  readonly megabytes: number;
}

async function zipFolder(folder: string): Promise<Zipped> {
  const zip = `${folder}-by-zip.zip`;
  await rm(zip, { force: true });
  const started = performance.now();
  run("zip", ["-qr", zip, "."], folder);
  const seconds = (performance.now() - started) / 1_000;
  const { size } = await stat(zip);
  return { seconds: round(seconds, 2), megabytes: round(size / MB, 1) };
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? `exit code ${status}`}`);
}
