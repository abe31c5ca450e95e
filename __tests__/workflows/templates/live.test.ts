/** live.yml is what a maintainer with a subscription switches on; here its steps run against the rehearsal cloud. */
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { pushOf } from "../../../packages/rehearsal/src/workflows/github-of-cloud.ts";
import type { RunResult } from "../../../packages/rehearsal/src/workflows/workflow-run.ts";
import { startWorkflow } from "../../../packages/rehearsal/src/workflows/workflow-runner.ts";
import { type AppOnCloud, appOnCloud } from "../../../scripts/rehearse/workflow/app-on-cloud.ts";
import { checks, outcome } from "../outcome.ts";

const toolkit = resolve(import.meta.dirname, "../../..");
const LIVE = ".github/workflows/live.yml";
/** What of this repository the workflow needs of its checkout. */
const SOURCES = [
  "examples/auction-api",
  "scripts/materialise-release.ts",
  "packages/rehearsal/src/auction-api.ts",
  LIVE,
];

let app: AppOnCloud;
beforeAll(async () => {
  app = await appOnCloud({ environments: ["live"] });
  await app.commit((folder) => {
    for (const path of SOURCES) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      cpSync(join(toolkit, path), join(folder, path), { recursive: true });
    }
    for (const path of ["actions", "dist"]) symlinkSync(join(toolkit, path), join(folder, path));
  });
});
afterAll(() => app.close());

function probe(vars: Record<string, string>): Promise<RunResult> {
  const times = { LIVE_BAKE_TIME: "1s", LIVE_WARM_UP_TIMEOUT: "15s", LIVE_UNREADY_TIMEOUT: "2s" };
  const live = { vars: { ...app.github.environments.live?.vars, ...times } };
  const github = { ...app.github, vars, environments: { live } };
  return startWorkflow(github, { ...pushOf(github, LIVE), event: "workflow_dispatch" }).done;
}

test("is off until the variable LIVE_PROBE is on: nothing runs", async () => {
  expect(checks(await probe({}))).toEqual({ build: "skipped", probe: "skipped" });
});

test("releases twice, keeps an unhealthy release out of production, and goes back", async () => {
  const run = await probe({ LIVE_PROBE: "on" });
  const built = { "build (1)": "success", "build (2)": "success", "build (unready)": "success" };
  expect(outcome(run)).toEqual({ checks: { ...built, probe: "success" }, log: "" });
  expect(run.deployments).toEqual([]);
  expect(await app.live("live")).toMatch(/^first-/);
}, 240_000);
