import { planRollout } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";
import { marked } from "marked";
import { endingOf, interruption, liveAfter } from "../../../actions/slot-swap/ending.ts";
import { type ReportRequest, reportOf } from "../../../actions/slot-swap/report.ts";
import { differencesMarkdown } from "../../../actions/slot-swap/settings-differences.ts";
import { summarise } from "../../../actions/slot-swap/summary.ts";
import { cell, Timeline, timelineMarkdown } from "../../../actions/slot-swap/timeline.ts";

const start = Date.UTC(2026, 10, 22, 10, 0, 0);
const policy = {
  bakeTime: 60_000,
  warmUpTimeout: 1,
  swapTimeout: 1,
  observeTimeout: 1,
  settleTime: 1,
  pollInterval: 1,
};
const target = { release: "r2", commit: null, artifact: null, schemaHead: null, at: start };
const begun = planRollout(
  { kind: "swap", from: "STAGED", place: { app: "api", resourceGroup: "rg", slot: "staging" }, policy, target },
  null,
  start,
);
const staged = { ...begun, before: { production: "r1", staging: "r2" } };
const intent = {
  op: "swap" as const,
  opId: "1",
  args: { weight: null },
  expect: { production: "r1", staging: "r2", weight: 0 },
  asyncUrl: null,
  startedAt: start,
  deadline: start,
  endedAt: null,
  acknowledged: false,
  refusal: null,
};

describe("the timeline", () => {
  test("notes each change once, and nothing between", () => {
    const timeline = new Timeline();
    timeline.note(begun, start);
    expect(timeline.note(staged, start + 1)).toBeUndefined();
    timeline.note({ ...staged, phase: "PROMOTING" }, start + 5_000);
    timeline.note({ ...staged, phase: "PROMOTING", intent }, start + 5_500);
    timeline.note({ ...staged, phase: "WATCHING" }, start + 20_000);
    timeline.note({ ...staged, phase: "COMPLETED" }, start + 80_000);
    expect(timeline.moments.map(({ what }) => what)).toEqual([
      "r2 is in slot staging; warming it up",
      "r2 is healthy in slot staging; swapping it into production",
      "asked Azure to swap the slots",
      "r2 is live; watching for 60 s",
      "r2 stayed healthy: done",
    ]);
  });

  test("is drawn as a chart and a table, with hostile names made harmless", () => {
    const moments = [
      { at: start, phase: "STAGED" as const, what: "warming up" },
      { at: start + 5_000, phase: "PROMOTING" as const, what: "swapping" },
      { at: start + 20_000, phase: "ROLLING_BACK" as const, what: "<b>|bad|</b>" },
      { at: start + 35_000, phase: "ROLLED_BACK" as const, what: "back" },
    ];
    const text = summarise({
      heading: "Back",
      isGood: false,
      message: "m",
      fix: "f",
      facts: [
        ["App", "api"],
        ["Empty", ""],
      ],
      moments,
      end: start + 35_000,
      sessions: [],
      parts: [],
    });
    expect(text).toBe(
      [
        "### ❌ Back",
        "m",
        "**Fix:** f",
        "| App | api |\n| --- | --- |",
        "```mermaid\ngantt\n  dateFormat x\n  axisFormat %s s\n  tickInterval 5second\n  Warm up (5.0 s) :done, 0, 5000\n  Swap (15 s) :done, 5000, 20000\n  Roll back (15 s) :crit, 20000, 35000\n```",
        [
          "| time (UTC) | since start | phase | what happened |",
          "| --- | --: | --- | --- |",
          "| 10:00:00 | +0.0&nbsp;s | STAGED | warming up |",
          "| 10:00:05 | +5.0&nbsp;s | PROMOTING | swapping |",
          "| 10:00:20 | +20&nbsp;s | ROLLING_BACK | &lt;b>\\|bad\\|&lt;/b> |",
          "| 10:00:35 | +35&nbsp;s | ROLLED_BACK | back |",
        ].join("\n"),
      ]
        .join("\n\n")
        .concat("\n"),
    );
  });
});

