/**
 * The decision rules of other canary systems, written from their documentation and source, so that they can be put on
 * the same traffic as our judge. Each says whether it would roll back. They live with the table, not with the product.
 */
import type { Bin } from "../../packages/release/src/judge/sequential-test.ts";

export type Rule = (minutes: readonly Bin[]) => boolean;

function badShares(minutes: readonly Bin[], arm: "canary" | "baseline"): number[] {
  return minutes.flatMap((m) => (m[arm].total > 0 ? [m[arm].bad / m[arm].total] : []));
}

/**
 * Flagger: each interval whose success rate is below `minimum`, and each interval without traffic, is a failed check;
 * `threshold` failed checks roll back (flagger: pkg/controller/scheduler.go, docs/gitbook/usage/metrics.md).
 */
export function flagger(minimum: number, threshold: number): Rule {
  return (minutes) => {
    const failed = minutes.filter(({ canary }) => canary.total === 0 || 1 - canary.bad / canary.total < minimum).length;
    return failed >= threshold;
  };
}

/**
 * Argo Rollouts: each measurement that fails its condition counts; more than `failureLimit` abort the rollout
 * (argo-rollouts: analysis/analysis.go). A minute without requests gives no measurement.
 */
export function argo(minimum: number, failureLimit: number): Rule {
  return (minutes) => badShares(minutes, "canary").filter((share) => 1 - share < minimum).length > failureLimit;
}

/**
 * Kayenta's default judge on per-minute error rates: Mann–Whitney with a 98 % interval of the shift, failing when the
 * interval lies beyond a quarter of the estimated shift (kayenta: MannWhitney.scala, MannWhitneyClassifier.scala).
 */
export const kayenta: Rule = (minutes) => {
  const [canary, baseline] = [percentages(minutes, "canary"), percentages(minutes, "baseline")];
  if (canary.length < 2 || baseline.length < 2 || [...canary, ...baseline].every((share) => share === 0)) return false;
  const z = (shift: number): number => standardisedRankSum(canary, baseline, shift);
  const range = [Math.min(...canary) - Math.max(...baseline), Math.max(...canary) - Math.min(...baseline)] as const;
  const lower = root((shift) => z(shift) - Z99, range) ?? range[0];
  const estimate = root(z, range) ?? 0;
  const effect = mean(canary) / mean(baseline);
  return lower > 0.25 * Math.abs(estimate) && (!Number.isFinite(effect) || effect >= 1);
};

/** Standard normal quantile of 0.99: each side of a 98 % interval. */
const Z99 = 2.3263478740408408;

/**
 * In percent, as its users configure error rates: its solver's tolerance is absolute, so the unit matters. Ascending,
 * so that their ranks need no sorting at each of the solver's steps.
 */
function percentages(minutes: readonly Bin[], arm: "canary" | "baseline"): number[] {
  return badShares(minutes, arm)
    .map((share) => share * 100)
    .sort((a, b) => a - b);
}

/** Both arms in ascending order, which a shift does not change. */
function standardisedRankSum(canary: readonly number[], baseline: readonly number[], shift: number): number {
  const [n, m] = [canary.length, baseline.length];
  let rankSum = 0;
  let ties = 0;
  for (let [i, j] = [0, 0]; i < n || j < m; ) {
    const value = Math.min(shifted(canary, i, shift), shifted(baseline, j, 0));
    const [first, firstOther] = [i, j];
    while (i < n && shifted(canary, i, shift) === value) i += 1;
    while (j < m && shifted(baseline, j, 0) === value) j += 1;
    const [start, end] = [first + firstOther, i + j];
    ties += (end - start) ** 3 - (end - start);
    rankSum += (i - first) * ((start + 1 + end) / 2);
  }
  const distance = rankSum - (n * (n + 1)) / 2 - (n * m) / 2;
  const sigma = Math.sqrt(((n * m) / 12) * (n + m + 1 - ties / ((n + m) * (n + m - 1))));
  return sigma === 0 ? 0 : (distance - 0.5 * Math.sign(distance)) / sigma;
}

/** One value of an arm, moved; past its end a value that no other reaches. */
function shifted(values: readonly number[], index: number, shift: number): number {
  return (values[index] ?? Number.POSITIVE_INFINITY) - shift;
}

/**
 * Brent's root finder with the absolute tolerance of 1e-4 that Kayenta uses. On step functions, as rank sums are, the
 * verdict can hang on which side of a step it stops, so bisection would not do as a stand-in.
 */
function root(f: (x: number) => number, [from, to]: readonly [number, number]): number | undefined {
  let [a, b] = [from, to];
  let [fa, fb] = [f(a), f(b)];
  if (fa * fb > 0) return undefined;
  let [c, fc] = [a, fa];
  for (let step = 0; step < 1000; step += 1) {
    const previous = b - a;
    if (Math.abs(fc) < Math.abs(fb)) [a, b, c, fa, fb, fc] = [b, c, b, fb, fc, fb];
    const tolerance = 2 * Number.EPSILON * Math.abs(b) + 1e-4 / 2;
    const half = (c - b) / 2;
    if (Math.abs(half) <= tolerance || fb === 0) return b;
    const move = interpolated({ a, b, c, fa, fb, fc }, previous, half, tolerance);
    [a, fa] = [b, fb];
    b += Math.abs(move) < tolerance ? Math.sign(half) * tolerance : move;
    fb = f(b);
    if (fb > 0 === fc > 0) [c, fc] = [a, fa];
  }
  return b;
}

interface Bracket {
  a: number;
  b: number;
  c: number;
  fa: number;
  fb: number;
  fc: number;
}

/** Brent's step: secant or inverse quadratic where that is trustworthy, else half of the bracket. */
function interpolated({ a, b, c, fa, fb, fc }: Bracket, previous: number, half: number, tolerance: number): number {
  if (Math.abs(previous) < tolerance || Math.abs(fa) <= Math.abs(fb)) return half;
  const t2 = fb / fa;
  let p: number;
  let q: number;
  if (a === c) {
    p = 2 * half * t2;
    q = 1 - t2;
  } else {
    const [q0, t1] = [fa / fc, fb / fc];
    p = t2 * (2 * half * q0 * (q0 - t1) - (b - a) * (t1 - 1));
    q = (q0 - 1) * (t1 - 1) * (t2 - 1);
  }
  if (p > 0) q = -q;
  else p = -p;
  return p < 1.5 * half * q - Math.abs(tolerance * q) / 2 && p < Math.abs((previous * q) / 2) ? p / q : half;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
