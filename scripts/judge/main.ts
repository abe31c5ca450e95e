/**
 * Regenerates the canary judge's operating characteristics with fixed seeds.
 *   node scripts/judge/main.ts           writes docs/explanation/judge-characteristics.md and its charts
 *   node scripts/judge/main.ts --json    prints the figures
 *   node scripts/judge/main.ts --promises  prints what it is held to, and fails when that does not hold
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { type Characteristics, characterise } from "./operating-characteristics.ts";
import { powerChart } from "./power-chart.ts";
import { predictions } from "./predictions.ts";
import { promisesOf } from "./promises.ts";
import { type Figures, page } from "./publish.ts";
import { playWhole, type WholeCanary } from "./whole-canary.ts";
import { wholeChart } from "./whole-chart.ts";

const RUNS = 2000;
/** Of whole canaries, each of which is nine of the others. */
const WHOLE_RUNS = 500;
const SEED = 7;
/** Requests a minute, both arms: the traffic levels at which the judge is held to its word. */
const LEVELS = [20, 100, 500, 2000];
const BASE = { weight: 0.1, baselineRate: 0.005, minutes: 30 };

/** Canary error rate, mean burst. */
const CONDITIONS = [
  [0.005, 1],
  [0.005, 5],
  [0.02, 1],
  [0.05, 1],
  [0.1, 1],
] as const;

function rows(): Characteristics[] {
  return LEVELS.flatMap((requestsPerMinute) =>
    CONDITIONS.map(([canaryRate, burst]) =>
      characterise({ ...BASE, requestsPerMinute, canaryRate, burst }, RUNS, SEED),
    ),
  );
}

function wholes(): WholeCanary[] {
  return LEVELS.flatMap((requestsPerMinute) =>
    (
      [
        [0.005, 1],
        [0.005, 5],
        [0.05, 1],
      ] as const
    ).map(([canaryRate, burst]) => playWhole({ requestsPerMinute, canaryRate, burst }, WHOLE_RUNS, SEED)),
  );
}

const figures: Figures = { runs: RUNS, rows: rows(), wholes: wholes(), predictions: predictions() };
if (process.argv.includes("--json")) {
  console.log(JSON.stringify(figures));
} else if (process.argv.includes("--promises")) {
  const promises = promisesOf(figures);
  for (const { what, found, kept } of promises) console.log(`${kept ? "  " : "! "}${what}; found ${found}`);
  process.exitCode = promises.every(({ kept }) => kept) ? 0 : 1;
} else {
  const docs = new URL("../../docs/explanation/", import.meta.url);
  mkdirSync(docs, { recursive: true });
  writeFileSync(new URL("judge-characteristics.md", docs), page(figures));
  writeFileSync(new URL("judge-power.svg", docs), powerChart(figures.rows));
  writeFileSync(new URL("judge-whole.svg", docs), wholeChart(figures.wholes));
}
