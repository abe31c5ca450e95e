import { Timing } from "@augeo/rehearsal";
import { afterEach, describe, expect, test } from "@jest/globals";
import { until } from "../cloud/hosted-site.ts";
import { type AppInSlots, errorOf } from "../slot-swap/app-in-slots.ts";
import { type Clients, quick, rulesOf, startClients, startWorkingApp } from "./app-under-load.ts";

let app: AppInSlots;
let clients: Clients | undefined;
afterEach(async () => {
  await clients?.stop();
  clients = undefined;
  await app?.close();
});

const LONG = { timeout: 120_000 };
/** A step that goes on until it is ended from outside. */
const endless = { ...quick, steps: "20% 50s" };
const metricsRequest = { host: "management", path: /Microsoft\.Insights\/metrics/ };

async function expectAsBefore(): Promise<void> {
  expect(rulesOf(app)).toEqual([]);
  expect(await app.live()).toEqual(["r1", "r2"]);
  expect(app.swaps()).toBe(0);
}

describe("a good release", () => {
  test("gets 20 %, then 50 %, then everything by one swap, judged by platform metrics", async () => {
    app = await startWorkingApp();
    clients = startClients(app, 50);
    const run = await app.run("canary", { ...quick, ledger: app.ledger }, LONG);
    expect(errorOf(run)).toBe("");
    expect(run.outputs).toMatchObject({ decision: "proceed", reason: "promoted", "live-release": "r2" });
    expect(await app.live()).toEqual(["r2", "r1"]);
    expect(app.swaps()).toBe(1);
    expect(rulesOf(app)).toEqual([]);
    expect(run.stdout).toMatch(/Step 1 of 2, 20 %, \d+s of 6s: server errors: canary 0 of \d+ .* evidence 0\.0 of \d/);
    const steps = [
      { weight: 20, verdict: "pass" },
      { weight: 50, verdict: "pass" },
    ];
    expect(run.result).toMatchObject({ canary: { steps } });
    expect(run.summary).toContain("The canary, step by step");
    expect(clients.since(0).every(({ status }) => status === 200)).toBe(true);
  });
});

describe("a bad release", () => {
  test("loses its share before the step is over, and everybody is back on the old one", async () => {
    app = await startWorkingApp({ appSettings: { FAILING: "r2 0.3" } });
    clients = startClients(app, 50);
    const run = await app.run("canary", { ...endless, ledger: app.ledger }, LONG);
    expect(run.outputs).toMatchObject({ decision: "rolled-back", reason: "worse", "live-release": "r1" });
    expect(run.exitCode).toBe(1);
    expect(errorOf(run)).toMatch(/server-errors: the evidence sufficed \d+ s into the step: canary \d+ of \d+ bad/);
    const into = Number(/sufficed (\d+) s into the step/.exec(errorOf(run))?.[1]);
    expect(into).toBeLessThan(50);
    await expectAsBefore();
    const after = Date.now();
    await until("clients go on", () => (clients?.since(after).length ?? 0) > 40);
    expect(new Set(clients.since(after).map(({ release }) => release))).toEqual(new Set(["r1"]));
    expect(run.summary).toContain("❌ fail");
    expect(await app.readHead()).toMatchObject({ holder: null, rollout: { phase: "ROLLED_BACK" } });
  });

  test("whose slot stops answering is ended by its probe, without statistics", async () => {
    app = await startWorkingApp();
    clients = startClients(app, 20);
    const sicken = async (): Promise<void> => {
      await until("the step has begun", () => rulesOf(app).length > 0);
      app.cloud.hosting.behave(app.staging, { answers: 503 });
    };
    const sick = sicken();
    const run = await app.run("canary", { ...endless, gates: "client-errors" }, LONG);
    await sick;
    expect(run.outputs).toMatchObject({ reason: "worse" });
    expect(errorOf(run)).toMatch(/probe of the slot: \/health failed \d+ times in a row: status 503/);
    expect(rulesOf(app)).toEqual([]);
  });
});

