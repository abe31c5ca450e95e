/** A canary in the job summary: what decided, at a glance, and the figures behind it. Pure. */
import { formatDuration, type Json } from "@augeo/action-kit";
import { type ArmCounts, CHART_COLOURS, type MetricJudgement, type StepVerdict, xyChart } from "@augeo/release";
import { cell } from "../slot-swap/timeline.ts";
import { percent } from "./judging/progress-line.ts";
import { type StepRecord, wordsOf } from "./judging/step-record.ts";

export interface CanaryStory {
  readonly records: readonly StepRecord[];
  readonly preflight: { readonly line: string; readonly warnings: readonly string[] } | undefined;
  readonly plan: { readonly ramp: { readonly steps: readonly { weight: number; duration: number }[] } };
}

const MARKS: Record<StepVerdict, string> = {
  pass: "✅ pass",
  fail: "❌ fail",
  insufficient: "⚠️ insufficient",
  inconclusive: "⚠️ inconclusive",
  "provider-error": "⚠️ metrics not readable",
};

export function canaryMarkdown(story: CanaryStory): string {
  const { records, preflight } = story;
  const before = preflight
    ? [preflight.line, ...preflight.warnings.map((text) => `⚠️ ${text}`)].map(cell).join("<br>")
    : "";
  if (records.length === 0) return before;
  return ["#### The canary, step by step", stepTable(story), ...records.flatMap(stepDetails), before]
    .filter((block) => block !== "")
    .join("\n\n");
}

/** Steps that were not reached are there too: what is missing says how far it came. */
function stepTable({ records, plan }: CanaryStory): string {
  const rows = plan.ramp.steps.map(({ weight, duration }, index) => {
    const record = records.findLast(({ step }) => step === index);
    if (!record) return `| ${index + 1} | ${shareCell(weight)} | ${formatDuration(duration)} | not reached | |`;
    const took = formatDuration(
      Math.max(1000, Math.round(((record.endedAt ?? record.setAt) - record.setAt) / 1000) * 1000),
    );
    const verdict = record.verdict === undefined ? "stopped" : MARKS[record.verdict];
    return `| ${index + 1} | ${shareCell(weight)} | ${took} | ${verdict} | ${cell(record.why)} |`;
  });
  return ["| step | share | took | verdict | why |", "| --: | --- | --: | --- | --- |", ...rows].join("\n");
}

const shareCell = (weight: number): string => `${weight}&nbsp;% ${bar(weight / 100, 10)}`;

function stepDetails(record: StepRecord): string[] {
  const last = record.looks.at(-1)?.judgement;
  if (!last || last.metrics.length === 0) return [];
  const title = `##### Step ${record.step + 1}: ${record.weight} %`;
  const rows = last.metrics.map((metric) => metricRow(metric));
  const header = [
    "| bad requests | new release | live release | evidence that it is worse |",
    "| --- | --- | --- | --- |",
  ];
  const aside = record.aside === undefined ? "" : `Watched: ${cell(record.aside)}.`;
  const chart = chartOf(record, decisive(last.metrics));
  return [title, [...header, ...rows].join("\n"), aside, chart].filter((block) => block !== "");
}

