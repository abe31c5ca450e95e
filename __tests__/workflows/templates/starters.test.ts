import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { RunResult, Trigger } from "../../../packages/rehearsal/src/workflows/workflow-run.ts";
import { type AppOnCloud, appOnCloud } from "../../../scripts/rehearse/workflow/app-on-cloud.ts";
import { checks, logOf, outcome, outputsOf } from "../outcome.ts";

let app: AppOnCloud;

beforeAll(async () => {
  app = await appOnCloud({ environments: ["dev", "staging", "production"] });
});
afterAll(() => app.close());

async function deploy(release: string): Promise<RunResult> {
  await app.commitRelease(release);
  return app.run("deploy.yml");
}

/** Every check that the starter promises, with how each ended. */
const promised = (result: string, more: Record<string, string> = {}) => ({
  changes: "success",
  build: result,
  "dev / release": result,
  "staging / release": result,
  "production / release": result,
  "deploy-ok": "success",
  ...more,
});

describe("deploy.yml", () => {
  test("takes one package through all environments, and every promised check is there", async () => {
    const run = await deploy("1");
    expect(outcome(run)).toEqual({ checks: promised("success"), log: "" });
    expect(run.deployments.map(({ environment, state }) => [environment, state])).toEqual([
      ["dev", "success"],
      ["staging", "success"],
      ["production", "success"],
    ]);
    const live = await Promise.all(["dev", "staging", "production"].map(app.live));
    expect(new Set(live).size).toBe(1);
    expect(outputsOf(run, "production / release")["live-release"]).toBe(live[0]);
  });

  test("stops in the first environment when a release is unhealthy, and deploy-ok is red", async () => {
    const live = await app.live("dev");
    const run = await deploy("unready");
    expect(checks(run)).toEqual({
      ...promised("success", { "dev / release": "failure", "deploy-ok": "failure" }),
      staging: "skipped",
      production: "skipped",
      "staging / release": undefined,
      "production / release": undefined,
    });
    expect(await app.live("dev")).toBe(live);
  });

  test("refuses migrations with two heads before anything changes", async () => {
    const live = await app.live("dev");
    const run = await deploy("4");
    expect(checks(run)).toMatchObject({ "dev / release": "failure", "deploy-ok": "failure" });
    expect(logOf(run, "dev / release")).toContain("The migrations have 2 heads");
    expect(await app.live("dev")).toBe(live);
  });

  test("releases nothing after a push that touches no path of the backend, and deploy-ok is green all the same", async () => {
    const before = await app.commit();
    await app.commit((folder) => writeFileSync(join(folder, "NOTES.md"), "only words\n"));
    const run = await app.run("deploy.yml", { payload: { before } });
    expect(outcome(run)).toEqual({
      checks: {
        changes: "success",
        build: "skipped",
        dev: "skipped",
        staging: "skipped",
        production: "skipped",
        "deploy-ok": "success",
      },
      log: "",
    });
  });

  // Of a pull request that is pushed to again, `before` is its own commit before that: the base is what counts.
  const proposals = (base: string, own: string): Partial<Trigger>[] => [
    {
      event: "pull_request",
      fork: true,
      payload: { before: own, pull_request: { base: { sha: base }, title: "Bids" } },
    },
    {
      event: "merge_group",
      ref: "refs/heads/gh-readonly-queue/main/pr-7",
      payload: { merge_group: { base_sha: base } },
    },
  ];
  const buildOnly = { changes: "success", dev: "skipped", staging: "skipped", production: "skipped" };

  test("only builds a pull request and a merge group, and deploy-ok is there for both to be required", async () => {
    const base = await app.commit();
    await app.commitRelease("2");
    const touched = await app.commit();
    for (const trigger of proposals(base, touched)) {
      const run = await app.run("deploy.yml", trigger);
      expect(outcome(run)).toEqual({ checks: { ...buildOnly, build: "success", "deploy-ok": "success" }, log: "" });
      expect(run.deployments).toEqual([]);
    }
    await app.commit((folder) => writeFileSync(join(folder, "WORDS.md"), "only words\n"));
    for (const trigger of proposals(touched, base)) {
      const run = await app.run("deploy.yml", trigger);
      expect(outcome(run)).toEqual({ checks: { ...buildOnly, build: "skipped", "deploy-ok": "success" }, log: "" });
    }
  });

  test("is red in deploy-ok when a pull request cannot be built", async () => {
    const workflow = join(app.folder, ".github/workflows/deploy.yml");
    const text = readFileSync(workflow, "utf8");
    const base = await app.commit();
    await app.commit(() =>
      writeFileSync(workflow, text.replace("          path: .\n", "          path: no-such-folder\n")),
    );
    try {
      for (const trigger of proposals(base, base)) {
        const run = await app.run("deploy.yml", trigger);
        expect(checks(run)).toEqual({ ...buildOnly, build: "failure", "deploy-ok": "failure" });
      }
    } finally {
      await app.commit(() => writeFileSync(workflow, text));
    }
  });

  test("holds back while the environment is frozen, and says who froze it and why", async () => {
    const frozen = await app.dispatch("freeze.yml", { environment: "dev", reason: "Christmas sale", until: "2d" });
    expect(outcome(frozen)).toEqual({ checks: { freeze: "success" }, log: "" });
    expect(frozen.deployments).toEqual([]);
    const run = await deploy("2");
    expect(checks(run)).toMatchObject({ "dev / release": "failure", "deploy-ok": "failure" });
    expect(logOf(run, "dev / release")).toMatch(/hubot froze it.*Christmas sale/s);
    const lifted = await app.dispatch("freeze.yml", { environment: "dev", reason: "over", mode: "lift" });
    expect(checks(lifted)).toEqual({ freeze: "success" });
  });
});

describe("migration-gate.yml", () => {
  // Whatever the tests above left in the repository.
  beforeAll(() => app.commitRelease("2"));

  test.each([
    [
      "a pull request from a fork, without any sign-in",
      { event: "pull_request", fork: true, ref: "refs/pull/7/merge" },
    ],
    ["a merge group", { event: "merge_group", ref: "refs/heads/gh-readonly-queue/main/pr-7" }],
  ])("judges %s", async (_, trigger) => {
    const run = await app.run("migration-gate.yml", trigger);
    expect(outcome(run)).toEqual({ checks: { "migrations / gate": "success", "migrations-ok": "success" }, log: "" });
  });

  test("installs what the migrations import, and says which file is missing", async () => {
    const run = await app.run("migration-gate.yml", { event: "pull_request", fork: true });
    expect(logOf(run, "migrations / gate")).toContain("── Install what the migrations need");
    const requirements = join(app.folder, "requirements.txt");
    const text = readFileSync(requirements);
    await app.commit(() => rmSync(requirements));
    const red = await app.run("migration-gate.yml", { event: "pull_request", fork: true });
    await app.commit(() => writeFileSync(requirements, text));
    expect(checks(red)).toEqual({ "migrations / gate": "failure", "migrations-ok": "failure" });
    expect(logOf(red, "migrations / gate")).toMatch(/There is no requirements\.txt in .*by the input requirements/);
  }, 60_000);

  test("is red, and migrations-ok with it, when a pull request brings a second head", async () => {
    await app.commitRelease("4");
    const run = await app.run("migration-gate.yml", { event: "pull_request", fork: true });
    expect(checks(run)).toEqual({ "migrations / gate": "failure", "migrations-ok": "failure" });
  });
});