describe("telemetry by release", () => {
  test("judges latency too: a release that got slow for a share of the requests is ended", async () => {
    app = await startWorkingApp({ appSettings: { SLOW: "r2 0.4" } });
    clients = startClients(app, 40);
    await until("the live release has telemetry", () => app.cloud.telemetry.requests.length > 100);
    const inputs = { ...endless, "metric-source": "app-insights", "app-insights": app.cloud.appInsights.id };
    const run = await app.run("canary", inputs, LONG);
    expect(errorOf(run)).toMatch(/slow-requests: the evidence sufficed/);
    expect(run.stdout).toMatch(/Slow is what takes longer than \d+ ms, twice the live release's 95th percentile/);
    await expectAsBefore();
  });

  test("ends a release that throws what the live one never does, however few", async () => {
    app = await startWorkingApp({ appSettings: { FAILING: "r2 0.05" } });
    clients = startClients(app, 40);
    await until("the live release has telemetry", () => app.cloud.telemetry.requests.length > 100);
    const inputs = { ...endless, "metric-source": "log-analytics", "log-analytics": app.cloud.logAnalytics.id };
    const run = await app.run("canary", inputs, LONG);
    expect(errorOf(run)).toMatch(/new exceptions: LookupError, \d+ times; the live release has not thrown it/);
    await expectAsBefore();
  });

  test("takes a query of the user's own", async () => {
    app = await startWorkingApp();
    clients = startClients(app, 40);
    await until("the live release has telemetry", () => app.cloud.telemetry.requests.length > 100);
    const query = [
      "requests",
      "| where timestamp between (from .. to) and application_Version in (canary, baseline)",
      "| summarize total = sum(itemCount), bad = sumif(itemCount, duration > 60000.0)",
      "by minute = bin(timestamp, bin_size), release = application_Version",
    ];
    const source = { "metric-source": "app-insights", "app-insights": app.cloud.appInsights.id };
    const inputs = { ...quick, ...source, steps: "50% 5s", "metrics-query": query.join("\n") };
    const run = await app.run("canary", inputs, LONG);
    expect(errorOf(run)).toBe("");
    expect(run.outputs).toMatchObject({ reason: "promoted" });
    expect(run.stdout).toMatch(/metrics-query: canary 0 of \d+/);
    const wrong = await app.run("canary", { ...inputs, "metrics-query": "requests | summarize total = count()" }, LONG);
    expect(errorOf(wrong)).toMatch(/Its answer lacks minute and release and bad/);
  });

  test("that does not name the release is refused before anybody gets the new one, with what to set", async () => {
    app = await startWorkingApp();
    clients = startClients(app, 20);
    await until("the live release has telemetry", () => app.cloud.telemetry.requests.length > 20);
    const source = { "metric-source": "app-insights", "app-insights": app.cloud.appInsights.id };
    const run = await app.run(
      "canary",
      { ...quick, ...source, "release-dimension": "build", ledger: app.ledger },
      LONG,
    );
    expect(errorOf(run)).toMatch(
      /does not say which release answered.*the dimension build says: none.*service\.version/s,
    );
    await expectAsBefore();
    expect(await app.readHead()).toMatchObject({ holder: null });
  });
});

describe("without enough requests", () => {
  const once = { ...quick, steps: "20% 5s", extensions: "0" };

  test("the step is insufficient, and the policy rolls back", async () => {
    app = await startWorkingApp({ withLedger: false });
    const run = await app.run("canary", { ...once, "on-insufficient": "rollback" }, LONG);
    expect(run.stdout).toContain("this canary judges nothing");
    expect(run.outputs).toMatchObject({ decision: "rolled-back", reason: "unproved" });
    expect(errorOf(run)).toMatch(/0 canary requests, 60 are needed/);
    await expectAsBefore();
  });

  test("the policy holds: the weight and the lock stay, a person decides, and a re-run carries that out", async () => {
    app = await startWorkingApp();
    const lead = (attempt: number) =>
      app.run("canary", { ...once, ledger: app.ledger }, { ...LONG, env: { GITHUB_RUN_ATTEMPT: String(attempt) } });
    const decide = (decision: string, release = "r2") => {
      const env = { GITHUB_RUN_ID: "500", GITHUB_EVENT_NAME: "workflow_dispatch", GITHUB_TRIGGERING_ACTOR: "bob" };
      return app.run("approve", { release, decision, why: "it is Sunday", ledger: app.ledger }, { env });
    };
    const run = await lead(1);
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "on-hold" });
    expect(errorOf(run)).toMatch(/approve action \(release: r2, decision: promote, abort or judge-again\)/);
    expect(rulesOf(app)).toMatchObject([{ name: "staging", reroutePercentage: 20 }]);
    expect(await app.readHead()).toMatchObject({ rollout: { phase: "CANARY", hold: { onDeadline: "rollback" } } });
    app.cloud.github.state.roles.set("bob", "write");
    expect(errorOf(await decide("promote", "r9"))).toMatch(/r9 is not on hold.*r2 is: server-errors: 0 canary/s);
    expect(errorOf(await decide("approve"))).toMatch(/its canary is on hold.*promote, abort or judge-again/s);
    expect((await decide("judge-again")).outputs).toMatchObject({ decision: "proceed", reason: "judged-again" });
    const judged = await lead(2);
    expect(judged.outputs).toMatchObject({ reason: "on-hold" });
    // Probes that the first run sent are no users.
    expect(errorOf(judged)).toMatch(/server-errors: 0 canary requests, 60 are needed/);
    const promoted = await decide("promote");
    expect(promoted.outputs).toMatchObject({ decision: "proceed", reason: "promoted", by: "bob" });
    expect(promoted.summary).toMatch(
      /bob promoted r2[\s\S]*\| Step \| 1 of 1, 20 % of the requests \|[\s\S]*it is Sunday/,
    );
    expect((await decide("promote")).outputs).toMatchObject({ reason: "already-decided" });
    expect(errorOf(await decide("abort"))).toMatch(/decided on already: promote, by bob.*rollback action/s);
    const again = await lead(3);
    expect(errorOf(again)).toBe("");
    expect(again.outputs).toMatchObject({ reason: "promoted", "live-release": "r2" });
    expect(rulesOf(app)).toEqual([]);
  });

  test("the policy goes on to the swap", async () => {
    app = await startWorkingApp({ withLedger: false });
    const run = await app.run("canary", { ...once, "on-insufficient": "promote" }, LONG);
    expect(run.outputs).toMatchObject({ reason: "promoted" });
    expect(await app.live()).toEqual(["r2", "r1"]);
  });

  test("probes of our own can judge instead, both slots asked alike", async () => {
    app = await startWorkingApp({ withLedger: false });
    const probes = { "metric-source": "probes", "probe-interval": "50ms", lag: "0s", "health-path": "/work" };
    const run = await app.run("canary", { ...quick, steps: "50% 8s", ...probes }, LONG);
    expect(errorOf(run)).toBe("");
    expect(run.outputs).toMatchObject({ reason: "promoted" });
  });
});

