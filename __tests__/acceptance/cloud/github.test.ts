import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Faults } from "../../../packages/rehearsal/src/faults.ts";
import { type Github, startGithub } from "../../../packages/rehearsal/src/github.ts";
import { defaultJob } from "../../../packages/rehearsal/src/oidc.ts";
import { RequestLog } from "../../../packages/rehearsal/src/request-log.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { createTls } from "../../../packages/rehearsal/src/tls.ts";
import { httpsClient } from "../../support/https-json.ts";

const job = { ...defaultJob };
const repository = `/repos/${job.repository}`;
let github: Github;
let folder: TemporaryFolder;
let client: ReturnType<typeof httpsClient>;

beforeAll(async () => {
  folder = await temporaryFolder("github-test");
  const tls = await createTls(folder.path);
  github = await startGithub({ tls, faults: new Faults(), requests: new RequestLog() }, job);
  client = httpsClient(github.url, tls.ca, { authorization: `Bearer ${github.token}` });
});

afterAll(async () => {
  client.close();
  await github.service.close();
  await folder.remove();
});

const post = (path: string, body: unknown) => client.ask(`${repository}${path}`, { method: "POST", body });
const patch = (path: string, body: unknown) => client.ask(`${repository}${path}`, { method: "PATCH", body });
const get = (path: string) => client.ask(`${repository}${path}`);

async function deploy(environment: string): Promise<number> {
  const { body } = await post("/deployments", { ref: "main", environment, auto_merge: false, required_contexts: [] });
  return (body as { id: number }).id;
}

async function states(id: number): Promise<string[]> {
  const { body } = await get(`/deployments/${id}/statuses`);
  return (body as { state: string }[]).map(({ state }) => state);
}

describe("deployments", () => {
  test("are created with GitHub's defaults and found by environment, newest first", async () => {
    const made = await post("/deployments", { ref: "main" });
    expect(made).toMatchObject({ status: 201, body: { task: "deploy", environment: "production", sha: job.sha } });
    const later = await deploy("production");
    await deploy("staging");
    const listed = await get("/deployments?environment=production&per_page=1");
    expect(listed.body).toMatchObject([{ id: later }]);
    expect(listed.headers.link).toContain('page=2>; rel="next"');
  });

  test("a success retires the earlier successes of its environment, and only those", async () => {
    const [first, second, elsewhere] = [await deploy("blue"), await deploy("blue"), await deploy("green")];
    for (const id of [first, elsewhere, second]) await post(`/deployments/${id}/statuses`, { state: "success" });
    expect(await states(first)).toEqual(["inactive", "success"]);
    expect(await states(second)).toEqual(["success"]);
    expect(await states(elsewhere)).toEqual(["success"]);
  });

  test("auto_inactive false leaves the others alone", async () => {
    const [first, second] = [await deploy("red"), await deploy("red")];
    await post(`/deployments/${first}/statuses`, { state: "success" });
    await post(`/deployments/${second}/statuses`, { state: "success", auto_inactive: false });
    expect(await states(first)).toEqual(["success"]);
  });

  test("a ref that does not exist is refused", async () => {
    expect(await post("/deployments", { ref: "gone" })).toMatchObject({
      status: 422,
      body: { message: "No ref found for: gone" },
    });
  });

  test("a description over 140 characters is refused as GitHub does", async () => {
    const id = await deploy("long");
    const answer = await post(`/deployments/${id}/statuses`, { state: "failure", description: "x".repeat(141) });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        message: "Validation Failed",
        errors: [{ resource: "DeploymentStatus", field: "description", code: "custom" }],
      },
    });
    expect(await states(id)).toEqual([]);
  });
});

