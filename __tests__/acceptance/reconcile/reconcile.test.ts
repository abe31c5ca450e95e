import { afterEach, describe, expect, test } from "@jest/globals";
import { type Moment, type RunOptions, runAction } from "../../support/run-action.ts";
import { until } from "../cloud/hosted-site.ts";
import { packageFolder } from "../release/package-folder.ts";
import { type AppInSlots, errorOf, startAppInSlots } from "../slot-swap/app-in-slots.ts";

let app: AppInSlots;
const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  await app?.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

/** Makes a swap take some seconds, so that there is a time to die in. */
const swapSlowly = () => {
  app.timing.swapStep = 500;
};

const target = (environment = "production") => `${app.cloud.resourceGroup}/${app.site.name}/staging@${environment}`;

/** Runs the reconciler as a run of its own. */
const reconcile = (inputs: RunOptions["inputs"] = {}, runId = 900, options: Partial<RunOptions> = {}) =>
  runAction("reconcile", {
    ...options,
    cloud: app.cloud,
    inputs: { ...app.cloud.inputs, ledger: app.ledger, targets: target(), ...inputs },
    env: { GITHUB_RUN_ID: String(runId) },
    timeout: 120_000,
  });

async function release(id: string, options: Partial<RunOptions> & { inputs?: RunOptions["inputs"] } = {}) {
  const folder = await packageFolder(id);
  folders.push(folder);
  const inputs = { package: folder.path, release: id, ledger: app.ledger, ...options.inputs };
  return app.run("release", inputs, options);
}

const swapPolled = () =>
  until("the swap is polled", () => app.cloud.requests.of({ path: /operationresults/ }).length > 0);

const azureCalls = () =>
  [...app.cloud.requests.of({ host: "management" }), ...app.cloud.requests.of({ host: "scm" })].length;

describe("a release whose runner died", () => {
  test.each<[string, Moment, string, number]>([
    ["before it was in its slot is ended; production was not touched", /EXPANDED: /, "FAILED", 0],
    ["in its slot is ended; production was not touched", /STAGED: /, "FAILED", 0],
    ["with its swap under way is settled and swapped back", swapPolled, "ROLLED_BACK", 2],
    ["while it was watched is swapped back", /WATCHING: /, "ROLLED_BACK", 2],
  ])("%s", async (_, moment, phase, swaps) => {
    app = await startAppInSlots();
    if (moment === swapPolled) swapSlowly();
    const dead = await release("r3", { inputs: { "bake-time": "60s" }, signalAfter: { signal: "SIGKILL", moment } });
    expect(dead.signal).toBe("SIGKILL");
    app.setRun("completed");
    const out = await reconcile();
    expect(errorOf(out)).toBe("");
    // The release, and its GitHub deployment.
    expect(out.outputs).toMatchObject({ decision: "proceed", reason: "reconciled", done: "2", people: "0" });
    expect(out.summary).toMatch(/Brought r3 to the safe side: its run is over/);
    expect((await app.live())[0]).toBe("r1");
    expect(app.swaps()).toBe(swaps);
    expect(await app.readHead()).toMatchObject({ holder: null, rollout: { phase, reason: { code: "abandoned" } } });
    const released = (await app.readEvents()).findLast(({ what }) => what === "released");
    expect(released).toMatchObject({
      runId: "900",
      details: { why: expect.stringMatching(/^reconcile: brought r3/) },
    });
    const again = await reconcile({}, 901);
    expect(again.outputs).toMatchObject({ decision: "nothing-to-do", reason: "all-well" });
    expect(app.swaps()).toBe(swaps);
  });

  test("while it went back goes on going back, and a way back that landed is not undone", async () => {
    app = await startAppInSlots();
    await release("r3", { env: { GITHUB_RUN_ID: "1" } });
    await release("r4", { env: { GITHUB_RUN_ID: "2" } });
    const dead = await app.run(
      "rollback",
      { ledger: app.ledger, why: "prices are wrong", "bake-time": "60s" },
      { env: { GITHUB_RUN_ID: "3" }, signalAfter: { signal: "SIGKILL", moment: /WATCHING: / } },
    );
    expect(dead.signal).toBe("SIGKILL");
    app.setRun("completed", "3");
    expect((await reconcile()).outputs).toMatchObject({ reason: "reconciled" });
    expect((await app.live())[0]).toBe("r3");
    expect(await app.readHead()).toMatchObject({ holder: null, live: { release: "r3" } });
    const opened = (await app.readEvents()).findLast(({ what }) => what === "opened");
    expect(opened).toMatchObject({ details: { kind: "rollback", why: "octocat: prices are wrong" } });
  });

  test("is ended in a freeze as well, and by one of two reconcilers that come at once", async () => {
    app = await startAppInSlots();
    await release("r3", { inputs: { "bake-time": "60s" }, signalAfter: { signal: "SIGKILL", moment: /WATCHING: / } });
    const frozen = await app.run("freeze", { reason: "sale", ledger: app.ledger }, { env: { GITHUB_RUN_ID: "800" } });
    expect(frozen.outputs).toMatchObject({ reason: "frozen" });
    for (const runId of [undefined, "900", "901"]) app.setRun(runId === undefined ? "completed" : "in_progress", runId);
    const both = await Promise.all([reconcile({}, 900), reconcile({}, 901)]);
    expect(both.map(errorOf)).toEqual(["", ""]);
    expect(both.filter(({ summary }) => summary.includes("Brought r3 to the safe side"))).toHaveLength(1);
    expect(await app.live()).toEqual(["r1", "r3"]);
    expect(app.swaps()).toBe(2);
    expect(await app.readHead()).toMatchObject({ holder: null, freeze: { reason: "sale" } });
  });
});

