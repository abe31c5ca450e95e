/** A whole canary: three steps, three gating metrics. Every step and every metric is one more chance of a false alarm. */
import { drawHistory, drawTraffic, seededRandom } from "../../packages/release/src/judge/traffic-model.ts";
import { type Ending, HISTORY, PEERS, playStep, type Series } from "./operating-characteristics.ts";

/** `5% 10m, 25% 10m, 50% 20m`: weight, and the minutes that two of warm-up leave to be judged. */
export const STEPS = [
  { weight: 0.05, minutes: 8 },
  { weight: 0.25, minutes: 8 },
  { weight: 0.5, minutes: 18 },
] as const;

/** A step that could not decide goes on for as long again, once: the default of the action. */
const LOOKS = 2;

/** Share of bad requests of a healthy app, by metric. */
const METRICS = { "server errors": 0.005, "slow requests": 0.02, "client errors": 0.04 } as const;

export interface WholeCanary {
  requestsPerMinute: number;
  /** The canary's share of server errors; the other metrics are healthy. */
  canaryRate: number;
  burst: number;
  runs: number;
  /** Shares of runs, 0 to 1, when steps that could not decide go on. */
  rolledBack: number;
  /** Rolled back by the end of each step. */
  byStep: number[];
  /** At least one step said insufficient or inconclusive. */
  undecided: number;
  /** What each peer's rule would roll back on the server errors alone, over the same minutes without extension. */
  peers: Record<string, number>;
}

type Condition = Pick<WholeCanary, "requestsPerMinute" | "canaryRate" | "burst">;

export function playWhole(condition: Condition, runs: number, seed: number): WholeCanary {
  const random = seededRandom(seed);
  const byStep = STEPS.map(() => 0);
  const peers = Object.fromEntries(Object.keys(PEERS).map((name) => [name, 0]));
  let undecided = 0;
  for (let run = 0; run < runs; run += 1) {
    const steps = drawCanary(condition, random);
    const endings = steps.map((series, index) =>
      playStep(series, STEPS[index]?.minutes ?? 0, { steps: STEPS.length, looks: LOOKS }),
    );
    const failedIn = endings.findIndex(({ verdict }) => verdict === "fail");
    for (const index of STEPS.keys())
      if (failedIn >= 0 && failedIn <= index) byStep[index] = (byStep[index] ?? 0) + 1 / runs;
    if (endings.some(isUndecided)) undecided += 1 / runs;
    for (const [name, rule] of Object.entries(PEERS)) {
      const errors = steps.flatMap((series, index) => series[0]?.bins.slice(0, STEPS[index]?.minutes) ?? []);
      peers[name] = (peers[name] ?? 0) + (rule(errors) ? 1 / runs : 0);
    }
  }
  return { ...condition, runs, rolledBack: byStep.at(-1) ?? 0, byStep, undecided, peers };
}

const isUndecided = ({ verdict }: Ending): boolean => verdict === "insufficient" || verdict === "inconclusive";

function drawCanary({ requestsPerMinute, canaryRate, burst }: Condition, random: () => number): Series[][] {
  const histories = Object.entries(METRICS).map(([name, baselineRate]) => {
    return { name, history: drawHistory({ requestsPerMinute, baselineRate, burst }, HISTORY, random) };
  });
  return STEPS.map((step) =>
    Object.entries(METRICS).map(([name, baselineRate], index) => {
      const rate = name === "server errors" ? canaryRate : baselineRate;
      const minutes = step.minutes * LOOKS;
      const bins = drawTraffic({ requestsPerMinute, baselineRate, burst, canaryRate: rate, ...step, minutes }, random);
      return { name, bins, history: histories[index]?.history ?? [] };
    }),
  );
}
