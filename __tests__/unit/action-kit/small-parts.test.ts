import { formatDuration, parseDuration } from "@augeo/action-kit";
import { replaceMarked } from "@augeo/action-kit/writers";
import { describe, expect, test } from "@jest/globals";
import { editDistance, nearMisses } from "../../../packages/action-kit/src/near-misses.ts";
import { fitSummary, resultJson } from "../../../packages/action-kit/src/runner-files.ts";
import fc from "../../support/properties.ts";

describe("durations", () => {
  test.each([
    ["250ms", 250],
    ["90s", 90_000],
    ["1.5h", 5_400_000],
    ["1h 30m", 5_400_000],
    ["2d", 172_800_000],
  ])("%s is read", (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));

  test.each(["", "5", "s", "-5s", "5 s", "5sm", "1e3s", "five minutes"])("%j is refused", (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );

  test("whole seconds survive writing and reading", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400_000 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1_000))).toBe(seconds * 1_000);
      }),
    );
  });
});

describe("unknown inputs", () => {
  const inputs = { "health-path": { kind: "lines", doc: "" }, app: { kind: "string", doc: "" } } as const;

  test.each([
    ["INPUT_HEALTH_PATH", "health-path"],
    ["INPUT_HEALTHPATH", "health-path"],
    ["INPUT_HEALTH-PATHS", "health-path"],
    ["INPUT_APPS", "app"],
  ])("%s was probably %s", (variable, meant) => {
    expect(nearMisses(inputs, { [variable]: "x" }).map((miss) => miss.meant)).toEqual([meant]);
  });

  test("that resemble nothing are left to the runner's own warning", () => {
    expect(nearMisses(inputs, { INPUT_COLOUR: "x", INPUT_APP: "y" })).toEqual([]);
  });

  test("the distance counts changes, insertions and deletions", () => {
    expect(editDistance("kitten", "sitting")).toBe(3);
    expect(editDistance("", "abc")).toBe(3);
  });
});

describe("summaries", () => {
  test("that fit are left alone", () => expect(fitSummary("### ✅ ok")).toBe("### ✅ ok"));

  test("that do not fit lose whole lines, close what was open, and say so", () => {
    const long = `### x\n<details>\n\n\`\`\`text\n${"ü line\n".repeat(1_000)}\`\`\`\n</details>\n`;
    const short = fitSummary(long, 2_000);
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(2_000);
    expect(short).toContain("ends here");
    expect(short.match(/```/g)).toHaveLength(2);
    expect(short).toContain("</details>");
    expect(short).not.toContain("\uFFFD");
  });
});

test("a result too large for an output says so and stays JSON", () => {
  expect(JSON.parse(resultJson({ a: 1 }))).toEqual({ schema: 1, a: 1 });
  expect(JSON.parse(resultJson({ a: "x".repeat(400_000) }))).toMatchObject({ schema: 1, truncated: true });
});

test("a generated part replaces what stands between its markers, and nothing else", () => {
  const text = "a\n<!-- begin x -->\nold\n<!-- end x -->\nb";
  expect(replaceMarked(text, "x", "new")).toBe("a\n<!-- begin x -->\n\nnew\n\n<!-- end x -->\nb");
  expect(() => replaceMarked("none", "x", "new")).toThrow("markers");
});
