/** Before anybody is sent to the new release: can this app's traffic show anything at all? */
import { formatDuration } from "@augeo/action-kit";
import {
  type ArmCounts,
  dispersionOf,
  expectedSample,
  LEAST_TRAFFIC,
  type MetricSource,
  type CanaryPlan as PreflightPlan,
  preflightLine,
  ServiceError,
  timeNeeded,
} from "@augeo/release";
import type { RunContext } from "../../slot-swap/connection.ts";
import type { CanaryInputs, CanaryPlan } from "../ramp.ts";
import { historyOf } from "./judged-metrics.ts";
import { patiently } from "./patient-source.ts";
import { HISTORY_BINS } from "./step-judge.ts";

const MINUTE = 60_000;

export interface Preflight {
  requestsPerMinute: number | undefined;
  /** What the log says of it. */
  line: string;
  /** Steps that cannot collect enough, with what would. */
  warnings: string[];
  /** How late the metrics were; undefined when nothing told. */
  lag: number | undefined;
}

/** Reads the traffic of late. Throws what the source throws when it can never work. */
export async function preflight(
  context: RunContext,
  inputs: CanaryInputs,
  plan: CanaryPlan,
  source: MetricSource,
): Promise<Preflight> {
  const { bin } = inputs;
  const now = context.clock.now();
  const to = Math.floor(now / bin) * bin;
  const window = { from: to - HISTORY_BINS * bin, to, bin };
  if (source.name === "probes") return ofProbes();
  const reading = await patiently(context, bin, async () => {
    await source.prove?.(window);
    return source.read(window);
  });
  const lag = reading.completeUntil === undefined ? undefined : now - reading.completeUntil;
  const history = ofLate(historyOf(reading, bin, to).get(plan.gates[0] ?? "server-errors") ?? []);
  const minutes = (history.length * bin) / MINUTE;
  const total = history.reduce((sum, each) => sum + each.total, 0);
  const bad = history.reduce((sum, each) => sum + each.bad, 0);
  const requestsPerMinute = minutes === 0 ? 0 : total / minutes;
  const { factor } = dispersionOf([history]);
  const expected: PreflightPlan = {
    requestsPerMinute,
    baselineRate: total === 0 ? 0 : bad / total,
    burst: Math.max(1, (factor + 1) / 2),
    bin,
    steps: plan.ramp.steps.map(({ weight, duration }) => ({
      weight: weight / 100,
      judged: Math.max(0, duration - inputs["step-warm-up"]),
    })),
  };
  const line = preflightLine(expected, plan.policy);
  return {
    requestsPerMinute,
    line,
    lag,
    warnings: [...trafficWarnings(expected, inputs, plan), ...lagWarnings(inputs, plan, lag)],
  };
}

/** So many requests tell a rate to an eighth. */
const ENOUGH = 60;

/** Bins before the first request are from before the app, or its telemetry, was there; a single request proves no rate. */
function ofLate(history: readonly ArmCounts[]): readonly ArmCounts[] {
  const total = history.reduce((sum, each) => sum + each.total, 0);
  return total < ENOUGH ? history : history.slice(history.findIndex((each) => each.total > 0));
}

const ofProbes = (): Preflight => ({
  requestsPerMinute: undefined,
  line: "The canary is judged by our own probes of both slots: it sees what they ask for, and nothing of the users.",
  warnings: [],
  lag: 0,
});

/** Steps that cannot expect the least sample at this traffic: said before they waste anybody's time. */
function trafficWarnings(
  { requestsPerMinute, steps }: PreflightPlan,
  inputs: CanaryInputs,
  plan: CanaryPlan,
): string[] {
  if (requestsPerMinute < LEAST_TRAFFIC) return [];
  return steps.flatMap((step, index) => {
    const needed = timeNeeded({ requestsPerMinute }, step.weight, plan.policy);
    if (needed <= step.judged * plan.policy.looks) return [];
    const expected = Math.round(expectedSample({ requestsPerMinute }, step));
    const duration = formatDuration(Math.ceil((needed + inputs["step-warm-up"]) / inputs.bin) * inputs.bin);
    return [
      `Step ${index + 1} (${Math.round(step.weight * 100)} %) can expect ${expected} requests, and ${plan.policy.minimumSample} are needed: it will be insufficient. Give it ${duration}, or begin with a higher weight.`,
    ];
  });
}

function lagWarnings(inputs: CanaryInputs, plan: CanaryPlan, lag: number | undefined): string[] {
  if (lag === undefined) return [];
  const shortest = Math.min(...plan.ramp.steps.map(({ duration }) => duration));
  if (inputs["step-warm-up"] + lag + inputs.bin <= shortest) return [];
  const least = formatDuration(Math.ceil((inputs["step-warm-up"] + lag + inputs.bin) / 1000) * 1000);
  return [
    `The metrics are ${formatDuration(lag)} late, so a step of ${formatDuration(shortest)} cannot end a bad release before its time is over. Give each step ${least} or more.`,
  ];
}

/** A preflight that failed says so and lets the policy decide: only `promote` goes on without any metric. */
export async function preflightOrPolicy(inputs: CanaryInputs, run: () => Promise<Preflight>): Promise<Preflight> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ServiceError) || inputs["on-provider-error"] !== "promote") throw error;
    const line = `The metrics cannot be read (${error.what} ${error.why}), and on-provider-error is promote: this canary judges nothing.`;
    return { requestsPerMinute: undefined, line, warnings: [], lag: undefined };
  }
}
