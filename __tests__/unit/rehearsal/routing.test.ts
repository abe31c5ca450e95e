import { describe, expect, test } from "@jest/globals";
import { type RoutingInput, readCookies, route } from "../../../packages/rehearsal/src/front-end/routing.ts";
import fc from "../../support/properties.ts";

const staging = { name: "staging", actionHostName: "127.0.0.1:1", reroutePercentage: 10 };
const canary = { name: "canary", actionHostName: "127.0.0.1:2", reroutePercentage: 20 };

function decide(input: Partial<RoutingInput>) {
  return route({
    rules: [staging, canary],
    forced: undefined,
    pinned: undefined,
    mix: undefined,
    slotExists: (name) => name === "staging" || name === "canary",
    random: () => 0.5,
    pinFor: 3_600_000,
    ...input,
  });
}

describe("a client without cookies", () => {
  test.each([
    [0, staging],
    [0.0999, staging],
    [0.1, canary],
    [0.2999, canary],
    [0.3, "self"],
    [0.9999, "self"],
  ])("a draw of %p goes to its rule", (drawn, to) => {
    expect(decide({ random: () => drawn }).to).toEqual(to);
  });

  test("is pinned for an hour, and told its draw", () => {
    expect(decide({ random: () => 0.05 }).cookies).toEqual([
      "TiPMix=5; path=/; HttpOnly; Max-Age=3600; Secure; SameSite=None",
      "x-ms-routing-name=staging; path=/; HttpOnly; Max-Age=3600; Secure; SameSite=None",
    ]);
    expect(decide({ random: () => 0.9 }).cookies[1]).toMatch(/^x-ms-routing-name=self;/);
  });

  test("gets no cookie while there are no rules", () => {
    expect(decide({ rules: [] })).toEqual({ to: "self", cookies: [] });
  });

  test("keeps its old draw when it brings it along", () => {
    expect(decide({ mix: 5, random: () => 0.9 })).toMatchObject({ to: staging });
  });

  test("is drawn by the weights, whatever they are", () => {
    const weights = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(weights, ([one, two]) => {
        const rules = [
          { ...staging, reroutePercentage: one },
          { ...canary, reroutePercentage: two },
        ];
        const names = Array.from({ length: 100 }, (_, draw) => {
          const { to } = decide({ rules, random: () => (draw + 0.5) / 100 });
          return to === "self" || to === "gone" || "slotName" in to ? "self" : to.name;
        });
        const count = (name: string): number => names.filter((seen) => seen === name).length;
        expect([count("staging"), count("canary"), count("self")]).toEqual([one, two, 100 - one - two]);
      }),
    );
  });
});

describe("a pinned client", () => {
  test("stays where it is when the weight goes to 0 or the rule goes away", () => {
    expect(decide({ pinned: "staging", rules: [{ ...staging, reroutePercentage: 0 }] })).toMatchObject({
      to: { name: "staging" },
      cookies: [],
    });
    expect(decide({ pinned: "staging", rules: [] })).toEqual({ to: { slotName: "staging" }, cookies: [] });
    expect(decide({ pinned: "self", rules: [{ ...staging, reroutePercentage: 100 }] })).toEqual({
      to: "self",
      cookies: [],
    });
  });

  test("finds nothing when its slot was deleted", () => {
    expect(decide({ pinned: "gone", rules: [] }).to).toBe("gone");
  });
});

describe("the query", () => {
  test("forces and pins, over the cookie, at 0 % too", () => {
    const decision = decide({ forced: "STAGING", pinned: "self", rules: [{ ...staging, reroutePercentage: 0 }] });
    expect(decision).toMatchObject({
      to: { name: "staging" },
      cookies: [expect.stringMatching(/^x-ms-routing-name=staging;/)],
    });
    expect(decide({ forced: "self", pinned: "staging" })).toMatchObject({
      to: "self",
      cookies: [expect.stringMatching(/=self;/)],
    });
  });

  test("is ignored when it names no rule", () => {
    expect(decide({ forced: "nothing", pinned: "self" })).toEqual({ to: "self", cookies: [] });
  });
});

test("cookies are read by name, the first of two counts, and what is none is skipped", () => {
  expect(readCookies("a=1; b = two; broken; a=3;  =x")).toEqual(
    new Map([
      ["a", "1"],
      ["b", "two"],
    ]),
  );
  expect(readCookies(undefined).size).toBe(0);
});
