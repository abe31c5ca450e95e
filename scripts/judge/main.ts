/**
 * Regenerates the canary judge's operating characteristics with fixed seeds.
 *   node scripts/judge/main.ts           writes docs/explanation/judge-characteristics.md and its charts
 *   node scripts/judge/main.ts --json    prints the figures
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { detectableRate } from "../../packages/release/src/judge/preflight.ts";
import { drawTraffic, seededRandom } from "../../packages/release/src/judge/traffic-model.ts";
import { type Characteristics, characterise, playCanary } from "./operating-characteristics.ts";
import { chart, page } from "./publish.ts";

const RUNS = 2000;
const SEED = 7;

/** Total requests a minute, canary error rate, mean burst: the traffic levels at which the judge is held to its word. */
const ROWS = [20, 100, 500].flatMap((rpm) => [
  [rpm, 0.005, 1] as const,
  [rpm, 0.005, 5] as const,
  [rpm, 0.02, 1] as const,
  [rpm, 0.05, 1] as const,
  [rpm, 0.1, 1] as const,
]);

export interface Prediction {
  requestsPerMinute: number;
  predicted: number;
  powerAbove: number;
  powerBelow: number;
}

const BASE = { weight: 0.1, baselineRate: 0.005, minutes: 30 };

function rows(): Characteristics[] {
  return ROWS.map(([requestsPerMinute, canaryRate, burst]) =>
    characterise({ ...BASE, requestsPerMinute, canaryRate, burst }, RUNS, SEED),
  );
}

/** The preflight's rate, with the power measured minute by minute 20 % above and below it: 80 % must lie between. */
function predictions(): Prediction[] {
  return [20, 100, 500].map((requestsPerMinute) => {
    const traffic = { ...BASE, requestsPerMinute, burst: 1 };
    const predicted = detectableRate(traffic) ?? Number.NaN;
    const power = (canaryRate: number): number => {
      const random = seededRandom(99);
      const found = Array.from({ length: 600 }, () => playCanary(drawTraffic({ ...traffic, canaryRate }, random)));
      return found.filter((ending) => ending.verdict === "fail").length / found.length;
    };
    return { requestsPerMinute, predicted, powerAbove: power(predicted * 1.2), powerBelow: power(predicted / 1.2) };
  });
}

const figures = { runs: RUNS, rows: rows(), predictions: predictions() };
if (process.argv.includes("--json")) {
  console.log(JSON.stringify(figures));
} else {
  const docs = new URL("../../docs/explanation/", import.meta.url);
  mkdirSync(docs, { recursive: true });
  writeFileSync(new URL("judge-characteristics.md", docs), page(figures));
  writeFileSync(new URL("judge-power.svg", docs), chart(figures.rows));
}
