import { describe, expect, test } from "@jest/globals";
import { fisherGreater, holm, logGamma, wilson } from "../../../packages/release/src/judge/statistics.ts";

describe("Wilson's interval", () => {
  test("claims less than 1, 2, 5 and 10 percent only from 268, 133, 52 and 25 clean requests on", () => {
    for (const [share, needed] of [
      [0.01, 268],
      [0.02, 133],
      [0.05, 52],
      [0.1, 25],
    ] as const) {
      expect(wilson(0, needed).upper).toBeLessThan(share);
      expect(wilson(0, needed - 1).upper).toBeGreaterThan(share);
    }
  });

  test("says nothing when there were no requests", () => {
    expect(wilson(0, 0)).toEqual({ lower: 0, upper: 1 });
  });
});

describe("Fisher's exact test", () => {
  test("is the hypergeometric tail, counted by hand", () => {
    // 3 bad of 4 against 1 bad of 4: C(4,3)·C(4,1)/C(8,4) + C(4,4)·C(4,0)/C(8,4) = 17/70.
    expect(fisherGreater(3, 4, 1, 4)).toBeCloseTo(17 / 70, 12);
  });

  test("is 1 when nothing was bad", () => {
    expect(fisherGreater(0, 50, 0, 500)).toBe(1);
  });
});

test("the logarithm of the gamma function agrees with factorials", () => {
  let factorial = 0;
  for (let n = 1; n <= 170; n += 1) {
    factorial += Math.log(n);
    expect(logGamma(n + 1)).toBeCloseTo(factorial, 9);
  }
});

test("Holm rejects step by step and stops at the first that stands", () => {
  expect(holm([0.001, 0.04, 0.02], 0.05)).toEqual([true, true, true]);
  expect(holm([0.001, 0.04, 0.03], 0.05)).toEqual([true, false, false]);
});
