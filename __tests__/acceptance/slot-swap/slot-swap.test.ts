import { Timing } from "@augeo/rehearsal";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type AppInSlots, appFiles, breakInProduction, errorOf, startAppInSlots } from "./app-in-slots.ts";

let app: AppInSlots;
afterEach(() => app?.close());

describe("a healthy swap", () => {
  test("without a ledger: warms the slot, swaps once, watches, and says what is live", async () => {
    app = await startAppInSlots({ withLedger: false });
    const run = await app.run("slot-swap");
    expect(run.stdout + run.stderr).toContain("r2 is live");
    expect(run.outputs).toMatchObject({
      decision: "proceed",
      reason: "swapped",
      "live-release": "r2",
      "previous-release": "r1",
    });
    expect(run.exitCode).toBe(0);
    expect(await app.live()).toEqual(["r2", "r1"]);
    expect(app.swaps()).toBe(1);
    expect(run.summary).toContain("gantt");
  });

  test("with a ledger: the head says what is live and the lock is free", async () => {
    app = await startAppInSlots();
    const run = await app.run("slot-swap", { ledger: app.ledger });
    expect(run.outputs).toMatchObject({ reason: "swapped" });
    expect(await app.readHead()).toMatchObject({
      holder: null,
      live: { release: "r2" },
      rollout: { phase: "COMPLETED" },
    });
  });

  test("shows which settings change and never a value of one", async () => {
    app = await startAppInSlots({ withLedger: false });
    app.staging.appSettings.API_KEY = "hunter2";
    app.production.appSettings.STAYS = "x";
    app.site.slotConfigNames.appSettingNames.push("STAYS");
    const run = await app.run("slot-swap");
    expect(run.outputs).toMatchObject({ reason: "swapped" });
    expect(run.summary).toContain("API_KEY");
    expect(run.summary).toContain("Stay with their slot: `STAYS`");
    expect(run.summary + run.stdout).not.toContain("hunter2");
  });

  test("has nothing to do when production runs the slot's release", async () => {
    app = await startAppInSlots({ withLedger: false });
    await app.deploy(app.staging, "r1");
    const run = await app.run("slot-swap");
    expect(run.outputs).toMatchObject({ decision: "nothing-to-do", reason: "already-live", "live-release": "r1" });
    expect(app.swaps()).toBe(0);
  });
});

describe("an unhealthy release", () => {
  test("in production is swapped back by itself, and the message says why", async () => {
    app = await startAppInSlots();
    breakInProduction(app);
    const run = await app.run("slot-swap", { ledger: app.ledger, "bake-time": "20s" });
    expect(run.outputs).toMatchObject({ decision: "rolled-back", reason: "unhealthy", "live-release": "r1" });
    expect(run.exitCode).toBe(1);
    expect(errorOf(run)).toMatch(/r2 was not healthy in production; r1 is put back.*status 500/s);
    expect(await app.live()).toEqual(["r1", "r2"]);
    expect(app.swaps()).toBe(2);
    expect(await app.readHead()).toMatchObject({ holder: null, rollout: { phase: "ROLLED_BACK" } });
  });

  test("in the slot is not swapped", async () => {
    app = await startAppInSlots({ withLedger: false });
    app.staging.appSettings.BROKEN = "r2";
    app.cloud.hosting.configurationChanged(app.staging, "config");
    const run = await app.run("slot-swap", { "warm-up-timeout": "5s" });
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "unhealthy-slot", "live-release": "r1" });
    expect(app.swaps()).toBe(0);
  });

  test("in the slot that does not start is told with the error its container ended on", async () => {
    const crash = 'import os\nif os.environ.get("CRASH"): import no_such_module\n';
    const filesOf = (release: string) => ({
      ...appFiles(release),
      "server.py": crash + appFiles(release)["server.py"],
    });
    app = await startAppInSlots({ withLedger: false, filesOf });
    app.staging.appSettings.CRASH = "yes";
    app.cloud.hosting.configurationChanged(app.staging, "config");
    const run = await app.run("slot-swap", { "warm-up-timeout": "2s" });
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "unhealthy-slot", "live-release": "r1" });
    expect(errorOf(run)).toContain("last error: ModuleNotFoundError: No module named 'no_such_module'");
    expect(run.summary).toMatch(/Container log, last lines<\/summary>[\s\S]*Traceback[\s\S]*no_such_module/);
  });
});

