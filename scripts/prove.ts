/**
 * npm run prove: everything that is claimed of a release's safety, in full, with the figures. Plays every story of the
 * crash model on as many threads as there are processors, then kills and cancels the shipped bundle at each of its
 * writes; `npm run prove -- <word>` only the parts whose name has that word (`npm run prove -- bundle` the last one).
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import {
  describeFound,
  INTERFERENCE,
  MUTATIONS,
  type Part,
  prove,
  WHOLE,
} from "../__tests__/unit/release/crash-model/campaign.ts";
import type { Explored } from "../__tests__/unit/release/crash-model/explore.ts";
import { merge, nothingFound } from "../__tests__/unit/release/crash-model/interfere.ts";

const PARTS: readonly Part[] = [...WHOLE, ...INTERFERENCE];

/** Every n-th piece of each part is one thread's. */
function shareOf({ name, pieces }: Part, thread: number, threads: number): Part {
  return { name, pieces: pieces.filter((_, index) => index % threads === thread) };
}

async function work({ part, thread, threads }: { part: number; thread: number; threads: number }): Promise<void> {
  const chosen = PARTS[part];
  if (chosen) parentPort?.postMessage(await prove(shareOf(chosen, thread, threads)));
}

function onThread(data: { part: number; thread: number; threads: number }): Promise<Explored> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: data });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

async function main(word: string): Promise<void> {
  const threads = availableParallelism();
  let wrong = 0;
  for (const [part, { name }] of PARTS.entries()) {
    if (!name.includes(word)) continue;
    const found = nothingFound();
    const start = performance.now();
    const shares = await Promise.all(
      Array.from({ length: threads }, (_, thread) => onThread({ part, thread, threads })),
    );
    for (const share of shares) merge(found, share);
    say(`${describeFound(name, found)}, ${Math.round((performance.now() - start) / 1000)} s`);
    for (const each of found.wrongs) say(`  ${each}`);
    wrong += found.wrong;
  }
  if (word === "") wrong += await unnoticed();
  if ("bundle".includes(word)) wrong += await killBundles();
  say(wrong === 0 ? "Nothing ended wrong." : `${wrong} ended wrong or went unnoticed.`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

/** Rules that were broken on purpose without the model noticing. */
async function unnoticed(): Promise<number> {
  let count = 0;
  for (const { mutant, breaks } of MUTATIONS) {
    const found = await breaks();
    say(describeFound(`broken on purpose, ${mutant}`, found));
    if (found.wrong === 0) count += 1;
  }
  return count;
}

/** The acceptance test of dying runs, all of its points instead of a few; 1 when any of them ended wrong. */
async function killBundles(): Promise<number> {
  say("the bundle, killed and cancelled at every write of the ledger and at the swap:");
  const env = { ...process.env, AUGEO_PROVE: "1" };
  const args = ["scripts/test.ts", "__tests__/acceptance/release/killed"];
  const child = spawn(process.execPath, args, { env, stdio: "inherit" });
  return new Promise((resolve) => child.once("exit", (code) => resolve(code === 0 ? 0 : 1)));
}

const say = (text: string) => process.stdout.write(`${text}\n`);

if (isMainThread) await main(process.argv[2] ?? "");
else await work(workerData);
