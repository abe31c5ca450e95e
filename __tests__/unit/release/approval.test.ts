import {
  decideApproval,
  emptyHead,
  explainWaiting,
  gateOf,
  type Head,
  type Plan,
  planRollout,
  type ReleaseRecord,
  readHead,
  record,
  requestApproval,
  type Wanted,
  type Word,
} from "@augeo/release";
import { describe, expect, test } from "@jest/globals";

const now = Date.UTC(2026, 0, 1);
const released = (release: string): ReleaseRecord => ({
  release,
  commit: null,
  artifact: null,
  schemaHead: null,
  at: now,
});
const stored: Head = { ...emptyHead("api", "prod"), live: released("r1") };
const wanted = (change: Partial<Wanted> = {}): Wanted => ({
  release: "r2",
  artifact: "aabbccdd00",
  authors: ["ann", "Carl"],
  ...change,
});
const word = (change: Partial<Word> = {}): Word => ({
  release: "r2",
  how: "approve",
  by: "bob",
  why: "looked at it",
  url: "https://github.com/o/r/actions/runs/9",
  ...change,
});
const by = { runId: "9", attempt: 1, actor: "bob" };
const asked = requestApproval(stored, wanted(), "https://github.com/o/r/actions/runs/7", now);

function decided(head: Head, change: Partial<Word> = {}): Head {
  const deciding = decideApproval(head, word(change), by, now);
  if (deciding.kind !== "decided") throw new Error(deciding.kind);
  return deciding.head;
}

describe("the gate", () => {
  test.each<[string, Head, Partial<Wanted>, string]>([
    ["is closed before anyone asked", stored, {}, "closed"],
    ["waits once it was asked for", asked, {}, "waiting"],
    ["is open for what was approved", decided(asked), {}, "open"],
    ["is closed for another package of the same id", decided(asked), { artifact: "ff" }, "closed"],
    ["is closed for another release", decided(asked), { release: "r3" }, "closed"],
    ["is closed once another release is live", { ...decided(asked), live: released("r9") }, {}, "closed"],
    ["is closed when the approver turns out to be an author", decided(asked), { authors: ["BOB"] }, "closed"],
    ["stays shut for what was rejected", decided(asked, { how: "reject" }), {}, "rejected"],
    ["opens when the word is changed", decided(decided(asked, { how: "reject" })), {}, "open"],
  ])("%s", (_, head, change, kind) => {
    expect(gateOf(head, wanted(change)).kind).toBe(kind);
  });
});

describe("asking", () => {
  test("gives the lock back, records who may not approve, and is read back as it was written", () => {
    expect(asked).toMatchObject({ holder: null, approvals: [{ release: "r2", replaces: "r1", decision: null }] });
    expect(asked.outbox).toMatchObject([
      { what: "approval-requested", details: { asksFor: "r2", artifact: "aabbccdd00", authors: "ann, Carl" } },
    ]);
    expect(readHead(JSON.stringify(decided(asked)))).toEqual({ kind: "head", head: decided(asked) });
  });

  test("again for another package takes the place of the earlier request and its answer", () => {
    const again = requestApproval(decided(asked), wanted({ artifact: "ff" }), "", now);
    expect(again.approvals).toMatchObject([{ artifact: "ff", decision: null }]);
  });

  test("says what waits, who may not approve it, and what to do", () => {
    const [approval] = asked.approvals;
    if (!approval) throw new Error("nothing was asked");
    expect(explainWaiting(asked, approval, now + 3 * 60_000)).toEqual({
      what: "r2 waits for an approval before it replaces r1 on api (prod); nothing was changed.",
      why: "It was asked for 3 minutes ago, for the package aabbccdd00. ann and Carl may not approve it.",
      fix: expect.stringMatching(/with release: r2, decision: approve. Then re-run the failed jobs/) as unknown,
    });
  });
});

describe("deciding", () => {
  test("is recorded with who and why", () => {
    expect(decided(asked).outbox).toMatchObject([
      { what: "approved", actor: "bob", runId: "9", details: { decides: "r2", why: "looked at it" } },
    ]);
  });

  test.each<[string, Head, Partial<Word>, string, RegExp]>([
    ["is refused to who started the run", asked, { by: "ann" }, "own-release", /ann may not decide on r2/],
    [
      "is refused to who wrote the commit, in any case",
      asked,
      { by: "cARL" },
      "own-release",
      /authors are ann and Carl/,
    ],
    ["a rejection is refused to them too", asked, { by: "ann", how: "reject" }, "own-release", /may not decide/],
    ["is refused on what does not wait", asked, { release: "r9" }, "not-awaiting", /These wait: r2/],
    ["is refused on nothing at all", stored, {}, "not-awaiting", /None waits/],
    ["is refused on another package than named", asked, { package: "aabbccde" }, "another-package", /built again/],
  ])("%s", (_, head, change, code, why) => {
    const deciding = decideApproval(head, word(change), by, now);
    if (deciding.kind !== "refused") throw new Error(deciding.kind);
    expect(deciding.code).toBe(code);
    expect(`${deciding.explanation.what} ${deciding.explanation.why}`).toMatch(why);
  });

  test("on the package named by its beginning is accepted, and twice the same changes nothing", () => {
    expect(decideApproval(asked, word({ package: "AABBCCDD" }), by, now).kind).toBe("decided");
    expect(decideApproval(decided(asked), word(), by, now).kind).toBe("already");
  });
});

test("an approval is used up once its release was in production, and not by a failure before", () => {
  const policy = { bakeTime: 1, warmUpTimeout: 1, swapTimeout: 1, observeTimeout: 1, settleTime: 1, pollInterval: 1 };
  const place = { app: "api", resourceGroup: "rg", slot: "staging" };
  const plan: Plan = { kind: "release", from: "PREPARED", place, policy, target: released("r2") };
  const rollout = planRollout(plan, released("r1"), now);
  const head = { ...decided(asked), rollout };
  expect(record(head, { ...rollout, phase: "FAILED" }, now).approvals).toHaveLength(1);
  for (const phase of ["WATCHING", "COMPLETED", "ROLLED_BACK"] as const)
    expect(record(head, { ...rollout, phase }, now).approvals).toEqual([]);
});
