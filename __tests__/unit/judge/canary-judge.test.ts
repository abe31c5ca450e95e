import { execFileSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { DEFAULT_POLICY, judgeCanary, type Metric } from "../../../packages/release/src/judge/canary-judge.ts";
import { detectableRate, preflightLine, timeNeeded } from "../../../packages/release/src/judge/preflight.ts";
import type { ArmCounts, Bin } from "../../../packages/release/src/judge/sequential-test.ts";
import { promisesOf } from "../../../scripts/judge/promises.ts";
import type { Figures } from "../../../scripts/judge/publish.ts";

function steady(minutes: number, canary: [number, number], baseline: [number, number]): Bin[] {
  return Array.from({ length: minutes }, (_, index) => ({
    until: (index + 1) * 60_000,
    canary: { total: canary[0], bad: canary[1] },
    baseline: { total: baseline[0], bad: baseline[1] },
  }));
}

const thirty = (weight: number) => ({ bin: 60_000, steps: [{ weight, judged: 30 * 60_000 }] });

function gate(bins: Bin[], more: Partial<Metric> = {}): Metric {
  return { name: "errors", role: "gate", bins, ...more };
}

describe("the judge's verdicts", () => {
  test("a canary that is clearly worse fails before its window is over", () => {
    expect(judgeCanary([gate(steady(10, [10, 2], [90, 0]))], [], false).verdict).toBe("fail");
  });

  test("a clean canary is never passed early", () => {
    expect(judgeCanary([gate(steady(20, [50, 0], [450, 1]))], [], false).verdict).toBe("continue");
    expect(judgeCanary([gate(steady(20, [50, 0], [450, 1]))], [], true).verdict).toBe("pass");
  });

  test("errors of a single burst do not fail a canary early, however many", () => {
    const minutes = steady(10, [10, 0], [90, 0]);
    const burst = minutes[4];
    if (burst) burst.canary.bad = 10;
    expect(judgeCanary([gate(minutes)], [], false).verdict).toBe("continue");
  });

  test("too little traffic is insufficient, not a pass and not a failure", () => {
    const judgement = judgeCanary([gate(steady(30, [1, 0], [9, 0]))], [], true);
    expect(judgement.verdict).toBe("insufficient");
    expect(judgement.why).toContain("30 canary requests, 60 are needed");
  });

  test("no canary requests at all is insufficient", () => {
    expect(judgeCanary([gate(steady(30, [0, 0], [100, 1]))], [], true).verdict).toBe("insufficient");
  });

  test("a metric that could not be read is a provider error even when the others are clean", () => {
    const clean = gate(steady(30, [50, 0], [450, 0]));
    const judgement = judgeCanary([clean, gate([], { name: "latency", unreadable: "403 from metrics" })], [], true);
    expect(judgement).toMatchObject({ verdict: "provider-error", why: "latency: 403 from metrics" });
  });

  test("a failing metric outranks one that could not be read", () => {
    const bad = gate(steady(30, [10, 3], [90, 0]));
    expect(judgeCanary([gate([], { name: "latency", unreadable: "x" }), bad], [], true).verdict).toBe("fail");
  });

  test("a watched metric is shown and decides nothing", () => {
    const watched = gate(steady(30, [10, 9], [90, 0]), { name: "cache misses", role: "watch" });
    const judgement = judgeCanary([gate(steady(30, [50, 0], [450, 0])), watched], [], true);
    expect(judgement.verdict).toBe("pass");
    expect(judgement.metrics.map((metric) => metric.name)).toEqual(["errors", "cache misses"]);
  });

  test("a tripped guard fails without statistics", () => {
    const guard = { name: "probe", tripped: true, why: "down three times in a row" };
    expect(judgeCanary([gate(steady(3, [1, 0], [9, 0]))], [guard], false)).toMatchObject({
      verdict: "fail",
      why: "probe: down three times in a row",
    });
  });

  test("errors below the floor never fail a canary, whatever the ratio", () => {
    expect(judgeCanary([gate(steady(30, [2000, 8], [18_000, 9]))], [], true).verdict).not.toBe("fail");
  });

  test("a baseline that is as bad does not let the canary fail", () => {
    expect(judgeCanary([gate(steady(30, [50, 5], [450, 45]))], [], true).verdict).not.toBe("fail");
  });

  test("errors that bunched before the canary count as the bunches they are", () => {
    const bins = steady(6, [200, 0], [1800, 9]);
    for (const index of [1, 3, 5]) bins[index] = { ...(bins[index] as Bin), canary: { total: 200, bad: 12 } };
    const bursts = (gap: number): ArmCounts[] =>
      Array.from({ length: 60 }, (_, minute) => ({ total: 2000, bad: minute % gap === 0 ? 10 * gap : 0 }));
    expect(judgeCanary([gate(bins, { history: bursts(1) })], [], false).verdict).toBe("fail");
    expect(judgeCanary([gate(bins, { history: bursts(6) })], [], false).verdict).toBe("continue");
  });

  test("more steps and more looks ask for more evidence", () => {
    const bins = steady(10, [10, 1], [90, 1]);
    const alone = judgeCanary([gate(bins)], [], false, { ...DEFAULT_POLICY, steps: 1 });
    const ofThree = judgeCanary([gate(bins)], [], false, { ...DEFAULT_POLICY, steps: 3 });
    expect((ofThree.metrics[0]?.threshold ?? 0) - (alone.metrics[0]?.threshold ?? 0)).toBeCloseTo(Math.log(3), 9);
  });

  test("a baseline that is down lets no bad canary pass", () => {
    const judgement = judgeCanary([gate(steady(30, [15, 10], [4, 4]))], [], true);
    expect(judgement.verdict).toBe("inconclusive");
  });

  test("no gating metric is never a pass", () => {
    expect(judgeCanary([], [], true).verdict).toBe("provider-error");
  });
});

// In a process of its own: the published figures come from this very command, and jest's sandbox is many times slower.
const figures = JSON.parse(
  execFileSync(process.execPath, ["scripts/judge/main.ts", "--json"], { encoding: "utf8" }),
) as Figures;

describe("operating characteristics, with fixed seeds", () => {
  const promises = promisesOf(figures);

  test("are held to a promise at each level of traffic", () => expect(promises).toHaveLength(26));

  test.each(promises.map(({ what, ...rest }) => [what, rest] as const))("%s", (_, { found, kept }) => {
    expect({ found, kept }).toEqual({ found, kept: true });
  });
});

test("the time that a step needs collects the least sample with a fifth to spare", () => {
  expect(timeNeeded({ requestsPerMinute: 100 }, 0.05)).toBe(864_000);
});

test("the preflight line says so when the traffic can show nothing", () => {
  const plan = { requestsPerMinute: 6, baselineRate: 0.005, burst: 1, ...thirty(0.01) };
  expect(preflightLine(plan)).toContain("no regression can be shown");
});

test("below five requests a minute the preflight line does not pretend", () => {
  const plan = { requestsPerMinute: 4, baselineRate: 0.005, burst: 1, ...thirty(0.5) };
  expect(preflightLine(plan)).toContain("this canary judges nothing");
});

test("a preflight counted by the second shows as much of the same requests as one by the minute", () => {
  const byMinute = { requestsPerMinute: 100, baselineRate: 0.005, burst: 1, ...thirty(0.1) };
  const step = { weight: 0.1, judged: 30 * 1000 };
  const bySecond = { ...byMinute, requestsPerMinute: 6000, bin: 1000, steps: [step] };
  expect(detectableRate(bySecond)).toBeCloseTo(detectableRate(byMinute) ?? 0, 9);
  expect(preflightLine(bySecond)).toContain("within 30 seconds");
});
