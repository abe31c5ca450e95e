import { afterEach, describe, expect, test } from "@jest/globals";
import type { RunOptions } from "../../support/run-action.ts";
import { packageFolder } from "../release/package-folder.ts";
import { type AppInSlots, breakInProduction, errorOf, startAppInSlots } from "../slot-swap/app-in-slots.ts";

let app: AppInSlots;
const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  await app?.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

async function release(id: string, runId: number) {
  const folder = await packageFolder(id);
  folders.push(folder);
  const env = { GITHUB_RUN_ID: String(runId) };
  const done = await app.run("release", { package: folder.path, release: id, ledger: app.ledger }, { env });
  expect(done.outputs).toMatchObject({ reason: "released" });
}

const back = (inputs: RunOptions["inputs"] = {}, runId = 9009) =>
  app.run("rollback", { ledger: app.ledger, ...inputs }, { env: { GITHUB_RUN_ID: String(runId) } });

const uploads = () =>
  app.cloud.requests.of({ host: "scm", method: "POST", path: /\/api\/publish\?.*async=true/ }).length;

describe("a rollback", () => {
  test("to the previous release is one swap, and records why and by whom", async () => {
    app = await startAppInSlots();
    await release("r3", 1);
    await release("r4", 2);
    app.cloud.requests.clear();
    const done = await back({ why: "prices are wrong" });
    expect(errorOf(done)).toBe("");
    expect(done.outputs).toMatchObject({
      decision: "rolled-back",
      reason: "rolled-back",
      "live-release": "r3",
      "previous-release": "r4",
    });
    expect(done.exitCode).toBe(0);
    expect(await app.live()).toEqual(["r3", "r4"]);
    expect(app.swaps()).toBe(1);
    expect(uploads()).toBe(0);
    const polls = app.cloud.requests.of({ host: "management", path: /operationresults/ }).length;
    // With three questions about the swap's progress, as a swap of 45 s has in Azure, these are twelve.
    expect(app.cloud.requests.of({ host: "management" }).length - polls).toBeLessThanOrEqual(9);
    expect(done.summary).toContain("prices are wrong");
    expect(await app.readHead()).toMatchObject({ holder: null, live: { release: "r3" }, previous: { release: "r4" } });
  });

  test("to an older release brings its stored package into the slot first", async () => {
    app = await startAppInSlots();
    await release("r3", 1);
    await release("r4", 2);
    await release("r5", 3);
    const done = await back({ release: "r3" });
    expect(done.outputs).toMatchObject({ reason: "rolled-back", "live-release": "r3" });
    expect((await app.live())[0]).toBe("r3");
  });

  test("has nothing to do when that release is live", async () => {
    app = await startAppInSlots();
    await release("r3", 1);
    const done = await back({ release: "r3" });
    expect(done.outputs).toMatchObject({ decision: "nothing-to-do", reason: "already-live" });
  });

  test("to an unknown release names those that are known", async () => {
    app = await startAppInSlots();
    await release("r3", 1);
    const done = await back({ release: "r99" });
    expect(done.outputs).toMatchObject({ decision: "hold", reason: "no-such-release" });
    expect(errorOf(done)).toMatch(/newest first: r3/);
  });

  test("is refused when the schema was contracted since, unless told", async () => {
    app = await startAppInSlots();
    await release("r3", 1);
    await release("r4", 2);
    const head = await app.readHead();
    const change = { from: "a", to: "b", kind: "contract", release: "r4", at: Date.now() };
    await app.writeHead({ ...head, schemaChanges: [change] });
    const refused = await back();
    expect(refused.outputs).toMatchObject({ decision: "hold", reason: "schema" });
    expect(errorOf(refused)).toMatch(/no longer fits the database.*a → b by release r4.*ignore-schema: true/s);
    expect((await app.live())[0]).toBe("r4");
    const told = await back({ "ignore-schema": true }, 9010);
    expect(told.outputs).toMatchObject({ reason: "rolled-back", "live-release": "r3" });
  });

  test("is not stopped by a change by hand", async () => {
    app = await startAppInSlots();
    await release("r3", 1);
    await release("r4", 2);
    await app.cloud.hosting.swap(app.staging, app.production);
    const done = await back({ release: "r4" });
    expect(done.outputs).toMatchObject({ reason: "rolled-back", "live-release": "r4" });
  });
  test("is held back by no freeze, no missing approval and no NEEDS_HUMAN, and the events say why and by whom", async () => {
    app = await startAppInSlots();
    await release("r3", 1);
    await release("r4", 2);
    const head = await app.readHead();
    const reason = { code: "drift", what: "Somebody else changed it.", why: "By hand.", fix: "Look." };
    const rollout = { ...(head.rollout as object), phase: "NEEDS_HUMAN", reason };
    const freeze = { reason: "sale", by: "ann", url: "", since: 0, until: null };
    const request = { release: "r3", artifact: null, replaces: "r4", authors: ["ann"], url: "", requestedAt: 0 };
    await app.writeHead({ ...head, rollout, freeze, approvals: [{ ...request, decision: null }] });
    const done = await back({ why: "prices are wrong" });
    expect(errorOf(done)).toBe("");
    expect(done.outputs).toMatchObject({ reason: "rolled-back", "live-release": "r3" });
    expect(await app.readHead()).toMatchObject({ holder: null, live: { release: "r3" }, freeze });
    const events = await app.readEvents();
    const opened = events.findLast(({ what }) => what === "opened");
    expect(opened).toMatchObject({
      actor: "octocat",
      runId: "9009",
      details: { kind: "rollback", why: "octocat: prices are wrong" },
    });
  });

  test("by verdict records why and whose run it was", async () => {
    app = await startAppInSlots();
    breakInProduction(app, "r3");
    const folder = await packageFolder("r3");
    folders.push(folder);
    await app.run("release", { package: folder.path, release: "r3", ledger: app.ledger, "bake-time": "20s" });
    const turned = (await app.readEvents()).find(({ what, phase }) => what === "phase" && phase === "ROLLING_BACK");
    expect(turned).toMatchObject({
      release: "r3",
      actor: "octocat",
      details: { from: "WATCHING", reason: "unhealthy", why: expect.stringMatching(/status 500/) as unknown },
    });
  });
});
