/** The handful of exact statistics the judge needs. Everything is one-sided unless it says otherwise. */

export interface Interval {
  lower: number;
  upper: number;
}

/** Standard normal quantile of 0.95: one-sided 95 %. */
export const Z95 = 1.6448536269514722;

/** Wilson's score interval for `bad` of `total`, each side at the level of `z`. Source: Wilson 1927. */
export function wilson(bad: number, total: number, z: number = Z95): Interval {
  if (total <= 0) return { lower: 0, upper: 1 };
  const share = bad / total;
  const zz = (z * z) / total;
  const centre = share + zz / 2;
  const half = z * Math.sqrt((share * (1 - share)) / total + zz / (4 * total));
  return { lower: Math.max(0, (centre - half) / (1 + zz)), upper: Math.min(1, (centre + half) / (1 + zz)) };
}

// Lanczos coefficients, g = 7, n = 9; relative error below 1e-13 for the arguments used here (x >= 1).
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x ≥ 1. */
export function logGamma(x: number): number {
  const y = x - 1;
  let series = LANCZOS[0] ?? 0;
  for (let i = 1; i < LANCZOS.length; i += 1) series += (LANCZOS[i] ?? 0) / (y + i);
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(series);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/**
 * Fisher's exact test: the chance of at least `badA` of the pooled bad ones falling in arm A if both arms share one
 * rate. Counts are rounded down to whole numbers first, as dispersion-corrected counts may be fractional.
 */
export function fisherGreater(badA: number, totalA: number, badB: number, totalB: number): number {
  const [xa, na, xb, nb] = [badA, totalA, badB, totalB].map(Math.floor) as [number, number, number, number];
  const bad = xa + xb;
  const denominator = logChoose(na + nb, bad);
  let tail = 0;
  for (let k = xa; k <= Math.min(bad, na); k += 1) {
    if (bad - k <= nb) tail += Math.exp(logChoose(na, k) + logChoose(nb, bad - k) - denominator);
  }
  return Math.min(1, tail);
}

/** Holm's step-down: which of `pValues` are rejected with a family-wise error of at most `alpha`. */
export function holm(pValues: readonly number[], alpha: number): boolean[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const rejected = pValues.map(() => false);
  for (const [rank, { p, index }] of order.entries()) {
    if (p > alpha / (pValues.length - rank)) break;
    rejected[index] = true;
  }
  return rejected;
}

/** ln of the mean of exp(values), without overflow. */
export function logMeanExp(values: readonly number[]): number {
  const top = Math.max(...values);
  if (!Number.isFinite(top)) return top;
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0) / values.length);
}
