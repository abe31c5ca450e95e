import {
  type AppState,
  driftOf,
  emptyHead,
  explainHold,
  type Head,
  type Hold,
  type Holder,
  noteSurroundings,
  type Plan,
  planRollout,
  type ReleaseRecord,
  type Rollout,
  type RunState,
  readHead,
  type SlotsObservation,
  standingOf,
} from "@augeo/release";
import { describe, expect, test } from "@jest/globals";

const now = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const holder: Holder = {
  claimId: "o/r/1",
  repository: "o/r",
  runId: "1",
  attempt: 1,
  actor: "ann",
  url: "https://github.com/o/r/actions/runs/1",
  since: now - MINUTE,
};
const released = (release: string): ReleaseRecord => ({
  release,
  commit: null,
  artifact: null,
  schemaHead: null,
  at: now,
});
const policy = { bakeTime: 1, warmUpTimeout: 1, swapTimeout: 1, observeTimeout: 1, settleTime: 1, pollInterval: 1 };
const plan: Plan = {
  kind: "release",
  from: "PREPARED",
  place: { app: "api", resourceGroup: "rg", slot: "staging" },
  policy,
  target: released("r2"),
};
const rollout = (change: Partial<Rollout> = {}): Rollout => ({ ...planRollout(plan, released("r1"), now), ...change });
const hold = (change: Partial<Hold> = {}): Hold => ({
  reason: "inconclusive",
  since: now - MINUTE,
  deadline: now + MINUTE,
  onDeadline: "rollback",
  lift: null,
  ...change,
});
const lift = (how: "promote" | "abort") => ({ how, by: "bob", at: now, why: "" });
const head = (change: Partial<Head>): Head => ({ ...emptyHead("api", "prod"), ...change });
const held = (change: Partial<Rollout>) => head({ holder, rollout: rollout(change) });
const canary = (change: Partial<Hold>) => held({ phase: "CANARY", hold: hold(change) });

describe("a head", () => {
  test.each<[string, Head, RunState, unknown]>([
    ["with nothing in it is idle", head({}), "over", { kind: "idle" }],
    ["whose holder runs is left alone", held({ phase: "WATCHING" }), "running", { kind: "led", run: "running" }],
    ["whose holder nobody can ask about is left alone", held({}), "unknown", { kind: "led", run: "unknown" }],
    [
      "that needs a person, with a live holder, is left alone",
      held({ phase: "NEEDS_HUMAN" }),
      "running",
      { kind: "led" },
    ],
    ["that needs a person keeps its lock", held({ phase: "NEEDS_HUMAN" }), "over", { kind: "needs-human" }],
    ["whose holder is over, with a release open, is abandoned", held({}), "over", { kind: "abandoned", how: "undo" }],
    ["with a release open and no holder is abandoned", head({ rollout: rollout() }), "over", { kind: "abandoned" }],
    ["whose holder is over, with nothing open, has a stale lock", head({ holder }), "over", { kind: "stale-lock" }],
    ["whose last release ended has a stale lock too", held({ phase: "FAILED" }), "over", { kind: "stale-lock" }],
    ["on hold, in time, is left to people though its run is over", canary({}), "over", { kind: "on-hold" }],
    ["on hold without an end is left to people", canary({ deadline: null }), "over", { kind: "on-hold" }],
    [
      "on hold that stays is left to people",
      canary({ deadline: now, onDeadline: "stay" }),
      "over",
      { kind: "on-hold" },
    ],
    ["on hold past its time goes back", canary({ deadline: now }), "over", { kind: "abandoned", how: "follow" }],
    [
      "on hold past its time, which was to go on, is undone: nobody is left who could judge it",
      canary({ deadline: now, onDeadline: "proceed" }),
      "over",
      { kind: "abandoned", how: "undo" },
    ],
    ["that a person aborted goes back", canary({ lift: lift("abort") }), "over", { kind: "abandoned", how: "follow" }],
    [
      "that a person promoted waits for its own workflow, whatever the time",
      canary({ lift: lift("promote"), deadline: now }),
      "over",
      { kind: "on-hold" },
    ],
  ])("%s", (_, stored, run, standing) => {
    expect(standingOf(stored, run, now)).toMatchObject(standing as object);
  });
});

