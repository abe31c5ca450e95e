import type {
  CanaryPosition,
  Command,
  Observation,
  Phase,
  Plan,
  Ramp,
  Rollout,
  SlotContent,
  SlotsObservation,
  StepVerdict,
} from "@augeo/release";
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

const ramp: Ramp = {
  steps: [
    { weight: 5, duration: 600_000 },
    { weight: 25, duration: 300_000 },
  ],
  unsure: { insufficient: "hold", inconclusive: "rollback", providerError: "promote" },
  holdTimeout: 3_600_000,
  onHoldTimeout: "rollback",
};
const opened = (end = now + 600_000) => ({ setAt: end - 600_000, start: end - 600_000, end });
/** A canary in a step: about to set its weight, or measuring it when `window` is given. */
const ramping = (step: number, window: CanaryPosition["window"] = null, change: Partial<Rollout> = {}): Rollout =>
  at("CANARY", {
    ramp,
    canary: { step, weight: ramp.steps[step]?.weight ?? 0, window, judged: null },
    weight: ramp.steps[window ? step : step - 1]?.weight ?? 0,
    ...change,
  });
const judged = (verdict: StepVerdict, when = now): Observation => ({
  kind: "judged",
  verdict,
  why: "because",
  now: when,
});
/** The state after a weight was asked for. */
const setting = (step: number): Rollout => next(ramping(step), seen("r1", "r2", { weight: step === 0 ? 0 : 5 })).state;

