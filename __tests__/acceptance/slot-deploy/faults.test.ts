import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { errorOf, openStage, type Stage, served } from "./stage.ts";

const PUBLISH = /\/api\/publish/;
const LOOK = /\/api\/deployments\/[0-9a-f-]{36}$/;
const LOCKED = "There is a deployment currently in progress. Please try again when it completes.";
/** A wish that no run waits for: it ends there, however long it took to get so far. */
const BEHIND_THE_DEADLINE = { "retry-after": "3600" };

let stage: Stage;
let count = 0;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(() => stage.reset());

/** A package that no run has sent yet. */
async function fresh(): Promise<{ package: string; release: string }> {
  count += 1;
  return { package: await stage.package("app", { "count.txt": String(count) }), release: `f${count}` };
}

/** Deploys a fresh package and expects it to run in the end, after so many uploads. */
async function expectDeployed(uploads: number, inputs: Record<string, string> = {}) {
  const wanted = await fresh();
  const run = await stage.deploy({ ...wanted, ...inputs });
  expect(errorOf(run)).toBe("");
  expect(run.outputs).toMatchObject({ reason: "deployed", release: wanted.release });
  expect(stage.uploads()).toHaveLength(uploads);
  expect(await served(stage)).toMatchObject({ release: wanted.release });
  return run;
}

/** Deploys a fresh package and expects a service error after so many uploads. */
async function expectFailed(uploads: number, inputs: Record<string, string> = {}) {
  const before = stage.cloud.hosting.deployments(stage.staging).length;
  const run = await stage.deploy({ ...(await fresh()), ...inputs });
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({ decision: "hold", reason: "service-error" });
  expect(stage.uploads()).toHaveLength(uploads);
  return { error: errorOf(run), run, begun: stage.cloud.hosting.deployments(stage.staging).length - before };
}

describe("another deployment", () => {
  const isDeploying = { kind: "status", status: 200, body: { value: "True", msg: "" } } as const;

  test("is waited for before anything is sent", async () => {
    stage.fault("GET", /isdeploying/, isDeploying, { times: 3 });
    const run = await expectDeployed(1);
    expect(run.stdout).toContain("Another deployment to this slot is in progress");
  });

  test("that never ends is an error at the deadline, and nothing was sent", async () => {
    stage.fault("GET", /isdeploying/, isDeploying);
    const { error } = await expectFailed(0, { timeout: "3s" });
    expect(error).toMatch(/did not end in the time allowed/);
    expect(error).toMatch(/concurrency group with cancel-in-progress: false/);
  });

  test("that takes the lock in the last moment costs one refused upload, not five", async () => {
    stage.fault("POST", PUBLISH, { kind: "status", status: 409, body: LOCKED, when: "uploaded" }, { times: 1 });
    await expectDeployed(2);
  });

  test("that refuses before the package was read costs no more than what was under way", async () => {
    stage.fault("POST", PUBLISH, { kind: "status", status: 409, body: LOCKED, when: "before" }, { times: 1 });
    const wanted = await fresh();
    await writeFile(join(wanted.package, "noise.bin"), randomBytes(30_000_000));
    const run = await stage.deploy(wanted);
    await rm(join(wanted.package, "noise.bin"));
    expect(run.outputs.reason).toBe("deployed");
    expect(stage.uploads()).toHaveLength(2);
    expect(stage.uploads()[0]?.requestBytes).toBeLessThan(30_000_000);
  });

  test("that refuses for ever without being seen is an error after two uploads", async () => {
    stage.fault("POST", PUBLISH, { kind: "status", status: 409, body: LOCKED, when: "uploaded" });
    const { error, begun } = await expectFailed(2);
    expect(error).toContain(LOCKED);
    expect(begun).toBe(0);
  });
});

describe("throttling", () => {
  test.each([{ "retry-after": "1" }, {}])("of the upload is waited out (%j)", async (headers) => {
    stage.fault(
      "POST",
      PUBLISH,
      { kind: "status", status: 429, headers, body: "Too many requests", when: "before" },
      { times: 1 },
    );
    const run = await expectDeployed(2);
    expect(run.stdout).toContain("throttles uploads");
  });

  test.each([{ "retry-after": "1" }, {}])("of a look at the deployment is waited out (%j)", async (headers) => {
    stage.fault("GET", LOOK, { kind: "status", status: 429, headers, body: "" }, { times: 2 });
    await expectDeployed(1);
  });

  test("that asks for two seconds gets no request before they have passed", async () => {
    stage.fault("GET", LOOK, { kind: "status", status: 429, headers: { "retry-after": "2" }, body: "" }, { times: 1 });
    await expectDeployed(1);
    const [first, second] = stage.cloud.requests.of({ host: "scm", method: "GET", path: LOOK });
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2_000);
  });

  test.each([{ "retry-after": "1" }, {}])("of Resource Manager is waited out (%j)", async (headers) => {
    const body = { error: { code: "TooManyRequests", message: "slow down" } };
    stage.cloud.faults.add({
      match: { host: "management", method: "GET" },
      action: { kind: "status", status: 429, headers, body },
      times: 2,
    });
    await expectDeployed(1);
  });

  test("in the SCM site's own form (406) is throttling too", async () => {
    const body = "Excessive SCM Site operation requests. Retry after 5 seconds";
    stage.fault("GET", /isdeploying/, { kind: "status", status: 406, body }, { times: 1 });
    await expectDeployed(1);
  });
});