describe("the GitHub deployment of a run that died", () => {
  const statesOf = () => {
    const { deployments, statuses } = app.cloud.github.state;
    return deployments.map(({ id }) => statuses.get(Number(id))?.at(-1)?.state);
  };
  const dieWatched = (id: string, env?: RunOptions["env"]) =>
    release(id, {
      inputs: { "bake-time": "60s" },
      signalAfter: { signal: "SIGKILL", moment: /WATCHING: / },
      ...(env && { env }),
    });

  test("is ended with its release; a dry run says so, and a second look finds nothing", async () => {
    app = await startAppInSlots();
    await dieWatched("r3");
    expect(statesOf()).toEqual(["in_progress"]);
    app.setRun("in_progress");
    expect((await reconcile()).outputs).toMatchObject({ reason: "all-well" });
    app.setRun("completed");
    const dry = await reconcile({ "dry-run": true });
    expect(dry.outputs).toMatchObject({ reason: "would-act", done: "2" });
    expect(dry.summary).toMatch(/Would have ended the GitHub deployment \d+ of r3: its run is over/);
    expect(statesOf()).toEqual(["in_progress"]);
    const out = await reconcile();
    expect(out.outputs).toMatchObject({ reason: "reconciled", done: "2" });
    expect(out.summary).toMatch(/Ended the GitHub deployment \d+ of r3: its run is over/);
    expect(statesOf()).toEqual(["error"]);
    expect((await reconcile()).outputs).toMatchObject({ reason: "all-well", done: "0" });
  });

  test("stays where the token may not end it: a warning says what it lacks, and the release is ended all the same", async () => {
    app = await startAppInSlots();
    await dieWatched("r3");
    app.setRun("completed");
    app.cloud.github.state.permissions.deployments = "read";
    const out = await reconcile();
    expect(errorOf(out)).toBe("");
    expect(out.outputs).toMatchObject({ decision: "proceed", reason: "reconciled", done: "1" });
    expect(out.stdout).toMatch(/::warning.*GitHub deployments of lost runs were not ended.*deployments: write/);
    expect(statesOf()).toEqual(["in_progress"]);
    expect((await app.live())[0]).toBe("r1");
  });
});

describe("what may be in use", () => {
  test("is left alone while its run goes on, or while GitHub cannot say; a dry run changes nothing either", async () => {
    app = await startAppInSlots();
    await release("r3", { inputs: { "bake-time": "60s" }, signalAfter: { signal: "SIGKILL", moment: /WATCHING: / } });
    const before = await app.readHead();
    app.setRun("in_progress");
    const running = await reconcile();
    expect(running.outputs).toMatchObject({ decision: "nothing-to-do", reason: "all-well" });
    expect(running.summary).toMatch(/goes on: left alone/);
    app.setRun("completed");
    const dry = await reconcile({ "dry-run": true });
    expect(dry.outputs).toMatchObject({ decision: "hold", reason: "would-act", done: "2" });
    expect(dry.summary).toContain("Would have brought r3 to the safe side");
    app.cloud.github.state.permissions.actions = undefined;
    const unknown = await reconcile();
    expect(unknown.outputs).toMatchObject({ reason: "all-well", done: "0" });
    expect(unknown.summary).toContain("GitHub did not say whether it is over");
    expect(await app.readHead()).toEqual(before);
    expect((await app.live())[0]).toBe("r3");
  });
});

