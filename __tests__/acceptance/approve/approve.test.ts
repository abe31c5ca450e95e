import { afterEach, describe, expect, test } from "@jest/globals";
import type { RunOptions } from "../../support/run-action.ts";
import { packageFolder } from "../release/package-folder.ts";
import { type AppInSlots, errorOf, startAppInSlots } from "../slot-swap/app-in-slots.ts";

let app: AppInSlots;
const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  await app?.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

async function start(): Promise<void> {
  app = await startAppInSlots();
  for (const login of ["ann", "bob", "carl"]) app.cloud.github.state.roles.set(login, "write");
  app.cloud.github.state.commitAuthors.set(app.cloud.oidc.job.sha, "Carl");
}

/** Releases as `ann`, whose commit Carl wrote, where an approval is required. */
async function release(
  id: string,
  runId: number,
  inputs: RunOptions["inputs"] = {},
  options: Partial<RunOptions> = {},
) {
  const folder = await packageFolder(id);
  folders.push(folder);
  const env = { GITHUB_RUN_ID: String(runId), GITHUB_ACTOR: "ann", ...options.env };
  const given = { package: folder.path, release: id, ledger: app.ledger, approval: "required", ...inputs };
  return app.run("release", given, { ...options, env });
}

const decide = (by: string, inputs: RunOptions["inputs"] = {}, env: Record<string, string> = {}) =>
  app.run(
    "approve",
    { release: "r3", ledger: app.ledger, why: "looked at it", ...inputs },
    {
      env: {
        GITHUB_RUN_ID: "500",
        GITHUB_EVENT_NAME: "workflow_dispatch",
        GITHUB_ACTOR: by,
        GITHUB_TRIGGERING_ACTOR: by,
        ...env,
      },
    },
  );

const uploads = () =>
  app.cloud.requests.of({ host: "scm", method: "POST", path: /\/api\/publish\?.*async=true/ }).length;

