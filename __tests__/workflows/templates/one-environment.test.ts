import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type AppOnCloud, appOnCloud } from "../../../scripts/rehearse/workflow/app-on-cloud.ts";
import { ship, tidy } from "../../../scripts/rehearse/workflow/callers.ts";
import { checks, logOf, outcome, outputsOf } from "../outcome.ts";

const SHIPPED = { build: "success", "production / release": "success" };
const RELEASE = "production / release";
let app: AppOnCloud;
/** The oldest release. Each test compares with what is live when it begins. */
let first: unknown;
let count = 0;

beforeAll(async () => {
  app = await appOnCloud({
    environments: ["production"],
    workflows: {
      "ship.yml": ship("backend"),
      "ship-slowly.yml": ship("backend", "60s"),
      "ship-in-steps.yml": ship("backend", "1s", "steps: 20% 10m, 50% 10m"),
      "tidy.yml": tidy,
    },
  });
  await app.commitRelease("1");
  expect(outcome(await app.run("ship.yml"))).toEqual({ checks: SHIPPED, log: "" });
  first = await app.live("production");
});
afterAll(async () => {
  // One more, so that it is seen that closing ends what is under way: else jest could not end its worker.
  const left = app.start("ship-slowly.yml");
  await left.line(/./);
  await app.close();
  expect((await left.done).conclusion).toBe("cancelled");
});

/** A change of the app's own, so that a package of its own is built. */
const change = () => {
  count += 1;
  return app.commit((folder) => writeFileSync(join(folder, "auction/note.txt"), String(count)));
};

describe("a run that is cancelled", () => {
  test("while it swaps is settled by its post step: the old release is live, and the next run goes out", async () => {
    const live = await app.live("production");
    await change();
    const started = app.start("ship-slowly.yml");
    await started.line(/asked Azure to swap/);
    started.cancel();
    const run = await started.done;
    expect(run.conclusion).toBe("cancelled");
    expect(checks(run)).toEqual({ ...SHIPPED, [RELEASE]: "cancelled" });
    expect(run.deployments).toMatchObject([{ environment: "production", state: "cancelled" }]);
    expect(await app.live("production")).toBe(live);
    await change();
    expect(outcome(await app.run("ship.yml"))).toEqual({ checks: SHIPPED, log: "" });
  });
});

describe("a canary", () => {
  test("gets its first step's share through the reusable workflow, and loses it when the run is cancelled", async () => {
    const rules = () =>
      app.sites.production?.production.config.experiments.rampUpRules.map(({ reroutePercentage }) => reroutePercentage);
    const live = await app.live("production");
    await change();
    const started = app.start("ship-in-steps.yml");
    await started.line(/CANARY: step 1 of 2: 20 % of the requests go to/);
    expect(rules()).toEqual([20]);
    started.cancel();
    const run = await started.done;
    expect(checks(run)).toEqual({ ...SHIPPED, [RELEASE]: "cancelled" });
    expect(logOf(run, RELEASE)).toMatch(/requests a minute|this canary judges nothing/);
    expect(rules()).toEqual([]);
    expect(await app.live("production")).toBe(live);
  });
});

describe("a run whose machine is lost", () => {
  test("while it watches is put back by the scheduled reconcile, without another release", async () => {
    const live = await app.live("production");
    await change();
    const started = app.start("ship-slowly.yml");
    await started.line(/WATCHING: /);
    started.loseMachines();
    await started.done;
    expect(await app.live("production")).not.toBe(live);
    const tidied = await app.run("tidy.yml", { event: "schedule" });
    expect(outcome(tidied)).toEqual({ checks: { "reconcile / reconcile": "success" }, log: "" });
    expect(tidied.deployments).toEqual([]);
    expect(await app.live("production")).toBe(live);
    const again = await app.run("tidy.yml", { event: "schedule" });
    expect(outcome(again)).toEqual({ checks: { "reconcile / reconcile": "success" }, log: "" });
    expect(logOf(again, "reconcile / reconcile")).toContain("all-well");
  });
});

describe("two pushes that race", () => {
  test("go out one after the other, and an older one that comes too late has nothing to do", async () => {
    const older = await change();
    const newer = await change();
    const overtaking = app.start("ship.yml", { sha: newer });
    await overtaking.line(/The lock is ours/);
    const late = app.start("ship.yml", { sha: older });
    const [won, lost] = await Promise.all([overtaking.done, late.done]);
    expect(outcome(won)).toEqual({ checks: SHIPPED, log: "" });
    expect(outcome(lost)).toEqual({ checks: SHIPPED, log: "" });
    expect(outputsOf(won, RELEASE).decision).toBe("proceed");
    expect(outputsOf(lost, RELEASE)).toMatchObject({ decision: "nothing-to-do", reason: "stale" });
    expect(await app.live("production")).toBe(outputsOf(won, RELEASE)["live-release"]);
    expect(String(await app.live("production"))).toContain(newer.slice(0, 7));
  });
});

describe("rollback.yml", () => {
  const ROLLED_BACK = { "rollback / rollback": "success" };

  test("puts the release before back, by dispatch, and says why and by whom", async () => {
    const before = await app.live("production");
    await change();
    expect(checks(await app.run("ship.yml"))).toEqual(SHIPPED);
    const run = await app.dispatch("rollback.yml", { environment: "production", why: "bids are slow" });
    expect(outcome(run)).toEqual({ checks: ROLLED_BACK, log: "" });
    expect(run.name).toBe("Roll back production to the release before");
    expect(logOf(run, "rollback / rollback")).toMatch(/hubot.*bids are slow/);
    expect(await app.live("production")).toBe(before);
  });

  test("puts an older release back that is in no slot any more, by its stored package", async () => {
    const release = String(first);
    const run = await app.dispatch("rollback.yml", {
      environment: "production",
      release,
      why: "all later ones are bad",
    });
    expect(outcome(run)).toEqual({ checks: ROLLED_BACK, log: "" });
    expect(run.name).toBe(`Roll back production to ${release}`);
    expect(await app.live("production")).toBe(release);
  });
});
