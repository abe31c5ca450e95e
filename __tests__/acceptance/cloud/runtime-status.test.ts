import { type Cloud, startCloud } from "@augeo/rehearsal";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Site } from "../../../packages/rehearsal/src/model.ts";
import { exitsAtStart } from "../../../packages/rehearsal/src/slots/behaviour.ts";
import { type Answer, ask, pythonApp, pythonCommand, until, zipOf } from "./hosted-site.ts";

let cloud: Cloud;
let site: Site;
let token: string;

beforeAll(async () => {
  cloud = await startCloud({ postgres: "none", blob: "none" });
  site = await cloud.createSite({ name: "tracked", appCommandLine: pythonCommand });
  token = await cloud.entra.mint(cloud.application, "https://management.azure.com");
});
afterAll(() => cloud.close());

/** Deploys with progress tracked and returns what ARM says once it says the last word. */
async function deployTracked(release: string): Promise<unknown> {
  const query = "type=zip&async=true&trackDeploymentProgress=true";
  const body = await zipOf(pythonApp(release));
  const asking = { method: "POST", body, token };
  const accepted = await ask(cloud.tls.ca, site.production.scmHostName, `/api/publish?${query}`, asking);
  const id = accepted.headers["scm-deployment-id"];
  const scope = `/subscriptions/${cloud.subscriptionId}/resourceGroups/${cloud.resourceGroup}`;
  const path = `${scope}/providers/Microsoft.Web/sites/tracked/deploymentStatus/${id}?api-version=2025-05-01`;
  let status: Answer | undefined;
  await until("the deployment's runtime status is final", async () => {
    status = await ask(cloud.tls.ca, new URL(cloud.endpoints.management).host, path, { token });
    return status.status === 200;
  });
  return status?.json();
}

test("a tracked deployment ends with the state of its instances: up, or failed", async () => {
  const successful = { status: "RuntimeSuccessful", numberOfInstancesSuccessful: 1, numberOfInstancesFailed: 0 };
  expect(await deployTracked("1")).toMatchObject({ properties: successful });
  cloud.hosting.behave(site.production, exitsAtStart);
  const failed = { status: "RuntimeFailed", numberOfInstancesSuccessful: 0, numberOfInstancesFailed: 1 };
  expect(await deployTracked("2")).toMatchObject({ properties: failed });
});
