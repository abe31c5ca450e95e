import { type ArmCounts, type Bin, dispersionOf, type EvidencePoint, sequentialEvidence } from "./sequential-test.ts";
import { fisherGreater, holm, type Interval, wilson } from "./statistics.ts";

/** What the judge needs to know of one metric; every gating metric is a share of bad requests. */
export interface Metric {
  name: string;
  /** `gate` may fail a canary; `watch` is only shown. */
  role: "gate" | "watch";
  /** Complete bins only, in order: the window ends at now minus the measured lag, warm-up is left out. */
  bins: readonly Bin[];
  /** Bins of the same length from before the canary began, all of the baseline: they tell how errors bunch. */
  history?: readonly ArmCounts[];
  /** Set when the source could not be read; the metric then says nothing. */
  unreadable?: string;
}

export interface JudgePolicy {
  /** Bound on the chance that the sequential test fails a canary at the tolerated ratio, over all metrics, looks and steps. */
  earlyAlpha: number;
  /** Level of the exact tests at the ends of the windows, over all metrics and steps. */
  endAlpha: number;
  /** Canary may be this many times worse than the baseline before that counts as a regression. */
  toleratedRatio: number;
  /** A share of bad requests below this never fails a canary, whatever the ratio. */
  floor: number;
  /** A share of bad requests above this is never passed, unless the baseline is as bad. */
  ceiling: number;
  /** A share that may be above this is never passed, however bad the baseline is: an outage is no time to promote. */
  most: number;
  /** Canary requests without which nothing is passed: 60 is the rule of three for 5 %. */
  minimumSample: number;
  /** Bad requests must fall into at least so many different bins before a failure. */
  distinctBins: number;
  /** Steps of the canary, each judged by itself: they share both levels, so that the bounds hold for the whole canary. */
  steps: number;
  /** How often the end of one step's window may be looked at: a step that could not decide may go on for as long again. */
  looks: number;
}

export const DEFAULT_POLICY: JudgePolicy = {
  earlyAlpha: 0.02,
  endAlpha: 0.0025,
  toleratedRatio: 1.5,
  floor: 0.01,
  ceiling: 0.05,
  most: 0.2,
  minimumSample: 60,
  distinctBins: 3,
  steps: 1,
  looks: 1,
};

export type JudgeVerdict = "continue" | "fail" | "pass" | "insufficient" | "inconclusive" | "provider-error";

export interface MetricJudgement {
  name: string;
  role: "gate" | "watch";
  verdict: JudgeVerdict;
  /** One sentence with the figures that decided. */
  why: string;
  canary: { total: number; bad: number; interval: Interval };
  baseline: { total: number; bad: number; interval: Interval };
  /** What was judged. */
  bins: readonly Bin[];
  /** ln E after each bin; the canary fails early at `threshold`. */
  evidence: EvidencePoint[];
  threshold: number;
  /** What counts were divided by because errors come in bunches; 1 when they are independent. */
  bunching: number;
  /** Bins in which the canary had bad requests. */
  badBins: number;
}

export interface Judgement {
  verdict: JudgeVerdict;
  why: string;
  metrics: MetricJudgement[];
}

/** A condition that fails a canary without statistics: a probe that stays down, a crash loop. */
export interface HardGuard {
  name: string;
  tripped: boolean;
  why: string;
}

/**
 * Judges one step of a canary. Fails as soon as the evidence suffices, never passes before `windowOver`: an early pass
 * would be decided by the quiet first minutes.
 */
export function judgeCanary(
  metrics: readonly Metric[],
  guards: readonly HardGuard[],
  windowOver: boolean,
  policy: JudgePolicy = DEFAULT_POLICY,
): Judgement {
  const gates = metrics.filter((metric) => metric.role === "gate").length;
  const judged = metrics.map((metric) => judgeMetric(metric, windowOver, policy, Math.max(1, gates)));
  if (windowOver) failAtEnd(judged, metrics, policy);
  const tripped = guards.find((guard) => guard.tripped);
  if (tripped) return { verdict: "fail", why: `${tripped.name}: ${tripped.why}`, metrics: judged };
  return { ...overall(judged.filter((metric) => metric.role === "gate")), metrics: judged };
}

/** The worst verdict decides: a failure before a lack of knowledge, a lack of knowledge before a pass. */
const SEVERITY: readonly JudgeVerdict[] = [
  "fail",
  "provider-error",
  "insufficient",
  "inconclusive",
  "continue",
  "pass",
];

function overall(gates: readonly MetricJudgement[]): { verdict: JudgeVerdict; why: string } {
  for (const verdict of SEVERITY) {
    const metric = gates.find((candidate) => candidate.verdict === verdict);
    if (metric) return { verdict, why: `${metric.name}: ${metric.why}` };
  }
  return { verdict: "provider-error", why: "no gating metric was given" };
}

