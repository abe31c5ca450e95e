/**
 * npm run prove: everything that is claimed of a release's safety, in full, with the figures. Plays every story of the
 * crash model on as many threads as there are processors, then kills and cancels the shipped bundle at each of its
 * writes; `npm run prove -- <word>` only the parts whose name has that word (`npm run prove -- bundle` the last one).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import {
  describeFound,
  INTERFERENCE,
  MUTATIONS,
  type Part,
  WHOLE,
} from "../__tests__/unit/release/crash-model/campaign.ts";
import type { Explored } from "../__tests__/unit/release/crash-model/explore.ts";
import { merge, nothingFound } from "../__tests__/unit/release/crash-model/interfere.ts";

const PARTS: readonly Part[] = [...WHOLE, ...INTERFERENCE];

/** One thread's work: whatever piece of a part it is given next. */
function work(): void {
  parentPort?.on("message", async ({ part, piece }: { part: number; piece: number }) => {
    parentPort?.postMessage(await PARTS[part]?.pieces[piece]?.());
  });
}

/** Plays a part on all threads; pieces differ in size, so each thread takes the next one when it is done. */
async function play(part: number, { name, pieces }: Part, threads: readonly Worker[]): Promise<Explored> {
  const found = nothingFound();
  const start = performance.now();
  const waiting = [...pieces.keys()];
  let done = 0;
  const lead = async (thread: Worker): Promise<void> => {
    for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) {
      thread.postMessage({ part, piece });
      const [share] = (await once(thread, "message")) as [Explored];
      merge(found, share);
      done += 1;
      if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${done} of ${pieces.length} scenarios\x1b[K\r`);
    }
  };
  await Promise.all(threads.map(lead));
  say(`${describeFound(name, found)}, ${Math.round((performance.now() - start) / 1000)} s`);
  for (const each of found.wrongs) say(`  ${each}`);
  return found;
}

async function main(word: string): Promise<void> {
  const threads = Array.from({ length: availableParallelism() }, () => new Worker(new URL(import.meta.url)));
  let wrong = 0;
  for (const [index, part] of PARTS.entries())
    if (part.name.includes(word)) wrong += (await play(index, part, threads)).wrong;
  for (const thread of threads) await thread.terminate();
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
else work();
