/** Our requests to GitHub, held against its published OpenAPI description by the rehearsal cloud's GitHub. */
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import {
  createDeployment,
  GitHubClient,
  readRunLiveness,
  readSubjectCustomisation,
  setDeploymentStatus,
  upsertCheckRun,
  upsertComment,
} from "@augeo/github";
import { ServiceError } from "@augeo/release";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { Faults } from "../../packages/rehearsal/src/faults.ts";
import { type Github, startGithub } from "../../packages/rehearsal/src/github.ts";
import { defaultJob } from "../../packages/rehearsal/src/oidc.ts";
import { RequestLog } from "../../packages/rehearsal/src/request-log.ts";
import { type TemporaryFolder, temporaryFolder } from "../../packages/rehearsal/src/temporary-folder.ts";
import { createTls } from "../../packages/rehearsal/src/tls.ts";

const faults = new Faults();
const requests = new RequestLog();
const sleeps: number[] = [];
let now = Date.now();
let folder: TemporaryFolder;
let github: Github;
let client: GitHubClient;

/** A clock on which waiting takes no time. */
const clock = {
  now: () => now,
  sleep: async (milliseconds: number) => {
    sleeps.push(milliseconds);
    now += milliseconds;
  },
};

function connect(token: string): GitHubClient {
  return new GitHubClient({ apiUrl: github.url, token, repository: defaultJob.repository, clock });
}

async function failure(work: Promise<unknown>): Promise<ServiceError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ServiceError) return error;
  throw new Error(`no ServiceError but ${String(error)}`);
}

beforeAll(async () => {
  folder = await temporaryFolder("github");
  const tls = await createTls(folder.path);
  setDefaultCACertificates([...getCACertificates("default"), tls.ca]);
  github = await startGithub({ tls, faults, requests }, defaultJob);
  client = connect(github.token);
});

afterEach(() => {
  faults.clear();
  requests.clear();
  sleeps.length = 0;
  github.state.permissions = {
    actions: "write",
    checks: "write",
    deployments: "write",
    issues: "write",
    metadata: "read",
    "pull-requests": "write",
  };
});

afterAll(async () => {
  await github.service.close();
  await folder.remove();
});

const deployment = {
  ref: defaultJob.sha,
  environment: "production",
  description: "x".repeat(300),
  isProduction: true,
  payload: { release: "r1" },
};

describe("deployments", () => {
  test("are created with a cut description, and take every state", async () => {
    const id = await createDeployment(client, deployment);
    for (const state of ["queued", "in_progress", "success", "failure", "error", "inactive", "pending"] as const) {
      await setDeploymentStatus(client, id, {
        state,
        environmentUrl: "https://example.com",
        logUrl: "https://example.com/run",
      });
    }
    expect(github.state.statuses.get(id)).toHaveLength(7);
    expect(github.state.deployments.at(-1)).toMatchObject({ environment: "production", production_environment: true });
  });

  test("are never created twice when the reply is lost", async () => {
    faults.add({ match: { method: "POST", path: /deployments$/ }, action: { kind: "reset", when: "after" } });
    const error = await failure(createDeployment(client, deployment));
    expect(error.what).toBe("GitHub did not create a deployment.");
    expect(error.code).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(requests.of({ method: "POST" })).toHaveLength(1);
  });

  test("get their status in spite of a server that fails once", async () => {
    const id = await createDeployment(client, deployment);
    faults.add({
      match: { path: /statuses$/ },
      times: 1,
      action: { kind: "status", status: 502, body: "bad gateway" },
    });
    await setDeploymentStatus(client, id, { state: "success" });
    expect(github.state.statuses.get(id)).toHaveLength(1);
  });
});

