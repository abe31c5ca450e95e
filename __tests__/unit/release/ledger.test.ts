import type { ClaimRequest, Head, Holder, Plan, ReleaseRecord, SlotsObservation } from "@augeo/release";
import {
  acceptLive,
  claim,
  decideClaim,
  emptyHead,
  explainUnreadable,
  LEDGER_SCHEMA,
  open,
  planRollback,
  planRollout,
  readHead,
  record,
} from "@augeo/release";
import { describe, expect, test } from "@jest/globals";

const now = Date.UTC(2026, 0, 1);
const holder = (runId: string, attempt = 1): Holder => ({
  claimId: `o/r/${runId}`,
  repository: "o/r",
  runId,
  attempt,
  actor: "ann",
  url: `https://github.com/o/r/actions/runs/${runId}`,
  since: now - 3 * 60_000,
});
const released = (release: string, change: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  release,
  commit: "c1",
  artifact: null,
  schemaHead: null,
  at: now,
  ...change,
});
const policy = { bakeTime: 1, warmUpTimeout: 1, swapTimeout: 1, observeTimeout: 1, settleTime: 1, pollInterval: 1 };
const plan: Plan = {
  kind: "release",
  from: "PREPARED",
  place: { app: "api", resourceGroup: "rg", slot: "staging" },
  policy,
  target: released("r2"),
};
const head = (change: Partial<Head> = {}): Head => ({ ...emptyHead("api", "prod"), ...change });
const human = (): Head =>
  head({
    rollout: {
      ...planRollout(plan, null, now),
      phase: "NEEDS_HUMAN",
      reason: { code: "drift", what: "Drift.", why: "Because.", fix: "Look." },
    },
  });

describe("the lock", () => {
  const ask = (change: Partial<ClaimRequest> = {}): ClaimRequest => ({
    me: holder("1"),
    holderRun: "unknown",
    now,
    ...change,
  });

  test.each<[string, Head, ClaimRequest, unknown]>([
    ["free", head(), ask(), { kind: "claim", how: "free" }],
    [
      "held by this run: a re-run takes up its own claim",
      head({ holder: holder("1") }),
      ask({ me: holder("1", 2) }),
      { kind: "claim", how: "resumed" },
    ],
    ["held by a later attempt of this run", head({ holder: holder("1", 3) }), ask(), { kind: "held", mayEnd: false }],
    [
      "held by a run that is over",
      head({ holder: holder("2") }),
      ask({ holderRun: "over" }),
      { kind: "claim", how: "taken-over" },
    ],
    [
      "held by a run that goes on",
      head({ holder: holder("2") }),
      ask({ holderRun: "running" }),
      { kind: "held", mayEnd: true },
    ],
    ["held by a run that nobody can ask about", head({ holder: holder("2") }), ask(), { kind: "held", mayEnd: false }],
    [
      "the same, and a person names that claim",
      head({ holder: holder("2") }),
      ask({ takeOver: "o/r/2" }),
      { kind: "claim", how: "taken-over" },
    ],
    [
      "the same, and a person names another claim",
      head({ holder: holder("2") }),
      ask({ takeOver: "o/r/3" }),
      { kind: "held" },
    ],
    [
      "a running holder is not taken over, whatever a person says",
      head({ holder: holder("2") }),
      ask({ holderRun: "running", takeOver: "o/r/2" }),
      { kind: "held" },
    ],
    ["a person is waited for", human(), ask(), { kind: "needs-human", explanation: { why: "Because.", fix: "Look." } }],
    ["a person has decided", human(), ask({ acceptLive: "r1" }), { kind: "claim", how: "free" }],
  ])("%s", (_, stored, request, decision) => {
    expect(decideClaim(stored, request)).toMatchObject(decision as object);
  });

  test("a held lock names its age, its holder and the exact remedy", () => {
    const held = decideClaim(head({ holder: holder("2") }), ask({ holderRun: "running" }));
    expect(held).toMatchObject({
      explanation: {
        what: "api (prod) has been locked by another run for 3 minutes.",
        why: "Run https://github.com/o/r/actions/runs/2, attempt 1, started by ann, is releasing it.",
        fix: expect.stringContaining("gh run cancel 2 -R o/r") as unknown,
      },
    });
    const unknown = decideClaim(head({ holder: holder("2") }), ask());
    expect(unknown).toMatchObject({ explanation: { fix: expect.stringContaining("take-over: o/r/2") as unknown } });
  });

  test("a claim starts a new epoch, and its event tells whose place was taken", () => {
    const taken = claim(head({ holder: holder("2"), epoch: 4, seq: 9 }), holder("1"), "taken-over", now);
    expect(taken).toMatchObject({ epoch: 5, seq: 10, holder: { runId: "1" } });
    expect(taken.outbox).toMatchObject([{ what: "taken-over", epoch: 5, seq: 10, details: { from: "o/r/2" } }]);
  });
});

