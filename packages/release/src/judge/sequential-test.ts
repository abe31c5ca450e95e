import { logMeanExp } from "./statistics.ts";

/** One minute of one metric: requests and bad ones of both arms. Exposures are measured, never configured shares. */
export interface MinuteCounts {
  /** Minutes since the step began; whole. */
  minute: number;
  canary: ArmCounts;
  baseline: ArmCounts;
}

export interface ArmCounts {
  /** All requests of the minute. */
  total: number;
  /** Bad ones (errors, or slower than the limit). Distinct sessions where they are known. */
  bad: number;
}

/** The ratios, as multiples of the tolerated one, whose average the evidence is. */
const ALTERNATIVES = [2, 4, 8, 16];

/** Evidence after each minute: ln E, where E ≥ 1/α happens with a chance of at most α while the ratio is tolerated. */
export interface EvidencePoint {
  minute: number;
  logEvidence: number;
}

/**
 * The exposure-conditioned sequential test. Given that an error happened in a minute, it falls in the canary with the
 * chance q(r) = r·n_c / (r·n_c + n_b). The likelihood ratio of q(r) against q(tolerated), averaged over several r, is a
 * test martingale: it may be looked at every minute without inflating the false-alarm rate (Ville's inequality), and it
 * survives changes of weight and of traffic, because only measured exposures enter.
 *
 * @param deflate divides every error count: the over-dispersion of errors that come in bursts (1 = independent).
 */
export function sequentialEvidence(
  minutes: readonly MinuteCounts[],
  tolerated: number,
  deflate: number,
): EvidencePoint[] {
  const logs = ALTERNATIVES.map(() => 0);
  return minutes.map((counts) => {
    for (const [index, multiple] of ALTERNATIVES.entries()) {
      logs[index] = (logs[index] ?? 0) + logRatio(counts, tolerated, multiple * tolerated) / deflate;
    }
    return { minute: counts.minute, logEvidence: logMeanExp(logs) };
  });
}

function logRatio({ canary, baseline }: MinuteCounts, tolerated: number, ratio: number): number {
  if (canary.total <= 0 || baseline.total <= 0) return 0;
  const q0 = (tolerated * canary.total) / (tolerated * canary.total + baseline.total);
  const q1 = (ratio * canary.total) / (ratio * canary.total + baseline.total);
  return canary.bad * Math.log(q1 / q0) + baseline.bad * Math.log((1 - q1) / (1 - q0));
}

/**
 * How much more the errors of a minute vary than independent ones would: Pearson's χ² over its degrees of freedom,
 * both arms, each around its own rate; never below 1. Errors that come in bursts of mean b give about 2b − 1.
 */
export function overDispersion(minutes: readonly MinuteCounts[]): number {
  let chiSquare = 0;
  let freedom = 0;
  for (const arm of ["canary", "baseline"] as const) {
    const counts = minutes.map((m) => m[arm]).filter((a) => a.total > 0);
    const bad = counts.reduce((sum, a) => sum + a.bad, 0);
    const total = counts.reduce((sum, a) => sum + a.total, 0);
    if (bad === 0 || counts.length < 2) continue;
    const rate = bad / total;
    for (const a of counts) chiSquare += (a.bad - rate * a.total) ** 2 / (rate * a.total);
    freedom += counts.length - 1;
  }
  return freedom === 0 ? 1 : Math.max(1, chiSquare / freedom);
}
