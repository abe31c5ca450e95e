/** How often each rule rolls back, promotes or says that it does not know, on the same seeded traffic. */
import {
  DEFAULT_POLICY,
  type JudgeVerdict,
  judgeCanary,
  type Metric,
} from "../../packages/release/src/judge/canary-judge.ts";
import type { ArmCounts, Bin } from "../../packages/release/src/judge/sequential-test.ts";
import {
  drawHistory,
  drawTraffic,
  seededRandom,
  type Traffic,
} from "../../packages/release/src/judge/traffic-model.ts";
import { argo, flagger, kayenta, type Rule } from "./peer-rules.ts";

export interface Characteristics {
  traffic: Traffic;
  runs: number;
  /** Shares of runs, 0 to 1. */
  verdicts: Record<Exclude<JudgeVerdict, "continue">, number>;
  failedEarly: number;
  /** Minutes until half of the failing runs had failed; undefined when none failed. */
  medianMinute: number | undefined;
  /** Share of runs that each peer's rule rolls back. */
  peers: Record<string, number>;
}

export const PEERS: Record<string, Rule> = {
  "Kayenta Mann–Whitney": kayenta,
  "Flagger 99 %, threshold 1": flagger(0.99, 1),
  "Flagger 99 %, threshold 10": flagger(0.99, 10),
  "Argo 95 %, failureLimit 0": argo(0.95, 0),
  "Argo 95 %, failureLimit 3": argo(0.95, 3),
};

/** First minute at which anything is judged: before it there is nothing to know. */
const FIRST_LOOK = 2;
/** Minutes of traffic that are read before a canary begins. */
export const HISTORY = 60;

export interface Ending {
  verdict: JudgeVerdict;
  minute: number;
}

export interface Series {
  name: string;
  bins: readonly Bin[];
  history: readonly ArmCounts[];
}

/**
 * One step of a canary, judged minute by minute as a release would. A step of several looks that could not decide at
 * the end of its window goes on for as long again.
 */
export function playStep(series: readonly Series[], minutes: number, { steps = 1, looks = 1 } = {}): Ending {
  const policy = { ...DEFAULT_POLICY, steps, looks };
  const upTo = (minute: number): Metric[] =>
    series.map(({ name, bins, history }) => ({ name, role: "gate", bins: bins.slice(0, minute), history }));
  for (let minute = FIRST_LOOK; minute < minutes * looks; minute += 1) {
    const { verdict } = judgeCanary(upTo(minute), [], minute % minutes === 0, policy);
    if (verdict === "fail" || verdict === "pass") return { verdict, minute };
  }
  return { verdict: judgeCanary(upTo(minutes * looks), [], true, policy).verdict, minute: minutes * looks };
}

export function characterise(traffic: Traffic, runs: number, seed: number): Characteristics {
  const random = seededRandom(seed);
  const verdicts = { fail: 0, pass: 0, insufficient: 0, inconclusive: 0, "provider-error": 0 };
  const peers = Object.fromEntries(Object.keys(PEERS).map((name) => [name, 0]));
  const failedAt: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const bins = drawTraffic(traffic, random);
    const history = drawHistory(traffic, HISTORY, random);
    const { verdict, minute } = playStep([{ name: "errors", bins, history }], traffic.minutes);
    if (verdict !== "continue") verdicts[verdict] += 1 / runs;
    if (verdict === "fail") failedAt.push(minute);
    for (const [name, rule] of Object.entries(PEERS)) peers[name] = (peers[name] ?? 0) + (rule(bins) ? 1 / runs : 0);
  }
  failedAt.sort((a, b) => a - b);
  return {
    traffic,
    runs,
    verdicts,
    failedEarly: failedAt.filter((minute) => minute < traffic.minutes).length / runs,
    medianMinute: failedAt[Math.floor(failedAt.length / 2)],
    peers,
  };
}
