import { DEFAULT_POLICY, type JudgePolicy, judgeCanary } from "./canary-judge.ts";
import { drawTraffic, seededRandom, type Traffic } from "./traffic-model.ts";

const RUNS = 400;
const POWER = 0.8;

/**
 * The smallest share of bad canary requests that the judge would find in four of five canaries within the window, or
 * undefined where not even a canary that always fails would be found. Found by playing the judge on seeded traffic, so
 * it is right by construction for the policy in force.
 */
export function detectableRate(
  traffic: Omit<Traffic, "canaryRate">,
  policy: JudgePolicy = DEFAULT_POLICY,
): number | undefined {
  const found = (canaryRate: number): boolean => powerAt({ ...traffic, canaryRate }, policy) >= POWER;
  if (!found(1)) return undefined;
  let [low, high] = [Math.log(traffic.baselineRate || 1e-4), 0];
  for (let step = 0; step < 9; step += 1) {
    const middle = (low + high) / 2;
    if (found(Math.exp(middle))) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}

function powerAt(traffic: Traffic, policy: JudgePolicy): number {
  const random = seededRandom(20_26);
  let failed = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const minutes = drawTraffic(traffic, random);
    if (judgeCanary([{ name: "errors", role: "gate", minutes }], [], true, policy).verdict === "fail") failed += 1;
  }
  return failed / RUNS;
}

/** One line for the log, before a canary begins: what it can show at this traffic, or that it can show nothing. */
export function preflightLine(traffic: Omit<Traffic, "canaryRate">, policy: JudgePolicy = DEFAULT_POLICY): string {
  const rate = detectableRate(traffic, policy);
  const flow = `${Math.round(traffic.requestsPerMinute)} requests a minute, ${Math.round(traffic.weight * 100)} % of them to the canary`;
  if (rate === undefined) {
    return `At ${flow}, no regression can be shown within ${traffic.minutes} minutes: rely on probes and the watch after the swap.`;
  }
  return `At ${flow}, this app can show a regression to ≥ ${(rate * 100).toFixed(1)} % errors within ${traffic.minutes} minutes.`;
}
