/** What one canary was, from its action's own result: the charts' only source. */

/** Seconds since the weight was set, requests and bad ones of the new and of the live release, evidence. */
export type Point = readonly [
  seconds: number,
  newAll: number,
  newBad: number,
  liveAll: number,
  liveBad: number,
  evidence: number,
];

export interface CanaryStep {
  step: number;
  weight: number;
  "set-at": string;
  verdict: string | null;
  why: string;
  metrics: readonly { name: string; role: string; threshold: number; series: readonly Point[] }[];
}

export interface CanaryStory {
  title: string;
  release: string;
  /** Milliseconds since 1970. */
  began: number;
  ended: number;
  outcome: string;
  steps: readonly CanaryStep[];
}

/** The gate that the charts are about: the one whose evidence came furthest. */
export function leadingMetric(story: CanaryStory): string {
  const gates = story.steps.flatMap(({ metrics }) => metrics.filter(({ role }) => role === "gate"));
  const nearness = ({ series, threshold }: (typeof gates)[number]): number =>
    Math.max(0, ...series.map((point) => point[5])) / threshold;
  return gates.toSorted((a, b) => nearness(b) - nearness(a))[0]?.name ?? "server-errors";
}

/** One moment of a chart: where the step's counts stood then. */
export interface Moment {
  at: number;
  step: number;
  weight: number;
  canary: { total: number; bad: number };
  live: { total: number; bad: number };
  evidence: number;
  threshold: number;
}

/** The counts of each step summed up to each bin: what the judge saw at that moment. */
export function momentsOf(story: CanaryStory): Moment[] {
  const name = leadingMetric(story);
  return story.steps.flatMap(({ step, weight, metrics, "set-at": setAt }) => {
    const metric = metrics.find((each) => each.name === name);
    let [newAll, newBad, liveAll, liveBad] = [0, 0, 0, 0];
    return (metric?.series ?? []).map(([seconds, ...counts]) => {
      newAll += counts[0];
      newBad += counts[1];
      liveAll += counts[2];
      liveBad += counts[3];
      return {
        at: Date.parse(setAt) + seconds * 1000,
        step,
        weight,
        canary: { total: newAll, bad: newBad },
        live: { total: liveAll, bad: liveBad },
        evidence: Math.max(0, counts[4]),
        threshold: metric?.threshold ?? 0,
      };
    });
  });
}
