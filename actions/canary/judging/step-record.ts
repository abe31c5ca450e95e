/** What one step looked like, for the summary and the result. Plain figures. */
import type { Judgement, RampStep, StepVerdict } from "@augeo/release";

/** One look at the figures. */
export interface Look {
  at: number;
  judgement: Judgement;
}

export interface StepRecord {
  step: number;
  steps: number;
  weight: number;
  duration: RampStep["duration"];
  setAt: number;
  /** Metrics are judged from here on. */
  from: number;
  bin: number;
  looks: Look[];
  /** Shown beside the metrics; decides nothing. */
  aside: string | undefined;
  verdict: StepVerdict | undefined;
  why: string;
  endedAt: number | undefined;
}

/** Each metric by the names that people read. */
export const METRIC_WORDS: Readonly<Record<string, string>> = {
  "server-errors": "server errors",
  "slow-requests": "slow requests",
  "client-errors": "client errors",
  custom: "metrics-query",
};

export const wordsOf = (name: string): string => METRIC_WORDS[name] ?? name;