function judgeMetric(metric: Metric, windowOver: boolean, policy: JudgePolicy, gates: number): MetricJudgement {
  const { bins } = metric;
  const bunching = bunchingOf(metric);
  const threshold = Math.log((gates * policy.steps) / policy.earlyAlpha);
  const evidence = sequentialEvidence(bins, policy.toleratedRatio, bunching);
  const canary = sum(bins, "canary");
  const baseline = sum(bins, "baseline");
  const known = {
    name: metric.name,
    role: metric.role,
    canary,
    baseline,
    bins,
    evidence,
    threshold,
    bunching,
    badBins: bins.filter((bin) => bin.canary.bad > 0).length,
  };
  if (metric.unreadable !== undefined) return { ...known, verdict: "provider-error", why: metric.unreadable };
  const crossed = firstCrossing(bins, evidence, threshold, policy);
  if (crossed !== undefined) {
    return {
      ...known,
      verdict: "fail",
      why: `the evidence sufficed ${elapsed(crossed)} into the step: ${shares(canary, baseline)}`,
    };
  }
  if (!windowOver) return { ...known, verdict: "continue", why: shares(canary, baseline) };
  return { ...known, ...endOfWindow(canary, baseline, policy) };
}

function endOfWindow(canary: Summed, baseline: Summed, policy: JudgePolicy): { verdict: JudgeVerdict; why: string } {
  if (canary.total < policy.minimumSample)
    return {
      verdict: "insufficient",
      why: `${canary.total} canary requests, ${policy.minimumSample} are needed to judge anything`,
    };
  if (baseline.total === 0)
    return { verdict: "insufficient", why: "the live release had no requests in the same time to compare with" };
  const limit = Math.max(policy.ceiling, Math.min(policy.most, 3 * baseline.interval.lower));
  const verdict = canary.interval.upper <= limit ? "pass" : "inconclusive";
  return { verdict, why: `${shares(canary, baseline)}; at most ${percent(canary.interval.upper)} with 95 % certainty` };
}

/** The exact test at the end of the window, Holm over all gating metrics; overrides everything but an unread metric. */
function failAtEnd(judged: MetricJudgement[], metrics: readonly Metric[], policy: JudgePolicy): void {
  const tested = judged.filter((metric, index) => metric.role === "gate" && metrics[index]?.unreadable === undefined);
  const pValues = tested.map(({ canary, baseline, bunching: by }) =>
    fisherGreater(canary.bad / by, canary.total / by, baseline.bad / by, baseline.total / by),
  );
  for (const [index, rejected] of holm(pValues, policy.endAlpha / (policy.steps * policy.looks)).entries()) {
    const metric = tested[index];
    if (!metric || !rejected || metric.canary.interval.lower <= policy.floor) continue;
    if (metric.badBins < policy.distinctBins) continue;
    if (metric.canary.total < policy.minimumSample || metric.verdict === "fail") continue;
    metric.verdict = "fail";
    metric.why = `${shares(metric.canary, metric.baseline)}; chance ${(pValues[index] ?? 1).toExponential(1)} if equal`;
  }
}

/** The end of the first bin at which the evidence suffices, the canary is surely above the floor, and not in one burst only. */
function firstCrossing(
  bins: readonly Bin[],
  evidence: readonly EvidencePoint[],
  threshold: number,
  policy: JudgePolicy,
): number | undefined {
  let bad = 0;
  let total = 0;
  let badBins = 0;
  for (const [index, { until, canary }] of bins.entries()) {
    bad += canary.bad;
    total += canary.total;
    if (canary.bad > 0) badBins += 1;
    if ((evidence[index]?.logEvidence ?? 0) < threshold || badBins < policy.distinctBins) continue;
    if (wilson(bad, total).lower > policy.floor) return until;
  }
  return undefined;
}

/**
 * How far errors bunch, less what chance alone adds to the estimate when they do not: that would only cost power. The
 * first bins of a canary tell next to nothing about it, the hour before does.
 */
function bunchingOf({ bins, history = [] }: Metric): number {
  const series = [bins.map((bin) => bin.canary), [...history, ...bins.map((bin) => bin.baseline)]];
  const { factor, error } = dispersionOf(series);
  return Math.max(1, factor - error);
}

interface Summed {
  total: number;
  bad: number;
  interval: Interval;
}

function sum(bins: readonly Bin[], arm: "canary" | "baseline"): Summed {
  const total = bins.reduce((n, bin) => n + bin[arm].total, 0);
  const bad = bins.reduce((n, bin) => n + bin[arm].bad, 0);
  return { total, bad, interval: wilson(bad, total) };
}

function shares(canary: Summed, baseline: Summed): string {
  return `canary ${canary.bad} of ${canary.total} bad (${percent(share(canary))}), baseline ${baseline.bad} of ${baseline.total} (${percent(share(baseline))})`;
}

function elapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 6) / 10} min`;
}

function share({ bad, total }: ArmCounts): number {
  return total === 0 ? 0 : bad / total;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(value < 0.1 ? 2 : 1)} %`;
}
