import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { errorOf, openStage, type Stage, served } from "./stage.ts";

const PUBLISH = /\/api\/publish/;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ timing: { deploymentStage: 1_500, scmStart: 300 } });
});
afterAll(() => stage.close());
beforeEach(() => stage.reset());

/** Resolves when the SCM site has seen such a request. */
async function seen(method: string, path: RegExp, ended = false): Promise<void> {
  const isThere = () =>
    stage.cloud.requests.of({ host: "scm", method, path }).some(({ status }) => !ended || status !== undefined);
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("a cancelled run", () => {
  test("while it sends leaves no deployment behind and says so", async () => {
    // The reply is held back once the whole package has arrived: nothing was begun.
    stage.fault("POST", PUBLISH, { kind: "hang", when: "uploaded" });
    const path = await stage.package("sending", { "s.txt": "1" });
    const moment = () => seen("POST", PUBLISH);
    const run = await stage.deploy({ package: path, release: "s1" }, { signalAfter: { signal: "SIGINT", moment } });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "interrupted" });
    expect(errorOf(run)).toMatch(/was cancelled/);
    expect(errorOf(run)).toMatch(/the package was being sent/);
    expect(stage.uploads()).toHaveLength(1);
    expect(stage.cloud.hosting.deployments(stage.staging).filter(({ status }) => status !== 4)).toEqual([]);
  });

  test("while it follows names the deployment that goes on; post says how it stands; the next run waits and sends nothing", async () => {
    const path = await stage.package("polling", { "p.txt": "1" });
    const moment = () => seen("GET", /\/api\/deployments\/[0-9a-f-]{36}$/, true);
    const run = await stage.deploy({ package: path, release: "p1" }, { signalAfter: { signal: "SIGINT", moment } });
    expect(run.outputs.reason).toBe("interrupted");
    expect(errorOf(run)).toMatch(/deployment [0-9a-f-]{36} goes on in the slot/);
    const post = await run.post();
    expect(post.exitCode).toBe(0);
    expect(post.stdout).toMatch(/the deployment [0-9a-f-]{36} (still runs|has succeeded)/);
    const next = await stage.deploy({ package: path, release: "p1" });
    expect(next.outputs).toMatchObject({ reason: "already-deployed", decision: "nothing-to-do" });
    expect(stage.uploads()).toHaveLength(1);
    expect(await served(stage)).toMatchObject({ release: "p1" });
  });

  test("that was killed leaves a journal from which post reports", async () => {
    const path = await stage.package("killed", { "k.txt": "1" });
    const moment = () => seen("GET", /\/api\/deployments\/[0-9a-f-]{36}$/, true);
    const run = await stage.deploy({ package: path, release: "k1" }, { signalAfter: { signal: "SIGKILL", moment } });
    expect(run.signal).toBe("SIGKILL");
    const post = await run.post();
    expect(post.stdout).toMatch(/k1 was being deployed: the deployment [0-9a-f-]{36}/);
  });
});

describe("a settings change", () => {
  test("that restarts the SCM site under the deployment costs one more, and the release runs", async () => {
    const path = await stage.package("restarted", { "r.txt": "1" });
    const change = seen("GET", /\/api\/deployments\/[0-9a-f-]{36}$/, true).then(() =>
      stage.cloud.hosting.configurationChanged(stage.staging, "settings"),
    );
    const run = await stage.deploy({ package: path, release: "r1" });
    await change;
    expect(errorOf(run)).toBe("");
    expect(run.outputs.reason).toBe("deployed");
    expect(run.result).toMatchObject({ redeployed: true, uploads: 2 });
    expect(await served(stage)).toMatchObject({ release: "r1" });
  });
});

test("an SCM site that starts slowly is waited for", async () => {
  stage.fault(
    "GET",
    /\/api\//,
    { kind: "status", status: 404, body: "<html><body>404 - Not Found</body></html>" },
    { times: 1 },
  );
  stage.fault("GET", /\/api\//, { kind: "status", status: 503, body: "The service is unavailable." }, { times: 2 });
  const path = await stage.package("slow", { "slow.txt": "1" });
  const run = await stage.deploy({ package: path, release: "slow" });
  expect(run.outputs.reason).toBe("deployed");
  expect(stage.uploads()).toHaveLength(1);
});
