import { emptyHead, type Head, type Plan, planRollout, type ReleaseRecord, releaseTable } from "@augeo/release";
import { expect, test } from "@jest/globals";
import { releasesMarkdown } from "../../../actions/slot-swap/releases.ts";

const start = Date.UTC(2026, 10, 1, 9, 30);
const record = (number: number, change: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  release: `r${number}`,
  commit: `${number}`.repeat(40),
  artifact: `${number}`.repeat(64),
  schemaHead: `m${number}`,
  at: start + number * 86_400_000,
  ...change,
});
const policy = { bakeTime: 1, warmUpTimeout: 1, swapTimeout: 1, observeTimeout: 1, settleTime: 1, pollInterval: 1 };
const place = { app: "api", resourceGroup: "rg", slot: "staging" };
const plan: Plan = { kind: "release", from: "PREPARED", place, policy, target: record(6) };
const history = [
  record(6),
  record(5),
  record(4),
  record(3, { artifact: null, commit: null, schemaHead: null, at: start + 2.5 * 86_400_000 }),
  record(2, { release: "r2 | <b>" }),
  record(1),
];
const head: Head = {
  ...emptyHead("api", "prod"),
  live: record(6),
  previous: record(5),
  history,
  schemaChanges: [
    { from: "m1", to: "m2", kind: "contract", release: "r2", at: start + 2 * 86_400_000 },
    { from: "m2", to: "m6", kind: "expand", release: "r6", at: start + 6 * 86_400_000 },
  ],
  rollout: {
    ...planRollout(plan, record(5), start),
    phase: "COMPLETED",
    before: { production: "r5", staging: "r4" },
  },
};

test("the table tells of each release when it went live and which way leads back to it", () => {
  const stored = new Set([6, 5, 4, 1].map((number) => `${number}`.repeat(64)));
  expect(
    releasesMarkdown(releaseTable(head, stored)),
  ).toBe(`<details><summary>The last releases, and the way back to each</summary>

| release | commit | schema | live since (UTC) | |
| --- | --- | --- | --- | --- |
| r6 | 6666666 | m6 | 2026-11-07 09:30 | live |
| r5 | 5555555 | m5 | 2026-11-06 09:30 | previous; can be put back by a swap: it is in the slot |
| r4 | 4444444 | m4 | 2026-11-05 09:30 | can be put back from its stored package |
| r3 |  |  | 2026-11-03 21:30 | cannot be put back: its package was not stored |
| r2 \\| &lt;b> | 2222222 | m2 | 2026-11-03 09:30 | cannot be put back: its package is gone |
| r1 | 1111111 | m1 | 2026-11-02 09:30 | no longer fits the database: the schema was contracted since |

</details>`);
});

test("after a release was swapped back its predecessor is not in the slot, and a ledger's word on packages is believed", () => {
  const { rollout } = head;
  const undone: Head = {
    ...head,
    live: record(5),
    previous: record(4),
    history: history.slice(1),
    rollout: rollout && { ...rollout, phase: "ROLLED_BACK" },
  };
  expect(releaseTable(undone).map(({ release, state, back }) => [release, state, back])).toEqual([
    ["r5", "live", null],
    ["r4", "previous", "package"],
    ["r3", "earlier", "not-stored"],
    ["r2 | <b>", "earlier", "package"],
    ["r1", "earlier", "schema"],
  ]);
});

test("the table has each release once and ten at most, and a ledger without one has no table", () => {
  const many = Array.from({ length: 15 }, (_, index) => record(15 - index, { release: `r${15 - index}` }));
  const rows = releaseTable({ ...head, live: record(15), previous: record(14), history: [record(15), ...many] });
  expect(rows.map(({ release }) => release)).toEqual(Array.from({ length: 10 }, (_, index) => `r${15 - index}`));
  expect(releasesMarkdown(releaseTable(emptyHead("api", "prod")))).toBe("");
});
