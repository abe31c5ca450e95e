/** What the judge is held to, beside what it does: one list for the tests and for `npm run prove`. */
import type { Figures } from "./publish.ts";

export interface Promised {
  what: string;
  /** As the figures are. */
  found: string;
  kept: boolean;
}

/** Requests a minute at which the judge is held to its word. */
const LEVELS = [20, 100, 500, 2000] as const;

export const promisesOf = (figures: Figures): Promised[] => [
  ...LEVELS.flatMap((level) => atLevel(figures, level)),
  ...found(figures),
  ...wholeCanaries(figures),
  preflight(figures),
];

function rowOf({ rows }: Figures, level: number, canaryRate: number, burst = 1) {
  const row = rows.find(
    ({ traffic }) =>
      traffic.requestsPerMinute === level && traffic.canaryRate === canaryRate && traffic.burst === burst,
  );
  if (!row) throw new Error(`no row for ${level} requests a minute at ${canaryRate}`);
  return row;
}

const atMost = (what: string, share: number, bound: number): Promised => ({
  what: `${what}: at most ${percent(bound)}`,
  found: percent(share),
  kept: share <= bound,
});

const atLeast = (what: string, share: number, bound: number): Promised => ({
  what: `${what}: at least ${percent(bound)}`,
  found: percent(share),
  kept: share >= bound,
});

function atLevel(figures: Figures, level: number): Promised[] {
  const at = `at ${level} requests a minute`;
  return [
    atMost(`healthy, rolled back ${at}`, rowOf(figures, level, 0.005).verdicts.fail, 0.005),
    atMost(
      `healthy with errors in bursts of five, rolled back ${at}`,
      rowOf(figures, level, 0.005, 5).verdicts.fail,
      0.01,
    ),
    atMost(`0.5 % → 5 % errors, promoted ${at}`, rowOf(figures, level, 0.05).verdicts.pass, 0.03),
  ];
}

function found(figures: Figures): Promised[] {
  const { verdicts, medianMinute = Number.POSITIVE_INFINITY } = rowOf(figures, 100, 0.05);
  return [
    atLeast("0.5 % → 5 % errors, found at 100 requests a minute", verdicts.fail, 0.95),
    { what: "half of them within 12 minutes", found: `${medianMinute} min`, kept: medianMinute <= 12 },
  ];
}

function wholeCanaries({ wholes }: Figures): Promised[] {
  return wholes
    .filter(({ canaryRate, requestsPerMinute }) => canaryRate === 0.005 || requestsPerMinute >= 100)
    .map(({ requestsPerMinute, canaryRate, burst, rolledBack }) => {
      const at = `at ${requestsPerMinute} requests a minute`;
      if (canaryRate > 0.005) return atLeast(`three steps, three metrics, 5 % errors, found ${at}`, rolledBack, 0.95);
      const bursts = burst > 1 ? " with bursts" : "";
      return atMost(`three steps, three metrics, healthy${bursts}, rolled back ${at}`, rolledBack, 0.01);
    });
}

/** Four of five canaries are found between 20 % below and 20 % above the rate that it names. */
function preflight({ predictions }: Figures): Promised {
  const right = predictions.filter(({ powerBelow, powerAbove }) => powerBelow < 0.8 && powerAbove > 0.8);
  return {
    what: "the rate that the preflight line names is right within 20 %",
    found: `${right.length} of ${predictions.length} plans`,
    kept: right.length === predictions.length && right.length === 6,
  };
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;
