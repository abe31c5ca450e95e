import { type Cloud, startCloud } from "@augeo/rehearsal";
import { WebSiteManagementClient } from "@azure/arm-appservice";
import { ClientAssertionCredential } from "@azure/identity";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { addApplication } from "../../../packages/rehearsal/src/arm/index.ts";
import type { Site, Slot } from "../../../packages/rehearsal/src/model.ts";
import { exitsAtStart } from "../../../packages/rehearsal/src/slots/behaviour.ts";
import { ask, pythonApp, pythonCommand, until, zipOf } from "./hosted-site.ts";

const name = "auction-api";
const scope = "https://management.azure.com/.default";
const swapWith = { targetSlot: "production", preserveVnet: true };
let cloud: Cloud;
let site: Site;
let credential: ClientAssertionCredential;
let client: WebSiteManagementClient;

/** The job's ID token, asked for as a step of a workflow asks. */
async function idToken(): Promise<string> {
  const url = new URL(`${cloud.oidc.requestUrl}&audience=api://AzureADTokenExchange`);
  const asking = { token: cloud.oidc.requestToken };
  const answer = await ask(cloud.tls.ca, url.host, `${url.pathname}${url.search}`, asking);
  return (answer.json() as { value: string }).value;
}

beforeAll(async () => {
  cloud = await startCloud({ postgres: "none", blob: "none", seed: 5 });
  cloud.trust();
  site = await cloud.createSite({ name, appCommandLine: pythonCommand, appSettings: { MOVING: "1", STICKY: "live" } });
  const tlsOptions = { ca: cloud.tls.ca };
  credential = new ClientAssertionCredential(cloud.tenantId, cloud.application.clientId, idToken, {
    authorityHost: cloud.endpoints.authority,
    disableInstanceDiscovery: true,
    tlsOptions,
  });
  client = new WebSiteManagementClient(credential, cloud.subscriptionId, {
    endpoint: cloud.endpoints.management,
    tlsOptions,
    retryOptions: { maxRetries: 0 },
  });
});
afterAll(() => cloud.close());
afterEach(() => cloud.faults.clear());

function slotNamed(wanted: string): Slot {
  const slot = wanted === "production" ? site.production : site.slots.get(wanted);
  if (slot === undefined) throw new Error(`There is no slot ${wanted}.`);
  return slot;
}

async function answerOf(slot: Slot): Promise<{ status: number; release?: string; environment?: object }> {
  const answer = await ask(cloud.tls.ca, slot.hostName, "/", { token: "" });
  if (!String(answer.headers["content-type"]).includes("json")) return { status: answer.status };
  return { status: answer.status, ...(answer.json() as object) };
}

async function deploy(slot: Slot, release: string): Promise<void> {
  const { token } = await credential.getToken(scope);
  const body = await zipOf(pythonApp(release));
  await until("the SCM site is up", async () => {
    return (await ask(cloud.tls.ca, slot.scmHostName, "/api/settings", { token })).status === 200;
  });
  const answer = await ask(cloud.tls.ca, slot.scmHostName, "/api/publish?type=zip", { method: "POST", body, token });
  expect([answer.status, answer.text]).toEqual([200, ""]);
  await until(`${release} answers`, async () => (await answerOf(slot)).release === release);
}

