import { type EvidencePoint, type MinuteCounts, overDispersion, sequentialEvidence } from "./sequential-test.ts";
import { fisherGreater, holm, type Interval, wilson } from "./statistics.ts";

/** What the judge needs to know of one metric; every gating metric is a share of bad requests. */
export interface Metric {
  name: string;
  /** `gate` may fail a canary; `watch` is only shown. */
  role: "gate" | "watch";
  /** Complete minutes only: the window ends at now minus the measured lag, warm-up minutes are left out. */
  minutes: readonly MinuteCounts[];
  /** Set when the source could not be read; the metric then says nothing. */
  unreadable?: string;
}

export interface JudgePolicy {
  /** Bound on the chance that the sequential test fails a canary at the tolerated ratio, over all metrics and looks. */
  earlyAlpha: number;
  /** Level of the exact test at the end of the window, over all metrics. */
  endAlpha: number;
  /** Canary may be this many times worse than the baseline before that counts as a regression. */
  toleratedRatio: number;
  /** A share of bad requests below this never fails a canary, whatever the ratio. */
  floor: number;
  /** A share of bad requests above this is never passed, unless the baseline is as bad. */
  ceiling: number;
  /** Canary requests without which nothing is passed: 60 is the rule of three for 5 %. */
  minimumSample: number;
  /** Bad requests must fall into at least so many different minutes before an early failure. */
  distinctMinutes: number;
}

export const DEFAULT_POLICY: JudgePolicy = {
  earlyAlpha: 0.02,
  endAlpha: 0.0025,
  toleratedRatio: 1.5,
  floor: 0.01,
  ceiling: 0.05,
  minimumSample: 60,
  distinctMinutes: 3,
};

export type Verdict = "continue" | "fail" | "pass" | "insufficient" | "inconclusive" | "provider-error";

export interface MetricJudgement {
  name: string;
  role: "gate" | "watch";
  verdict: Verdict;
  /** One sentence with the figures that decided. */
  why: string;
  canary: { total: number; bad: number; interval: Interval };
  baseline: { total: number; bad: number; interval: Interval };
  /** ln E by minute; the canary fails early at `threshold`. */
  evidence: EvidencePoint[];
  threshold: number;
  overDispersion: number;
  /** Minutes in which the canary had bad requests. */
  badMinutes: number;
}

