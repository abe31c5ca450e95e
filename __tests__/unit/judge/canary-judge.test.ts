import { execFileSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { judgeCanary, type Metric } from "../../../packages/release/src/judge/canary-judge.ts";
import { preflightLine } from "../../../packages/release/src/judge/preflight.ts";
import type { MinuteCounts } from "../../../packages/release/src/judge/sequential-test.ts";
import type { Figures } from "../../../scripts/judge/publish.ts";

function steady(minutes: number, canary: [number, number], baseline: [number, number]): MinuteCounts[] {
  return Array.from({ length: minutes }, (_, index) => ({
    minute: index + 1,
    canary: { total: canary[0], bad: canary[1] },
    baseline: { total: baseline[0], bad: baseline[1] },
  }));
}

function gate(minutes: MinuteCounts[], more: Partial<Metric> = {}): Metric {
  return { name: "errors", role: "gate", minutes, ...more };
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

  test("no gating metric is never a pass", () => {
    expect(judgeCanary([], [], true).verdict).toBe("provider-error");
  });
});

describe("operating characteristics at 10 % weight and 30 minutes, with fixed seeds", () => {
  // In a process of its own: the published figures come from this very command, and jest's sandbox is many times slower.
  const { rows, predictions } = JSON.parse(
    execFileSync(process.execPath, ["scripts/judge/main.ts", "--json"], { encoding: "utf8" }),
  ) as Figures;
  const at = (rpm: number, canaryRate: number, burst = 1) => {
    const row = rows.find(
      ({ traffic }) =>
        traffic.requestsPerMinute === rpm && traffic.canaryRate === canaryRate && traffic.burst === burst,
    );
    if (!row) throw new Error(`no row for ${rpm} requests a minute at ${canaryRate}`);
    return row;
  };

  test.each([20, 100, 500])(
    "a healthy canary at %i requests a minute is rolled back in at most 0.5 %% of runs",
    (rpm) => {
      expect(at(rpm, 0.005).verdicts.fail).toBeLessThanOrEqual(0.005);
    },
  );

  test.each([20, 100, 500])("also with errors in bursts of five, at %i requests a minute: at most 1 %%", (rpm) => {
    expect(at(rpm, 0.005, 5).verdicts.fail).toBeLessThanOrEqual(0.01);
  });

  test.each([20, 100, 500])(
    "a ten-fold regression at %i requests a minute is promoted in at most 3 %% of runs",
    (rpm) => {
      expect(at(rpm, 0.05).verdicts.pass).toBeLessThanOrEqual(0.03);
    },
  );

  test("at 100 requests a minute it is found in at least 95 % of runs, half of them within 12 minutes", () => {
    expect(at(100, 0.05).verdicts.fail).toBeGreaterThanOrEqual(0.95);
    expect(at(100, 0.05).medianMinute).toBeLessThanOrEqual(12);
  });

  test("the preflight's rate is right within 20 %: four of five canaries are found between there", () => {
    expect(predictions.map((prediction) => prediction.requestsPerMinute)).toEqual([20, 100, 500]);
    for (const { powerBelow, powerAbove } of predictions) {
      expect(powerBelow).toBeLessThan(0.8);
      expect(powerAbove).toBeGreaterThan(0.8);
    }
  });
});

test("the preflight line says so when the traffic can show nothing", () => {
  const traffic = { requestsPerMinute: 2, weight: 0.1, baselineRate: 0.005, minutes: 30, burst: 1 };
  expect(preflightLine(traffic)).toContain("no regression can be shown");
});
