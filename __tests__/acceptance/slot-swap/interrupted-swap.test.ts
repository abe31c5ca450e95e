import { Timing } from "@augeo/rehearsal";
import { afterEach, describe, expect, test } from "@jest/globals";
import { until } from "../cloud/hosted-site.ts";
import { type AppInSlots, errorOf, startAppInSlots } from "./app-in-slots.ts";

let app: AppInSlots;
afterEach(() => app?.close());

/** A swap that takes some seconds, so that there is a time to be interrupted in. */
const slow = { ...Timing.fast, swapStep: 500 };

/** Resolves once the progress of the swap was asked for, when the short lease around its beginning is given back. */
const polled = () => until("the swap is polled", () => app.cloud.requests.of({ path: /operationresults/ }).length > 0);

describe("a swap that is cancelled", () => {
  test("while it is polled, without a ledger: the post step settles it by its journal and swaps back", async () => {
    app = await startAppInSlots({ withLedger: false, timing: slow });
    const run = await app.run("slot-swap", {}, { signalAfter: { signal: "SIGINT", moment: polled } });
    expect(run.outputs).toMatchObject({ reason: "interrupted" });
    expect(errorOf(run)).toMatch(/Left open: the swap of r2 into production, which was asked for/);
    const post = await run.post();
    expect(post.exitCode).toBe(0);
    expect(await app.live()).toEqual(["r1", "r2"]);
    expect(app.swaps()).toBe(2);
  });

  test("a second SIGINT's worth of post does nothing more", async () => {
    app = await startAppInSlots({ withLedger: false });
    const run = await app.run("slot-swap");
    const before = app.cloud.requests.entries.length;
    const post = await run.post();
    expect(post.exitCode).toBe(0);
    expect(app.cloud.requests.entries.length).toBe(before);
  });
});

describe("a swap whose runner died", () => {
  test("with its swap under way: the next run waits for it, undoes it, and goes on", async () => {
    app = await startAppInSlots({ timing: slow });
    const inputs = { ledger: app.ledger };
    const dead = await app.run("slot-swap", inputs, {
      signalAfter: { signal: "SIGKILL", moment: polled },
    });
    expect(dead.signal).toBe("SIGKILL");
    app.setRun("completed");
    const next = await app.run("slot-swap", inputs, { env: { GITHUB_RUN_ID: "777" } });
    expect(next.stdout).toMatch(/its lock was taken over/);
    expect(errorOf(next)).toBe("");
    expect(next.outputs).toMatchObject({ reason: "swapped", "live-release": "r2" });
    expect(await app.live()).toEqual(["r2", "r1"]);
  });

  test("and a job that may not ask GitHub: the lock stays, and the message names the claim to take over", async () => {
    app = await startAppInSlots();
    const inputs = { ledger: app.ledger };
    await app.run("slot-swap", inputs, { signalAfter: { signal: "SIGKILL", moment: /STAGED: / } });
    const { runId, repository } = app.cloud.oidc.job;
    app.cloud.github.state.permissions.actions = undefined;
    const env = { GITHUB_RUN_ID: "777" };
    const blocked = await app.run("slot-swap", inputs, { env });
    expect(blocked.outputs).toMatchObject({ decision: "hold", reason: "locked" });
    expect(errorOf(blocked)).toContain(`take-over: ${repository}/${runId}`);
    const told = await app.run("slot-swap", { ...inputs, "take-over": `${repository}/${runId}` }, { env });
    expect(told.outputs).toMatchObject({ reason: "swapped" });
  });
});

describe("the warm-up", () => {
  test("asks every instance of the slot by name", async () => {
    app = await startAppInSlots({ withLedger: false });
    for (const slot of [app.production, app.staging]) {
      slot.config.numberOfWorkers = 3;
      app.cloud.hosting.configurationChanged(slot, "config");
    }
    const run = await app.run("slot-swap");
    expect(run.outputs).toMatchObject({ reason: "swapped" });
    expect(run.stdout).toContain("on each of 3 instances");
    const asked = app.cloud.requests
      .of({ host: "front", label: "staging" })
      .map(({ headers }) => /ARRAffinity=([^;]+)/.exec(headers.cookie ?? "")?.[1])
      .filter((id) => id !== undefined);
    expect(new Set(asked).size).toBe(3);
  });
});

describe("a ledger that this identity may not write", () => {
  test("is refused with the role and the command that assigns it", async () => {
    app = await startAppInSlots();
    const { roleAssignments } = app.cloud.world;
    roleAssignments.splice(
      0,
      roleAssignments.length,
      ...roleAssignments.filter(({ role }) => role !== "Storage Blob Data Contributor"),
    );
    const run = await app.run("slot-swap", { ledger: app.ledger });
    expect(run.exitCode).toBe(1);
    expect(errorOf(run)).toMatch(/Storage Blob Data Contributor.*az role assignment create/s);
    expect(app.swaps()).toBe(0);
  });
});
