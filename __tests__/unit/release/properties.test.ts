import type { Observation, OperationStatus, Plan, Ramp, Rollout, SlotContent, StepVerdict } from "@augeo/release";
import { isOver, next, planRollout } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";
import fc from "../../support/properties.ts";
import { Process, type Role } from "./crash-model/process.ts";
import { ROUTE_FATES, type Scenario, SWAP_FATES } from "./crash-model/scenario.ts";
import { World } from "./crash-model/world.ts";

const swap = fc.constantFrom(...SWAP_FATES);
const route = fc.constantFrom(...ROUTE_FATES);
const judgement = fc.constantFrom<StepVerdict>("pass", "fail", "insufficient", "inconclusive", "provider-error");
const scenarios: fc.Arbitrary<Scenario> = fc.record({
  name: fc.constant("any"),
  way: fc.constant("release"),
  staging: fc.constantFrom("healthy", "unhealthy"),
  production: fc.constantFrom("healthy", "unhealthy", "unknown"),
  migration: fc.constantFrom("none", "expand", "refused"),
  swaps: fc.tuple(swap, swap, swap).map((fates) => [...fates, "polled" as const]),
  routes: fc.tuple(route, route, route).map((fates) => [...fates, "done" as const]),
  steps: fc.constantFrom<readonly number[]>([], [10], [5, 25], [1, 50, 99]),
  verdicts: fc.array(judgement, { minLength: 1, maxLength: 3 }),
  person: fc.constantFrom("promote", "abort", "judge", undefined),
  holdWait: fc.constantFrom(0, 3_600_000),
});
const deaths = fc.array(fc.record({ at: fc.nat(), gap: fc.constantFrom(1, 5_000, 60_000, 900_000) }), { maxLength: 4 });
const roles = fc.infiniteStream(fc.constantFrom<Role>("rerun", "next", "post", "reconcile"));

/** A story with deaths at any moments and successors in any order; other runs follow until nothing is open. */
async function play(
  scenario: Scenario,
  dying: readonly { at: number; gap: number }[],
  coming: Iterator<Role>,
): Promise<World> {
  let world = World.begin(scenario);
  let role: Role = "first";
  for (const { at, gap } of dying) {
    const process = new Process(world, {});
    await process.run(role);
    const stored = process.deaths[at % Math.max(1, process.deaths.length)];
    if (stored) world = World.restore(scenario, stored);
    world.pass(gap);
    const next: Role = coming.next().value ?? "next";
    role = next === "post" && (role === "post" || world.at.run.role === "reconcile") ? "next" : next;
  }
  await new Process(world, { remembers: false }).run(role);
  for (let run = 0; run < 8 && world.at.head.holder; run++) {
    world.pass(900_000);
    await new Process(world, { remembers: false }).run("next");
  }
  return world;
}

const story = (check: (world: World, scenario: Scenario) => void, change: Partial<Scenario> = {}) =>
  fc.assert(
    fc.asyncProperty(scenarios, deaths, roles, async (any, dying, coming) => {
      const scenario = { ...any, ...change };
      const world = await play(scenario, dying, coming);
      world.settle();
      check(world, scenario);
    }),
    { numRuns: 300 },
  );

describe("whatever Azure does and wherever processes die", () => {
  test("a failed verdict ends with the old release live, unless a human was asked", () =>
    story(({ at }) => at.head.rollout?.phase === "NEEDS_HUMAN" || expect(at.production).not.toBe("r2"), {
      production: "unhealthy",
    }));

  test("a failed canary never gets a request once its release is over", () =>
    story(
      ({ at }) => {
        if (at.head.rollout?.phase === "NEEDS_HUMAN") return;
        expect(at.production).not.toBe("r2");
        expect(at.weight).toBe(0);
      },
      { steps: [5, 25], verdicts: ["fail"] },
    ));

  test("weights are a step's or 0, no swap is sent twice or past a rule, and the ledger says what is live", () =>
    story(({ at }) => {
      expect(at.violations.filter((each) => !each.startsWith("a state that no run leaves"))).toEqual([]);
      if (at.head.rollout?.phase === "NEEDS_HUMAN") return;
      expect(isOver(at.head.rollout)).toBe(true);
      expect(at.weight).toBe(0);
      expect(at.head.live?.release).toBe(at.production);
    }));
});

