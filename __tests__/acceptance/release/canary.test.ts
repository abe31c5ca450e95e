import { afterEach, expect, test } from "@jest/globals";
import { type Clients, quick, rulesOf, startClients, startWorkingApp, workFiles } from "../canary/app-under-load.ts";
import { until } from "../cloud/hosted-site.ts";
import { type AppInSlots, errorOf } from "../slot-swap/app-in-slots.ts";
import { packageFolder } from "./package-folder.ts";

let app: AppInSlots;
let clients: Clients | undefined;
const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  await clients?.stop();
  await app?.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

interface Routing {
  properties: { experiments: { rampUpRules: { name: string; reroutePercentage: number }[] } };
}

/** What Azure was asked for, in order: the share of the traffic by slot, whole each time, and swaps. */
const asked = () =>
  app.cloud.requests
    .of({ host: "management", path: /\/slotsswap|\/config\/web/ })
    .filter(({ method }) => method !== "GET")
    .map(({ method, json }) => (method === "POST" ? "swap" : sharesOf(json as Routing)));

const sharesOf = ({ properties }: Routing) =>
  Object.fromEntries(properties.experiments.rampUpRules.map((rule) => [rule.name, rule.reroutePercentage]));

test("a release with steps is ramped up, judged at each, and swapped without a rule; a worse one loses its share", async () => {
  app = await startWorkingApp({ appSettings: { FAILING: "r4 0.3" } });
  clients = startClients(app, 50);
  const release = async (id: string, runId: string, steps: string) => {
    const folder = await packageFolder(id, workFiles(id));
    folders.push(folder);
    const inputs = { ...quick, steps, package: folder.path, release: id, ledger: app.ledger };
    return app.run("release", inputs, { timeout: 120_000, env: { GITHUB_RUN_ID: runId } });
  };

  const good = await release("r3", "1", "20% 6s, 50% 6s");
  expect(errorOf(good)).toBe("");
  expect(good.outputs).toMatchObject({ decision: "proceed", reason: "released", "live-release": "r3" });
  expect(asked()).toEqual([{ staging: 20 }, { staging: 50 }, {}, "swap"]);
  const passed = [20, 50].map((weight, index) => ({ step: index + 1, weight, verdict: "pass" }));
  expect(good.result).toMatchObject({ canary: { steps: passed } });
  expect(good.summary).toMatch(/The canary, step by step[\s\S]*gantt[\s\S]*Ramp up/);
  expect(await app.live()).toEqual(["r3", "r1"]);

  app.cloud.requests.clear();
  const bad = await release("r4", "2", "20% 50s, 50% 50s");
  expect(bad.exitCode).toBe(1);
  expect(bad.outputs).toMatchObject({ decision: "rolled-back", reason: "worse", "live-release": "r3" });
  expect(errorOf(bad)).toMatch(/server-errors: the evidence sufficed \d+ s into the step/);
  expect(asked()).toEqual([{ staging: 20 }, {}]);
  expect(bad.result).toMatchObject({ canary: { steps: [{ step: 1, weight: 20, verdict: "fail" }] } });
  expect(bad.summary).toMatch(/❌ fail[\s\S]*\| 2 \| 50&nbsp;% ▓▓▓▓▓░░░░░ \| 50s \| not reached \|/);
  expect(rulesOf(app)).toEqual([]);
  expect(await app.live()).toEqual(["r3", "r4"]);
  expect(await app.readHead()).toMatchObject({
    holder: null,
    live: { release: "r3" },
    rollout: { phase: "ROLLED_BACK" },
  });
  const after = Date.now();
  await until("clients go on", () => (clients?.since(after).length ?? 0) > 40);
  expect(clients.since(after).every((each) => each.release === "r3" && each.status === 200)).toBe(true);
  const statuses = app.cloud.github.state.statuses.get(Number(bad.outputs["deployment-id"]));
  expect(statuses?.map(({ state }) => state)).toEqual(["in_progress", "failure"]);
});