describe("requests are held against the description", () => {
  test.each([
    ["a missing field", "/deployments", {}, "must have required property 'ref'"],
    ["a wrong type", "/deployments", { ref: 7 }, "/ref must be string"],
    [
      "a word that is not in the list",
      "/check-runs",
      { name: "gate", head_sha: job.sha, status: "done" },
      "(queued, in_progress, completed)",
    ],
    ["no time", "/check-runs", { name: "gate", head_sha: job.sha, started_at: "now" }, "date-time"],
  ])("%s is answered 422 with the reason", async (_, path, body, reason) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(422);
    expect((answer.body as { message: string }).message).toContain(reason);
  });

  test("a body that is no JSON is answered 400", async () => {
    const answer = await post("/deployments", "{");
    expect(answer).toMatchObject({ status: 400, body: { message: "Problems parsing JSON" } });
  });

  test("an unknown operation is answered 501 with its name", async () => {
    const answer = await get("/branches");
    expect(answer.status).toBe(501);
    expect((answer.body as { message: string }).message).toContain(`GET ${repository}/branches`);
  });

  test("another repository is not found", async () => {
    expect((await client.ask("/repos/auction/other/deployments")).status).toBe(404);
  });
});

describe("check runs", () => {
  test("are created, completed by a conclusion, and listed for their commit", async () => {
    const made = await post("/check-runs", { name: "migration gate", head_sha: job.sha, status: "in_progress" });
    const { id } = made.body as { id: number };
    const annotation = { path: "a.py", start_line: 1, end_line: 1, annotation_level: "failure", message: "locks" };
    const output = { title: "Two heads", summary: "…", annotations: [annotation] };
    const done = await patch(`/check-runs/${id}`, { conclusion: "failure", output });
    expect(done.body).toMatchObject({ status: "completed", conclusion: "failure", output: { annotations_count: 1 } });
    const listed = await get(`/commits/${job.sha}/check-runs?check_name=${encodeURIComponent("migration gate")}`);
    expect(listed.body).toMatchObject({ total_count: 1, check_runs: [{ id }] });
  });
});

describe("comments", () => {
  test("are created, changed and listed for their pull request", async () => {
    const made = await post("/issues/7/comments", { body: "Plan" });
    const { id } = made.body as { id: number };
    await patch(`/issues/comments/${id}`, { body: "Plan, revised" });
    expect((await get("/issues/7/comments")).body).toMatchObject([{ id, body: "Plan, revised" }]);
  });

  test("need an issue that is there", async () => {
    expect((await post("/issues/8/comments", { body: "Plan" })).status).toBe(404);
  });

  test("over 65536 characters are refused", async () => {
    expect(await post("/issues/7/comments", { body: "x".repeat(65_537) })).toMatchObject({
      status: 422,
      body: { errors: [{ field: "body" }] },
    });
  });
});

describe("runs and the subject of their tokens", () => {
  test("the job's own run is under way, and another is what the test says", async () => {
    github.state.runs.set("99", { status: "completed", conclusion: "cancelled", run_attempt: 2 });
    expect((await get(`/actions/runs/${job.runId}`)).body).toMatchObject({ status: "in_progress", head_sha: job.sha });
    expect((await get("/actions/runs/99/attempts/2")).body).toMatchObject({ id: 99, conclusion: "cancelled" });
    expect((await get("/actions/runs/98")).status).toBe(404);
  });

  test("the subject's prefix is shown in both forms", async () => {
    const path = "/actions/oidc/customization/sub";
    expect((await get(path)).body).toMatchObject({ sub_claim_prefix: "repo:auction/api" });
    job.immutableSubject = true;
    expect((await get(path)).body).toMatchObject({ sub_claim_prefix: "repo:auction@9812345/api@740123456" });
  });
});

describe("tokens", () => {
  test("none and a wrong one are told apart", async () => {
    const ask = (authorization: string) => client.ask(`${repository}/deployments`, { headers: { authorization } });
    expect(await ask("")).toMatchObject({ status: 401, body: { message: "Requires authentication" } });
    expect(await ask("Bearer ghs_other")).toMatchObject({ status: 401, body: { message: "Bad credentials" } });
  });

  test("a missing permission is answered 403, naming what was needed", async () => {
    const all = github.state.permissions;
    github.state.permissions = { ...all, deployments: "read" };
    const answer = await post("/deployments", { ref: "main" });
    github.state.permissions = all;
    expect(answer).toMatchObject({ status: 403, body: { message: "Resource not accessible by integration" } });
    expect(answer.headers["x-accepted-github-permissions"]).toBe("deployments=write");
  });
});
