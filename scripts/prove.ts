/**
 * npm run prove: everything that is claimed of a release's safety, in full, with the figures. Plays every story of the
 * crash model on as many threads as there are processors, prints how often the canary judge is wrong, then kills and
 * cancels the shipped bundles at each request that changes something; `npm run prove -- <word>` only the parts whose
 * name has that word: `deaths`, `note`, `paused`, `judge`, `bundle`. `npm run prove -- "three deaths" 0.2` plays on from
 * that share of the moments after the last death, drawn with a fixed seed.
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
  parentPort?.on("message", async ({ part, piece, share }: { part: number; piece: number; share?: number }) => {
    parentPort?.postMessage(await PARTS[part]?.pieces[piece]?.(share));
  });
}

/** Plays a part on all threads; pieces differ in size, so each thread takes the next one when it is done. */
async function play(
  part: number,
  { name, pieces }: Part,
  threads: readonly Worker[],
  share: number | undefined,
): Promise<Explored> {
  const found = nothingFound();
  const start = performance.now();
  const waiting = [...pieces.keys()];
  let done = 0;
  const lead = async (thread: Worker): Promise<void> => {
    for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) {
      thread.postMessage({ part, piece, share });
      const [explored] = (await once(thread, "message")) as [Explored];
      merge(found, explored);
      done += 1;
      if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${done} of ${pieces.length} scenarios\x1b[K\r`);
    }
  };
  await Promise.all(threads.map(lead));
  say(`${describeFound(name, found)}, ${Math.round((performance.now() - start) / 1000)} s`);
  for (const each of found.wrongs) say(`  ${each}`);
  return found;
}

async function main(word: string, share: number | undefined): Promise<void> {
  const threads = Array.from({ length: availableParallelism() }, () => new Worker(new URL(import.meta.url)));
  let wrong = 0;
  for (const [index, part] of PARTS.entries())
    if (part.name.includes(word)) wrong += (await play(index, part, threads, share)).wrong;
  for (const thread of threads) await thread.terminate();
  if (word === "") wrong += await unnoticed();
  if ("judge".includes(word)) wrong += await judgeCanaries();
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

/** How often the judge is wrong on seeded traffic, beside what it is held to. */
function judgeCanaries(): Promise<number> {
  say("the canary judge, 10 % of the traffic for 30 minutes, 2000 canaries each, and whole canaries:");
  return run(["scripts/judge/main.ts", "--promises"]);
}

/** The acceptance test of dying runs, all of its points instead of a few. */
function killBundles(): Promise<number> {
  say("the bundles of release, canary and slot-swap, killed and cancelled at every request that changes something:");
  return run(["scripts/test.ts", "__tests__/acceptance/release/killed"], { AUGEO_PROVE: "1" });
}

/** 1 when the script did not end well. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: "inherit" });
  return new Promise((resolve) => child.once("exit", (code) => resolve(code === 0 ? 0 : 1)));
}

const say = (text: string) => process.stdout.write(`${text}\n`);

const [, , wanted = "", portion] = process.argv;
const share = portion === undefined ? undefined : Number(portion);
if (!isMainThread) work();
else if (share === undefined || (share > 0 && share <= 1)) await main(wanted, share);
else {
  process.stderr.write(
    `A share is a number above 0 and up to 1, as in: npm run prove -- "three deaths" 0.2. Given: ${portion}\n`,
  );
  process.exitCode = 1;
}
