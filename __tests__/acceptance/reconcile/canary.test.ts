import { afterEach, expect, test } from "@jest/globals";
import { runAction } from "../../support/run-action.ts";
import { type Clients, quick, rulesOf, startClients, startWorkingApp } from "../canary/app-under-load.ts";
import { until } from "../cloud/hosted-site.ts";
import { type AppInSlots, errorOf } from "../slot-swap/app-in-slots.ts";

let app: AppInSlots;
let clients: Clients | undefined;
afterEach(async () => {
  await clients?.stop();
  clients = undefined;
  await app?.close();
});

test("a canary whose runner died loses its share of the traffic, and everybody is on the old release", async () => {
  app = await startWorkingApp();
  clients = startClients(app, 20);
  const dead = await app.run(
    "canary",
    { ...quick, steps: "20% 50s", ledger: app.ledger },
    {
      timeout: 120_000,
      signalAfter: { signal: "SIGKILL", moment: () => until("the step has begun", () => rulesOf(app).length > 0) },
    },
  );
  expect(dead.signal).toBe("SIGKILL");
  expect(rulesOf(app)).toHaveLength(1);
  app.setRun("completed");
  const targets = `${app.cloud.resourceGroup}/${app.site.name}`;
  const out = await runAction("reconcile", {
    cloud: app.cloud,
    inputs: { ...app.cloud.inputs, ledger: app.ledger, targets },
    env: { GITHUB_RUN_ID: "900" },
    timeout: 120_000,
  });
  expect(errorOf(out)).toBe("");
  expect(out.outputs).toMatchObject({ decision: "proceed", reason: "reconciled", done: "1" });
  expect(rulesOf(app)).toEqual([]);
  expect(await app.live()).toEqual(["r1", "r2"]);
  expect(app.swaps()).toBe(0);
  expect(await app.readHead()).toMatchObject({ holder: null, rollout: { phase: "ROLLED_BACK" } });
});

test("a canary is held back by a freeze before it gets any traffic", async () => {
  app = await startWorkingApp();
  const frozen = await app.run("freeze", { reason: "sale", ledger: app.ledger }, { env: { GITHUB_RUN_ID: "800" } });
  expect(frozen.outputs).toMatchObject({ reason: "frozen" });
  const held = await app.run("canary", { ...quick, ledger: app.ledger });
  expect(held.outputs).toMatchObject({ decision: "hold", reason: "frozen" });
  expect(rulesOf(app)).toEqual([]);
});
