import { describe, expect, test } from "@jest/globals";
import { kindOf, Throttle } from "../../../packages/rehearsal/src/arm/throttle.ts";

function throttleAt(start: number) {
  let now = start;
  const throttle = new Throttle(() => now);
  return { throttle, pass: (seconds: number) => (now += seconds * 1000) };
}

describe("a token bucket", () => {
  test("gives 250 reads at once, and 25 more each second", () => {
    const { throttle, pass } = throttleAt(0);
    for (let count = 249; count >= 0; count -= 1)
      expect(throttle.take("a", "reads")).toEqual({ allowed: true, remaining: count });
    pass(0.04);
    expect(throttle.take("a", "reads").allowed).toBe(true);
    expect(throttle.take("a", "reads")).toEqual({ allowed: false, retryAfter: 1 });
    pass(2);
    expect(throttle.take("a", "reads")).toEqual({ allowed: true, remaining: 49 });
  });

  test("never holds more than its size", () => {
    const { throttle, pass } = throttleAt(0);
    throttle.take("a", "writes");
    pass(3600);
    expect(throttle.take("a", "writes")).toEqual({ allowed: true, remaining: 199 });
  });

  test("begins the wait anew for whoever asks too early", () => {
    const { throttle, pass } = throttleAt(0);
    throttle.limits = { ...throttle.limits, reads: { size: 1, refill: 0.5 } };
    throttle.take("a", "reads");
    expect(throttle.take("a", "reads")).toEqual({ allowed: false, retryAfter: 2 });
    pass(1.9);
    expect(throttle.take("a", "reads")).toEqual({ allowed: false, retryAfter: 1 });
    pass(0.9);
    expect(throttle.take("a", "reads").allowed).toBe(false);
    pass(1);
    expect(throttle.take("a", "reads").allowed).toBe(true);
  });

  test("belongs to one principal and one kind", () => {
    const { throttle } = throttleAt(0);
    throttle.limits = { ...throttle.limits, reads: { size: 1, refill: 1 } };
    throttle.take("a", "reads");
    expect(throttle.take("a", "reads").allowed).toBe(false);
    expect(throttle.take("b", "reads").allowed).toBe(true);
    expect(throttle.take("a", "deletes").allowed).toBe(true);
  });
});

test("methods count as reads, writes and deletes", () => {
  expect(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].map(kindOf)).toEqual([
    "reads",
    "reads",
    "writes",
    "writes",
    "writes",
    "deletes",
  ]);
});
