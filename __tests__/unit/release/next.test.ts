import type { Command, Observation, Phase, Plan, Rollout, SlotContent, SlotsObservation } from "@augeo/release";
import { identify, next, planRollout } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";

const now = 1_000_000;
const policy = {
  bakeTime: 60_000,
  warmUpTimeout: 30_000,
  swapTimeout: 600_000,
  observeTimeout: 120_000,
  settleTime: 30_000,
  pollInterval: 3_000,
};
const record = (release: string) => ({ release, commit: null, artifact: null, schemaHead: null, at: now });
const plan: Plan = {
  kind: "release",
  from: "PREPARED",
  place: { app: "api", resourceGroup: "rg", slot: "staging" },
  policy,
  target: record("r2"),
};

const at = (phase: Phase, change: Partial<Rollout> = {}): Rollout => ({
  ...planRollout(plan, record("r1"), now),
  before: { production: "r1", staging: "r0" },
  phase,
  ...change,
});

const content = (release: string | null): SlotContent =>
  release === null ? { kind: "unlabelled" } : { kind: "release", release, schemaHead: null };
const seen = (
  production: string | null,
  staging: string | null,
  change: Partial<SlotsObservation> = {},
): Observation => ({
  kind: "slots",
  now,
  slots: { production: content(production), staging: content(staging), weight: 0, ...change },
});
const unreadable: SlotContent = { kind: "unreadable", why: "502" };

/** An open swap, as it is written before it is sent. */
const asked = (phase: "PROMOTING" | "ROLLING_BACK" = "PROMOTING", change: Partial<Rollout> = {}): Rollout => {
  const isBack = phase === "ROLLING_BACK";
  return next(at(phase, change), isBack ? seen("r2", "r1") : seen("r1", "r2")).state;
};

interface Row {
  when: string;
  state: Rollout;
  observation: Observation;
  phase: Phase;
  command: Partial<Command>;
  reason?: string;
}

