import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ask, deployRelease, type HostedSite, hostSite, until } from "./hosted-site.ts";

let hosted: HostedSite;

beforeEach(async () => {
  hosted = await hostSite({ instances: 2, timing: { healthCheckInterval: 30 } });
  hosted.production.appSettings = { WEBSITE_HEALTHCHECK_MAXPINGFAILURES: "2" };
  await deployRelease(hosted, hosted.production, "1");
});
afterEach(() => hosted.close());

async function get(path: string, instance: string): Promise<{ status: number; instance: unknown }> {
  const headers = { cookie: `ARRAffinity=${instance}` };
  const answer = await ask(hosted.ca, hosted.production.hostName, path, { token: "", headers });
  const document = answer.json() as { environment: { WEBSITE_INSTANCE_ID: string } };
  return { status: answer.status, instance: document.environment.WEBSITE_INSTANCE_ID };
}

function ids(): [string, string] {
  const [first, second] = hosted.hosting.instances(hosted.production);
  return [first?.id ?? "", second?.id ?? ""];
}

test("an instance that fails its pings gets no more requests, and gets them again once it is well", async () => {
  const [ill, well] = ids();
  await get("/sicken", ill);
  hosted.production.config.healthCheckPath = "/health";
  await until("it is taken out", async () => (await get("/", ill)).instance === well);
  expect(hosted.hosting.containerLog(hosted.production)).toMatch(/failed its health check and was removed/);
  hosted.production.config.healthCheckPath = "/";
  await until("it is back", async () => (await get("/", ill)).instance === ill);
});

test("when all are ill at most half of them are taken out", async () => {
  const [one, other] = ids();
  await get("/sicken", one);
  await get("/sicken", other);
  hosted.production.config.healthCheckPath = "/health";
  await until("one is taken out", () => /removed/.test(hosted.hosting.containerLog(hosted.production)));
  const reached = new Set([(await get("/", one)).instance, (await get("/", other)).instance]);
  expect(reached.size).toBe(1);
});

test("an instance that stays ill is replaced", async () => {
  await hosted.close();
  hosted = await hostSite({ timing: { healthCheckInterval: 30, healthReplaceAfter: 100 } });
  hosted.production.appSettings = { WEBSITE_HEALTHCHECK_MAXPINGFAILURES: "2" };
  await deployRelease(hosted, hosted.production, "1");
  const [only] = ids();
  await get("/sicken", only);
  expect((await get("/health", only)).status).toBe(503);
  hosted.production.config.healthCheckPath = "/health";
  await until("it was replaced", async () => (await get("/health", only)).status === 200);
  expect(hosted.hosting.containerLog(hosted.production)).toMatch(/stayed unhealthy and is replaced/);
});
