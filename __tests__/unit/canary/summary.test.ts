import { judgeCanary } from "@augeo/release";
import { expect, test } from "@jest/globals";
import type { StepRecord } from "../../../actions/canary/judging/step-record.ts";
import { canaryMarkdown, canaryResult } from "../../../actions/canary/summary.ts";

const MINUTE = 60_000;

function failedStep(): StepRecord {
  const bins = [1, 2, 3, 4].map((minute) => ({
    until: minute * MINUTE,
    canary: { total: 20, bad: 4 },
    baseline: { total: 180, bad: 1 },
  }));
  const judgement = judgeCanary([{ name: "server-errors", role: "gate", bins }], [], false);
  return {
    step: 0,
    steps: 2,
    weight: 10,
    duration: 15 * MINUTE,
    setAt: 0,
    from: 0,
    bin: MINUTE,
    looks: [{ at: 4 * MINUTE, judgement }],
    aside: "average response time 90 ms (canary), 80 ms (baseline)",
    verdict: "fail",
    why: judgement.why,
    endedAt: 4 * MINUTE,
  };
}

const story = {
  records: [failedStep()],
  preflight: { line: "At 200 requests a minute, this app can show much.", warnings: [] },
  plan: { ramp: { steps: [10, 50].map((weight) => ({ weight, duration: 15 * MINUTE })) } },
};

test("the summary tells at one look which step failed, by what, and how far it came", () => {
  const text = canaryMarkdown(story);
  expect(text).toContain(
    "| 1 | 10&nbsp;% ▓░░░░░░░░░ | 4m | ❌ fail | server-errors: the evidence sufficed 3 min into the step",
  );
  expect(text).toContain("| 2 | 50&nbsp;% ▓▓▓▓▓░░░░░ | 15m | not reached | |");
  expect(text.replaceAll("&nbsp;", " ")).toContain(
    "| server errors | 16 of 80<br>20.0 % (13.7 % to 28.3 %)<br>████ | 4 of 720<br>0.56 % (",
  );
  expect(text).toContain("Watched: average response time 90 ms (canary), 80 ms (baseline).");
  expect(text).toMatch(/xychart-beta\n {2}title "Step 1, server errors: .* fails it at 3\.9 \(line\)"/);
});

test("the result has the same for machines, bin by bin", () => {
  expect(canaryResult(story)).toMatchObject({
    steps: [
      {
        step: 1,
        weight: 10,
        verdict: "fail",
        metrics: [{ name: "server-errors", canary: { total: 80, bad: 16 }, baseline: { total: 720, bad: 4 } }],
      },
    ],
  });
  expect(JSON.stringify(canaryResult(story))).toMatch(/"series":\[\[60,20,4,180,1,/);
});

test("nothing judged is no table of nothing", () => {
  expect(canaryMarkdown({ ...story, records: [] })).toBe("At 200 requests a minute, this app can show much.");
});