describe("check runs", () => {
  const line = (index: number, message = "m") => ({
    path: "migrations/1.py",
    startLine: index + 1,
    endLine: index + 1,
    level: "warning" as const,
    message,
    title: "t",
  });
  const lines = (count: number) => Array.from({ length: count }, (_, index) => line(index));
  const run = {
    name: "gate",
    key: "backend",
    headSha: defaultJob.sha,
    conclusion: "failure",
    title: "t",
    summary: "s",
  } as const;
  const methods = () => requests.of({ path: /check-runs/ }).map(({ method }) => method);

  test("carry more annotations than fit in one request, and are updated in place without repeating any", async () => {
    const { id } = await upsertCheckRun(client, { ...run, annotations: lines(120) });
    expect(methods()).toEqual(["GET", "POST", "PATCH", "PATCH"]);
    const again = await upsertCheckRun(client, { ...run, conclusion: "success", annotations: lines(121) });
    expect(again.id).toBe(id);
    expect(github.state.annotations.get(id)).toHaveLength(121);
    expect(github.state.checkRuns.find((one) => one.id === id)).toMatchObject({ conclusion: "success" });
  });

  test("whose annotations no longer hold are replaced by a new one of the same name", async () => {
    const first = await upsertCheckRun(client, { ...run, key: "other", annotations: [line(1), line(2, "gone")] });
    const second = await upsertCheckRun(client, { ...run, key: "other", annotations: [line(1)] });
    expect(second.id).not.toBe(first.id);
    expect(github.state.annotations.get(second.id)).toHaveLength(1);
  });

  test("are cut to what GitHub takes", async () => {
    const { id } = await upsertCheckRun(client, {
      ...run,
      key: "long",
      summary: "x".repeat(70_000),
      title: "y".repeat(300),
    });
    expect(github.state.checkRuns.find((one) => one.id === id)).toMatchObject({ status: "completed" });
  });
});

describe("the sticky comment", () => {
  test("is added once, updated after that, and left alone when nothing changed", async () => {
    const first = await upsertComment(client, 7, "release", "one");
    const second = await upsertComment(client, 7, "release", "two");
    const third = await upsertComment(client, 7, "release", "two");
    expect([second, third]).toEqual([first, first]);
    expect(requests.entries.map(({ method }) => method)).toEqual(["GET", "POST", "GET", "PATCH", "GET"]);
  });

  test("of another marker is another comment", async () => {
    expect(await upsertComment(client, 7, "gate", "x")).not.toBe(await upsertComment(client, 7, "release", "x"));
  });
});

describe("runs and sign-in", () => {
  test("a run that works is running, and one that GitHub does not know is gone", async () => {
    expect(await readRunLiveness(client, defaultJob.runId, Number(defaultJob.runAttempt))).toMatchObject({
      kind: "running",
    });
    expect(await readRunLiveness(client, "424242", 1)).toEqual({ kind: "gone" });
  });

  test("a run of a repository that the token may not see is hidden and not gone, though GitHub answers the same", async () => {
    const unseen = new GitHubClient({ apiUrl: github.url, token: github.token, repository: "octo-org/unseen", clock });
    expect(await readRunLiveness(unseen, "424242", 1)).toEqual({ kind: "hidden" });
  });

  test("the form of the subject is readable", async () => {
    expect(await readSubjectCustomisation(client)).toMatchObject({
      usesDefault: expect.any(Boolean),
      usesImmutable: expect.any(Boolean),
    });
  });
});

describe("refusals", () => {
  test("name the permission that is missing", async () => {
    github.state.permissions = { metadata: "read" };
    const error = await failure(createDeployment(client, deployment));
    expect(error.status).toBe(403);
    expect(error.what).toBe(`The token may not create a deployment in ${defaultJob.repository}.`);
    expect(error.fix).toContain("add deployments: write under permissions:");
    expect(error.correlationId).toBeTruthy();
  });

  test("of a token say so", async () => {
    const error = await failure(createDeployment(connect("nonsense"), deployment));
    expect([error.status, error.what]).toEqual([401, "GitHub refused the token to create a deployment."]);
  });

  test("of a field show GitHub's words", async () => {
    const error = await failure(
      upsertComment(client, 7, "x", "").then(() => setDeploymentStatus(client, 999_999, { state: "success" })),
    );
    expect(error.why).toContain("GitHub answered 404");
  });
});

describe("limits", () => {
  test("with retry-after are waited out as long as GitHub asks, also for what may not be repeated", async () => {
    const headers = { "retry-after": "7" };
    faults.add({
      match: { method: "POST" },
      times: 2,
      action: { kind: "status", status: 403, headers, body: { message: "You have exceeded a secondary rate limit" } },
    });
    await createDeployment(client, deployment);
    expect(sleeps).toEqual([7_000, 7_000]);
  });

  test("that last longer than our patience end with the limit's name", async () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.floor(now / 1_000) + 3_000) };
    faults.add({
      match: {},
      action: { kind: "status", status: 429, headers, body: { message: "API rate limit exceeded" } },
    });
    const error = await failure(createDeployment(client, deployment));
    expect(error.what).toContain("rate limit");
    expect(sleeps).toEqual([]);
  });
});
