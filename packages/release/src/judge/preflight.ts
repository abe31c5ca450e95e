import type { Milliseconds } from "../ports.ts";
import { DEFAULT_POLICY, type JudgePolicy, judgeCanary } from "./canary-judge.ts";
import { drawHistory, drawTraffic, type Random, seededRandom, type Traffic } from "./traffic-model.ts";

/** A canary as it is planned, on the traffic that the app had lately. */
export interface CanaryPlan {
  /** Of both arms together; measured before the canary begins. */
  requestsPerMinute: number;
  /** Share of bad requests before the canary, 0 to 1. */
  baselineRate: number;
  /** Mean length of a bunch of errors; 1 = independent. */
  burst: number;
  /** Width of the bins that are judged. */
  bin: Milliseconds;
  steps: readonly PlannedStep[];
}

export interface PlannedStep {
  /** Canary's share, 0 to 1. */
  weight: number;
  /** Milliseconds that are judged: without warm-up. */
  judged: Milliseconds;
}

/** Below so many requests a minute no split of them says anything in the time of a release. */
export const LEAST_TRAFFIC = 5;

const RUNS = 400;
const POWER = 0.8;
const HISTORY = 60;

/**
 * The smallest share of bad canary requests that the judge would find in four of five canaries, or undefined where not
 * even a canary that always fails would be found. Found by playing the judge on seeded traffic, so it is right by
 * construction for the policy in force.
 */
export function detectableRate(plan: CanaryPlan, policy: JudgePolicy = DEFAULT_POLICY): number | undefined {
  const shared = { ...policy, steps: plan.steps.length };
  const found = (canaryRate: number): boolean => powerAt(plan, canaryRate, shared) >= POWER;
  if (!found(1)) return undefined;
  let [low, high] = [Math.log(plan.baselineRate || 1e-4), 0];
  for (let round = 0; round < 9; round += 1) {
    const middle = (low + high) / 2;
    if (found(Math.exp(middle))) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}

function powerAt(plan: CanaryPlan, canaryRate: number, policy: JudgePolicy): number {
  const random = seededRandom(20_26);
  let failed = 0;
  for (let run = 0; run < RUNS; run += 1) if (isFound(plan, canaryRate, policy, random)) failed += 1;
  return failed / RUNS;
}

/** The traffic model counts in minutes; to it, a bin is one, whatever its width. */
function isFound(plan: CanaryPlan, canaryRate: number, policy: JudgePolicy, random: Random): boolean {
  const requestsPerMinute = (plan.requestsPerMinute * plan.bin) / MINUTE;
  const { baselineRate, burst } = plan;
  const history = drawHistory({ requestsPerMinute, baselineRate, burst }, HISTORY, random);
  return plan.steps.some(({ weight, judged }) => {
    const minutes = Math.floor(judged / plan.bin);
    const traffic: Traffic = { requestsPerMinute, baselineRate, burst, canaryRate, weight, minutes };
    const metric = { name: "errors", role: "gate" as const, bins: drawTraffic(traffic, random), history };
    return judgeCanary([metric], [], true, policy).verdict === "fail";
  });
}

const MINUTE = 60_000;

/** The canary requests that a step may expect. */
export function expectedSample(
  { requestsPerMinute }: Pick<CanaryPlan, "requestsPerMinute">,
  step: PlannedStep,
): number {
  return (requestsPerMinute * step.weight * step.judged) / MINUTE;
}

/** How long a step has to be judged so that it may expect the least sample with a fifth to spare. */
export function timeNeeded(
  { requestsPerMinute }: Pick<CanaryPlan, "requestsPerMinute">,
  weight: number,
  policy: JudgePolicy = DEFAULT_POLICY,
): Milliseconds {
  return Math.ceil(((1.2 * policy.minimumSample) / (requestsPerMinute * weight)) * MINUTE);
}

/** One line for the log, before a canary begins: what it can show at this traffic, or that it can show nothing. */
export function preflightLine(plan: CanaryPlan, policy: JudgePolicy = DEFAULT_POLICY): string {
  const flow = `At ${rounded(plan.requestsPerMinute)} requests a minute`;
  const time = timeText(plan.steps.reduce((sum, { judged }) => sum + judged, 0));
  const nothing = "rely on probes and on the watch after the swap.";
  if (plan.requestsPerMinute < LEAST_TRAFFIC) {
    return `${flow}, no split of them says anything in ${time}, so this canary judges nothing: ${nothing}`;
  }
  const rate = detectableRate(plan, policy);
  if (rate === undefined) return `${flow}, no regression can be shown within ${time}: ${nothing}`;
  const now = `${(plan.baselineRate * 100).toFixed(1)} % now`;
  return `${flow}, this app can show a regression to ≥ ${(rate * 100).toFixed(1)} % bad requests (${now}) within ${time}.`;
}

function timeText(duration: Milliseconds): string {
  if (duration < 2 * MINUTE) return `${Math.round(duration / 1000)} seconds`;
  return `${Math.round(duration / MINUTE)} minutes`;
}

const rounded = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)));
