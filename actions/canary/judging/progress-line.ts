import { formatDuration } from "@augeo/action-kit";
import type { MetricJudgement } from "@augeo/release";
import { type StepRecord, wordsOf } from "./step-record.ts";

/** Clients keep the slot they were drawn to by a cookie, for an hour; below so many requests the share says nothing. */
const LEAST_FOR_SHARE = 100;

/** One line a look: how far the step is, what both arms counted, and how near the evidence is to a failure. */
export function progressLine(record: StepRecord, now: number): string {
  const { step, steps, weight, duration, setAt, looks, aside } = record;
  const judgement = looks.at(-1)?.judgement;
  const age = `${formatDuration(whole(now - setAt))} of ${formatDuration(duration)}`;
  const head = `Step ${step + 1} of ${steps}, ${weight} %, ${age}`;
  if (!judgement || judgement.metrics.length === 0) return `${head}: nothing to judge yet`;
  const metrics = judgement.metrics.map(metricText);
  const [first] = judgement.metrics;
  const notes = [...metrics, first && shareText(first, weight), aside].filter(
    (text) => text !== undefined && text !== "",
  );
  return `${head}: ${notes.join(" · ")}`;
}

const whole = (duration: number): number => Math.max(1000, Math.round(duration / 1000) * 1000);

export function metricText({ name, role, canary, baseline, evidence, threshold }: MetricJudgement): string {
  if (role === "watch") return `${wordsOf(name)} ${shareOf(canary)} (live ${shareOf(baseline)})`;
  const rates = `canary ${rateText(canary)}, live ${rateText(baseline)}`;
  const proof = `evidence ${evidenceAt(evidence).toFixed(1)} of ${threshold.toFixed(1)}`;
  return `${wordsOf(name)}: ${rates}, ${proof}`;
}

const shareOf = ({ total, bad }: MetricJudgement["canary"]): string => (total === 0 ? "–" : percent(bad / total));

const evidenceAt = (evidence: MetricJudgement["evidence"]): number => Math.max(0, evidence.at(-1)?.logEvidence ?? 0);

function rateText({ total, bad, interval }: MetricJudgement["canary"]): string {
  if (total === 0) return "0 of 0";
  return `${bad} of ${total} (${percent(bad / total)}, ${percent(interval.lower)} to ${percent(interval.upper)})`;
}

/** The measured share; what is far from the weight is explained, and judged all the same, by what was measured. */
function shareText({ canary, baseline }: MetricJudgement, weight: number): string | undefined {
  const all = canary.total + baseline.total;
  if (all < LEAST_FOR_SHARE) return undefined;
  const share = (100 * canary.total) / all;
  const isFar = Math.abs(share - weight) > Math.max(5, weight / 2);
  const note = isFar
    ? `, not the ${weight} % that is set: clients keep the slot they were given for up to an hour`
    : "";
  return `share ${share.toFixed(1)} %${note}`;
}

export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;
