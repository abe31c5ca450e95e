import { afterEach, describe, expect, test } from "@jest/globals";
import type { RunOptions } from "../../support/run-action.ts";
import { type AppInSlots, breakInProduction, errorOf, startAppInSlots } from "../slot-swap/app-in-slots.ts";
import { packageFolder } from "./package-folder.ts";

let app: AppInSlots;
const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  await app?.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

/** Runs the root action for a release of the little app. */
async function release(id: string, inputs: RunOptions["inputs"] = {}, options: Partial<RunOptions> = {}) {
  const folder = await packageFolder(id);
  folders.push(folder);
  return app.run("release", { package: folder.path, release: id, ledger: app.ledger, ...inputs }, options);
}

const run = (id: number, attempt = 1) => ({ GITHUB_RUN_ID: String(id), GITHUB_RUN_ATTEMPT: String(attempt) });
const uploads = () =>
  app.cloud.requests.of({ host: "scm", method: "POST", path: /\/api\/publish\?.*async=true/ }).length;

/** What GitHub was told of a deployment, in order. */
const statuses = (id: string | undefined) => app.cloud.github.state.statuses.get(Number(id))?.map(({ state }) => state);

describe("a release", () => {
  test("goes out: staged, proved, swapped once, watched, recorded, with a GitHub deployment", async () => {
    app = await startAppInSlots();
    const out = await release("r3");
    expect(errorOf(out)).toBe("");
    expect(out.outputs).toMatchObject({
      decision: "proceed",
      reason: "released",
      "live-release": "r3",
      "previous-release": "r1",
    });
    expect(await app.live()).toEqual(["r3", "r1"]);
    expect(app.swaps()).toBe(1);
    expect(uploads()).toBe(1);
    expect(await app.readHead()).toMatchObject({
      holder: null,
      live: { release: "r3" },
      rollout: { phase: "COMPLETED" },
    });
    expect(statuses(out.outputs["deployment-id"])).toEqual(["in_progress", "success"]);
    expect(out.summary).toMatch(/gantt[\s\S]*Deploy to the slot[\s\S]*Watch production/);
  });

  test("a second time has nothing to do, and sends nothing", async () => {
    app = await startAppInSlots();
    await release("r3");
    const again = await release("r3", {}, { env: run(2002) });
    expect(again.outputs).toMatchObject({ decision: "nothing-to-do", reason: "already-live", "live-release": "r3" });
    expect(uploads()).toBe(1);
    expect(await app.readHead()).toMatchObject({ holder: null });
  });

  test("that is broken under production's settings comes back by itself, and GitHub's record fails", async () => {
    app = await startAppInSlots();
    breakInProduction(app, "r3");
    const out = await release("r3", { "bake-time": "20s" });
    expect(out.outputs).toMatchObject({ decision: "rolled-back", reason: "unhealthy", "live-release": "r1" });
    expect(errorOf(out)).toMatch(/r3 was not healthy in production.*status 500/s);
    expect(await app.live()).toEqual(["r1", "r3"]);
    expect(statuses(out.outputs["deployment-id"])).toEqual(["in_progress", "failure"]);
    expect(await app.readHead()).toMatchObject({ holder: null, rollout: { phase: "ROLLED_BACK" } });
  });

  test("may not reuse the id of another package", async () => {
    app = await startAppInSlots();
    await release("r3");
    const other = await packageFolder("r3", { "other.txt": "different" });
    folders.push(other);
    const out = await app.run("release", { package: other.path, release: "r3", ledger: app.ledger });
    expect(out.outputs).toMatchObject({ decision: "hold", reason: "release-taken" });
  });

  test("with a missing package ends before anything is asked of anyone", async () => {
    app = await startAppInSlots();
    app.cloud.requests.clear();
    const out = await app.run("release", { package: "/nowhere", ledger: app.ledger });
    expect(out.outputs).toMatchObject({ reason: "usage-error" });
    expect(app.cloud.requests.of({ host: "management" })).toHaveLength(0);
  });
});

describe("a release that is cancelled", () => {
  test("while watching is swapped back by its post step", async () => {
    app = await startAppInSlots();
    const out = await release(
      "r3",
      { "bake-time": "60s" },
      { signalAfter: { signal: "SIGINT", moment: /WATCHING: / } },
    );
    expect(out.outputs).toMatchObject({ reason: "interrupted" });
    expect(errorOf(out)).toMatch(/r3 was swapped into production/);
    const post = await out.post();
    expect(post.stdout).toMatch(/stopped after its swap had begun, so what ran before is put back/);
    expect(await app.live()).toEqual(["r1", "r3"]);
    expect(await app.readHead()).toMatchObject({ holder: null, rollout: { phase: "ROLLED_BACK" } });
  });

  test("while swapping is settled by its post step: one swap forth, one back at most", async () => {
    app = await startAppInSlots();
    const out = await release("r3", {}, { signalAfter: { signal: "SIGINT", moment: /asked Azure to swap/ } });
    expect(out.outputs).toMatchObject({ reason: "interrupted" });
    await out.post();
    expect((await app.live())[0]).toBe("r1");
    expect(app.swaps()).toBeLessThanOrEqual(2);
    expect(await app.readHead()).toMatchObject({ holder: null });
  });

  test("before the swap leaves production alone and the lock free", async () => {
    app = await startAppInSlots();
    const out = await release("r3", {}, { signalAfter: { signal: "SIGINT", moment: /EXPANDED: / } });
    await out.post();
    expect((await app.live())[0]).toBe("r1");
    expect(app.swaps()).toBe(0);
    expect(await app.readHead()).toMatchObject({ holder: null, rollout: { phase: "FAILED" } });
  });
});