describe("an upload whose fate is open", () => {
  test("is sent again after one 503 that left no deployment behind", async () => {
    stage.fault(
      "POST",
      PUBLISH,
      { kind: "status", status: 503, body: "Service Unavailable", when: "uploaded" },
      { times: 1 },
    );
    await expectDeployed(2);
  });

  test("ends in an error when the answer is always 503", async () => {
    stage.fault("POST", PUBLISH, {
      kind: "status",
      status: 503,
      headers: BEHIND_THE_DEADLINE,
      body: "Service Unavailable",
      when: "uploaded",
    });
    const { error, begun } = await expectFailed(1);
    expect(error).toMatch(/answered 503/);
    expect(begun).toBe(0);
  });

  test("is found and followed after a reset that followed its acceptance", async () => {
    stage.fault("POST", PUBLISH, { kind: "reset", when: "after" }, { times: 1 });
    const run = await expectDeployed(1);
    expect(run.stdout).toContain("Looking whether the package was accepted");
    expect(run.stdout).toMatch(/It was: deployment [0-9a-f-]{36}/);
  });

  test("is sent again after a reset before it was accepted", async () => {
    stage.fault("POST", PUBLISH, { kind: "reset", when: "uploaded" }, { times: 1 });
    const run = await expectDeployed(2);
    expect(run.stdout).toContain("It was not; sending it again");
  });

  test("is found and followed when no answer ever comes", async () => {
    stage.fault("POST", PUBLISH, { kind: "hang", when: "after" }, { times: 1 });
    // Less than the reply is waited for where nothing is looked up meanwhile.
    await expectDeployed(1, { timeout: "60s" });
  });

  test("answered by 502 though the work goes on is not sent again", async () => {
    stage.fault(
      "POST",
      PUBLISH,
      { kind: "status", status: 502, body: "<html>Bad Gateway</html>", when: "after" },
      { times: 1 },
    );
    await expectDeployed(1);
  });
});

describe("answers to the upload", () => {
  test("400 shows what the site says", async () => {
    stage.fault("POST", PUBLISH, { kind: "status", status: 400, body: { Message: "type='zap' not recognized" } });
    const { error } = await expectFailed(1);
    expect(error).toContain("type='zap' not recognized");
    expect(error).toMatch(/^The SCM site refused the package.\nWhy: .*400/);
  });

  test("200 means done already", async () => {
    stage.fault("POST", PUBLISH, { kind: "status", status: 200, body: "", when: "after" }, { times: 1 });
    await expectDeployed(1);
  });

  test("403 names the missing role and the way around a closed SCM site", async () => {
    stage.fault("POST", PUBLISH, { kind: "status", status: 403, body: "Forbidden" });
    const { error } = await expectFailed(1);
    expect(error).toMatch(/Website Contributor/);
    expect(error).toMatch(/via: arm/);
  });

  test("409 of a site that runs from a package URL is final", async () => {
    const body =
      "Run-From-Zip is set to a remote URL using WEBSITE_RUN_FROM_PACKAGE or WEBSITE_USE_ZIP app setting. Deployment is not supported in this configuration.";
    stage.fault("POST", PUBLISH, { kind: "status", status: 409, body });
    const { error } = await expectFailed(1);
    expect(error).toMatch(/Remove the app setting WEBSITE_RUN_FROM_PACKAGE/);
  });

  test("a Location on another host is refused, and nothing is sent there", async () => {
    const visits: string[] = [];
    const { cert, key } = stage.cloud.tls;
    const foreign = createServer({ cert, key }, (request, reply) => {
      visits.push(request.headers.authorization ?? "nothing");
      reply.end("{}");
    }).listen(0, "127.0.0.1");
    await once(foreign, "listening");
    const location = `https://127.0.0.1:${(foreign.address() as AddressInfo).port}/api/deployments/latest`;
    stage.fault(
      "POST",
      PUBLISH,
      { kind: "status", status: 202, headers: { location }, body: "", when: "after" },
      { times: 1 },
    );
    const run = await expectDeployed(1);
    foreign.close();
    expect(visits).toEqual([]);
    expect(run.stdout).toMatch(/named an address on another host .* it was refused/);
  });
});