const rows: Row[] = [
  {
    when: "a release begins: looks before anything else",
    state: at("PREPARED", { before: null }),
    observation: { kind: "started", now },
    phase: "PREPARED",
    command: { do: "observe" },
  },
  {
    when: "the slots are known: migrates",
    state: at("PREPARED", { before: null }),
    observation: seen("r1", "r0"),
    phase: "PREPARED",
    command: { do: "migrate" },
  },
  {
    when: "migrated: brings the release into the slot",
    state: at("PREPARED"),
    observation: { kind: "migrated", change: null, now },
    phase: "EXPANDED",
    command: { do: "stage" },
  },
  {
    when: "migrations refused: ends, production untouched",
    state: at("PREPARED"),
    observation: { kind: "refused", reason: { code: "gate", what: "", why: "", fix: "" }, now },
    phase: "FAILED",
    command: { do: "stop" },
    reason: "gate",
  },
  {
    when: "staged: looks whether the slot really holds it",
    state: at("EXPANDED"),
    observation: { kind: "staged", now },
    phase: "EXPANDED",
    command: { do: "observe" },
  },
  {
    when: "the slot holds it: warms it up",
    state: at("EXPANDED"),
    observation: seen("r1", "r2"),
    phase: "STAGED",
    command: { do: "probe", where: "staging" },
  },
  {
    when: "the slot holds something else: ends",
    state: at("EXPANDED"),
    observation: seen("r1", "r7"),
    phase: "FAILED",
    command: { do: "stop" },
    reason: "stage-failed",
  },
  {
    when: "healthy in the slot: looks before the swap",
    state: at("STAGED"),
    observation: { kind: "verdict", verdict: { verdict: "healthy", why: "" }, now },
    phase: "PROMOTING",
    command: { do: "observe" },
  },
  {
    when: "unhealthy in the slot: ends, production untouched",
    state: at("STAGED"),
    observation: { kind: "verdict", verdict: { verdict: "unhealthy", why: "" }, now },
    phase: "FAILED",
    command: { do: "stop" },
    reason: "unhealthy",
  },
  {
    when: "no evidence in the slot is not health",
    state: at("STAGED"),
    observation: { kind: "verdict", verdict: { verdict: "unknown", why: "" }, now },
    phase: "FAILED",
    command: { do: "stop" },
    reason: "unknown-health",
  },
  {
    when: "all as expected: swaps",
    state: at("PROMOTING"),
    observation: seen("r1", "r2"),
    phase: "PROMOTING",
    command: { do: "swap" },
  },
  {
    when: "traffic is routed aside: removes the rule first",
    state: at("PROMOTING"),
    observation: seen("r1", "r2", { weight: 10 }),
    phase: "PROMOTING",
    command: { do: "route", weight: 0 },
  },
  {
    when: "another operation is under way: waits",
    state: at("PROMOTING"),
    observation: seen("r1", "r2", { operation: "x" }),
    phase: "PROMOTING",
    command: { do: "observe", after: 3_000 },
  },
  {
    when: "another operation never ends: gives up",
    state: at("PROMOTING", { since: now - 600_000 }),
    observation: seen("r1", "r2", { operation: "x" }),
    phase: "FAILED",
    command: { do: "stop" },
    reason: "busy",
  },
  {
    when: "the swap took place already: watches",
    state: at("PROMOTING"),
    observation: seen("r2", "r1"),
    phase: "WATCHING",
    command: { do: "probe", where: "production" },
  },
  {
    when: "production is a stranger: asks a human",
    state: at("PROMOTING"),
    observation: seen("r9", "r2"),
    phase: "NEEDS_HUMAN",
    command: { do: "stop" },
    reason: "drift",
  },
  {
    when: "accepted: polls the saved address",
    state: asked(),
    observation: { kind: "swap", status: { kind: "running", operationUrl: "u", retryAfter: 15_000 }, now },
    phase: "PROMOTING",
    command: { do: "poll", operationUrl: "u", after: 15_000 },
  },
  {
    when: "the reply is lost: looks, and sends nothing",
    state: asked(),
    observation: { kind: "swap", status: { kind: "unknown", why: "" }, now },
    phase: "PROMOTING",
    command: { do: "observe" },
  },
  {
    when: "nothing has changed since the lost reply, too soon to tell: looks again",
    state: asked(),
    observation: seen("r1", "r2"),
    phase: "PROMOTING",
    command: { do: "observe", after: 3_000 },
  },
  {
    when: "nothing has changed for the settle time: it never began",
    state: asked(),
    observation: { ...seen("r1", "r2"), now: now + 30_000 },
    phase: "FAILED",
    command: { do: "stop" },
    reason: "swap-lost",
  },
  {
    when: "nothing has changed and something is under way: waits on",
    state: asked(),
    observation: { ...seen("r1", "r2", { operation: "x" }), now: now + 30_000 },
    phase: "PROMOTING",
    command: { do: "observe" },
  },
  {
    when: "one slot changed and the other not yet: waits",
    state: asked(),
    observation: { ...seen("r1", "r1"), now: now + 30_000 },
    phase: "PROMOTING",
    command: { do: "observe" },
  },
  {
    when: "production has it, the operation goes on: waits",
    state: asked(),
    observation: seen("r2", "r1", { operation: "x" }),
    phase: "PROMOTING",
    command: { do: "observe" },
  },
  {
    when: "production has it: watches",
    state: asked(),
    observation: seen("r2", "r1"),
    phase: "WATCHING",
    command: { do: "probe", where: "production" },
  },
  {
    when: "after a crash with an open swap: looks, and does not send it again",
    state: asked(),
    observation: { kind: "started", now },
    phase: "PROMOTING",
    command: { do: "observe" },
  },
  {
    when: "healthy to the end: looks whether it is still live",
    state: at("WATCHING"),
    observation: { kind: "verdict", verdict: { verdict: "healthy", why: "" }, now },
    phase: "WATCHING",
    command: { do: "observe" },
  },
  {
    when: "still live: done",
    state: at("WATCHING"),
    observation: seen("r2", "r1"),
    phase: "COMPLETED",
    command: { do: "stop" },
  },
  {
    when: "swapped back by hand meanwhile: says so",
    state: at("WATCHING"),
    observation: seen("r1", "r2"),
    phase: "ROLLED_BACK",
    command: { do: "stop" },
    reason: "swapped-by-hand",
  },
  {
    when: "unhealthy in production: back",
    state: at("WATCHING"),
    observation: { kind: "verdict", verdict: { verdict: "unhealthy", why: "" }, now },
    phase: "ROLLING_BACK",
    command: { do: "observe" },
    reason: "unhealthy",
  },
  {
    when: "no evidence in production: back",
    state: at("WATCHING"),
    observation: { kind: "verdict", verdict: { verdict: "unknown", why: "" }, now },
    phase: "ROLLING_BACK",
    command: { do: "observe" },
    reason: "unknown-health",
  },
  {
    when: "a rollback that is unhealthy too: a human, and no swap to what was fled from",
    state: at("WATCHING", { kind: "rollback" }),
    observation: { kind: "verdict", verdict: { verdict: "unhealthy", why: "" }, now },
    phase: "NEEDS_HUMAN",
    command: { do: "stop" },
    reason: "rollback-unhealthy",
  },
  {
    when: "back: swaps when the old release is in the slot",
    state: at("ROLLING_BACK"),
    observation: seen("r2", "r1"),
    phase: "ROLLING_BACK",
    command: { do: "swap" },
  },
  {
    when: "back: done when the old release is live",
    state: at("ROLLING_BACK"),
    observation: seen("r1", "r2"),
    phase: "ROLLED_BACK",
    command: { do: "stop" },
  },
  {
    when: "back: brings the stored package when the slot was overwritten",
    state: at("ROLLING_BACK", { fallback: { ...record("r1"), artifact: "abc" } }),
    observation: seen("r2", "r9"),
    phase: "ROLLING_BACK",
    command: { do: "stage" },
  },
  {
    when: "back: a human when there is no way",
    state: at("ROLLING_BACK"),
    observation: seen("r2", "r9"),
    phase: "NEEDS_HUMAN",
    command: { do: "stop" },
    reason: "drift",
  },
  {
    when: "cancelled before the swap: ends",
    state: at("STAGED"),
    observation: { kind: "cancelled", by: "cancelled", now },
    phase: "FAILED",
    command: { do: "stop" },
    reason: "cancelled",
  },
  {
    when: "cancelled with an open swap: settles it first",
    state: asked(),
    observation: { kind: "cancelled", by: "cancelled", now },
    phase: "PROMOTING",
    command: { do: "observe" },
    reason: "cancelled",
  },
  {
    when: "cancelled, and the swap landed: back",
    state: asked("PROMOTING", { undo: true }),
    observation: seen("r2", "r1"),
    phase: "ROLLING_BACK",
    command: { do: "observe" },
  },
  {
    when: "cancelled while watching: back",
    state: at("WATCHING"),
    observation: { kind: "cancelled", by: "abandoned", now },
    phase: "ROLLING_BACK",
    command: { do: "observe" },
    reason: "abandoned",
  },
  {
    when: "a rollback cancelled while watching is not undone",
    state: at("WATCHING", { kind: "rollback", undo: true }),
    observation: seen("r2", "r1"),
    phase: "COMPLETED",
    command: { do: "stop" },
  },
  {
    when: "a terminal phase: nothing moves it",
    state: at("COMPLETED"),
    observation: seen("r9", "r9"),
    phase: "COMPLETED",
    command: { do: "stop" },
  },
];

