import type { ArmCounts, Bin } from "./sequential-test.ts";

/** Traffic to rehearse the judge on: both arms are served the same minutes; errors may come in bursts. */
export interface Traffic {
  /** Of both arms together. */
  requestsPerMinute: number;
  /** Canary's share, 0 to 1. */
  weight: number;
  /** Share of bad requests, 0 to 1. */
  canaryRate: number;
  baselineRate: number;
  minutes: number;
  /** Mean length of a burst of errors (one client that retries); 1 = independent. Lengths are geometric. */
  burst: number;
}

/** Uniform numbers in [0, 1), the same for the same seed. Algorithm: mulberry32. */
export type Random = () => number;

export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const MINUTE = 60_000;

/** Minutes of both arms. */
export function drawTraffic(traffic: Traffic, random: Random): Bin[] {
  const bins: Bin[] = [];
  for (let minute = 1; minute <= traffic.minutes; minute += 1) {
    bins.push({
      until: minute * MINUTE,
      canary: drawArm(traffic.requestsPerMinute * traffic.weight, traffic.canaryRate, traffic.burst, random),
      baseline: drawArm(traffic.requestsPerMinute * (1 - traffic.weight), traffic.baselineRate, traffic.burst, random),
    });
  }
  return bins;
}

/** Minutes before the canary began: all traffic is the baseline's. */
export function drawHistory(
  { requestsPerMinute, baselineRate, burst }: Pick<Traffic, "requestsPerMinute" | "baselineRate" | "burst">,
  minutes: number,
  random: Random,
): ArmCounts[] {
  return Array.from({ length: minutes }, () => drawArm(requestsPerMinute, baselineRate, burst, random));
}

function drawArm(mean: number, rate: number, burst: number, random: Random): ArmCounts {
  const total = drawPoisson(mean, random);
  return { total, bad: burst > 1 ? drawBursts(total, rate, burst, random) : drawBinomial(total, rate, random) };
}

function drawBursts(total: number, rate: number, burst: number, random: Random): number {
  let bad = 0;
  for (let left = drawPoisson((total * rate) / burst, random); left > 0; left -= 1) {
    bad += 1;
    while (random() < 1 - 1 / burst) bad += 1;
  }
  return Math.min(total, bad);
}

function drawBinomial(total: number, rate: number, random: Random): number {
  // Rare events in many trials: Poisson is indistinguishable here and far cheaper.
  if (total > 200 && rate < 0.02) return Math.min(total, drawPoisson(total * rate, random));
  const variance = total * rate * (1 - rate);
  if (variance > 50)
    return Math.max(0, Math.min(total, Math.round(total * rate + drawNormal(random) * Math.sqrt(variance))));
  let bad = 0;
  for (let i = 0; i < total; i += 1) if (random() < rate) bad += 1;
  return bad;
}

/** Standard normal, by Box and Muller. */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Knuth's product of uniforms for small means, the normal approximation for large ones. */
function drawPoisson(mean: number, random: Random): number {
  if (mean <= 0) return 0;
  if (mean > 60) {
    return Math.max(0, Math.round(mean + drawNormal(random) * Math.sqrt(mean)));
  }
  const limit = Math.exp(-mean);
  let count = -1;
  for (let product = 1; product > limit; product *= random()) count += 1;
  return count;
}