const policy = { bakeTime: 1, warmUpTimeout: 1, swapTimeout: 10, observeTimeout: 5, settleTime: 2, pollInterval: 1 };
const target = { release: "r2", commit: null, artifact: null, schemaHead: null, at: 0 };
const plan: Plan = {
  kind: "release",
  from: "PREPARED",
  place: { app: "a", resourceGroup: "g", slot: "s" },
  policy,
  target,
};
const ramp: Ramp = {
  steps: [
    { weight: 10, duration: 5 },
    { weight: 50, duration: 5 },
  ],
  unsure: { insufficient: "hold", inconclusive: "rollback", providerError: "promote" },
  holdTimeout: 3,
  onHoldTimeout: "proceed",
};

const contents = fc.constantFrom<SlotContent>(
  { kind: "release", release: "r1", schemaHead: null },
  { kind: "release", release: "r2", schemaHead: null },
  { kind: "release", release: "r9", schemaHead: null },
  { kind: "unlabelled" },
  { kind: "unreadable", why: "502" },
);
const statuses = fc.constantFrom<OperationStatus>(
  { kind: "running", operationUrl: "u" },
  { kind: "succeeded" },
  { kind: "unknown", why: "" },
  { kind: "failed", status: 417, code: "X", message: "", busy: false },
  { kind: "failed", status: 409, code: "Conflict", message: "", busy: true },
);

/** An answer that fits the command, of any content. */
function answers(now: number, doing: string): fc.Arbitrary<Observation> {
  if (doing === "migrate") return fc.constant({ kind: "migrated", change: null, now });
  if (doing === "stage") return fc.constant({ kind: "staged", now });
  if (doing === "route")
    return fc.constantFrom<Observation>({ kind: "routed", now }, { kind: "unrouted", sure: false, why: "", now });
  if (doing === "hold") return fc.constant({ kind: "started", now });
  if (doing === "judge") return judgement.map((verdict): Observation => ({ kind: "judged", verdict, why: "", now }));
  if (doing === "swap" || doing === "poll") return statuses.map((status) => ({ kind: "swap", status, now }));
  if (doing === "probe")
    return fc
      .constantFrom("healthy", "unhealthy", "unknown")
      .map((verdict) => ({ kind: "verdict", verdict: { verdict, why: "" }, now }) as Observation);
  return fc
    .record({ production: contents, staging: contents, weight: fc.constantFrom(0, 10, 50) })
    .map((slots) => ({ kind: "slots", slots, now }));
}

describe("whatever is seen", () => {
  test("a swap is asked for only when nothing is open, from exactly the expected arrangement, and every release ends", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), fc.boolean(), (seeds, isRamped) => {
        let state: Rollout = planRollout(isRamped ? { ...plan, ramp } : plan, null, 0);
        let seen: Observation = { kind: "started", now: 0 };
        for (let now = 1; now < 400; now++) {
          const before = state;
          const step = next(state, seen);
          state = step.state;
          if (step.command.do === "swap") {
            expect(before.intent).toBeNull();
            expect(state.intent).not.toBeNull();
            const { production, staging } = state.intent?.expect ?? {};
            const isBack = state.phase === "ROLLING_BACK";
            expect(state.intent?.expect.weight).toBe(0);
            expect(isBack ? production : staging).toBe("r2");
            expect(isBack ? staging : production).toBe(state.before?.production);
          }
          if (step.command.do === "route") {
            expect(state.intent).toMatchObject({ op: "route", args: { weight: step.command.weight } });
            expect(isRamped ? [0, 10, 50] : [0]).toContain(step.command.weight);
          }
          if (step.command.do === "stop") return;
          const seed = seeds.next().value ?? 0;
          [seen] = fc.sample(answers(now, step.command.do), { seed, numRuns: 1 }) as [Observation];
        }
        throw new Error(`never ended: ${state.phase}`);
      }),
      { numRuns: 150 },
    );
  });
});
