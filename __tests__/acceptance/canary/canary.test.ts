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

describe("a good release", () => {
  test("gets 20 %, then 50 %, then everything by one swap, judged by platform metrics", async () => {
    app = await startWorkingApp();
    clients = startClients(app, 80);
    const run = await app.run("canary", { ...quick, ledger: app.ledger }, LONG);
    expect(errorOf(run)).toBe("");
    expect(run.outputs).toMatchObject({
      decision: "proceed",
      reason: "promoted",
      "live-release": "r2",
      "previous-release": "r1",
    });
    expect(await app.live()).toEqual(["r2", "r1"]);
    expect(app.swaps()).toBe(1);
    expect(rulesOf(app)).toEqual([]);
    expect(run.stdout).toMatch(/Step 1 of 2, 20 %, \d+s of 6s: server errors: canary 0 of \d+ .* evidence 0\.0 of \d/);
    expect(run.result).toMatchObject({
      canary: {
        steps: [
          { weight: 20, verdict: "pass" },
          { weight: 50, verdict: "pass" },
        ],
      },
    });
    expect(run.summary).toContain("The canary, step by step");
  });
});
