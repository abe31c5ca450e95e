import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RunOptions } from "../../support/run-action.ts";
import { errorOf, openStage, type Stage } from "./stage.ts";

let stage: Stage;
let path: string;
beforeAll(async () => {
  stage = await openStage();
  path = await stage.package("app");
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.reset();
  stage.cloud.application.federatedCredentials.length = 0;
});

async function refused(inputs: RunOptions["inputs"] = {}, options: Partial<RunOptions> = {}) {
  const run = await stage.deploy({ package: path, ...inputs }, options);
  expect(run.exitCode).toBe(1);
  expect(stage.cloud.requests.of({ host: "scm" })).toEqual([]);
  return { run, error: errorOf(run) };
}

describe("a federated credential that does not match", () => {
  test("in its subject is explained with what was sent, both forms, and the commands that register it", async () => {
    stage.cloud.trust({ subject: "repo:auction/api:ref:refs/heads/elsewhere" });
    const { run, error } = await refused();
    expect(run.outputs.reason).toBe("service-error");
    expect(error).toContain("AADSTS700213");
    expect(error).toContain("sub: repo:auction/api:environment:production");
    expect(error).toContain("aud: api://AzureADTokenExchange");
    expect(error).toMatch(/iss: https:\/\//);
    expect(error).toContain("classic:   repo:auction/api:environment:production");
    expect(error).toMatch(/immutable: repo:auction@\d+\/api@\d+:environment:production/);
    expect(error).toMatch(
      /az ad app federated-credential create --id [0-9a-f-]{36} --parameters '\{.*"subject":"repo:auction\/api:environment:production"/,
    );
    expect(error).toContain("az identity federated-credential create");
    // One exchange: a mismatch is no reason to ask again.
    expect(stage.cloud.requests.of({ host: "login", method: "POST" })).toHaveLength(1);
  });

  test("in its audience", async () => {
    stage.cloud.trust({ audiences: ["api://other"] });
    expect((await refused()).error).toMatch(/AADSTS700212|AADSTS700213/);
  });

  test("in its issuer", async () => {
    stage.cloud.trust({ issuer: "https://token.actions.githubusercontent.com/other" });
    expect((await refused()).error).toMatch(/AADSTS70021[13]/);
  });
});

test("a client id that is none names what to look up", async () => {
  const { error } = await refused({ "client-id": "00000000-0000-4000-8000-000000000000" });
  expect(error).toContain("AADSTS700016");
  expect(error).toContain("not the object id");
});

test("a tenant that is none", async () => {
  const { error } = await refused({ "tenant-id": "00000000-0000-4000-8000-000000000000" });
  expect(error).toMatch(/knows no tenant 00000000/);
});

describe("no ID token", () => {
  const none = { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined };

  test("without the permission names the permission", async () => {
    const { run, error } = await refused({}, { env: none });
    expect(run.outputs.reason).toBe("usage-error");
    expect(error).toContain("permissions: { contents: read, id-token: write");
  });

  test("in a pull request from a fork says that no permission helps", async () => {
    const event = join(stage.folder.path, "event.json");
    await writeFile(event, JSON.stringify({ pull_request: { head: { repo: { fork: true } } } }));
    const { error } = await refused(
      {},
      { env: { ...none, GITHUB_EVENT_NAME: "pull_request", GITHUB_EVENT_PATH: event } },
    );
    expect(error).toMatch(/pull request from a fork/);
  });

  test("from an endpoint that fails once is asked for again", async () => {
    stage.cloud.trust();
    stage.cloud.faults.add({ match: { host: "oidc" }, action: { kind: "status", status: 503, body: "" }, times: 1 });
    const run = await stage.deploy({ package: path });
    expect(run.exitCode).toBe(0);
  });
});

describe("an identity that may not", () => {
  test("do anything is told its missing action, role and the command that assigns it", async () => {
    stage.cloud.trust();
    const kept = stage.cloud.world.roleAssignments.splice(0);
    const { error } = await refused();
    stage.cloud.world.roleAssignments.push(...kept);
    expect(error).toContain("Microsoft.Web/sites/slots/read");
    expect(error).toMatch(
      /az role assignment create --assignee-object-id [0-9a-f-]{36} .*--role "Website Contributor" --scope \/subscriptions\//,
    );
  });

  test("publish is told the publish action", async () => {
    stage.cloud.trust();
    const [first] = stage.cloud.world.roleAssignments;
    const role = first?.role;
    if (first) first.role = "Reader";
    const run = await stage.deploy({ package: path, release: "reader" });
    if (first && role) first.role = role;
    expect(run.exitCode).toBe(1);
    expect(errorOf(run)).toContain("publish/action");
    expect(stage.uploads()).toEqual([]);
  });
});

describe("a place that does not exist", () => {
  test.each([
    [{ app: "auction-ap" }, /App "auction-ap" does not exist in resource group/, /apps there: auction-api/],
    [{ "resource-group": "rg-wrong" }, /Resource group "rg-wrong" does not exist/, /resource-group: rg-/],
    [{ "subscription-id": "00000000-0000-4000-8000-000000000000" }, /subscription 00000000/i, /subscription-id/],
  ])("%j is told apart and what exists is named", async (inputs, what, fix) => {
    stage.cloud.trust();
    const { error } = await refused(inputs);
    expect(error).toMatch(what);
    expect(error).toMatch(fix);
  });
});