export interface Judgement {
  verdict: Verdict;
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
const SEVERITY: readonly Verdict[] = ["fail", "provider-error", "insufficient", "inconclusive", "continue", "pass"];

function overall(gates: readonly MetricJudgement[]): { verdict: Verdict; why: string } {
  for (const verdict of SEVERITY) {
    const metric = gates.find((candidate) => candidate.verdict === verdict);
    if (metric) return { verdict, why: `${metric.name}: ${metric.why}` };
  }
  return { verdict: "provider-error", why: "no gating metric was given" };
}

function judgeMetric(metric: Metric, windowOver: boolean, policy: JudgePolicy, gates: number): MetricJudgement {
  const minutes = metric.minutes;
  const phi = conservativeDispersion(minutes);
  const threshold = Math.log(gates / policy.earlyAlpha);
  const evidence = sequentialEvidence(minutes, policy.toleratedRatio, phi);
  const canary = sum(minutes, "canary");
  const baseline = sum(minutes, "baseline");
  const known = {
    name: metric.name,
    role: metric.role,
    canary,
    baseline,
    evidence,
    threshold,
    overDispersion: phi,
    badMinutes: minutes.filter((m) => m.canary.bad > 0).length,
  };
  if (metric.unreadable !== undefined) return { ...known, verdict: "provider-error", why: metric.unreadable };
  const crossed = firstCrossing(minutes, evidence, threshold, policy);
  if (crossed !== undefined) {
    return {
      ...known,
      verdict: "fail",
      why: `the evidence sufficed after minute ${crossed}: ${shares(canary, baseline)}`,
    };
  }
  if (!windowOver) return { ...known, verdict: "continue", why: shares(canary, baseline) };
  return { ...known, ...endOfWindow(canary, baseline, policy) };
}

function endOfWindow(canary: Summed, baseline: Summed, policy: JudgePolicy): { verdict: Verdict; why: string } {
  if (canary.total < policy.minimumSample || baseline.total === 0) {
    return {
      verdict: "insufficient",
      why: `${canary.total} canary requests, ${policy.minimumSample} are needed to judge anything`,
    };
  }
  const limit = Math.max(policy.ceiling, 3 * baseline.interval.lower);
  const verdict = canary.interval.upper <= limit ? "pass" : "inconclusive";
  return { verdict, why: `${shares(canary, baseline)}; at most ${percent(canary.interval.upper)} with 95 % certainty` };
}

/** The exact test at the end of the window, Holm over all gating metrics; overrides everything but an unread metric. */
function failAtEnd(judged: MetricJudgement[], metrics: readonly Metric[], policy: JudgePolicy): void {
  const tested = judged.filter((metric, index) => metric.role === "gate" && metrics[index]?.unreadable === undefined);
  const pValues = tested.map(({ canary, baseline, overDispersion: phi }) =>
    fisherGreater(canary.bad / phi, canary.total / phi, baseline.bad / phi, baseline.total / phi),
  );
  for (const [index, rejected] of holm(pValues, policy.endAlpha).entries()) {
    const metric = tested[index];
    if (!metric || !rejected || metric.canary.interval.lower <= policy.floor) continue;
    if (metric.badMinutes < policy.distinctMinutes) continue;
    if (metric.canary.total < policy.minimumSample || metric.verdict === "fail") continue;
    metric.verdict = "fail";
    metric.why = `${shares(metric.canary, metric.baseline)}; chance ${(pValues[index] ?? 1).toExponential(1)} if equal`;
  }
}

/** The first minute at which the evidence suffices, the canary is surely above the floor, and not in one burst only. */
function firstCrossing(
  minutes: readonly MinuteCounts[],
  evidence: readonly EvidencePoint[],
  threshold: number,
  policy: JudgePolicy,
): number | undefined {
  let bad = 0;
  let total = 0;
  let badMinutes = 0;
  for (const [index, { minute, canary }] of minutes.entries()) {
    bad += canary.bad;
    total += canary.total;
    if (canary.bad > 0) badMinutes += 1;
    if ((evidence[index]?.logEvidence ?? 0) < threshold || badMinutes < policy.distinctMinutes) continue;
    if (wilson(bad, total).lower > policy.floor) return minute;
  }
  return undefined;
}

/** Over-dispersion, less what chance alone adds to it when errors are independent: that would only cost power. */
function conservativeDispersion(minutes: readonly MinuteCounts[]): number {
  const phi = overDispersion(minutes);
  const bad = minutes.reduce((n, m) => n + m.canary.bad + m.baseline.bad, 0);
  const error = bad === 0 ? 0 : Math.sqrt(2 / Math.max(1, minutes.length) + 1 / bad);
  return Math.max(1, phi - error);
}

interface Summed {
  total: number;
  bad: number;
  interval: Interval;
}

function sum(minutes: readonly MinuteCounts[], arm: "canary" | "baseline"): Summed {
  const total = minutes.reduce((n, m) => n + m[arm].total, 0);
  const bad = minutes.reduce((n, m) => n + m[arm].bad, 0);
  return { total, bad, interval: wilson(bad, total) };
}

function shares(canary: Summed, baseline: Summed): string {
  return `canary ${canary.bad} of ${canary.total} bad (${percent(share(canary))}), baseline ${baseline.bad} of ${baseline.total} (${percent(share(baseline))})`;
}

function share({ bad, total }: Summed): number {
  return total === 0 ? 0 : bad / total;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(value < 0.1 ? 2 : 1)} %`;
}