describe("a person reads of a hold", () => {
  test.each<[string, Partial<Hold>, string]>([
    [
      "when its requests are taken back",
      { deadline: now + 5 * MINUTE },
      "r2 has been on hold for 1 minute; in 5 minutes its requests are taken back.",
    ],
    [
      "that this happens also where it was to proceed",
      { deadline: now + 5 * MINUTE, onDeadline: "proceed" },
      "r2 has been on hold for 1 minute; in 5 minutes its requests are taken back (on-hold-timeout: proceed needs a run that waits, and its run is over).",
    ],
    ["that it has no end", { onDeadline: "stay" }, "r2 has been on hold for 1 minute."],
  ])("%s", (_, change, what) => {
    const told = explainHold(rollout(), hold(change), now);
    expect(told.what).toBe(what);
    expect(told.fix).toMatch(/approve action: release: r2, decision: promote, abort or judge-again/);
  });
});

describe("drift", () => {
  const surroundings = { release: "r2", sticky: ["A", "B"], healthCheckPath: "/health" };
  const stored = head({ live: released("r2"), previous: released("r1"), surroundings });
  const slots = (production: string, staging: string): SlotsObservation => ({
    production: { kind: "release", release: production, schemaHead: null },
    staging: { kind: "release", release: staging, schemaHead: null },
    weight: 0,
  });
  const app = (change: Partial<AppState> = {}): AppState => ({
    production: "Running",
    staging: "Running",
    surroundings,
    ...change,
  });
  const around = (change: Partial<typeof surroundings>) => app({ surroundings: { ...surroundings, ...change } });

  test.each<[string, Head, SlotsObservation, AppState, [boolean, RegExp][]]>([
    ["is none where all is as it was", stored, slots("r2", "r1"), app(), []],
    [
      "of production is grave, and says both ways out",
      stored,
      slots("r9", "r1"),
      app(),
      [[true, /Production runs r9, and the ledger says r2.*accept-live: r9.*release: r2/s]],
    ],
    ["of the slot is worth knowing", stored, slots("r2", "r9"), app(), [[false, /slot runs r9, not r1/]]],
    [
      "is not guessed while production cannot be read",
      stored,
      { ...slots("r2", "r1"), production: { kind: "unreadable", why: "502" } },
      app(),
      [[false, /not readable \(502\)/]],
    ],
    ["of a stopped app is grave", stored, slots("r2", "r1"), app({ production: "Stopped" }), [[true, /is Stopped/]]],
    [
      "of a stopped slot is worth knowing",
      stored,
      slots("r2", "r1"),
      app({ staging: "Stopped" }),
      [[false, /slot is/]],
    ],
    ["of a slot setting that left is grave", stored, slots("r2", "r1"), around({ sticky: ["A"] }), [[true, /: B/]]],
    [
      "of a slot setting that came is worth knowing",
      stored,
      slots("r2", "r1"),
      around({ sticky: ["A", "B", "C"] }),
      [[false, /now: C/]],
    ],
    [
      "of a health check that was switched off is grave",
      stored,
      slots("r2", "r1"),
      app({ surroundings: { ...surroundings, healthCheckPath: null } as never }),
      [[true, /health check \(\/health\) was switched off/]],
    ],
    [
      "of surroundings is none before they were noted for the live release",
      { ...stored, surroundings: { ...surroundings, release: "r1" } },
      slots("r2", "r1"),
      around({ sticky: [] }),
      [],
    ],
  ])("%s", (_, known, seen, state, expected) => {
    const found = driftOf(known, seen, state);
    expect(found.map(({ isGrave }) => isGrave)).toEqual(expected.map(([isGrave]) => isGrave));
    for (const [index, [, text]] of expected.entries())
      expect(`${found[index]?.what} ${found[index]?.fix}`).toMatch(text);
  });

  test("is compared with surroundings that are noted with an event, and read back", () => {
    const noted = noteSurroundings(stored, surroundings, { runId: "1", attempt: 1, actor: "ann" }, now);
    expect(noted.outbox).toMatchObject([{ what: "surroundings", actor: "ann" }]);
    expect(readHead(JSON.stringify(noted))).toEqual({ kind: "head", head: noted });
  });
});