describe("Azure's replies", () => {
  const swapRequest = { host: "management", method: "POST", path: /\/slotsswap/ };

  test("a lost reply of an accepted swap is reconciled and never repeated", async () => {
    app = await startAppInSlots();
    app.cloud.faults.add({ match: swapRequest, times: 1, action: { kind: "reset", when: "after" } });
    const run = await app.run("slot-swap", { ledger: app.ledger });
    expect(run.outputs).toMatchObject({ reason: "swapped", "live-release": "r2" });
    expect(await app.live()).toEqual(["r2", "r1"]);
    expect(app.swaps()).toBe(1);
  });

  test("a swap that lands late after a lost reply is waited for", async () => {
    app = await startAppInSlots({ timing: slowSwap() });
    app.cloud.faults.add({ match: swapRequest, times: 1, action: { kind: "reset", when: "after" } });
    const run = await app.run("slot-swap");
    expect(run.outputs).toMatchObject({ reason: "swapped", "live-release": "r2" });
    expect(app.swaps()).toBe(1);
  });

  test("a swap that never reached Azure ends without a second one, and says so", async () => {
    app = await startAppInSlots({ withLedger: false });
    app.cloud.faults.add({ match: swapRequest, times: 1, action: { kind: "reset", when: "before" } });
    const run = await app.run("slot-swap");
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "swap-lost", "live-release": "r1" });
    expect(errorOf(run)).toContain("It was not asked for again, because a swap that arrives twice undoes itself.");
    expect(app.swaps()).toBe(1);
    expect(await app.live()).toEqual(["r1", "r2"]);
  });

  test("409 while another operation runs is waited out", async () => {
    app = await startAppInSlots({ withLedger: false });
    const body = {
      Code: "Conflict",
      Message:
        "Cannot modify this site because another operation is in progress. Details: Id: 1, OperationName: Update",
    };
    app.cloud.faults.add({ match: swapRequest, times: 2, action: { kind: "status", status: 409, body } });
    const run = await app.run("slot-swap");
    expect(run.outputs).toMatchObject({ reason: "swapped" });
    expect(await app.live()).toEqual(["r2", "r1"]);
  });

  test("409 for ever ends with what blocks", async () => {
    app = await startAppInSlots({ withLedger: false });
    const body = {
      Code: "Conflict",
      Message:
        "Cannot modify this site because another operation is in progress. Details: Id: 1, OperationName: Update",
    };
    app.cloud.faults.add({ match: swapRequest, action: { kind: "status", status: 409, body } });
    const run = await app.run("slot-swap", { "swap-timeout": "2s" });
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "busy", "live-release": "r1" });
    expect(errorOf(run)).toContain("another operation");
  });

  test("a swap that fails to warm up leaves production as it is and shows Azure's reason", async () => {
    app = await startAppInSlots();
    app.cloud.faults.add({
      match: { host: "management", method: "GET", path: /operationresults/ },
      times: 1,
      action: {
        kind: "status",
        status: 417,
        body: {
          Code: "ExpectationFailed",
          Message: "Cannot swap site slots for site 'x' because the 'staging' slot did not respond to http ping.",
        },
      },
    });
    app.staging.appSettings.WEBSITE_SWAP_WARMUP_PING_STATUSES = "200";
    app.staging.appSettings.WEBSITE_SWAP_WARMUP_PING_PATH = "/";
    breakInProduction(app);
    const run = await app.run("slot-swap", { ledger: app.ledger });
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "swap-refused", "live-release": "r1" });
    expect(errorOf(run)).toMatch(/did not respond to http ping.*does not start with production's settings/s);
    expect((await app.live())[0]).toBe("r1");
  });
});

describe("bad input", () => {
  test.each([
    ["an app that does not exist", { app: "no-such-app" }, /no-such-app/],
    ["a slot that does not exist", { slot: "blue" }, /Slot "blue" does not exist.*staging/s],
    [
      "a subscription that does not exist",
      { "subscription-id": "99999999-9999-4999-8999-999999999999" },
      /subscription/i,
    ],
    ["production as the slot", { slot: "production" }, /set slot to the staging slot's name/],
  ])("%s: one error, nothing changed", async (_, inputs, message) => {
    app = await startAppInSlots({ withLedger: false });
    const run = await app.run("slot-swap", inputs);
    expect(run.exitCode).toBe(1);
    expect(errorOf(run)).toMatch(message);
    expect(app.swaps()).toBe(0);
  });

  test("a missing role is named with the command that assigns it", async () => {
    app = await startAppInSlots({ withLedger: false });
    app.cloud.world.roleAssignments.splice(0);
    const run = await app.run("slot-swap");
    expect(run.exitCode).toBe(1);
    expect(errorOf(run)).toMatch(/az role assignment create/);
  });

  test("a slot without a release file is refused before anything is swapped", async () => {
    app = await startAppInSlots({ withLedger: false });
    await app.deploy(app.staging, undefined);
    const run = await app.run("slot-swap");
    expect(run.outputs).toMatchObject({ reason: "usage-error" });
    expect(errorOf(run)).toContain("augeo-release.json");
    expect(app.swaps()).toBe(0);
  });
});

function slowSwap() {
  return { ...Timing.fast, swapStep: 500 };
}
