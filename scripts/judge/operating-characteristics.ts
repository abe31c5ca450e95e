/** How often each rule rolls back, promotes or says that it does not know, on the same seeded traffic. */
import { judgeCanary, type Verdict } from "../../packages/release/src/judge/canary-judge.ts";
import type { MinuteCounts } from "../../packages/release/src/judge/sequential-test.ts";
import { drawTraffic, seededRandom, type Traffic } from "../../packages/release/src/judge/traffic-model.ts";
import { argo, flagger, kayenta, type Rule } from "./peer-rules.ts";

export interface Characteristics {
  traffic: Traffic;
  runs: number;
  /** Shares of runs, 0 to 1. */
  verdicts: Record<Exclude<Verdict, "continue">, number>;
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

export interface Ending {
  verdict: Verdict;
  minute: number;
}

/** One canary, judged minute by minute as a release would. */
export function playCanary(minutes: readonly MinuteCounts[]): Ending {
  for (let minute = FIRST_LOOK; minute < minutes.length; minute += 1) {
    const metric = { name: "errors", role: "gate" as const, minutes: minutes.slice(0, minute) };
    if (judgeCanary([metric], [], false).verdict === "fail") return { verdict: "fail", minute };
  }
  const metric = { name: "errors", role: "gate" as const, minutes };
  return { verdict: judgeCanary([metric], [], true).verdict, minute: minutes.length };
}

export function characterise(traffic: Traffic, runs: number, seed: number): Characteristics {
  const random = seededRandom(seed);
  const verdicts = { fail: 0, pass: 0, insufficient: 0, inconclusive: 0, "provider-error": 0 };
  const peers = Object.fromEntries(Object.keys(PEERS).map((name) => [name, 0]));
  const failedAt: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const minutes = drawTraffic(traffic, random);
    const { verdict, minute } = playCanary(minutes);
    if (verdict !== "continue") verdicts[verdict] += 1 / runs;
    if (verdict === "fail") failedAt.push(minute);
    for (const [name, rule] of Object.entries(PEERS)) peers[name] = (peers[name] ?? 0) + (rule(minutes) ? 1 / runs : 0);
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