describe("when the metrics cannot be read", () => {
  test("in the middle: it asks four more times, and the policy rolls back", async () => {
    app = await startWorkingApp({ withLedger: false });
    clients = startClients(app, 20);
    const down = async (): Promise<void> => {
      await until("the step has begun", () => rulesOf(app).length > 0);
      app.cloud.faults.add({ match: metricsRequest, action: { kind: "status", status: 503 } });
    };
    const broken = down();
    const run = await app.run("canary", { ...endless, "on-provider-error": "rollback" }, LONG);
    await broken;
    expect(run.stdout).toContain("Asking again (4 of 4)");
    expect(run.outputs).toMatchObject({ decision: "rolled-back", reason: "unproved" });
    expect(errorOf(run)).toMatch(/could not be judged at 20 %.*503/s);
    await expectAsBefore();
  });

  test("before it begins: nothing is changed, and the missing right is named", async () => {
    app = await startWorkingApp();
    const { roleAssignments } = app.cloud.world;
    const [contributor] = roleAssignments.splice(0, 1);
    if (!contributor) throw new Error("the application has no role");
    roleAssignments.push({ ...contributor, role: { name: "Swapper", actions: ["Microsoft.Web/*"] } });
    const run = await app.run("canary", { ...quick, ledger: app.ledger }, LONG);
    expect(errorOf(run)).toMatch(/lacks the action Microsoft\.Insights\/metrics\/read.*az role assignment create/s);
    expect(await app.readHead()).toMatchObject({ holder: null });
    await expectAsBefore();
  });

  test("in bins that Azure does not keep: the message says which it has", async () => {
    app = await startWorkingApp({ withLedger: false, timing: { ...Timing.fast, metricGrain: 60_000 } });
    const run = await app.run("canary", quick, LONG);
    expect(errorOf(run)).toMatch(/keeps no platform metrics in bins of PT1S.*Set bin: 1m/s);
    await expectAsBefore();
  });
});

