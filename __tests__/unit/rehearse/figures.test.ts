import { describe, expect, test } from "@jest/globals";
import { clock, figuresOf, liveSpans, percentile, secondsOf, span } from "../../../scripts/rehearse/figures.ts";
import type { Sample } from "../../../scripts/rehearse/load.ts";

const sample = (at: number, release: string | undefined, status = 200, milliseconds = 10): Sample => ({
  kind: "read",
  path: "/items",
  at,
  milliseconds,
  status,
  ...(release === undefined ? {} : { release }),
});

describe("what the clients saw, in figures", () => {
  test("the percentile is a value that was measured", () => {
    expect(percentile([5, 1, 9, 3], 0.5)).toBe(3);
    expect(percentile([5, 1, 9, 3], 0.95)).toBe(9);
    expect(percentile([], 0.5)).toBe(0);
  });

  test("no answer, 404 and 500 are failures; a bid that came too late is none", () => {
    const samples = [
      sample(0, "r1"),
      sample(1, "r1", 409),
      sample(2, "r1", 500),
      sample(3, undefined, 0),
      sample(4, "r1", 404),
    ];
    expect(figuresOf(samples)).toMatchObject({ requests: 5, failures: 3 });
  });

  test("requests fall into the second in which they were due, failures apart", () => {
    const seconds = secondsOf([sample(1000, "r1"), sample(1999, "r2"), sample(2000, "r2", 500)], 1000, 3000);
    expect(seconds.map(({ failures }) => failures)).toEqual([0, 1]);
    expect([...(seconds[0]?.byRelease ?? [])]).toEqual([
      ["r1", 1],
      ["r2", 1],
    ]);
  });

  test("a release is live from its first answer, and one late answer of the old one changes nothing", () => {
    const releases = ["r1", "r1", "r2", "r2", "r2", "r2", "r2", "r1", "r2", "r2", "r2", "r2"];
    const spans = liveSpans(
      releases.map((release, index) => sample(index, release)),
      20,
    );
    expect(spans).toEqual([
      { release: "r1", began: 0, ended: 2 },
      { release: "r2", began: 2, ended: 20 },
    ]);
  });

  test("times are written as people read them", () => {
    expect([clock(0), clock(67_400), span(350), span(1440), span(23_400)]).toEqual([
      "0:00",
      "1:07",
      "350 ms",
      "1.4 s",
      "23 s",
    ]);
  });
});