test.each([
  [7_500, "ms", undefined, "done, 0, 7500000"],
  [11_000, "s", 2, "done, 0, 11000"],
  [90_000, "s", 15, "done, 0, 90000"],
  [5_400_000, "min", 15, "done, 0, 90000"],
])("a chart of %i ms has an axis that counts %s from the start, in every time zone", (took, unit, step, span) => {
  const text = timelineMarkdown([{ at: start, phase: "CANARY", what: "" }], start + took);
  expect(text).toContain(
    `  axisFormat %s ${unit}\n${step === undefined ? "" : `  tickInterval ${step}second\n`}  Ramp up`,
  );
  expect(text).toContain(`:${span}\n`);
});

test("a backslash before a bracket or a bar takes no meaning away from ours: no link begins, no cell ends", () => {
  const text = "a \\[x](/e) \\\\[y](/e) \\| \u202eb\u001b[31m";
  const html = String(marked(`| a | b |\n| --- | --- |\n| ${cell(text)} | end |\n`, { async: false }));
  expect(html).not.toContain("<a ");
  expect(html).toContain("<td>end</td>");
  for (const control of ["\u202e", "\u001b"]) expect(html).not.toContain(control);
});

describe("the end", () => {
  test("of a cancelled swap says what is open", () => {
    expect(interruption({ ...staged, phase: "PROMOTING", intent })).toMatchObject({
      undone: ["the swap of r2 into production, which was asked for"],
    });
    expect(interruption({ ...staged, phase: "WATCHING" })).toMatchObject({ done: ["r2 was swapped into production"] });
    const early = interruption({ ...staged, phase: "EXPANDED" });
    expect(early.undone).toEqual(["r2 was on its way into slot staging"]);
    expect(early.why).toBe("The run was cancelled.");
    expect(interruption({ ...staged, phase: "PREPARED" }).undone).toHaveLength(1);
    expect(interruption({ ...staged, phase: "PREPARED", before: null }).why).toMatch(/before anything was changed/);
    expect(() => endingOf({ kind: "interrupted", held: { head: null as never, etag: "" }, rollout: staged })).toThrow(
      "cancelled in STAGED",
    );
  });

  test("names what is live only when it is known", () => {
    expect(liveAfter({ ...staged, phase: "COMPLETED" })).toBe("r2");
    expect(liveAfter({ ...staged, phase: "ROLLED_BACK" })).toBe("r1");
    expect(liveAfter({ ...staged, phase: "NEEDS_HUMAN" })).toBeUndefined();
    expect(liveAfter({ ...staged, phase: "PROMOTING", intent })).toBeUndefined();
    expect(liveAfter({ ...staged, phase: "FAILED", before: null })).toBeUndefined();
  });

  test("that was fenced off is another run's, which may have changed what is live", async () => {
    const result = {
      kind: "fenced" as const,
      rollout: { ...staged, phase: "WATCHING" as const },
      why: "written by run 7",
    };
    const ending = endingOf(result);
    expect(ending).toMatchObject({ reason: "overtaken" });
    const sites = async () => ({ production: { defaultHostName: "api.test" } });
    const run = { timeline: new Timeline(), health: { sessions: [] }, connection: { slots: { sites } } };
    const context = { clock: { now: () => start } };
    const request = { context, app: "api", ending, result, run, completed: () => ({ heading: "", message: "" }) };
    const told = await reportOf(request as unknown as ReportRequest);
    expect(told.outputs["live-release"]).toBe("");
    expect(told.result.live).toBeNull();
    expect(told.summary).toContain("| Live now | not certain: look |");
  });
});

describe("the settings' differences", () => {
  const change = {
    level: "Information",
    diffRule: "",
    description: "",
    settingType: "AppSetting",
    settingName: "API_KEY",
    valueInCurrentSlot: "s3cret",
    valueInTargetSlot: "",
  };

  test("show names and never the value of a setting", () => {
    const text = differencesMarkdown({ changes: [change], sticky: ["STAYS"] });
    expect(text).toContain("| AppSetting | API_KEY | production has a value, slot has none |");
    expect(text).toContain("Stay with their slot: `STAYS`.");
    expect(text).not.toContain("s3cret");
  });

  test("that could not be read leave no trace", () => {
    expect(differencesMarkdown(undefined)).toBe("");
  });
});
