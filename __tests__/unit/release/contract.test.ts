import { beginContract, contractsSince, emptyHead, endContract, type Head, permitContract } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";

const NOW = Date.UTC(2026, 10, 26);
const HOUR = 3_600_000;
const old = { release: "r1", commit: null, artifact: null, schemaHead: "a1", at: NOW - 9 * HOUR };
const live = { release: "r2", commit: "c0ffee", artifact: null, schemaHead: "c3", at: NOW - 2 * HOUR };
const head = (change: Partial<Head> = {}): Head => ({
  ...emptyHead("api", "production"),
  live,
  previous: old,
  history: [live, old],
  ...change,
});
const request = { now: NOW, rollbackWindow: HOUR, knows: (schemaHead: string | null) => schemaHead === "c3" };
const change = { from: "a1", to: "c3", kind: "contract", release: "r2", at: NOW } as const;

describe("contracting the schema", () => {
  test("is permitted once the live release, which has the revisions, is older than the window", () => {
    expect(permitContract(head(), request)).toEqual({ kind: "permitted", live });
  });

  test.each([
    [
      "while a rollback may still be needed",
      {},
      { rollbackWindow: 3 * HOUR },
      "window-open",
      /r2 is open for another .*bring back r1 \(schema a1\).*2026-11-26T01:00/s,
    ],
    [
      "while the live code does not have the revisions",
      {},
      { knows: () => false },
      "not-live",
      /built for schema c3.*ref: c0ffee/s,
    ],
    ["while nothing is known to be live", { live: null }, {}, "not-live", /no live release/],
    [
      "while the app is frozen",
      { freeze: { reason: "sale", by: "ann", url: "u", since: NOW, until: null } },
      {},
      "frozen",
      /ann froze it/,
    ],
  ])("is refused %s", (_, state, more, code, words) => {
    const permit = permitContract(head(state), { ...request, ...more });
    expect(permit).toMatchObject({ kind: "refused", code });
    expect(JSON.stringify(permit)).toMatch(words);
  });

  test("bars the way back from before its first statement, whatever becomes of it", () => {
    const begun = beginContract(head(), change, NOW);
    expect(contractsSince(begun, old)).toEqual([change]);
    expect(contractsSince(begun, live)).toEqual([]);
    const ended = endContract(begun, change, { ...change, to: "b2" }, NOW);
    expect(ended).toMatchObject({ holder: null, schemaChanges: [{ to: "b2" }] });
    expect(endContract(begun, change, null, NOW).schemaChanges).toEqual([]);
  });
});