describe("an app with nothing open", () => {
  test("costs few calls, and a second look writes nothing", async () => {
    app = await startAppInSlots();
    await release("r3");
    expect((await reconcile()).outputs).toMatchObject({ reason: "all-well" });
    expect(await app.readHead()).toMatchObject({ surroundings: { release: "r3" } });
    const before = await app.readHead();
    app.cloud.requests.clear();
    const out = await reconcile({}, 901);
    expect(out.outputs).toMatchObject({ decision: "nothing-to-do", reason: "all-well", done: "0", people: "0" });
    expect(azureCalls()).toBeLessThanOrEqual(8);
    // The head, its last event, and one list of the stored packages.
    expect(app.cloud.requests.of({ host: "blob" }).length).toBeLessThanOrEqual(3);
    expect(await app.readHead()).toEqual(before);
  });

  test("has a lock of a run that is over freed", async () => {
    app = await startAppInSlots();
    await release("r3");
    const head = await app.readHead();
    const stale = { claimId: "auction/api/77", repository: "auction/api", runId: "77", attempt: 1, actor: "ann" };
    await app.writeHead({
      ...head,
      holder: { ...stale, url: "https://github.com/auction/api/actions/runs/77", since: 0 },
    });
    app.setRun("completed", "77");
    const out = await reconcile();
    expect(out.outputs).toMatchObject({ reason: "reconciled", done: "1" });
    expect(await app.readHead()).toMatchObject({ holder: null, live: { release: "r3" } });
  });

  test("loses a routing rule that no canary set; a dry run only says so", async () => {
    app = await startAppInSlots();
    await release("r3");
    const rule = { actionHostName: app.staging.hostName, name: "staging", reroutePercentage: 25 };
    app.production.config.experiments = { rampUpRules: [rule] };
    const dry = await reconcile({ "dry-run": true });
    expect(dry.outputs).toMatchObject({ reason: "would-act" });
    expect(app.production.config.experiments?.rampUpRules).toHaveLength(1);
    const forbidden = app.cloud.faults.add({
      match: { host: "management", method: "PATCH", path: /\/config\/web/ },
      action: { kind: "status", status: 403 },
    });
    expect((await reconcile()).outputs).toMatchObject({ reason: "incomplete" });
    // Not its lock: it has other apps to look after, and each of them may take long.
    expect(await app.readHead()).toMatchObject({ holder: null });
    forbidden.remove();
    const out = await reconcile();
    expect(errorOf(out)).toBe("");
    expect(out.outputs).toMatchObject({ reason: "reconciled", done: "1" });
    expect(out.summary).toMatch(/Removed the rule that sent 25 % of production's requests to slot staging/);
    expect(app.production.config.experiments?.rampUpRules).toEqual([]);
    expect(await app.readHead()).toMatchObject({ holder: null });
  });
});

describe("drift", () => {
  test("is reported with both ways out, one issue is opened, kept and closed, and nothing is acted on", async () => {
    app = await startAppInSlots();
    await release("r3");
    await reconcile();
    await app.cloud.hosting.swap(app.staging, app.production);
    const swaps = app.swaps();
    const out = await reconcile({ issue: true }, 901);
    expect(out.exitCode).toBe(1);
    expect(out.outputs).toMatchObject({ decision: "hold", reason: "needs-human", people: "1", issue: "100" });
    expect(errorOf(out)).toMatch(/Production runs r1, and the ledger says r3/);
    expect(out.summary).toMatch(/accept-live: r1.*release: r3/);
    expect(app.swaps()).toBe(swaps);
    const { openedIssues } = app.cloud.github.state;
    expect(openedIssues).toMatchObject([{ state: "open", labels: [{ name: "release-needs-person" }] }]);
    await reconcile({ issue: true }, 902);
    expect(openedIssues).toHaveLength(1);
    await app.cloud.hosting.swap(app.staging, app.production);
    const well = await reconcile({ issue: true }, 903);
    expect(well.outputs).toMatchObject({ reason: "all-well", issue: "100" });
    expect(openedIssues).toMatchObject([{ state: "closed" }]);
  });

  test("of slot settings and of the health check counts from when the live release was first found in place", async () => {
    app = await startAppInSlots();
    app.site.slotConfigNames.appSettingNames.push("REGION");
    app.production.config.healthCheckPath = "/";
    await release("r3");
    await reconcile();
    app.site.slotConfigNames.appSettingNames.splice(0);
    delete app.production.config.healthCheckPath;
    const out = await reconcile({}, 901);
    expect(out.outputs).toMatchObject({ reason: "needs-human", people: "2" });
    expect(out.summary).toMatch(/no longer stay with their slot: REGION/);
    expect(out.summary).toMatch(/health check \(\/\) was switched off/);
  });
});

describe("a firewall rule", () => {
  test("of a run that is over is closed; one of a live run and one of somebody else stay", async () => {
    app = await startAppInSlots({ postgres: "own" });
    const { server } = await app.cloud.createDatabaseServer({ name: "auction-db", changeTakes: 50 });
    const { repositoryId } = app.cloud.oidc.job;
    const opened = Math.floor(Date.now() / 1_000);
    const nameOf = (run: number) => `augeo-${repositoryId}-${run}-1-${opened}-x`;
    for (const name of [nameOf(41), nameOf(42), "office"]) {
      const rule = { name, startIpAddress: "203.0.113.7", endIpAddress: "203.0.113.7", effectiveAt: 0 };
      server.firewallRules.set(name.toLowerCase(), rule);
    }
    app.setRun("completed", "41");
    app.setRun("in_progress", "42");
    const inputs = { "database-servers": `${app.cloud.resourceGroup}/auction-db` };
    const dry = await reconcile({ ...inputs, "dry-run": true });
    expect(dry.outputs).toMatchObject({ reason: "would-act", done: "1" });
    expect(server.firewallRules.size).toBe(3);
    const out = await reconcile(inputs, 901);
    expect(errorOf(out)).toBe("");
    expect(out.outputs).toMatchObject({ reason: "reconciled", done: "1" });
    expect([...server.firewallRules.keys()]).toEqual([nameOf(42), "office"]);
  });
});

describe("a reconciler that is lost itself", () => {
  test("in the middle of a swap back is followed by the next one, which swaps no more", async () => {
    app = await startAppInSlots();
    await release("r3", { inputs: { "bake-time": "60s" }, signalAfter: { signal: "SIGKILL", moment: /WATCHING: / } });
    app.setRun("completed");
    app.cloud.requests.clear();
    swapSlowly();
    const lost = await reconcile({}, 900, { signalAfter: { signal: "SIGKILL", moment: swapPolled } });
    expect(lost.signal).toBe("SIGKILL");
    app.setRun("completed", "900");
    const next = await reconcile({}, 901);
    expect(errorOf(next)).toBe("");
    expect(next.outputs).toMatchObject({ reason: "reconciled", done: "2" });
    expect(await app.live()).toEqual(["r1", "r3"]);
    expect(app.swaps()).toBe(1);
    expect(await app.readHead()).toMatchObject({ holder: null, rollout: { phase: "ROLLED_BACK" } });
  });

  test("by being cancelled says what is open, and the next one ends it", async () => {
    app = await startAppInSlots();
    await release("r3", { inputs: { "bake-time": "60s" }, signalAfter: { signal: "SIGKILL", moment: /WATCHING: / } });
    app.setRun("completed");
    app.cloud.requests.clear();
    swapSlowly();
    const cancelled = await reconcile({}, 900, { signalAfter: { signal: "SIGINT", moment: swapPolled } });
    expect(cancelled.outputs).toMatchObject({ decision: "hold", reason: "interrupted" });
    expect(errorOf(cancelled)).toMatch(/all requests were being given back from r3 to r1/);
    app.setRun("completed", "900");
    expect((await reconcile({}, 901)).outputs).toMatchObject({ reason: "reconciled" });
    expect(await app.live()).toEqual(["r1", "r3"]);
    expect(app.swaps()).toBe(1);
  });
});

describe("several targets", () => {
  test("are handled each by itself: a damaged ledger and a missing app stop no other", async () => {
    app = await startAppInSlots();
    await release("r3", { inputs: { "bake-time": "60s" }, signalAfter: { signal: "SIGKILL", moment: /WATCHING: / } });
    app.setRun("completed");
    await app.writeHead({ schema: 1, what: "is this" }, "dev");
    const missing = `${app.cloud.resourceGroup}/no-such-app`;
    await app.writeHead({ ...(await app.readHead()), holder: null, rollout: null }, "production", "no-such-app");
    const out = await reconcile({ targets: [target("dev"), missing, target()].join("\n") });
    expect(out.outputs).toMatchObject({ decision: "hold", reason: "needs-human", done: "2", people: "1" });
    expect(out.summary).toMatch(/cannot be read, so nothing was changed/);
    expect(out.summary).toMatch(/App "no-such-app" does not exist/);
    expect(await app.live()).toEqual(["r1", "r3"]);
  });

  test("that name another slot than the release's are looked at where the release is", async () => {
    app = await startAppInSlots();
    await release("r3", { inputs: { "bake-time": "60s" }, signalAfter: { signal: "SIGKILL", moment: /WATCHING: / } });
    app.setRun("completed");
    const out = await reconcile({ targets: `${app.cloud.resourceGroup}/${app.site.name}/blue` });
    expect(errorOf(out)).toBe("");
    expect(out.outputs).toMatchObject({ reason: "reconciled", done: "2" });
    expect(out.summary).toMatch(/targets names slot blue/);
    expect(await app.live()).toEqual(["r1", "r3"]);
  });

  test("are found in the ledger when none is named", async () => {
    app = await startAppInSlots();
    await release("r3");
    const head = await app.readHead();
    await app.writeHead({ ...head, environment: "staging" }, "staging");
    const out = await reconcile({ targets: undefined });
    expect(out.outputs).toMatchObject({ reason: "all-well" });
    expect(out.summary).toContain(`${app.site.name} (production)`);
    expect(out.summary).toContain(`${app.site.name} (staging)`);
  });
});