const drifted = { code: "drift" as const, what: "", why: "", fix: "" };
const refusedAfterCanary = (): Rollout => {
  const swap = next(ramping(1, opened(now), { phase: "PROMOTING", weight: 0 }), seen("r1", "r2")).state;
  const status = { kind: "failed", status: 417, code: "X", message: "no ping", busy: false } as const;
  return next(swap, { kind: "swap", now, status }).state;
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
    when: "somebody routed traffic aside: back, and no swap",
    state: at("PROMOTING"),
    observation: seen("r1", "r2", { weight: 10 }),
    phase: "ROLLING_BACK",
    command: { do: "observe" },
    reason: "weight-changed",
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
    when: "healthy in the slot with a ramp: looks before the first step",
    state: at("STAGED", { ramp }),
    observation: { kind: "verdict", verdict: { verdict: "healthy", why: "" }, now },
    phase: "CANARY",
    command: { do: "observe" },
  },
  {
    when: "canary: sets the step's weight",
    state: ramping(0),
    observation: seen("r1", "r2"),
    phase: "CANARY",
    command: { do: "route", weight: 5 },
  },
  {
    when: "canary: the weight is asked for: looks whether it is set",
    state: setting(0),
    observation: { kind: "routed", now },
    phase: "CANARY",
    command: { do: "observe", after: 0 },
  },
  {
    when: "canary: after a crash with an open weight: looks first",
    state: setting(0),
    observation: { kind: "started", now },
    phase: "CANARY",
    command: { do: "observe", after: 0 },
  },
  {
    when: "canary: the weight is not seen yet: looks again and asks for nothing",
    state: next(setting(0), { kind: "routed", now }).state,
    observation: seen("r1", "r2"),
    phase: "CANARY",
    command: { do: "observe", after: 3_000 },
  },
  {
    when: "canary: its weight is set: the step is judged",
    state: ramping(0, opened()),
    observation: seen("r1", "r2", { weight: 5 }),
    phase: "CANARY",
    command: {
      do: "judge",
      step: { step: 0, steps: 2, weight: 5, setAt: now, windowStart: now, windowEnd: now + 600_000 },
    },
  },
  {
    when: "canary: a step is passed: looks, then the next one",
    state: ramping(0, opened(now)),
    observation: judged("pass"),
    phase: "CANARY",
    command: { do: "observe" },
  },
  {
    when: "canary: the next step replaces the weight of the one before",
    state: ramping(1),
    observation: seen("r1", "r2", { weight: 5 }),
    phase: "CANARY",
    command: { do: "route", weight: 25 },
  },
  {
    when: "canary: the last step is passed: to the swap",
    state: ramping(1, opened(now)),
    observation: judged("pass"),
    phase: "PROMOTING",
    command: { do: "observe" },
  },
  {
    when: "canary: promoted: the rule goes before the swap",
    state: ramping(1, opened(now), { phase: "PROMOTING" }),
    observation: seen("r1", "r2", { weight: 25 }),
    phase: "PROMOTING",
    command: { do: "route", weight: 0 },
  },
  {
    when: "canary: the rule is gone: swaps",
    state: ramping(1, opened(now), { phase: "PROMOTING", weight: 0 }),
    observation: seen("r1", "r2"),
    phase: "PROMOTING",
    command: { do: "swap" },
  },
  {
    when: "canary: a pass before the window's end is none",
    state: ramping(0, opened(now + 1)),
    observation: judged("pass"),
    phase: "ROLLING_BACK",
    command: { do: "observe" },
    reason: "unproved",
  },
  {
    when: "canary: worse: back at once",
    state: ramping(0, opened()),
    observation: judged("fail"),
    phase: "ROLLING_BACK",
    command: { do: "observe" },
    reason: "worse",
  },
  {
    when: "canary: no verdict, and the policy holds",
    state: ramping(0, opened(now)),
    observation: judged("insufficient"),
    phase: "CANARY",
    command: { do: "hold", until: now + 3_600_000 },
  },
  {
    when: "canary: no verdict, and the policy goes back",
    state: ramping(0, opened(now)),
    observation: judged("inconclusive"),
    phase: "ROLLING_BACK",
    command: { do: "observe" },
    reason: "unproved",
  },
  {
    when: "canary: no verdict, and the policy goes on",
    state: ramping(1, opened(now)),
    observation: judged("provider-error"),
    phase: "PROMOTING",
    command: { do: "observe" },
  },
  {
    when: "canary: the slot holds a stranger: back first, then a human",
    state: ramping(0, opened()),
    observation: seen("r1", "r9", { weight: 5 }),
    phase: "ROLLING_BACK",
    command: { do: "observe" },
    reason: "drift",
  },
  {
    when: "canary: the stranger gets nothing any more: a human",
    state: ramping(0, opened(), { phase: "ROLLING_BACK", reason: drifted }),
    observation: seen("r1", "r9"),
    phase: "NEEDS_HUMAN",
    command: { do: "stop" },
    reason: "drift",
  },
  {
    when: "canary: somebody swapped it in by hand: a human, and no swap back",
    state: ramping(0, opened(), { phase: "ROLLING_BACK", reason: drifted }),
    observation: seen("r2", "r1", { weight: 5 }),
    phase: "NEEDS_HUMAN",
    command: { do: "stop" },
    reason: "drift",
  },
  {
    when: "canary: somebody pulled the brake: it is not set again",
    state: ramping(0, opened()),
    observation: seen("r1", "r2"),
    phase: "ROLLING_BACK",
    command: { do: "observe" },
    reason: "weight-changed",
  },
  {
    when: "canary: cancelled: back",
    state: ramping(0, opened()),
    observation: { kind: "cancelled", by: "cancelled", now },
    phase: "ROLLING_BACK",
    command: { do: "observe" },
    reason: "cancelled",
  },
  {
    when: "canary: cancelled while the rule is being removed: back, not left behind",
    state: next(ramping(1, opened(now), { phase: "PROMOTING" }), seen("r1", "r2", { weight: 25 })).state,
    observation: { kind: "cancelled", by: "abandoned", now },
    phase: "ROLLING_BACK",
    command: { do: "observe" },
    reason: "abandoned",
  },
  {
    when: "canary: back: removes the rule",
    state: ramping(0, opened(), { phase: "ROLLING_BACK" }),
    observation: seen("r1", "r2", { weight: 5 }),
    phase: "ROLLING_BACK",
    command: { do: "route", weight: 0 },
  },
  {
    when: "canary: back: a weight that may still arrive is waited for, although there is none now",
    state: next(setting(0), { kind: "cancelled", by: "abandoned", now }).state,
    observation: seen("r1", "r2"),
    phase: "ROLLING_BACK",
    command: { do: "observe", after: 3_000 },
  },
  {
    when: "canary: back: the rule is gone",
    state: ramping(0, opened(), { phase: "ROLLING_BACK" }),
    observation: seen("r1", "r2"),
    phase: "ROLLED_BACK",
    command: { do: "stop" },
  },
  {
    when: "canary: the swap is refused at last: users have seen it, so it is rolled back",
    state: refusedAfterCanary(),
    observation: seen("r1", "r2"),
    phase: "ROLLING_BACK",
    command: { do: "observe" },
    reason: "swap-refused",
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
    expect(next(ramping(0, opened(now)), blind(120_000)).state).toMatchObject({
      phase: "ROLLING_BACK",
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

  test("a canary's hold is lifted by a promotion, an abortion or another judgement, and ends with its deadline", () => {
    const held = next(ramping(0, opened(now)), judged("insufficient")).state;
    expect(held.hold).toMatchObject({ reason: "because", onDeadline: "rollback" });
    const decided = (how: "promote" | "abort" | "judge") =>
      next(
        { ...held, hold: held.hold && { ...held.hold, lift: { how, by: "bo", at: now, why: "" } } },
        { kind: "started", now },
      );
    expect(decided("promote").state).toMatchObject({ phase: "CANARY", hold: null, canary: { step: 1, window: null } });
    expect(decided("abort").state).toMatchObject({ phase: "ROLLING_BACK", reason: { code: "aborted" } });
    expect(decided("judge").state.canary?.window).toEqual({
      setAt: now - 600_000,
      start: now - 600_000,
      end: now + 600_000,
    });
    const late = next(held, { kind: "started", now: now + 3_600_000 });
    expect(late.state).toMatchObject({ phase: "ROLLING_BACK", reason: { code: "expired" } });
    const cancelled = next(held, { kind: "cancelled", by: "cancelled", now });
    expect(cancelled.state).toMatchObject({ phase: "ROLLING_BACK", hold: null });
  });

  test("a hold that was to proceed is undone once nobody leads it, and the reason says why", () => {
    const held = next(ramping(0, opened(now)), judged("insufficient")).state;
    const toProceed: Rollout = { ...held, hold: held.hold && { ...held.hold, onDeadline: "proceed" } };
    const undone = next(toProceed, { kind: "cancelled", by: "abandoned", now: now + 3_600_000 }).state;
    expect(undone).toMatchObject({ phase: "ROLLING_BACK", reason: { code: "abandoned" } });
    expect(undone.reason?.what).toBe(
      "The release was stopped in its canary, so all requests go to what ran before again.",
    );
    expect(undone.reason?.why).toMatch(/on-hold-timeout: proceed.*has to be judged, so it was undone: because/);
  });

  test("a weight that Azure never takes is asked for three times, then the canary goes back", () => {
    let state = ramping(0);
    let asked = 0;
    for (let step = 0; step < 30 && state.phase === "CANARY"; step++) {
      const route = next(state, seen("r1", "r2"));
      state = route.state;
      if (route.command.do !== "route") continue;
      asked += 1;
      state = next(state, { kind: "unrouted", sure: true, why: "403", now }).state;
    }
    expect(asked).toBe(3);
    expect(state).toMatchObject({ phase: "ROLLING_BACK", reason: { code: "route-refused", why: "403" } });
  });

  const later = (duration: number, weight = 0): Observation => ({
    ...seen("r1", "r2", { weight }),
    now: now + duration,
  });

  test("a weight whose reply was lost is nobody's: it is waited out and taken back, never built upon or asked for again", () => {
    const lost = next(setting(0), { kind: "unrouted", sure: false, why: "reset", now }).state;
    expect(next(lost, later(1, 5)).state).toMatchObject({ phase: "ROLLING_BACK", reason: { code: "weight-changed" } });
    const back = next(lost, later(1));
    expect(back.state).toMatchObject({ phase: "ROLLING_BACK", reason: { code: "weight-changed" } });
    expect(next(back.state, later(29_999)).command).toEqual({ do: "observe", after: 3_000 });
    expect(next(back.state, later(29_999, 5)).command).toEqual({ do: "observe", after: 3_000 });
    expect(next(back.state, later(30_000, 5)).state.intent).toBeNull();
    expect(next(next(back.state, later(30_000)).state, later(33_000)).state.phase).toBe("ROLLED_BACK");
  });

  test.each<[string, Observation, number, string | undefined]>([
    ["set and seen", { kind: "routed", now }, 25, undefined],
    ["set and not seen yet", { kind: "routed", now }, 5, undefined],
    ["set, and a stranger's is seen", { kind: "routed", now }, 70, "weight-changed"],
    ["set, and the brake is seen", { kind: "routed", now }, 0, "weight-changed"],
    ["refused, and it is as before", { kind: "unrouted", sure: true, why: "403", now }, 5, undefined],
    ["refused, and a stranger's is seen", { kind: "unrouted", sure: true, why: "403", now }, 0, "weight-changed"],
    ["refused, and it is there all the same", { kind: "unrouted", sure: true, why: "403", now }, 25, "weight-changed"],
    ["withheld, since it was another right before", { kind: "withheld", weight: 70, now }, 5, "weight-changed"],
    ["left by a dead run", { kind: "started", now }, 25, "weight-changed"],
  ])("a step's weight that was %s", (_, reply, weight, reason) => {
    const told = next(setting(1), reply);
    const { state } = reply.kind === "withheld" ? told : next(told.state, later(1, weight));
    expect(state).toMatchObject(reason ? { phase: "ROLLING_BACK", reason: { code: reason } } : { phase: "CANARY" });
  });

  test("a weight that was set and put back by somebody is not set again, however long it is waited for", () => {
    const told = next(setting(0), { kind: "routed", now }).state;
    expect(next(told, later(29_999)).command).toEqual({ do: "observe", after: 3_000 });
    expect(next(told, later(30_000)).state).toMatchObject({
      phase: "ROLLING_BACK",
      intent: null,
      reason: { code: "weight-changed", why: expect.stringMatching(/set to 5 %, and is 0 %/) },
    });
  });

  test("a rule that is there before the first step, or changed before the swap, is nobody's to overrule", () => {
    const found = (state: Rollout, weight: number) => next(state, seen("r1", "r2", { weight })).state;
    expect(found(ramping(0), 70)).toMatchObject({ phase: "ROLLING_BACK", reason: { code: "weight-changed" } });
    const promoting = ramping(1, opened(now), { phase: "PROMOTING" });
    expect(found(promoting, 0)).toMatchObject({ phase: "ROLLING_BACK", reason: { code: "weight-changed" } });
    const removing = found(promoting, 25);
    expect(removing.intent).toMatchObject({ op: "route", args: { weight: 0 } });
    expect(found(removing, 0)).toMatchObject({ phase: "ROLLING_BACK", reason: { code: "weight-changed" } });
    const acknowledged = next(removing, { kind: "routed", now }).state;
    expect(found(acknowledged, 0)).toMatchObject({ phase: "PROMOTING", weight: 0, intent: null });
    const swapping = next(at("PROMOTING"), seen("r1", "r2")).state;
    const withheld = next(swapping, { kind: "withheld", weight: 70, now }).state;
    expect(found(withheld, 70)).toMatchObject({ phase: "ROLLING_BACK", reason: { code: "weight-changed" } });
    expect(found(at("PROMOTING", { kind: "rollback" }), 70).intent).toMatchObject({ args: { weight: 0 } });
    // A head of an earlier version does not say.
    expect(found(ramping(1, opened(), { weight: null }), 70).phase).toBe("CANARY");
  });

  test("a hold ends when somebody changed the weight, and waits on when nobody did", () => {
    const held = next(ramping(0, opened(now)), judged("insufficient")).state;
    expect(next(held, seen("r1", "r2", { weight: 5 })).command).toMatchObject({ do: "hold" });
    const changed = next(held, seen("r1", "r2")).state;
    expect(changed).toMatchObject({ phase: "ROLLING_BACK", hold: null, reason: { code: "weight-changed" } });
  });

  test("a swap back ends with no rule, whoever set one meanwhile", () => {
    const back = next(at("ROLLING_BACK"), seen("r2", "r1")).state;
    const ended = next(back, { kind: "swap", status: { kind: "succeeded" }, now });
    expect(ended.command).toMatchObject({ do: "observe", identityOnly: false });
    const ruled = next(ended.state, seen("r1", "r2", { weight: 70 }));
    expect(ruled).toMatchObject({
      state: { phase: "ROLLING_BACK" },
      command: { do: "route", weight: 0, expected: null },
    });
  });

  test("a hold stays until it is lifted or its deadline decides", () => {
    const hold = { reason: "freeze", since: now, deadline: now + 10, onDeadline: "proceed" as const, lift: null };
    const held = next(at("STAGED"), { kind: "held", hold, now });
    expect(held.command).toEqual({ do: "hold", until: now + 10 });
    expect(next(held.state, { kind: "started", now }).command).toEqual({ do: "hold", until: now + 10 });
    expect(next(held.state, { kind: "started", now: now + 10 }).command).toMatchObject({ do: "probe" });
    const lifted = (how: "promote" | "abort") =>
      next(at("STAGED", { hold: { ...hold, lift: { how, by: "bo", at: now, why: "" } } }), { kind: "started", now });
    expect(lifted("promote")).toMatchObject({ state: { hold: null }, command: { do: "probe" } });
    expect(lifted("abort").state).toMatchObject({ phase: "FAILED", reason: { code: "aborted" } });
    const staying = next(at("STAGED"), { kind: "held", hold: { ...hold, onDeadline: "stay" }, now });
    expect(staying.command).toEqual({ do: "hold", until: null });
  });
});