describe("a canary that is cut short", () => {
  /** Resolves once a share of the traffic goes to the new release. */
  const split = () => until("the traffic is split", () => rulesOf(app).length > 0);

  test("by SIGINT: the post step takes the share back and the rule away", async () => {
    app = await startWorkingApp();
    clients = startClients(app, 20);
    const cancel = { signal: "SIGINT", moment: /Step 1 of 1, 20 %, \d+s of 50s/ } as const;
    const run = await app.run("canary", { ...endless, ledger: app.ledger }, { ...LONG, signalAfter: cancel });
    expect(run.outputs).toMatchObject({ reason: "interrupted" });
    expect(errorOf(run)).toMatch(/20 % of the requests go to r2/);
    const post = await run.post();
    expect(post.exitCode).toBe(0);
    await expectAsBefore();
    expect(await app.readHead()).toMatchObject({ holder: null, rollout: { phase: "ROLLED_BACK" } });
  });

  test("by SIGKILL: the next run takes the share back first, and then begins anew", async () => {
    app = await startWorkingApp();
    clients = startClients(app, 40);
    const inputs = { ...quick, steps: "50% 5s", ledger: app.ledger };
    const dead = await app.run("canary", inputs, { ...LONG, signalAfter: { signal: "SIGKILL", moment: split } });
    expect(dead.signal).toBe("SIGKILL");
    app.setRun("completed");
    const next = await app.run("canary", inputs, { ...LONG, env: { GITHUB_RUN_ID: "777" } });
    expect(next.stdout).toMatch(/left release r2 in CANARY; it is brought to the safe side first/);
    expect(next.stdout).toMatch(/asked Azure to remove the routing rule\n.*r1 is live again/);
    expect(next.outputs).toMatchObject({ reason: "promoted" });
    expect(rulesOf(app)).toEqual([]);
    expect(app.swaps()).toBe(1);
  });

  const setting = { host: "management", method: "PATCH", path: /config\/web/ } as const;

  test("by no lost reply alone: the weight is there a moment later, or is asked for again", async () => {
    app = await startWorkingApp({ withLedger: false });
    clients = startClients(app, 40);
    for (const [after, when] of ["after", "before"].entries())
      app.cloud.faults.add({ match: setting, action: { kind: "reset", when: when as "after" }, times: 1, after });
    const run = await app.run("canary", { ...quick, steps: "20% 5s, 50% 5s" }, LONG);
    expect(errorOf(run)).toBe("");
    expect(run.outputs).toMatchObject({ reason: "promoted" });
    // The second step's was sent twice; the last one removes the rule.
    expect(app.cloud.requests.of(setting)).toHaveLength(4);
    expect(rulesOf(app)).toEqual([]);
  });

  test("by a removal of the rule whose reply was lost: whether it was a person's brake cannot be told", async () => {
    app = await startWorkingApp({ withLedger: false });
    clients = startClients(app, 40);
    app.cloud.faults.add({ match: setting, action: { kind: "reset", when: "after" }, times: 1, after: 1 });
    const run = await app.run("canary", { ...quick, steps: "50% 5s" }, LONG);
    expect(run.outputs).toMatchObject({ decision: "rolled-back", reason: "weight-changed" });
    expect(errorOf(run)).toMatch(/could not be told.*0 % was asked for and no reply was seen; it is 0 %/s);
    await expectAsBefore();
  });

  const meddled = /Somebody else changed how much traffic.*and is 70 %; Azure does not say by whom/s;
  const meddle = (): void => {
    for (const rule of rulesOf(app)) rule.reroutePercentage = 70;
  };

  test("by somebody who changes the weight meanwhile: noticed within the step, not set again, and the rule goes", async () => {
    app = await startWorkingApp({ withLedger: false });
    clients = startClients(app, 40);
    const onLine = (line: string): void => {
      if (line.includes("Step 1 of 1, 20 %")) meddle();
    };
    const run = await app.run("canary", endless, { ...LONG, onLine });
    expect(run.outputs).toMatchObject({ decision: "rolled-back", reason: "weight-changed" });
    expect(errorOf(run)).toMatch(meddled);
    const why = "the share of the traffic became 70 %, and was set to 20 %";
    expect(run.result).toMatchObject({ canary: { steps: [{ verdict: null, why }] } });
    expect(run.summary).toContain(`| stopped | ${why} |`);
    await expectAsBefore();
  });

  test("by somebody who changes the weight before it was read back: no step is judged, and the rule goes", async () => {
    app = await startWorkingApp({ withLedger: false });
    const changed = split().then(meddle);
    app.cloud.faults.add({ match: setting, action: { kind: "hold", until: changed, when: "after" }, times: 1 });
    const run = await app.run("canary", endless, LONG);
    await changed;
    expect(run.outputs).toMatchObject({ decision: "rolled-back", reason: "weight-changed" });
    expect(errorOf(run)).toMatch(meddled);
    expect(run.result).toMatchObject({ canary: { steps: [] } });
    await expectAsBefore();
  });
});

