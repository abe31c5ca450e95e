import { afterEach, describe, expect, test } from "@jest/globals";
import { type RunOptions, runAction } from "../../support/run-action.ts";
import { until } from "../cloud/hosted-site.ts";
import { type AppInSlots, errorOf } from "../slot-swap/app-in-slots.ts";
import { quick, rulesOf, startWorkingApp } from "./app-under-load.ts";

let app: AppInSlots;
afterEach(() => app?.close());

/** Nobody asks anything, so that the one step has no verdict and the policy holds. */
const undecided = { ...quick, steps: "20% 5s", extensions: "0" };

const lead = (attempt: number, inputs: RunOptions["inputs"] = {}, options: Partial<RunOptions> = {}) =>
  app.run(
    "canary",
    { ...undecided, ledger: app.ledger, ...inputs },
    { timeout: 120_000, env: { GITHUB_RUN_ATTEMPT: String(attempt) }, ...options },
  );

async function startOnHold(): Promise<void> {
  app = await startWorkingApp();
  app.cloud.github.state.roles.set("bob", "write");
  expect((await lead(1)).outputs).toMatchObject({ decision: "hold", reason: "on-hold" });
  expect(rulesOf(app)).toMatchObject([{ reroutePercentage: 20 }]);
}

const decide = (decision: string) =>
  app.run(
    "approve",
    { release: "r2", decision, why: "it is Sunday", ledger: app.ledger },
    { env: { GITHUB_RUN_ID: "500", GITHUB_EVENT_NAME: "workflow_dispatch", GITHUB_TRIGGERING_ACTOR: "bob" } },
  );

const reconcile = (inputs: RunOptions["inputs"] = {}) =>
  runAction("reconcile", {
    cloud: app.cloud,
    inputs: {
      ...app.cloud.inputs,
      ledger: app.ledger,
      targets: `${app.cloud.resourceGroup}/${app.site.name}`,
      ...inputs,
    },
    env: { GITHUB_RUN_ID: "900" },
    timeout: 120_000,
  });

/** Before its first write the ledger has no head. */
const untilOnHold = () =>
  until("the release is on hold", async () => {
    const head = (await app.readHead().catch(() => ({}))) as { rollout?: { hold?: unknown } | null };
    return (head.rollout?.hold ?? null) !== null;
  });

async function expectUndone(code: string): Promise<void> {
  expect(rulesOf(app)).toEqual([]);
  expect(await app.live()).toEqual(["r1", "r2"]);
  expect(app.swaps()).toBe(0);
  expect(await app.readHead()).toMatchObject({
    holder: null,
    live: null,
    rollout: { phase: "ROLLED_BACK", hold: null, intent: null, reason: { code } },
  });
}

describe("a hold that is aborted", () => {
  test("is undone by a re-run of its run, in the words of who decided", async () => {
    await startOnHold();
    expect((await decide("abort")).outputs).toMatchObject({ decision: "hold", reason: "aborted", by: "bob" });
    expect(rulesOf(app)).toHaveLength(1);
    const again = await lead(2);
    expect(again.outputs).toMatchObject({ decision: "rolled-back", reason: "stopped", "live-release": "r1" });
    expect(errorOf(again)).toMatch(/bob stopped release r2\..*it is Sunday/s);
    expect(again.exitCode).toBe(1);
    await expectUndone("aborted");
  }, 120_000);

  test("is undone by the reconciler when no re-run comes, once; its decision is not taken back", async () => {
    await startOnHold();
    app.setRun("completed");
    expect((await reconcile()).outputs).toMatchObject({ reason: "needs-human", done: "0" });
    expect(rulesOf(app)).toHaveLength(1);
    await decide("abort");
    expect(errorOf(await decide("promote"))).toMatch(/decided on already: abort, by bob/);
    const out = await reconcile();
    expect(errorOf(out)).toBe("");
    expect(out.outputs).toMatchObject({ decision: "proceed", reason: "reconciled", done: "1" });
    expect(out.summary).toMatch(/bob stopped release r2/);
    await expectUndone("aborted");
    expect((await reconcile()).outputs).toMatchObject({ reason: "all-well", done: "0" });
  }, 120_000);

  test("is undone at once by a run that waits", async () => {
    app = await startWorkingApp();
    app.cloud.github.state.roles.set("bob", "write");
    const waiting = lead(1, { "hold-wait": "90s" });
    await untilOnHold();
    await decide("abort");
    expect((await waiting).outputs).toMatchObject({ decision: "rolled-back", reason: "stopped" });
    await expectUndone("aborted");
  }, 120_000);
});

describe("a weight that is changed by hand during a hold", () => {
  test("ends a run that waits, before anybody decides; it asks Azure for the weight at every twentieth poll", async () => {
    app = await startWorkingApp();
    let asked = 0;
    let polled = 0;
    const weights = () => app.cloud.requests.of({ host: "management", method: "GET", path: /config\/web/ }).length;
    const heads = () => app.cloud.requests.of({ host: "blob", method: "GET", path: /head\.json/ }).length;
    const meddle = async (): Promise<void> => {
      await untilOnHold();
      [asked, polled] = [weights(), heads()];
      await until("it asked for the weight three times", () => weights() - asked >= 3);
      [asked, polled] = [weights() - asked, heads() - polled];
      rulesOf(app).splice(0);
    };
    const changed = meddle();
    const run = await lead(1, { "hold-wait": "90s" });
    await changed;
    expect(run.outputs).toMatchObject({ decision: "rolled-back", reason: "weight-changed" });
    expect(errorOf(run)).toMatch(/set to 20 %, and is 0 %/);
    expect(polled / asked).toBeGreaterThan(10);
    await expectUndone("weight-changed");
  }, 120_000);

  test("is noticed by the reconciler when no run waits; a dry run only says so", async () => {
    await startOnHold();
    app.setRun("completed");
    for (const rule of rulesOf(app)) rule.reroutePercentage = 70;
    expect((await reconcile({ "dry-run": true })).outputs).toMatchObject({ reason: "would-act" });
    expect(rulesOf(app)).toMatchObject([{ reroutePercentage: 70 }]);
    const out = await reconcile();
    expect(errorOf(out)).toBe("");
    expect(out.outputs).toMatchObject({ decision: "proceed", reason: "reconciled", done: "1" });
    expect(out.summary).toMatch(/Somebody else changed how much traffic release r2 gets/);
    await expectUndone("weight-changed");
  }, 120_000);
});

test("a rule that was there before is a person's: no canary begins, and the command that removes it is told", async () => {
  app = await startWorkingApp();
  const rule = { actionHostName: app.staging.hostName, name: "staging", reroutePercentage: 10 };
  app.production.config.experiments = { rampUpRules: [rule] };
  const run = await lead(1);
  expect(run.outputs).toMatchObject({ decision: "hold", reason: "routing-rule" });
  expect(errorOf(run)).toMatch(
    new RegExp(`10 % of production's requests.*az webapp traffic-routing clear -g \\S+ -n ${app.site.name}`, "s"),
  );
  expect(rulesOf(app)).toEqual([rule]);
  expect(await app.readHead()).toMatchObject({ holder: null, rollout: null });
});