describe("a release with the SDK alone", () => {
  test("a slot is created with production's configuration, and takes a package with the same sign-in", async () => {
    await client.webApps.createOrUpdateSlot(cloud.resourceGroup, name, "staging", {
      location: site.location,
      cloningInfo: {
        sourceWebAppId: (await client.webApps.get(cloud.resourceGroup, name)).id ?? "",
      },
    });
    await deploy(site.production, "one");
    await deploy(slotNamed("staging"), "two");
    const record = await client.webApps.getDeploymentSlot(cloud.resourceGroup, name, "latest", "staging");
    expect(record).toMatchObject({ status: 4, active: true });
  });

  test("settings reach the process after its restart", async () => {
    const staging = slotNamed("staging");
    const properties = { MOVING: "2", STICKY: "staged" };
    await client.webApps.updateApplicationSettingsSlot(cloud.resourceGroup, name, "staging", { properties });
    await client.webApps.updateSlotConfigurationNames(cloud.resourceGroup, name, { appSettingNames: ["STICKY"] });
    await until("the process has them", async () =>
      JSON.stringify((await answerOf(staging)).environment ?? {}).includes('"MOVING":"2"'),
    );
    expect((await answerOf(staging)).environment).toMatchObject(properties);
  });

  test("a share of the clients is drawn to the slot, and none once the rule is gone", async () => {
    const rule = { actionHostName: slotNamed("staging").hostName, name: "staging" };
    const share = async (reroutePercentage: number | undefined) => {
      const rampUpRules = reroutePercentage === undefined ? [] : [{ ...rule, reroutePercentage }];
      await client.webApps.updateConfiguration(cloud.resourceGroup, name, { experiments: { rampUpRules } });
      const answers = await Promise.all(Array.from({ length: 40 }, () => answerOf(site.production)));
      return answers.filter((answer) => answer.release === "two").length;
    };
    const half = await share(50);
    expect([half > 5, half < 35]).toEqual([true, true]);
    expect(await share(100)).toBe(40);
    expect(await share(undefined)).toBe(0);
  });

  test("the swap fails no request, moves what moves and leaves what sticks", async () => {
    const statuses = new Set<number>();
    let swapping = true;
    const calling = (async () => {
      while (swapping) statuses.add((await answerOf(site.production)).status);
    })();
    await client.webApps.swapSlot(cloud.resourceGroup, name, "staging", swapWith);
    swapping = false;
    await calling;
    expect([...statuses]).toEqual([200]);
    expect(await answerOf(site.production)).toMatchObject({
      release: "two",
      environment: { MOVING: "2", STICKY: "live" },
    });
    const read = await client.webApps.get(cloud.resourceGroup, name);
    expect(read.slotSwapStatus).toMatchObject({ sourceSlotName: "staging", destinationSlotName: "production" });
    await until("the old release is in the slot", async () => (await answerOf(slotNamed("staging"))).release === "one");
  });

  test("a swap whose reply is lost has happened all the same, once, and its evidence says so", async () => {
    const before = (await client.webApps.get(cloud.resourceGroup, name)).slotSwapStatus?.timestampUtc;
    const match = { host: "management", method: "POST", path: /slotsswap/ };
    cloud.faults.add({ match, times: 1, action: { kind: "reset", when: "after" } });
    await expect(client.webApps.swapSlot(cloud.resourceGroup, name, "staging", swapWith)).rejects.toThrow(
      /ECONNRESET|hang up/,
    );
    await cloud.arm.settled();
    const after = (await client.webApps.get(cloud.resourceGroup, name)).slotSwapStatus?.timestampUtc;
    expect(after?.getTime()).toBeGreaterThan(before?.getTime() ?? 0);
    expect((await answerOf(site.production)).release).toBe("one");
    expect(cloud.requests.of(match)).toHaveLength(2);
  });

  test("a slot that cannot start is not swapped in, and production goes on", async () => {
    const staging = slotNamed("staging");
    cloud.hosting.behave(staging, exitsAtStart);
    const swap = client.webApps.swapSlot(cloud.resourceGroup, name, "staging", swapWith);
    await expect(swap).rejects.toThrow(/400|worker process for 'staging' slot could not be started/);
    expect((await answerOf(site.production)).release).toBe("one");
    cloud.hosting.behave(staging, {});
  });
});

describe("sign-in", () => {
  test("an expired token is refused everywhere until the next sign-in", async () => {
    const { token } = await credential.getToken(scope);
    cloud.entra.expireTokens();
    const read = () => ask(cloud.tls.ca, site.production.scmHostName, "/api/settings", { token });
    expect((await read()).status).toBe(401);
    await expect(client.webApps.get(cloud.resourceGroup, name)).rejects.toMatchObject({ statusCode: 401 });
  });

  test("a reader may look at ARM and not touch the SCM site", async () => {
    const scopeOfSite = `/subscriptions/${cloud.subscriptionId}/resourceGroups/${cloud.resourceGroup}`;
    const reader = addApplication(cloud.world, { role: "Reader", scope: scopeOfSite });
    const token = await cloud.entra.mint(reader, "https://management.azure.com");
    const answer = await ask(cloud.tls.ca, site.production.scmHostName, "/api/settings", { token });
    expect(answer.status).toBe(403);
  });
});