describe("wrong inputs", () => {
  test.each([
    ["5%", /"5%" is no step.*such as "5% 10m"/s],
    ["50% 10m, 25% 10m", /Step 2 \(25 %\) is not above the 50 % before it/],
    ["0% 10m", /Step 1 \(0 %\) is not between 1 % and 99 %.*begin with 1 %/s],
    ["50% 10m, 100% 10m", /Step 2 \(100 %\).*the swap gives it everything/s],
    ["10% 3m", /lasts 3m: with step-warm-up 2m, metrics 3m late and bins of 1m.*give it 6m or more/s],
  ])("steps: %s is refused before anything is asked of Azure", async (steps, message) => {
    app = await startWorkingApp({ withLedger: false });
    const seen = app.cloud.requests.of({ host: "management" }).length;
    const run = await app.run("canary", { steps });
    expect(run.outputs).toMatchObject({ reason: "usage-error" });
    expect(errorOf(run)).toMatch(message);
    expect(app.cloud.requests.of({ host: "management" }).length).toBe(seen);
  });

  test("all faults come in one error", async () => {
    app = await startWorkingApp({ withLedger: false });
    const run = await app.run("canary", {
      steps: "60% 10m, 20% 1m",
      "metric-source": "app-insights",
      "bad-share-floor": "9%",
    });
    expect(errorOf(run)).toMatch(/4 faults in the canary's inputs: steps, app-insights, bad-share-floor/);
  });
});