function metricRow(metric: MetricJudgement): string {
  const { name, role, canary, baseline, evidence, threshold } = metric;
  const now = Math.max(0, evidence.at(-1)?.logEvidence ?? 0);
  const cells = [
    `${wordsOf(name)}${role === "watch" ? " (watched)" : ""}`,
    armCell(
      canary,
      metric.bins.map((bin) => bin.canary),
    ),
    armCell(
      baseline,
      metric.bins.map((bin) => bin.baseline),
    ),
    role === "watch"
      ? "decides nothing"
      : `${bar(now / threshold, 10)}<br>${now.toFixed(1)} of ${threshold.toFixed(1)}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Counts, the share with its interval, and its course, one below the other: side by side they would not fit. */
function armCell({ total, bad, interval }: MetricJudgement["canary"], bins: readonly ArmCounts[]): string {
  if (total === 0) return "no requests";
  const share = `${percent(bad / total)} (${percent(interval.lower)} to ${percent(interval.upper)})`;
  return [`${bad} of ${total}`, share, sparkline(bins)].map((line) => line.replaceAll(" ", "&nbsp;")).join("<br>");
}

/** The gate whose evidence came furthest: the one that a reader wants to see. */
function decisive(metrics: readonly MetricJudgement[]): MetricJudgement | undefined {
  const nearness = (metric: MetricJudgement): number => highest(metric) / metric.threshold;
  return metrics.filter(({ role }) => role === "gate").toSorted((a, b) => nearness(b) - nearness(a))[0];
}

const highest = ({ evidence }: MetricJudgement): number => Math.max(0, ...evidence.map((point) => point.logEvidence));

/** More points than this are not told apart in a summary. */
const POINTS = 40;

/** How the evidence grew; where it stayed far from its limit the table says all there is. */
function chartOf(record: StepRecord, metric: MetricJudgement | undefined): string {
  if (!metric || metric.evidence.length < 2 || highest(metric) < metric.threshold / 10) return "";
  const stride = Math.ceil(metric.evidence.length / POINTS);
  const points = metric.evidence.filter((_, index) => (metric.evidence.length - 1 - index) % stride === 0);
  const top = Math.max(metric.threshold, highest(metric)) * 1.1;
  const values = points.map(({ logEvidence }) => Math.max(0, logEvidence).toFixed(2));
  const last = (points.at(-1)?.until ?? 0) / 1000;
  const first = (points[0]?.until ?? 0) / 1000;
  const isShort = last < 300;
  const axis = (seconds: number): string => (isShort ? String(Math.round(seconds)) : (seconds / 60).toFixed(1));
  return xyChart({
    title: `Step ${record.step + 1}, ${wordsOf(metric.name)}: the evidence (bars) fails it at ${metric.threshold.toFixed(1)} (line)`,
    x: { label: `${isShort ? "seconds" : "minutes"} since the weight was set`, from: axis(first), to: axis(last) },
    y: { label: "evidence", from: 0, to: top.toFixed(1) },
    series: [
      { kind: "bar", colour: CHART_COLOURS.bad, values },
      { kind: "line", colour: CHART_COLOURS.limit, values: values.map(() => metric.threshold.toFixed(2)) },
    ],
  });
}

/** `▓▓▓░░░░░░░`: a share of 0 to 1. */
function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `${"▓".repeat(full)}${"░".repeat(width - full)}`;
}

const LEVELS = "▁▂▃▄▅▆▇█";
const SPARKS = 24;

/** Shares of bad requests over time on one scale of 0 to 10 %, so that two lines can be held against each other. */
function sparkline(bins: readonly ArmCounts[]): string {
  return merged(bins, SPARKS)
    .map(
      ({ total, bad }) =>
        LEVELS[Math.min(LEVELS.length - 1, Math.round(10 * (bad / Math.max(1, total)) * (LEVELS.length - 1)))],
    )
    .join("");
}

/** Neighbours put together until no more than `most` are left. */
function merged(bins: readonly ArmCounts[], most: number): ArmCounts[] {
  const stride = Math.max(1, Math.ceil(bins.length / most));
  const groups: ArmCounts[] = [];
  for (const [index, { total, bad }] of bins.entries()) {
    const group = groups[Math.floor(index / stride)];
    if (group) Object.assign(group, { total: group.total + total, bad: group.bad + bad });
    else groups.push({ total, bad });
  }
  return groups;
}

/** The same for machines: every step's verdict and last figures. */
export function canaryResult({ records, preflight }: CanaryStory): Json {
  return {
    preflight: preflight?.line ?? null,
    steps: records.map((record) => ({
      step: record.step + 1,
      weight: record.weight,
      "set-at": new Date(record.setAt).toISOString(),
      verdict: record.verdict ?? null,
      why: record.why,
      metrics: (record.looks.at(-1)?.judgement.metrics ?? []).map((metric) => ({
        name: metric.name,
        role: metric.role,
        verdict: metric.verdict,
        canary: counts(metric.canary),
        baseline: counts(metric.baseline),
        evidence: Number((metric.evidence.at(-1)?.logEvidence ?? 0).toFixed(3)),
        threshold: Number(metric.threshold.toFixed(3)),
        series: seriesOf(metric),
      })),
    })),
  };
}

const counts = ({ total, bad, interval }: MetricJudgement["canary"]): Json => ({
  total,
  bad,
  share: total === 0 ? null : percent(bad / total),
  interval: [Number(interval.lower.toFixed(5)), Number(interval.upper.toFixed(5))],
});

/** Bins that a result keeps of a metric and step: the last ones, which decided. */
const SERIES = 240;

/** Seconds since the weight was set, requests and bad ones of the new and of the live release, evidence. */
const seriesOf = ({ bins, evidence }: MetricJudgement): Json =>
  bins
    .map(({ until, canary, baseline }, index): Json => {
      const proof = Number((evidence[index]?.logEvidence ?? 0).toFixed(3));
      return [until / 1000, canary.total, canary.bad, baseline.total, baseline.bad, proof];
    })
    .slice(-SERIES);