describe("the reducer", () => {
  test.each(rows)("$when", ({ state, observation, phase, command, reason }) => {
    const step = next(state, observation);
    expect(step.state.phase).toBe(phase);
    expect(step.command).toMatchObject(command);
    if (reason) expect(step.state.reason?.code).toBe(reason);
  });

  test("slots that cannot be read are looked at again, and in the end nothing is done", () => {
    const blind = (later: number): Observation => ({
      kind: "slots",
      now: now + later,
      slots: { production: unreadable, staging: unreadable, weight: 0 },
    });
    expect(next(at("PROMOTING"), blind(1)).command).toEqual({ do: "observe", after: 3_000 });
    expect(next(at("PROMOTING"), blind(120_000)).state).toMatchObject({
      phase: "FAILED",
      reason: { code: "unreadable" },
    });
    expect(next(at("ROLLING_BACK"), blind(120_000)).state).toMatchObject({
      phase: "NEEDS_HUMAN",
      reason: { code: "unreadable" },
    });
    expect(identify(unreadable)).toBeUndefined();
  });

  test("a swap back that is refused for good is tried three times, then a human is asked", () => {
    let state = at("ROLLING_BACK");
    const commands: string[] = [];
    for (let step = 0; step < 20 && state.phase === "ROLLING_BACK"; step++) {
      const swap = next(state, seen("r2", "r1"));
      commands.push(swap.command.do);
      const refused = next(swap.state, {
        kind: "swap",
        now,
        status: { kind: "failed", status: 417, code: "X", message: "no ping", busy: false },
      });
      state = next(refused.state, seen("r2", "r1")).state;
    }
    expect(commands).toEqual(["swap", "swap", "swap"]);
    expect(state).toMatchObject({ phase: "NEEDS_HUMAN", reason: { code: "rollback-failed" } });
    expect(state.reason?.fix).toContain(
      "az webapp deployment slot swap -g rg -n api --slot staging --target-slot production",
    );
  });

  test("a hold stays until it is lifted or its deadline decides", () => {
    const hold = { reason: "freeze", since: now, deadline: now + 10, onDeadline: "proceed" as const };
    const held = next(at("STAGED"), { kind: "held", hold, now });
    expect(held.command).toEqual({ do: "hold", until: now + 10 });
    expect(next(held.state, { kind: "started", now }).command).toEqual({ do: "hold", until: now + 10 });
    expect(next(held.state, { kind: "started", now: now + 10 }).command).toMatchObject({ do: "probe" });
    expect(next(held.state, { kind: "hold-lifted", now }).command).toMatchObject({ do: "probe" });
  });
});