describe("a release that has to be approved", () => {
  test("ends before anything is changed, and goes out on a re-run once somebody else has approved it", async () => {
    await start();
    const held = await release("r3", 1);
    expect(held.exitCode).toBe(1);
    expect(held.outputs).toMatchObject({ decision: "hold", reason: "awaiting-approval", release: "r3" });
    expect(errorOf(held)).toMatch(/r3 waits for an approval.*ann and Carl may not approve it.*Somebody else runs/s);
    expect(held.summary).toMatch(/### ⏸️ Waiting for an approval[\s\S]*\| May not approve \| ann, Carl \|/);
    expect(uploads()).toBe(0);
    expect(await app.readHead()).toMatchObject({ holder: null, rollout: null, approvals: [{ release: "r3" }] });
    for (const author of ["ann", "CARL"])
      expect((await decide(author)).outputs).toMatchObject({ decision: "hold", reason: "own-release" });
    const word = await decide("bob");
    expect(errorOf(word)).toBe("");
    expect(word.outputs).toMatchObject({ decision: "proceed", reason: "approved", by: "bob" });
    expect(word.outputs.artifact).toMatch(/^[0-9a-f]{64}$/);
    const again = await release("r3", 1, {}, { env: { GITHUB_RUN_ATTEMPT: "2" } });
    expect(errorOf(again)).toBe("");
    expect(again.outputs).toMatchObject({ reason: "released", "live-release": "r3" });
    const events = await app.readEvents();
    expect(events.filter(({ what }) => what === "approval-requested")).toHaveLength(1);
    expect(events.find(({ what }) => what === "approved")).toMatchObject({ actor: "bob", details: { decides: "r3" } });
    expect(await app.readHead()).toMatchObject({ approvals: [] });
    const back = await app.run("rollback", { ledger: app.ledger, release: "r3" }, { env: { GITHUB_RUN_ID: "3" } });
    expect(back.outputs).toMatchObject({ reason: "already-live" });
  });

  test("waits for it in the job without holding the lock, and goes on by itself", async () => {
    await start();
    let word: ReturnType<typeof decide> | undefined;
    let whileWaiting: Record<string, unknown> = {};
    const out = await release(
      "r3",
      1,
      { "approval-wait": "60s" },
      {
        onLine: (line) => {
          if (!/waits for an approval, here for up to/.test(line)) return;
          word ??= app.readHead().then((head) => {
            whileWaiting = head;
            return decide("bob");
          });
        },
        timeout: 100_000,
      },
    );
    expect((await word)?.outputs).toMatchObject({ reason: "approved" });
    expect(whileWaiting).toMatchObject({ holder: null, rollout: null });
    expect(errorOf(out)).toBe("");
    expect(out.stdout).toMatch(/r3 is approved by bob: looked at it/);
    expect(out.outputs).toMatchObject({ reason: "released", "live-release": "r3" });
  });

  test("that was rejected stays where it is and says who and why; one that is superseded has to be asked for anew", async () => {
    await start();
    await release("r3", 1);
    const no = await decide("bob", { decision: "reject", why: "prices | <b>are</b> wrong" });
    expect(no.outputs).toMatchObject({ decision: "hold", reason: "rejected" });
    expect(no.summary).not.toContain("<b>are");
    const rejected = await release("r3", 1, {}, { env: { GITHUB_RUN_ATTEMPT: "2" } });
    expect(rejected.outputs).toMatchObject({ decision: "hold", reason: "rejected" });
    expect(errorOf(rejected)).toMatch(/rejected by bob.*are.*wrong/s);
    expect((await decide("bob")).outputs).toMatchObject({ reason: "approved" });
    expect((await release("r4", 2, { approval: "none" })).outputs).toMatchObject({ reason: "released" });
    const superseded = await release("r3", 1, {}, { env: { GITHUB_RUN_ATTEMPT: "3" } });
    expect(superseded.outputs).toMatchObject({ reason: "awaiting-approval" });
    expect(errorOf(superseded)).toMatch(/before it replaces r4/);
    expect((await app.live())[0]).toBe("r4");
  });
});

describe("what lies in the slot already", () => {
  test("is swapped, with or without a canary, once somebody else approved exactly that content", async () => {
    await start();
    const swap = (attempt: number, ledger: string | undefined = app.ledger) => {
      const env = { GITHUB_RUN_ID: "1", GITHUB_RUN_ATTEMPT: String(attempt), GITHUB_ACTOR: "ann" };
      return app.run("slot-swap", { approval: "required", ledger }, { env });
    };
    expect(errorOf(await swap(1, ""))).toMatch(/approval: required needs a ledger/);
    const held = await swap(1);
    expect(held.outputs).toMatchObject({ decision: "hold", reason: "awaiting-approval" });
    expect(held.summary).toMatch(/\| Release \| r2 \|[\s\S]*\| Package \| d{64} \|/);
    expect(await app.readHead()).toMatchObject({ holder: null, rollout: null });
    expect((await decide("bob", { release: "r2", package: "dddddddd" })).outputs).toMatchObject({ reason: "approved" });
    await app.deploy(app.staging, "r5");
    expect((await swap(2)).outputs).toMatchObject({ reason: "awaiting-approval" });
    await app.deploy(app.staging, "r2");
    const out = await swap(3);
    expect(errorOf(out)).toBe("");
    expect(out.outputs).toMatchObject({ reason: "swapped", "live-release": "r2" });
    const ramped = { approval: "required", steps: "20% 10m", ledger: app.ledger };
    expect((await app.run("canary", ramped, { env: { GITHUB_RUN_ID: "2" } })).outputs).toMatchObject({
      reason: "awaiting-approval",
    });
    expect(app.production.config.experiments.rampUpRules).toEqual([]);
  });
});

describe("an approval", () => {
  test.each<[string, string, Record<string, string | undefined>, Record<string, string>, string, RegExp]>([
    ["by a bot", "dependabot[bot]", {}, {}, "no-access", /is no person/],
    ["by somebody who may only read", "eve", {}, {}, "no-access", /eve may not write/],
    ["by a push", "bob", {}, { GITHUB_EVENT_NAME: "push" }, "usage-error", /cannot come from a push/],
    ["of what does not wait", "bob", { release: "r9" }, {}, "not-awaiting", /These wait: r3/],
    ["of another package", "bob", { package: "00000000" }, {}, "another-package", /built again/],
    ["by who re-ran the dispatch of another", "ann", {}, { GITHUB_ACTOR: "bob" }, "own-release", /ann may not decide/],
  ])("%s is refused, and says why", async (_, by, inputs, env, reason, why) => {
    await start();
    await release("r3", 1);
    const refused = await decide(by, inputs, env);
    expect(refused.exitCode).toBe(1);
    expect(refused.outputs).toMatchObject({ decision: "hold", reason });
    expect(errorOf(refused)).toMatch(why);
    expect(await app.readHead()).toMatchObject({ approvals: [{ decision: null }] });
  });

  test("counts although GitHub does not tell who may write: only those may start a workflow", async () => {
    await start();
    await release("r3", 1);
    app.cloud.github.state.permissions.metadata = undefined;
    expect((await decide("bob")).outputs).toMatchObject({ reason: "approved" });
  });
});
