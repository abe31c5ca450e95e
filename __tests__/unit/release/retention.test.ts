import {
  decideRetention,
  emptyHead,
  type Head,
  type HeadSeen,
  type KeptPackage,
  type Plan,
  planRollout,
  type ReleaseRecord,
} from "@augeo/release";
import { describe, expect, test } from "@jest/globals";

const DAY = 86_400_000;
const now = Date.UTC(2026, 5, 1);
const keep = 90 * DAY;
const hash = (letter: string): string => letter.repeat(64);
const stored = (letter: string, days: number): KeptPackage => ({
  sha256: hash(letter),
  etag: `"${letter}"`,
  bytes: 10,
  storedAt: now - days * DAY,
});
const record = (letter: string): ReleaseRecord => ({
  release: `r-${letter}`,
  commit: null,
  artifact: hash(letter),
  schemaHead: null,
  at: 0,
});
const policy = { bakeTime: 1, warmUpTimeout: 1, swapTimeout: 1, observeTimeout: 1, settleTime: 1, pollInterval: 1 };
const place = { app: "api", resourceGroup: "rg", slot: "staging" };
const plan: Plan = { kind: "release", from: "PREPARED", place, policy, target: record("b") };
const head = (change: Partial<Head> = {}): Head => ({ ...emptyHead("api", "prod"), ...change });
const seen = (change: Partial<Head> = {}, where = "api/prod"): HeadSeen => ({
  where,
  kind: "head",
  head: head(change),
});
const approval = {
  release: "r-b",
  artifact: hash("b").toUpperCase(),
  replaces: null,
  authors: [],
  url: "",
  requestedAt: 0,
  decision: null,
};
const outbox = [
  {
    schema: 2,
    epoch: 1,
    seq: 1,
    at: 0,
    what: "approval-requested",
    release: null,
    phase: null,
    runId: "1",
    attempt: 1,
    actor: "ann",
    details: { artifact: hash("b") },
  },
];

/** Names of those that go, or the doubt. */
function goes(listed: readonly KeptPackage[], heads: readonly HeadSeen[]): string {
  const decided = decideRetention(listed, heads, keep, now);
  if (decided.kind === "in-doubt") return decided.explanation.why;
  expect([...decided.goes, ...decided.stays].map(({ sha256 }) => sha256).sort()).toEqual(
    listed.map(({ sha256 }) => sha256).sort(),
  );
  return decided.goes.map(({ sha256 }) => sha256[0]).join("");
}

describe("a stored package", () => {
  test.each<[string, HeadSeen[], string]>([
    ["that nobody names goes, once it is old enough", [seen()], "b"],
    ["that is live stays", [seen({ live: record("b") })], ""],
    ["of the previous release stays", [seen({ previous: record("b") })], ""],
    ["of an earlier release stays", [seen({ history: [record("a"), record("b")] })], ""],
    ["of a release under way stays", [seen({ rollout: planRollout(plan, null, 0) })], ""],
    [
      "of the release to go back to stays",
      [seen({ rollout: planRollout({ ...plan, target: record("a") }, record("b"), 0) })],
      "",
    ],
    ["that waits for an approval stays, however its hash is written", [seen({ approvals: [approval] })], ""],
    ["that only an event of the last write names stays", [seen({ outbox })], ""],
    ["that only another app's ledger names stays", [seen(), seen({ live: record("b") }, "web/prod")], ""],
  ])("%s", (_, heads, gone) => {
    expect(goes([stored("b", 91), stored("c", 89), stored("d", 90)], heads)).toBe(gone);
  });

  test("stays, as all others do, while one ledger is in doubt", () => {
    const listed = [stored("b", 400)];
    expect(goes(listed, [seen(), { where: "web/prod", kind: "unreadable", why: "it is not JSON" }])).toBe(
      "web/prod cannot be read (it is not JSON), so nobody can say which packages it needs.",
    );
    expect(goes(listed, [{ where: "web/prod", kind: "absent" }, seen()])).toMatch(/^web\/prod is not there, but its/);
    expect(goes(listed, [])).toMatch(/^The container has packages and no ledger/);
  });
});