describe("the head", () => {
  const full: Head = open(
    claim(head({ live: released("r1"), history: [released("r1")] }), holder("1"), "free", now),
    planRollout(plan, released("r1"), now),
    now,
  );

  test("is read back as it was written", () => {
    expect(readHead(JSON.stringify(full))).toEqual({ kind: "head", head: full });
  });

  test("of the first version is read, and written as the present one", () => {
    const { ramp: _ramp, ...rollout } = full.rollout ?? planRollout(plan, null, now);
    const hold = { reason: "freeze", since: now, deadline: null, onDeadline: "stay" };
    const read = readHead(JSON.stringify({ ...full, schema: 1, rollout: { ...rollout, hold } }));
    expect(read).toMatchObject({
      kind: "head",
      head: { schema: LEDGER_SCHEMA, rollout: { ramp: null, canary: null, hold: { lift: null } } },
    });
    expect(LEDGER_SCHEMA).toBeGreaterThan(1);
  });

  test.each<[string, unknown, RegExp]>([
    ["text that is not JSON", "{", /not JSON/],
    ["a list", [], /the document should be an object/],
    ["a missing field", { ...full, history: undefined }, /history should be a list, and is missing/],
    [
      "a wrong phase",
      { ...full, rollout: { ...full.rollout, phase: "DONE" } },
      /rollout\.phase should be one of PREPARED/,
    ],
    ["a field that this version does not know", { ...full, thaw: {} }, /thaw should be absent/],
    [
      "a wrong entry of a list",
      { ...full, history: [{ release: 7 }] },
      /history\[0\]\.release should be text, and is 7/,
    ],
    ["a fraction as epoch", { ...full, epoch: 1.5 }, /epoch should be a whole number/],
  ])("%s blocks and says where", (_, stored, why) => {
    const read = readHead(typeof stored === "string" ? stored : JSON.stringify(stored));
    expect(read).toMatchObject({ kind: "unreadable", newer: false });
    expect(read.kind === "unreadable" && read.why).toMatch(why);
  });

  test("of a newer version is told apart, with what to do", () => {
    const read = readHead(JSON.stringify({ ...full, schema: 9 }));
    expect(read).toMatchObject({ kind: "unreadable", newer: true });
    if (read.kind !== "unreadable") throw new Error("read");
    expect(explainUnreadable("https://x/head.json", read).fix).toContain("Raise the version of augeo/deploy-action");
  });

  test.each([
    ["https://acct.blob.core.windows.net/releases/api/prod/head.json", "acct", "releases", "api/prod"],
    ["https://127.0.0.1:10000/acct/releases/api/prod/head.json", "acct", "releases", "api/prod"],
    ["https://x/head.json", "<account>", "<container>", "<app>/<environment>"],
  ])("that is damaged is repaired with commands for its own place: %s", (where, account, container, folder) => {
    const place = `--auth-mode login --account-name ${account} -c ${container}`;
    const head = `${place} -n ${folder}/head.json`;
    expect(explainUnreadable(where, { newer: false, why: "it is not JSON" }).fix.split(" · ")).toEqual([
      `Keep a copy and look at it: az storage blob download ${head} --file broken.json`,
      `Find its earlier versions and snapshots: az storage blob list ${place} --prefix ${folder}/head.json --include vs --query "[].[versionId, snapshot, properties.lastModified]" -o table`,
      `Put the last good one back: az storage blob download ${head} --version-id <version> --file head.json (or --snapshot <snapshot>) and then az storage blob upload ${head} --file head.json --overwrite`,
      `Where the account keeps no versions, mend in the copy what is named above, by what the last events say, and upload that: az storage blob list ${place} --prefix ${folder}/events/ --query "[-5:].name"`,
      `Only while no release is under way may it be deleted; the next run then starts a new one, which knows no release to go back to: az storage blob delete ${head}`,
    ]);
  });

  test("follows production: live while watched, back when rolled back, in history when complete", () => {
    const rollout = full.rollout;
    if (!rollout) throw new Error("no rollout");
    const watched = record(full, { ...rollout, phase: "WATCHING" }, now);
    expect(watched).toMatchObject({ live: { release: "r2" }, previous: { release: "r1" }, holder: { runId: "1" } });
    const back = record(watched, { ...rollout, phase: "ROLLED_BACK" }, now);
    expect(back).toMatchObject({ live: { release: "r1" }, previous: null, holder: null });
    const complete = record(watched, { ...rollout, phase: "COMPLETED" }, now);
    expect(complete.history.map(({ release }) => release)).toEqual(["r2", "r1"]);
    expect(complete.holder).toBeNull();
    expect(record(watched, { ...rollout, phase: "NEEDS_HUMAN" }, now).holder).not.toBeNull();
  });

  test("takes a person's word for what is live", () => {
    expect(acceptLive(human(), "r7", now)).toMatchObject({ live: { release: "r7" }, rollout: { phase: "FAILED" } });
  });
});