describe("following", () => {
  test.each([404, 502, 503, 401])("survives an answer %i", async (status) => {
    stage.fault("GET", LOOK, { kind: "status", status, body: "" }, { times: 2 });
    await expectDeployed(1);
  });

  test("survives a reset", async () => {
    stage.fault("GET", LOOK, { kind: "reset", when: "before" }, { times: 2 });
    await expectDeployed(1);
  });

  test("signs in anew after a 401", async () => {
    stage.fault("GET", LOOK, { kind: "status", status: 401, body: "" }, { times: 1 });
    await expectDeployed(1);
    expect(stage.cloud.requests.of({ host: "login", method: "POST" })).toHaveLength(2);
  });

  test.each([5, -1])("ends at the deadline when the status is %i, which means nothing here", async (status) => {
    const body = { id: "3f2b0f0e-0000-4000-8000-000000000000", status, complete: false };
    stage.fault("GET", LOOK, { kind: "status", status: 200, headers: BEHIND_THE_DEADLINE, body });
    const { error } = await expectFailed(1);
    expect(error).toContain(`the status ${status}`);
  });

  test("shows every log line once and lets none act as a workflow command", async () => {
    const entry = (id: string, message: string) => ({ log_time: "", id, message, type: 0, details_url: null });
    const body = [
      entry("1", "::error title=owned::from the build log"),
      entry("2", "::set-env name=PATH::/tmp"),
      entry("3", "plain line"),
    ];
    stage.fault("GET", /\/log$/, { kind: "status", status: 200, body });
    const run = await expectDeployed(1);
    expect(run.stdout.match(/plain line/g)).toHaveLength(1);
    expect(run.annotations.map(({ message }) => message)).not.toContain("from the build log");
    expect(run.stdout).toMatch(/::stop-commands::/);
  });

  test("asks about its own deployment and never about the latest", async () => {
    await expectDeployed(1);
    expect(stage.cloud.requests.of({ host: "scm", path: /latest/ })).toEqual([]);
  });

  test("finds its own deployment where the site tells no id", async () => {
    stage.fault("POST", PUBLISH, { kind: "status", status: 202, body: "", when: "after" }, { times: 1 });
    await expectDeployed(1);
  });
});

describe("a failed build", () => {
  /** Settings reach the build when the slot and its SCM site have restarted with them. */
  async function settingsTaken(): Promise<void> {
    stage.cloud.hosting.configurationChanged(stage.staging, "settings");
    await stage.cloud.hosting.restart(stage.staging, true);
  }

  async function failToBuild() {
    stage.staging.appSettings.SCM_DO_BUILD_DURING_DEPLOYMENT = "true";
    await settingsTaken();
    const path = await stage.package("unbuildable", { "requirements.txt": "no-such-package-anywhere==1.0\n" });
    const run = await stage.deploy({ package: path, release: "nobuild" });
    delete stage.staging.appSettings.SCM_DO_BUILD_DURING_DEPLOYMENT;
    await settingsTaken();
    return run;
  }

  test("is an error that shows the build's own lines", async () => {
    const run = await failToBuild();
    expect(run.exitCode).toBe(1);
    expect(stage.uploads()).toHaveLength(1);
    expect(errorOf(run)).toMatch(/The deployment [0-9a-f-]{36} failed/);
    expect(errorOf(run)).toContain("no-such-package-anywhere");
  });

  test("leaves a slot whose release file proves nothing: the next run deploys again", async () => {
    const good = await fresh();
    await stage.deploy(good);
    await failToBuild();
    const again = await stage.deploy(good);
    expect(again.outputs.reason).toBe("deployed");
    expect((await stage.deploy(good)).outputs.reason).toBe("already-deployed");
  });
});

describe("Resource Manager", () => {
  test("that resets the connection is asked again", async () => {
    stage.cloud.faults.add({
      match: { host: "management", method: "GET" },
      action: { kind: "reset", when: "before" },
      times: 2,
    });
    await expectDeployed(1);
  });

  test("that no longer accepts the token gets a new one", async () => {
    const body = {
      error: {
        code: "ExpiredAuthenticationToken",
        message: "The access token expiry UTC time is earlier than current UTC time.",
      },
    };
    stage.cloud.faults.add({
      match: { host: "management", method: "GET" },
      action: { kind: "status", status: 401, body },
      times: 1,
    });
    await expectDeployed(1);
    expect(stage.cloud.requests.of({ host: "login", method: "POST" })).toHaveLength(2);
  });

  test("that never answers is an error in words, not a property of null", async () => {
    stage.cloud.faults.add({ match: { host: "management" }, action: { kind: "reset", when: "before" } });
    const { error } = await expectFailed(0);
    expect(error).toMatch(/Azure did not answer read the slot "staging" of "auction-api"/);
    expect(error).toMatch(/ECONNRESET|socket hang up/);
  });

  test("with a PascalCase refusal has its own words shown", async () => {
    const body = {
      Code: "Conflict",
      Message:
        "Cannot modify this site because another operation is in progress. Details: Id: 1, OperationName: SwapSiteSlots",
    };
    stage.cloud.faults.add({
      match: { host: "management", method: "GET" },
      action: { kind: "status", status: 409, body },
    });
    const { error } = await expectFailed(0);
    expect(error).toContain("OperationName: SwapSiteSlots");
    expect(error).toContain("409 Conflict");
  });
});
