import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { pushOf } from "../../../packages/rehearsal/src/workflows/github-of-cloud.ts";
import type { Trigger } from "../../../packages/rehearsal/src/workflows/workflow-run.ts";
import { startWorkflow } from "../../../packages/rehearsal/src/workflows/workflow-runner.ts";
import { type AppOnCloud, appOnCloud } from "../../../scripts/rehearse/workflow/app-on-cloud.ts";
import { ship } from "../../../scripts/rehearse/workflow/callers.ts";
import { checks, logOf, outcome, outputsOf } from "../outcome.ts";

const SHIPPED = { build: "success", "production / release": "success" };
const RELEASE = "production / release";

let app: AppOnCloud;
beforeAll(async () => {
  app = await appOnCloud({
    environments: ["production"],
    reviewers: { production: ["ann"] },
    workflows: {
      "ship.yml": ship("backend"),
      "ship-approved.yml": ship("backend", "1s", "approval: required"),
    },
  });
  await app.commitRelease("1");
});
afterAll(() => app.close());

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};

test("an environment with reviewers is not entered, and Azure is not asked, before one of them approves", async () => {
  app.cloud.requests.clear();
  const started = app.start("ship.yml");
  await until(() => started.waiting.length === 1);
  expect(started.waiting[0]).toMatchObject({ check: RELEASE, environment: "production", reviewers: ["ann"] });
  expect(app.cloud.requests.of({ host: "login" })).toEqual([]);
  started.waiting[0]?.approve();
  expect(outcome(await started.done)).toEqual({ checks: SHIPPED, log: "" });
});

test("a cancelled run does not wait for a reviewer any longer, and has released nothing", async () => {
  const live = await app.live("production");
  const started = app.start("ship.yml");
  await until(() => started.waiting.length === 1);
  started.cancel();
  expect(checks(await started.done)).toEqual({ ...SHIPPED, [RELEASE]: "cancelled" });
  expect(await app.live("production")).toBe(live);
});

test("a renamed repository is told the subject that GitHub sends now, and goes out once that is registered", async () => {
  const github = {
    ...app.github,
    repository: { ...app.github.repository, immutableSubject: true },
    environments: { production: { vars: app.github.environments.production?.vars ?? {} } },
  };
  const goOut = () => startWorkflow(github, pushOf(github, ".github/workflows/ship.yml")).done;
  const refused = await goOut();
  expect(checks(refused)).toEqual({ ...SHIPPED, [RELEASE]: "failure" });
  const [, subject] = /(repo:[^\s/]+@\d+\/[^\s/]+@\d+:environment:production)/.exec(logOf(refused, RELEASE)) ?? [];
  app.cloud.trust({ subject: subject ?? "the log names no subject" });
  await app.commitRelease("2");
  expect(outcome(await goOut())).toEqual({ checks: SHIPPED, log: "" });
});

test("a private repository without reviewers has its own gate: somebody else's yes to exactly this package", async () => {
  const production = { vars: app.github.environments.production?.vars ?? {} };
  const github = { ...app.github, environments: { production } };
  const start = (workflow: string, more: Partial<Trigger>) =>
    startWorkflow(github, { ...pushOf(github, `.github/workflows/${workflow}`), ...more }).done;
  const approve = (actor: string) => {
    const inputs = { release: String(waiting), environment: "production", why: "looked at it" };
    return start("approve.yml", { event: "workflow_dispatch", actor, inputs });
  };
  const live = await app.live("production");
  const { commitAuthors, roles } = app.cloud.github.state;
  for (const login of ["octocat", "hubot"]) roles.set(login, "write");
  const sha = await app.commit((folder) => writeFileSync(join(folder, "auction/note.txt"), "a change"));
  commitAuthors.set(sha, "octocat");
  const held = await start("ship-approved.yml", { runId: "7001" });
  expect(checks(held)).toEqual({ ...SHIPPED, [RELEASE]: "failure" });
  expect(outputsOf(held, RELEASE).reason).toBe("awaiting-approval");
  const waiting = /release ([0-9a-f]{7}-[0-9a-f]{8})/i.exec(logOf(held, RELEASE))?.[1];
  expect(await app.live("production")).toBe(live);

  expect(checks(await approve("octocat"))).toEqual({ approve: "failure" });
  const approved = await approve("hubot");
  expect(outcome(approved)).toEqual({ checks: { approve: "success" }, log: "" });
  expect(approved.deployments).toEqual([]);
  expect(await app.live("production")).toBe(live);

  const again = await start("ship-approved.yml", { runId: "7001", attempt: 2 });
  expect(outcome(again)).toEqual({ checks: SHIPPED, log: "" });
  expect(await app.live("production")).toBe(waiting);
}, 240_000);
