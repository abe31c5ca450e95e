import { type Cloud, type Site, startCloud } from "@augeo/rehearsal";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { runAction } from "../../support/run-action.ts";

let cloud: Cloud;
let site: Site;

beforeAll(async () => {
  cloud = await startCloud({ postgres: "none", blob: "none" });
  cloud.trust();
  site = await cloud.createSite({ name: "api-probe", slots: ["staging"] });
});
afterAll(() => cloud.close());
beforeEach(() => {
  cloud.requests.clear();
  cloud.faults.clear();
});

function probe(inputs: Record<string, string> = {}) {
  return runAction("health-probe", {
    cloud,
    inputs: {
      ...cloud.inputs,
      "github-token": undefined,
      app: site.name,
      "resource-group": cloud.resourceGroup,
      slot: "staging",
      url: `https://${site.slots.get("staging")?.hostName}`,
      "health-path": "/health",
      interval: "50ms",
      failures: "2",
      timeout: "20s",
      ...inputs,
    },
  });
}

describe("the container's log", () => {
  test("is shown in the log and the summary when an app fails", async () => {
    const run = await probe({ status: "299" });
    expect(run.outputs).toMatchObject({ reason: "unhealthy" });
    expect(run.stdout).toContain("::group::Container log of api-probe, slot staging");
    expect(cloud.requests.of({ host: "management", path: /slots\/staging\/containerlogs/i })).toHaveLength(1);
  });

  test("that may not be read is a warning, and the verdict stands", async () => {
    const body = {
      error: {
        code: "AuthorizationFailed",
        message: "The client does not have authorization to perform action 'Microsoft.Web/sites/containerlogs/action'.",
      },
    };
    cloud.faults.add({ match: { host: "management" }, action: { kind: "status", status: 403, body } });
    const run = await probe({ status: "299" });
    expect(run.outputs).toMatchObject({ reason: "unhealthy" });
    const warnings = run.annotations.filter(({ level }) => level === "warning").map(({ message }) => message);
    expect(warnings).toEqual([expect.stringMatching(/^The container's log could not be read: /)]);
  });

  test("is not asked for, nor a token, while the app is healthy", async () => {
    const run = await probe({ status: "100-599" });
    expect(run.outputs).toMatchObject({ reason: "healthy" });
    expect(cloud.requests.entries.filter(({ host }) => host !== "front")).toEqual([]);
  });
});
