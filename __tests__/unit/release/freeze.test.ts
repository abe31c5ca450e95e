import {
  emptyHead,
  explainFreeze,
  type Freeze,
  freezeInForce,
  type Head,
  liftFreeze,
  overrideFreeze,
  readHead,
  setFreeze,
} from "@augeo/release";
import { describe, expect, test } from "@jest/globals";

const now = Date.UTC(2026, 11, 24, 8);
const HOUR = 3_600_000;
const by = { runId: "7", attempt: 1, actor: "ann" };
const freeze = (change: Partial<Freeze> = {}): Freeze => ({
  reason: "sale",
  by: "ann",
  url: "https://github.com/o/r/actions/runs/7",
  since: now,
  until: now + 2 * HOUR,
  ...change,
});
const head = (frozen: Freeze | null = null): Head => ({ ...emptyHead("api", "prod"), seq: 4, freeze: frozen });

describe("a freeze", () => {
  test.each<[string, Freeze | null, number, boolean]>([
    ["is in force until its end", freeze(), now + 2 * HOUR - 1, true],
    ["is none from its end on, though it is still written down", freeze(), now + 2 * HOUR, false],
    ["without an end lasts until it is lifted", freeze({ until: null }), now + 10_000 * HOUR, true],
    ["that was never set is none", null, now, false],
  ])("%s", (_, frozen, at, isFrozen) => {
    expect(freezeInForce(head(frozen), at) !== undefined).toBe(isFrozen);
  });

  test("is set with an event that names who and why, and leaves the lock and its epoch alone", () => {
    const change = setFreeze(head(), freeze(), by, now);
    if (change.kind !== "write") throw new Error(change.kind);
    expect(change.head).toMatchObject({ freeze: freeze(), seq: 5, epoch: 0, holder: null });
    expect(change.head.outbox).toMatchObject([
      { what: "frozen", actor: "ann", runId: "7", seq: 5, details: { why: "sale", until: now + 2 * HOUR } },
    ]);
  });

  test.each<[string, Freeze, Partial<Freeze>, "write" | "longer"]>([
    ["by another person, with a later end, is replaced", freeze(), { by: "bob", until: now + 3 * HOUR }, "write"],
    ["by another person is not shortened", freeze(), { by: "bob", until: now + HOUR }, "longer"],
    ["without an end, by another person, is not given one", freeze({ until: null }), { by: "bob" }, "longer"],
    ["is shortened by who set it", freeze(), { until: now + HOUR }, "write"],
    ["that is over is replaced by anyone", freeze({ until: now }), { by: "bob", until: now + 1 }, "write"],
  ])("%s", (_, before, change, kind) => {
    expect(setFreeze(head(before), freeze(change), by, now).kind).toBe(kind);
  });

  test("is lifted with an event that tells what it was; without one there is nothing to lift", () => {
    const lifted = liftFreeze(head(freeze({ by: "bob" })), "sale is over", by, now);
    if (lifted.kind !== "write") throw new Error(lifted.kind);
    expect(lifted.head.freeze).toBeNull();
    expect(lifted.head.outbox).toMatchObject([
      { what: "freeze-lifted", details: { why: "sale is over", frozenBy: "bob", frozenFor: "sale" } },
    ]);
    expect(liftFreeze(head(freeze({ until: now })), "", by, now).kind).toBe("nothing");
  });

  test("that is overridden stays, and the event says why", () => {
    const overridden = overrideFreeze(head(freeze()), freeze(), "prices are wrong", now);
    expect(overridden.freeze).toEqual(freeze());
    expect(overridden.outbox).toMatchObject([{ what: "freeze-overridden", details: { why: "prices are wrong" } }]);
  });

  test("says who, why, until when, and how to go on", () => {
    expect(explainFreeze(head(), freeze({ since: now - 3 * HOUR }), now)).toEqual({
      what: "api (prod) is frozen until 2026-12-24 10:00 UTC (in 2 hours): no new release goes out, and nothing was changed.",
      why: "ann froze it 3 hours ago: sale (https://github.com/o/r/actions/runs/7)",
      fix: expect.stringMatching(/mode: lift.*override-freeze: <why>.*rollback is never held back/) as unknown,
    });
  });

  test("is read back as it was written, and a head from before freezes existed is read as not frozen", () => {
    const stored = head(freeze());
    expect(readHead(JSON.stringify(stored))).toEqual({ kind: "head", head: stored });
    const { freeze: _, ...old } = { ...head(), schema: 1 };
    expect(readHead(JSON.stringify(old))).toMatchObject({ kind: "head", head: { freeze: null } });
  });
});
