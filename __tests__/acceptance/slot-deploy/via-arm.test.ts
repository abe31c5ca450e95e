import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { errorOf, openStage, type Stage, served } from "./stage.ts";

let stage: Stage;
let ledger: string;
beforeAll(async () => {
  stage = await openStage({ withBlobs: true, arm: { retryAfter: 1, oneDeployRetryAfter: 1 } });
  ledger = await stage.cloud.newContainer();
});
afterAll(() => stage.close());
beforeEach(() => stage.reset());

const puts = () => stage.cloud.requests.of({ host: "management", method: "PUT", path: /extensions\/onedeploy/ });

describe("by package URL", () => {
  test("the release runs without one request to the SCM site", async () => {
    const run = await stage.deploy({ package: await stage.package("arm"), release: "a1", via: "arm", ledger });
    expect(errorOf(run)).toBe("");
    expect(run.outputs).toMatchObject({ reason: "deployed", release: "a1" });
    expect(puts()).toHaveLength(1);
    expect(stage.cloud.requests.of({ host: "scm" })).toEqual([]);
    expect(await served(stage)).toMatchObject({ release: "a1" });
  });

  test("the signed URL appears in the log only to be masked", async () => {
    const run = await stage.deploy({ package: await stage.package("arm"), release: "a2", via: "arm", ledger });
    const signature = /^::add-mask::.*\bsig=([^&\s]+)/m.exec(run.stdout)?.[1];
    expect(signature).toBeDefined();
    expect(run.stdout.replace(/^::add-mask::.*$/gm, "") + run.summary).not.toContain(signature);
  });

  test("a package that is stored already is not sent to storage again", async () => {
    const run = await stage.deploy({ package: await stage.package("arm"), release: "a1", via: "arm", ledger });
    expect(run.outputs.reason).toBe("deployed");
    expect(run.result).toMatchObject({ uploads: 0 });
  });

  test("a lost reply is looked up and not repeated", async () => {
    stage.cloud.faults.add({
      match: { host: "management", method: "PUT", path: /onedeploy/ },
      action: { kind: "reset", when: "after" },
      times: 1,
    });
    const run = await stage.deploy({ package: await stage.package("arm"), release: "a3", via: "arm", ledger });
    expect(run.outputs.reason).toBe("deployed");
    expect(puts()).toHaveLength(1);
  });

  test("a container that does not exist is named with the command that makes it", async () => {
    const run = await stage.deploy({
      package: await stage.package("arm"),
      release: "a4",
      via: "arm",
      ledger: `${ledger}x`,
    });
    expect(run.exitCode).toBe(1);
    expect(errorOf(run)).toMatch(/az storage container create/);
    expect(puts()).toHaveLength(0);
  });
});