describe("the way back", () => {
  const slots = (production: string, staging: string): SlotsObservation => ({
    production: { kind: "release", release: production, schemaHead: null },
    staging: { kind: "release", release: staging, schemaHead: null },
    weight: 0,
  });
  const contract = { from: "b", to: "c", kind: "contract" as const, release: "r3", at: now };
  const expand = { from: "a", to: "b", kind: "expand" as const, release: "r2", at: now };
  const history = [
    released("r3", { schemaHead: "c", artifact: "s3" }),
    released("r2", { schemaHead: "b", artifact: "s2" }),
    released("r1", { schemaHead: "a" }),
  ];
  const stored = head({ live: history[0] ?? null, previous: history[1] ?? null, history, schemaChanges: [expand] });
  const request = { to: undefined, slots: slots("r3", "r2"), ignoreSchema: false };

  test.each<[string, Head, Parameters<typeof planRollback>[1], unknown]>([
    ["to the previous by swap", stored, request, { kind: "swap", target: { release: "r2" } }],
    [
      "to the previous by its package once the slot was overwritten",
      stored,
      { ...request, slots: slots("r3", "x") },
      { kind: "redeploy", target: { release: "r2" } },
    ],
    [
      "to the one before what really runs, not before what the ledger thinks",
      stored,
      { ...request, slots: slots("r2", "r3") },
      { kind: "refused", code: "no-artifact" },
    ],
    ["to what runs already", stored, { ...request, to: "r3" }, { kind: "nothing" }],
    ["to an unknown release", stored, { ...request, to: "r9" }, { kind: "refused", code: "no-such-release" }],
    [
      "to a release whose package was not kept",
      stored,
      { ...request, to: "r1" },
      { kind: "refused", code: "no-artifact" },
    ],
    [
      "over a contract migration",
      { ...stored, schemaChanges: [expand, contract] },
      request,
      { kind: "refused", code: "schema" },
    ],
    [
      "over a contract migration, told to",
      { ...stored, schemaChanges: [expand, contract] },
      { ...request, ignoreSchema: true },
      { kind: "swap" },
    ],
    [
      "over a contract migration whose place only time tells",
      {
        ...stored,
        previous: released("r2", { schemaHead: "?", at: now - 1, artifact: "s" }),
        schemaChanges: [contract],
      },
      request,
      { kind: "refused", code: "schema" },
    ],
    ["with an empty ledger", head(), request, { kind: "refused", code: "no-previous" }],
    [
      "while production cannot be read",
      stored,
      { ...request, slots: { ...slots("r3", "r2"), production: { kind: "unreadable", why: "502" } } },
      { kind: "refused", code: "unreadable" },
    ],
  ])("%s", (_, ledger, wanted, expected) => {
    expect(planRollback(ledger, wanted)).toMatchObject(expected as object);
  });
});
