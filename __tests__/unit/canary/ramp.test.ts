import { UsageError } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";
import { type CanaryInputs, canaryPlan } from "../../../actions/canary/ramp.ts";

const MINUTE = 60_000;
const inputs: CanaryInputs = {
  steps: "5% 10m, 25% 10m, 50% 20m",
  ledger: "https://releases.example/releases",
  "metric-source": "platform-metrics",
  gates: ["server-errors", "slow-requests"],
  bin: MINUTE,
  "step-warm-up": 2 * MINUTE,
  "tolerated-ratio": 1.5,
  "bad-share-floor": 1,
  "bad-share-ceiling": 5,
  "minimum-sample": 60,
  extensions: 1,
  "new-exceptions": 3,
  "on-insufficient": "hold",
  "on-inconclusive": "rollback",
  "on-provider-error": "hold",
  "hold-timeout": 60 * MINUTE,
  "on-hold-timeout": "rollback",
  "hold-wait": 0,
};

function faultOf(change: Partial<CanaryInputs>): UsageError {
  try {
    canaryPlan({ ...inputs, ...change });
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error("the inputs were taken");
}

describe("the inputs of a canary", () => {
  test("become a ramp, a policy whose levels all steps and looks share, and what is judged", () => {
    expect(canaryPlan(inputs)).toMatchObject({
      ramp: {
        steps: [
          { weight: 5, duration: 10 * MINUTE },
          { weight: 25, duration: 10 * MINUTE },
          { weight: 50, duration: 20 * MINUTE },
        ],
        unsure: { insufficient: "hold", inconclusive: "rollback", providerError: "hold" },
      },
      policy: { steps: 3, looks: 2, floor: 0.01, ceiling: 0.05 },
      gates: ["server-errors", "slow-requests"],
      lag: 3 * MINUTE,
    });
  });

  test("hold nothing back without a ledger, in which nobody could decide", () => {
    expect(canaryPlan({ ...inputs, ledger: undefined })?.ramp.unsure).toEqual({
      insufficient: "rollback",
      inconclusive: "rollback",
      providerError: "rollback",
    });
  });

  test("without steps there is no canary", () => {
    expect(canaryPlan({ ...inputs, steps: undefined })).toBeUndefined();
  });

  test.each(["10 % for 30m", "10% 30m", "10%   30m,", "10% 30m\n"])("steps may be written as %j", (steps) => {
    expect(canaryPlan({ ...inputs, steps })?.ramp.steps).toEqual([{ weight: 10, duration: 30 * MINUTE }]);
  });

  test("a query of the user's own is the only gate", () => {
    const own = { "metric-source": "app-insights", "app-insights": "id", "metrics-query": ["requests"] } as const;
    expect(canaryPlan({ ...inputs, ...own })?.gates).toEqual(["custom"]);
  });

  test.each<[string, Partial<CanaryInputs>, RegExp]>([
    ["a step that nothing could be seen of", { steps: "10% 5m" }, /give it 6m or more/],
    [
      "the same with logs, which are later",
      { steps: "10% 7m", "metric-source": "app-insights", "app-insights": "id" },
      /give it 8m or more/,
    ],
    ["equal weights", { steps: "10% 10m, 10% 10m" }, /let the weights ascend/],
    ["a source without its id", { "metric-source": "log-analytics" }, /set it to the workspace id/],
    ["a query of nothing", { "metrics-query": ["requests"] }, /set metric-source to app-insights or log-analytics/],
    ["gates that platform metrics do not know", { gates: ["slow-requests"] }, /add server-errors/],
    ["a floor above the ceiling", { "bad-share-floor": 6 }, /lower it, or raise the ceiling/],
  ])("%s is refused with what to write", (_, change, fix) => {
    expect(faultOf(change).fix).toMatch(fix);
  });
});
