import { logMeanExp } from "./statistics.ts";

/** One bin (a minute, by default) of one metric, both arms. Exposures are measured, never configured shares. */
export interface Bin {
  /** When the bin ended: milliseconds since the step began. */
  until: number;
  canary: ArmCounts;
  baseline: ArmCounts;
}

export interface ArmCounts {
  /** All requests of the bin. */
  total: number;
  /** Bad ones (errors, or slower than the limit). Distinct sessions where they are known. */
  bad: number;
}

/** The ratios, as multiples of the tolerated one, whose average the evidence is. */
const ALTERNATIVES = [2, 4, 8, 16];

/** Evidence after each bin: ln E, where E ≥ 1/α happens with a chance of at most α while the ratio is tolerated. */
export interface EvidencePoint {
  until: number;
  logEvidence: number;
}

/**
 * The exposure-conditioned sequential test. Given that an error happened in a bin, it falls in the canary with the
 * chance q(r) = r·n_c / (r·n_c + n_b). The likelihood ratio of q(r) against q(tolerated), averaged over several r, is a
 * test martingale: it may be looked at after every bin without inflating the false-alarm rate (Ville's inequality), and it
 * survives changes of weight and of traffic, because only measured exposures enter.
 *
 * @param deflate divides every error count: the over-dispersion of errors that come in bursts (1 = independent).
 */
export function sequentialEvidence(bins: readonly Bin[], tolerated: number, deflate: number): EvidencePoint[] {
  const logs = ALTERNATIVES.map(() => 0);
  return bins.map((counts) => {
    for (const [index, multiple] of ALTERNATIVES.entries()) {
      logs[index] = (logs[index] ?? 0) + logRatio(counts, tolerated, multiple * tolerated) / deflate;
    }
    return { until: counts.until, logEvidence: logMeanExp(logs) };
  });
}

function logRatio({ canary, baseline }: Bin, tolerated: number, ratio: number): number {
  if (canary.total <= 0 || baseline.total <= 0) return 0;
  const q0 = (tolerated * canary.total) / (tolerated * canary.total + baseline.total);
  const q1 = (ratio * canary.total) / (ratio * canary.total + baseline.total);
  return canary.bad * Math.log(q1 / q0) + baseline.bad * Math.log((1 - q1) / (1 - q0));
}

/** The dispersion of errors over bins, and how surely it is known. */
export interface Dispersion {
  /** Pearson's χ² over its degrees of freedom: 1 when errors are independent, about 2b − 1 in bursts of mean b. */
  factor: number;
  /** Standard error of `factor` while errors are independent. */
  error: number;
}

/** How much more the errors of a bin vary than independent ones would, over series that each have a rate of their own. */
export function dispersionOf(series: readonly (readonly ArmCounts[])[]): Dispersion {
  let chiSquare = 0;
  let freedom = 0;
  let variance = 0;
  for (const counts of series.map((each) => each.filter(({ total }) => total > 0))) {
    const bad = counts.reduce((sum, each) => sum + each.bad, 0);
    const total = counts.reduce((sum, each) => sum + each.total, 0);
    if (bad === 0 || counts.length < 2) continue;
    const rate = bad / total;
    for (const each of counts) {
      chiSquare += (each.bad - rate * each.total) ** 2 / (rate * each.total);
      // Of the square of a standardised Poisson count: 2 + 1/mean.
      variance += 2 + 1 / (rate * each.total);
    }
    freedom += counts.length - 1;
  }
  if (freedom === 0) return { factor: 1, error: 0 };
  return { factor: chiSquare / freedom, error: Math.sqrt(variance) / freedom };
}
