/** Is the preflight line right? The rate it names is played again, judged minute by minute, with other seeds. */
import { type CanaryPlan, detectableRate } from "../../packages/release/src/judge/preflight.ts";
import { drawHistory, drawTraffic, seededRandom } from "../../packages/release/src/judge/traffic-model.ts";
import { HISTORY, playStep } from "./operating-characteristics.ts";

export interface Prediction {
  /** The plan in words. */
  plan: string;
  requestsPerMinute: number;
  predicted: number;
  powerAbove: number;
  powerBelow: number;
}

const RUNS = 600;
const PLANS = {
  "10 %, 30 min": [{ weight: 0.1, minutes: 30 }],
  "5 %, 8 min; 25 %, 8 min; 50 %, 18 min": [
    { weight: 0.05, minutes: 8 },
    { weight: 0.25, minutes: 8 },
    { weight: 0.5, minutes: 18 },
  ],
};

/** The preflight's rate, and the power 20 % above and below it: four of five must lie between. */
export function predictions(): Prediction[] {
  return Object.entries(PLANS).flatMap(([name, steps]) =>
    [20, 100, 500].map((requestsPerMinute) => {
      const judged = steps.map(({ weight, minutes }) => ({ weight, judged: minutes * 60_000 }));
      const plan: CanaryPlan = { requestsPerMinute, baselineRate: 0.005, burst: 1, bin: 60_000, steps: judged };
      const predicted = detectableRate(plan) ?? Number.NaN;
      const powerAbove = powerAt(plan, predicted * 1.2);
      return { plan: name, requestsPerMinute, predicted, powerAbove, powerBelow: powerAt(plan, predicted / 1.2) };
    }),
  );
}

function powerAt(plan: CanaryPlan, canaryRate: number): number {
  const random = seededRandom(99);
  const isFound = (): boolean => {
    const history = drawHistory(plan, HISTORY, random);
    return plan.steps.some(({ weight, judged }) => {
      const minutes = judged / plan.bin;
      const bins = drawTraffic({ ...plan, weight, minutes, canaryRate }, random);
      const series = [{ name: "errors", bins, history }];
      return playStep(series, minutes, { steps: plan.steps.length }).verdict === "fail";
    });
  };
  let found = 0;
  for (let run = 0; run < RUNS; run += 1) if (isFound()) found += 1;
  return found / RUNS;
}
