import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { pushOf } from "../../../packages/rehearsal/src/workflows/github-of-cloud.ts";
import type { RunResult } from "../../../packages/rehearsal/src/workflows/workflow-run.ts";
import { startWorkflow } from "../../../packages/rehearsal/src/workflows/workflow-runner.ts";
import { type AppOnCloud, appOnCloud } from "./app-on-cloud.ts";

const DEPLOY = ".github/workflows/deploy.yml";

function checks(run: RunResult): Record<string, string> {
  return Object.fromEntries(run.jobs.map((job) => [job.check, job.result]));
}

/** The whole log, for a test that fails. */
function told(run: RunResult): string {
  return [run.error ?? "", ...run.jobs.flatMap((job) => [`== ${job.check}: ${job.result}`, ...job.log])].join("\n");
}

async function deploy(app: AppOnCloud, release: string): Promise<RunResult> {
  await app.commit(release);
  return startWorkflow(app.github, pushOf(app.github, DEPLOY)).done;
}

describe("the starters, through three environments", () => {
  let app: AppOnCloud;
  beforeAll(async () => {
    app = await appOnCloud(["dev", "staging", "production"]);
  });
  afterAll(() => app.close());

  test("a push takes one package through all environments, and every promised check is there", async () => {
    const run = await deploy(app, "1");
    expect({ checks: checks(run), log: run.conclusion === "success" ? "" : told(run) }).toEqual({
      checks: {
        changes: "success",
        build: "success",
        "dev / release": "success",
        "staging / release": "success",
        "production / release": "success",
        "deploy-ok": "success",
      },
      log: "",
    });
    expect(run.deployments.map((deployment) => [deployment.environment, deployment.state])).toEqual([
      ["dev", "success"],
      ["staging", "success"],
      ["production", "success"],
    ]);
    const live = await Promise.all(["dev", "staging", "production"].map((name) => app.live(name)));
    expect(new Set(live).size).toBe(1);
    expect(run.jobs.find((job) => job.check === "production / release")?.outputs["live-release"]).toBe(live[0]);
  }, 180_000);

  test("a release that is unhealthy stops in the first environment, and deploy-ok is red", async () => {
    const before = await app.live("dev");
    const run = await deploy(app, "unready");
    expect(checks(run)).toMatchObject({
      "dev / release": "failure",
      staging: "skipped",
      production: "skipped",
      "deploy-ok": "failure",
    });
    expect(await app.live("dev")).toBe(before);
  }, 180_000);

  test("migrations with two heads are refused before anything changes", async () => {
    const before = await app.live("dev");
    const run = await deploy(app, "4");
    expect(checks(run)).toMatchObject({ "dev / release": "failure", "deploy-ok": "failure" });
    expect(run.jobs.find((job) => job.check === "dev / release")?.log.join("\n")).toContain(
      "The migrations have 2 heads",
    );
    expect(await app.live("dev")).toBe(before);
  }, 180_000);

  test("a rollback by dispatch puts the release before back, and says why and by whom", async () => {
    const first = await app.live("dev");
    await deploy(app, "2");
    expect(await app.live("dev")).not.toBe(first);
    const trigger = {
      ...pushOf(app.github, ".github/workflows/rollback.yml"),
      event: "workflow_dispatch",
      actor: "hubot",
    };
    const inputs = { environment: "dev", why: "bids are slow" };
    const run = await startWorkflow(app.github, { ...trigger, inputs }).done;
    expect({ checks: checks(run), log: run.conclusion === "success" ? "" : told(run) }).toEqual({
      checks: { "rollback / rollback": "success" },
      log: "",
    });
    expect(run.name).toBe("Roll back dev to the release before");
    expect(await app.live("dev")).toBe(first);
  }, 240_000);

  test("a pull request is judged by the migration gate without any sign-in", async () => {
    await app.commit("2");
    const trigger = {
      ...pushOf(app.github, ".github/workflows/migration-gate.yml"),
      event: "pull_request",
      fork: true,
    };
    const run = await startWorkflow(app.github, trigger).done;
    expect({ checks: checks(run), log: run.conclusion === "success" ? "" : told(run) }).toEqual({
      checks: { "migrations / gate": "success", "migrations-ok": "success" },
      log: "",
    });
  }, 60_000);
});