describe("a release whose runner died", () => {
  const die = (moment: RegExp, bake = "60s") =>
    release("r3", { "bake-time": bake }, { signalAfter: { signal: "SIGKILL", moment } });

  test("while watching is undone by the next run, once GitHub says the holder is over", async () => {
    app = await startAppInSlots();
    const dead = await die(/WATCHING: /);
    expect(dead.signal).toBe("SIGKILL");
    app.setRun("completed");
    const next = await release("r4", {}, { env: run(3003) });
    expect(next.stdout).toMatch(/brought to the safe side first/);
    expect(errorOf(next)).toBe("");
    expect(next.outputs).toMatchObject({ reason: "released", "live-release": "r4", "previous-release": "r1" });
    expect(await app.readHead()).toMatchObject({ holder: null, live: { release: "r4" } });
    const [lost, ...later] = app.cloud.github.state.deployments.map(({ id }) => statuses(String(id)));
    expect([lost, later]).toEqual([["in_progress", "error"], [["in_progress", "success"]]]);
  });

  test("is continued by a re-run of the same run", async () => {
    app = await startAppInSlots();
    await die(/WATCHING: /, "6s");
    const next = await release("r3", { "bake-time": "6s" }, { env: { GITHUB_RUN_ATTEMPT: "2" } });
    expect(next.outputs).toMatchObject({ "live-release": "r3" });
    expect(app.swaps()).toBe(1);
    const told = app.cloud.github.state.deployments.map(({ id }) => statuses(String(id)));
    expect(told).toEqual([
      ["in_progress", "inactive"],
      ["in_progress", "success"],
    ]);
  });

  test("keeps its lock while GitHub says that it runs, and the message says who and what to do", async () => {
    app = await startAppInSlots();
    await die(/STAGED: /);
    app.setRun("in_progress");
    const next = await release("r4", {}, { env: run(3003) });
    expect(next.outputs).toMatchObject({ decision: "hold", reason: "locked" });
    expect(errorOf(next)).toMatch(
      new RegExp(`gh run cancel ${app.cloud.oidc.job.runId} -R ${app.cloud.oidc.job.repository}`),
    );
    expect((await app.live())[0]).toBe("r1");
  });
});

describe("the ledger", () => {
  test("and a swap by hand are told apart: drift stops, accept-live goes on", async () => {
    app = await startAppInSlots();
    await release("r3");
    await app.cloud.hosting.swap(app.staging, app.production);
    const out = await release("r4", {}, { env: run(2002) });
    expect(out.outputs).toMatchObject({ decision: "hold", reason: "drift" });
    expect(errorOf(out)).toMatch(/Production runs r1, and the ledger says r3.*accept-live: r1/s);
    const accepted = await release("r4", { "accept-live": "r1" }, { env: run(2003) });
    expect(accepted.outputs).toMatchObject({ reason: "released", "live-release": "r4", "previous-release": "r1" });
  });

  test("asks for a person when something else changes production meanwhile, keeps the lock, and goes on once told", async () => {
    app = await startAppInSlots();
    // It watches the whole of its bake time and then looks what is live: that look waits for the other's deployment.
    const looks = { host: "scm", label: "production", path: /augeo-release\.json/ };
    const onLine = (line: string): void => {
      if (!line.startsWith("WATCHING: ")) return;
      app.cloud.faults.add({ match: looks, action: { kind: "hold", until: app.deploy(app.production, "r9") } });
    };
    const out = await release("r3", {}, { onLine });
    expect(out.outputs).toMatchObject({ decision: "hold", reason: "needs-human", "live-release": "" });
    expect(errorOf(out)).toMatch(
      /production runs r9, staging runs r1.*knows of r1 and r3 only.*accept-live: <release>/s,
    );
    expect(await app.readHead()).toMatchObject({ holder: { attempt: 1 }, rollout: { phase: "NEEDS_HUMAN" } });
    app.setRun("completed");
    const blocked = await release("r4", {}, { env: run(2002) });
    expect(blocked.outputs).toMatchObject({ decision: "hold", reason: "needs-human" });
    expect(errorOf(blocked)).toMatch(/waits for a person/);
    const wrong = await release("r4", { "accept-live": "r1" }, { env: run(2003) });
    expect(errorOf(wrong)).toMatch(/accept-live: r1 does not name what production runs.*set accept-live to r9/s);
    const told = await release("r4", { "accept-live": "r9" }, { env: run(2004) });
    expect(told.outputs).toMatchObject({ reason: "released", "live-release": "r4", "previous-release": "r9" });
  });

  test("lets one of two runs that start at once through", async () => {
    app = await startAppInSlots();
    app.setRun("in_progress");
    app.setRun("in_progress", "2002");
    // Whichever gets the lock keeps it until the other has ended.
    const runs = [release("r3"), release("r4", {}, { env: run(2002) })];
    const warmUp = { host: "front", label: "staging" };
    app.cloud.faults.add({ match: warmUp, action: { kind: "hold", until: Promise.race(runs) } });
    const [one, two] = await Promise.all(runs);
    const reasons = [one?.outputs.reason, two?.outputs.reason].sort();
    expect(reasons).toEqual(["locked", "released"]);
    expect(app.swaps()).toBe(1);
  });
});
