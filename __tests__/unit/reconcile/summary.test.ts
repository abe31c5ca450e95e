import { expect, test } from "@jest/globals";
import { summarise as summariseDecision } from "../../../actions/approve/summary.ts";
import { summarise as summariseFreeze } from "../../../actions/freeze/summary.ts";
import type { Report } from "../../../actions/reconcile/finding.ts";
import { issueBody } from "../../../actions/reconcile/keep-issue.ts";
import { messageOf, summarise } from "../../../actions/reconcile/summary.ts";
import { parseTarget } from "../../../actions/reconcile/target.ts";

const now = Date.UTC(2026, 11, 24, 9);
const report = (change: Partial<Report>): Report => ({
  name: "api (production)",
  live: "r2",
  state: "",
  holder: "",
  findings: [],
  moments: [],
  ...change,
});
const hostile = "@team <img src=x> [a](https://evil) | `x`";

test("a reconciler's summary has a row for each target, and what to do only where somebody has to", () => {
  const reports = [
    report({ findings: [{ kind: "done", what: "Brought r3 to the safe side." }] }),
    report({ name: "web (production)", findings: [{ kind: "person", what: "It is stopped.", fix: "Start it." }] }),
    report({ name: "idle (dev)" }),
  ];
  expect(summarise({ reason: "needs-human", message: "", reports, now })).toBe(`### ❌ A person has to look

| | where | live | last release | lock |
| --- | --- | --- | --- | --- |
| ✅ | api (production) | r2 |  |  |
| ❌ | web (production) | r2 |  |  |
| ✅ | idle (dev) | r2 |  |  |

#### api (production)

| | what |
| --- | --- |
| ✅&nbsp;done | Brought r3 to the safe side. |

#### web (production)

| | what |
| --- | --- |
| ❌&nbsp;for&nbsp;a&nbsp;person | It is stopped.<br>**Fix:** Start it. |
`);
  expect(messageOf(reports)).toBe("web (production): It is stopped. api (production): Brought r3 to the safe side.");
});

test("a reconciler's summary has one line on stored packages, with why what is old was left", () => {
  const warning = { what: "No stored package was deleted.", why: hostile, fix: "Repair it." };
  const packages = { deleted: 0, bytes: 0, kept: 4, keptBytes: 3 * 1024 * 1024, isDry: false, warnings: [warning] };
  const lineOf = (change: Partial<typeof packages>): string | undefined =>
    summarise({ reason: "all-well", message: "", reports: [], now, packages: { ...packages, ...change } })
      .split("\n")
      .find((line) => line.startsWith("Stored"));
  expect(lineOf({ deleted: 2, bytes: 1_572_864, warnings: [] })).toBe(
    "Stored packages: 2 deleted (1.5 MB) that no ledger names any more; 4 kept (3.0 MB).",
  );
  expect(lineOf({ deleted: 2, bytes: 1_572_864, isDry: true, warnings: [] })).toBe(
    "Stored packages: 2 would be deleted (1.5 MB) that no ledger names any more; 4 kept (3.0 MB).",
  );
  expect(lineOf({})).toMatch(
    /^Stored packages: none had to go; 4 kept \(3\.0 MB\)\. ⚠️ No stored package was deleted\. .* \*\*Fix:\*\* Repair it\.$/,
  );
  expect(lineOf({})).not.toMatch(/@team|<img|\]\(/);
});

test("the issue holds what a person is needed for, and hostile text in it names nobody and links nowhere", () => {
  const body = issueBody(
    [report({ findings: [{ kind: "person", what: hostile, fix: hostile }] }), report({ name: "well (dev)" })],
    "https://github.com/o/r/actions/runs/9",
  );
  expect(body).not.toMatch(/@team|<img|\]\(|`|well/);
  expect(body).toContain("Seen by https://github.com/o/r/actions/runs/9.");
});

test("a freeze is summarised with its place, and the one that it replaced", () => {
  const freeze = { reason: hostile, by: "ann", url: "", since: now, until: now + 7_200_000 };
  const before = { ...freeze, reason: "short", by: "bob", until: null };
  const told = { reason: "frozen", app: "api", environment: "prod", by: "ann", why: "", freeze, before, now } as const;
  const { summary } = summariseFreeze({ ...told, isNew: false });
  expect(summary).toContain(
    "### ⏸️ api (prod) is frozen\n\nNo new release of api (prod) goes out until 2026-12-24 11:00 UTC",
  );
  expect(summary).toContain("| In place of | short, by bob, until it is lifted |");
  expect(summary).not.toMatch(/@team|<img|\]\(/);
});

test("a decision is summarised with what it was about", () => {
  const decision = { how: "reject", by: "bob", at: now, why: hostile, url: "" } as const;
  const approval = {
    release: "r3",
    artifact: "ab",
    replaces: "r2",
    authors: ["ann"],
    url: "u",
    requestedAt: 0,
    decision,
  };
  const { message, summary } = summariseDecision({
    app: "api",
    environment: "prod",
    word: "rejected",
    isNew: true,
    approval,
  });
  expect(message).toBe("bob rejected r3 for api (prod).");
  expect(summary).toMatch(
    /^### ⛔ bob rejected r3[\s\S]*\| Replaces \| r2 \|\n\| Authors \| ann \|[\s\S]*It does not go out\./,
  );
  expect(summary).not.toMatch(/@team|<img|\]\(/);
});

test.each([
  ["rg/api", { "resource-group": "rg", app: "api", slot: "staging", environment: "production" }],
  ["rg-1.x_(y)/api/blue", { "resource-group": "rg-1.x_(y)", app: "api", slot: "blue", environment: "production" }],
  ["rg/api@dev", { "resource-group": "rg", app: "api", slot: "staging", environment: "dev" }],
  ["rg/api/blue@dev", { "resource-group": "rg", app: "api", slot: "blue", environment: "dev" }],
])("the target %s is read", (line, target) => {
  expect(parseTarget(line)).toEqual(target);
});
