import type { Observation, OperationStatus, Plan, Rollout, SlotContent } from "@augeo/release";
import { isOver, next, planRollout } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { play, type Scenario, type Successor, type SwapFate } from "./crash-model.ts";

const fate = fc.constantFrom<SwapFate>(
  "synchronous",
  "polled",
  "lost-done",
  "lost-late",
  "lost-unsent",
  "refused",
  "busy",
);
const scenarios: fc.Arbitrary<Scenario> = fc.record({
  name: fc.constant("any"),
  staging: fc.constantFrom("healthy", "unhealthy"),
  production: fc.constantFrom("healthy", "unhealthy", "unknown"),
  fates: fc.tuple(fate, fate, fate).map((fates) => [...fates, "polled" as const]),
  migration: fc.constantFrom("none", "expand", "refused"),
});
const crash = fc.record({ call: fc.nat(60), when: fc.constantFrom("before", "after") });
const successor = fc.constantFrom<Successor>("same-run", "next-run", "post");

describe("whatever Azure does and wherever processes die", () => {
  test("a failed verdict never leaves the bad release live unless a human was asked", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, fc.array(crash, { maxLength: 3 }), successor, async (scenario, crashes, who) => {
        const { world, head } = await play({ ...scenario, production: "unhealthy" }, crashes, who);
        if (head.rollout?.phase === "NEEDS_HUMAN") return;
        expect(world.production).not.toBe("r2");
      }),
      { numRuns: 300 },
    );
  });

  test("no swap is sent while another may still land, and the ledger says what is live", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, fc.array(crash, { maxLength: 3 }), successor, async (scenario, crashes, who) => {
        const { world, head } = await play(scenario, crashes, who);
        expect(world.overlapping).toBe(0);
        expect(isOver(head.rollout)).toBe(true);
        if (head.rollout?.phase !== "NEEDS_HUMAN") expect(head.live?.release).toBe(world.production);
      }),
      { numRuns: 300 },
    );
  });
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
  if (doing === "route") return fc.constant({ kind: "routed", now });
  if (doing === "swap" || doing === "poll") return statuses.map((status) => ({ kind: "swap", status, now }));
  if (doing === "probe")
    return fc
      .constantFrom("healthy", "unhealthy", "unknown")
      .map((verdict) => ({ kind: "verdict", verdict: { verdict, why: "" }, now }) as Observation);
  return fc
    .record({ production: contents, staging: contents, weight: fc.constantFrom(0, 10) })
    .map((slots) => ({ kind: "slots", slots, now }));
}

describe("whatever is seen", () => {
  test("a swap is asked for only when nothing is open, from exactly the expected arrangement, and every release ends", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (seeds) => {
        let state: Rollout = planRollout(plan, null, 0);
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
            expect(isBack ? production : staging).toBe("r2");
            expect(isBack ? staging : production).toBe(state.before?.production);
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
