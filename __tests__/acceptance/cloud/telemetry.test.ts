import { type Cloud, type Site, type Slot, startCloud, Timing } from "@augeo/rehearsal";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Answer, httpsClient } from "../../support/https-json.ts";
import { ask, pythonApp, pythonCommand, until, zipOf } from "./hosted-site.ts";

let cloud: Cloud;
let site: Site;
let staging: Slot;
let deployments = 0;
/** The cloud's own, so that a test can say how late its services are. */
const timing = { ...Timing.fast, scmStart: 0 };
const HOUR = 3_600_000;

/** What `ask` reads while nothing of the last hour has come in yet. */
async function whileLate<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const lags = ["metricLagLeast", "metricLagMost", "ingestionLagLeast", "ingestionLagMost"] as const;
  for (const lag of lags) timing[lag] = HOUR;
  try {
    return await ask();
  } finally {
    for (const lag of lags) timing[lag] = Timing.fast[lag];
  }
}

async function deploy(slot: Slot, release: string, status = 200): Promise<void> {
  const file = JSON.stringify({ schema: 1, release, commit: "", content: "", "schema-head": null });
  const files: Record<string, string> = { ...pythonApp(release), "augeo-release.json": file };
  files["server.py"] = (files["server.py"] ?? "").replace('os.environ.get("ANSWER_STATUS", "200")', `"${status}"`);
  deployments += 1;
  const login = Buffer.from(`${slot.publishingUserName}:${slot.publishingPassword}`).toString("base64");
  const body = await zipOf(files, new Date(Date.UTC(2026, 0, 2, 3, deployments)));
  await ask(cloud.tls.ca, slot.scmHostName, "/api/publish?type=zip", {
    method: "POST",
    body,
    headers: { authorization: `Basic ${login}` },
    token: "",
  });
  await until(`${release} answers`, async () => (await call(slot, "/")).text.includes(`"${release}"`));
}

const call = (slot: Slot, path: string) => ask(cloud.tls.ca, slot.hostName, path, { token: "" });

beforeAll(async () => {
  cloud = await startCloud({ postgres: "none", blob: "none", timing });
  site = await cloud.createSite({ name: "auction-api", slots: ["staging"], appCommandLine: pythonCommand });
  staging = site.slots.get("staging") as Slot;
  await deploy(site.production, "r1");
  await deploy(staging, "r2", 500);
});
afterAll(() => cloud.close());

async function metrics(
  slot: Slot,
  query: Record<string, string>,
  audience = "https://management.azure.com",
): Promise<Answer> {
  const token = await cloud.entra.mint(cloud.application, audience);
  const client = httpsClient(cloud.endpoints.management, cloud.tls.ca, { authorization: `Bearer ${token}` });
  const path = `/subscriptions/${cloud.subscriptionId}/resourceGroups/${cloud.resourceGroup}/providers/Microsoft.Web/sites/${site.name}`;
  const resource = slot === site.production ? path : `${path}/slots/${slot.name}`;
  const all = new URLSearchParams({ "api-version": "2018-01-01", interval: "PT1S", ...query });
  try {
    return await client.ask(`${resource}/providers/Microsoft.Insights/metrics?${all}`);
  } finally {
    client.close();
  }
}

interface Bin {
  timeStamp: string;
  total?: number;
  average?: number;
}

const binsOf = (answer: Answer, index = 0): Bin[] =>
  (answer.body as { value: { timeseries: { data: Bin[] }[] }[] }).value[index]?.timeseries[0]?.data ?? [];

const totalOf = (bins: readonly Bin[]): number => bins.reduce((sum, { total = 0 }) => sum + total, 0);

const spanFrom = (from: number): string =>
  `${new Date(from).toISOString()}/${new Date(Date.now() + 1000).toISOString()}`;

describe("platform metrics", () => {
  test("count what each slot's front end really served, late, with the newest bins empty", async () => {
    const from = Date.now();
    for (let turn = 0; turn < 6; turn += 1) await call(staging, "/");
    for (let turn = 0; turn < 4; turn += 1) await call(site.production, "/");
    const early = await whileLate(() => metrics(staging, { metricnames: "Requests", timespan: spanFrom(from) }));
    expect(totalOf(binsOf(early))).toBe(0);
    expect(binsOf(early).at(-1)).not.toHaveProperty("total");
    const read = () =>
      metrics(staging, { metricnames: "Requests,Http5xx,Http2xx,HttpResponseTime", timespan: spanFrom(from) });
    await until("the metrics are published", async () => totalOf(binsOf(await read())) === 6);
    const late = await read();
    expect(totalOf(binsOf(late, 1))).toBe(6);
    expect(totalOf(binsOf(late, 2))).toBe(0);
    expect(binsOf(late, 3).some(({ average = 0 }) => average > 0)).toBe(true);
    const live = () => metrics(site.production, { metricnames: "Requests,Http5xx", timespan: spanFrom(from) });
    await until("production's are published", async () => totalOf(binsOf(await live())) === 4);
    expect(totalOf(binsOf(await live(), 1))).toBe(0);
  });

  test("a request that production's rule sends to the slot counts for the slot", async () => {
    site.production.config.experiments.rampUpRules = [
      { name: "staging", actionHostName: staging.hostName, reroutePercentage: 100 },
    ];
    const from = Date.now();
    await call(site.production, "/");
    site.production.config.experiments.rampUpRules = [];
    const served = cloud.telemetry.served.filter(({ at }) => at >= from);
    expect(served.map(({ slot, status, app }) => [slot, status, app?.release])).toEqual([["staging", 500, "r2"]]);
  });

  test("refuse a grain that is not kept, a metric that does not exist, and who may not read", async () => {
    expect(await metrics(staging, { metricnames: "Requests", interval: "PT3M" })).toMatchObject({
      status: 400,
      body: {
        code: "BadRequest",
        message: expect.stringMatching(/Invalid time grain duration: PT3M, supported ones are: 00:00:01,00:01:00/),
      },
    });
    expect(await metrics(staging, { metricnames: "Latency" })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("metric: Latency, Valid metrics: Requests") },
    });
    const { roleAssignments } = cloud.world;
    const before = roleAssignments.splice(0, roleAssignments.length);
    roleAssignments.push({
      ...(before[0] as (typeof before)[0]),
      role: { name: "Swapper", actions: ["Microsoft.Web/sites/*"] },
    });
    expect(await metrics(staging, { metricnames: "Requests" })).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringContaining("Microsoft.Insights/metrics/read") } },
    });
    roleAssignments.splice(0, roleAssignments.length, ...before);
  });
});

async function query(
  kind: "appInsights" | "logAnalytics",
  kql: string,
  more: { id?: string; audience?: string } = {},
): Promise<Answer> {
  const { service, id } = cloud[kind];
  const audience = kind === "appInsights" ? "https://api.applicationinsights.io" : "https://api.loganalytics.io";
  const token = await cloud.entra.mint(cloud.application, more.audience ?? audience);
  const client = httpsClient(service.origin, cloud.tls.ca, { authorization: `Bearer ${token}` });
  const place = kind === "appInsights" ? "apps" : "workspaces";
  try {
    return await client.ask(`/v1/${place}/${more.id ?? id}/query`, { method: "POST", body: { query: kql } });
  } finally {
    client.close();
  }
}

function rowsOf(answer: Answer): unknown[][] {
  expect(answer).toMatchObject({ status: 200, body: { tables: [{ rows: expect.any(Array) }] } });
  return (answer.body as { tables: [{ rows: unknown[][] }] }).tables[0].rows;
}

describe("the query services", () => {
  test("know each request by the release baked into its content, in either schema", async () => {
    const from = new Date().toISOString();
    await call(staging, "/");
    await call(site.production, "/");
    const classic = `requests | where timestamp >= datetime(${from}) | summarize sum(itemCount) by application_Version, resultCode`;
    await until("both have come in", async () => rowsOf(await query("appInsights", classic)).length === 2);
    const found = rowsOf(await query("appInsights", classic)).map(([release, code]) => `${release} ${code}`);
    expect(found.sort()).toEqual(["r1 200", "r2 500"]);
    const workspace = 'AppRequests | where AppVersion == "r2" | summarize n = count() by ResultCode';
    expect(rowsOf(await query("logAnalytics", workspace)).map(([code]) => code)).toEqual(["500"]);
  });

  test("name a role that is stale after a swap: it still says where the process was started", async () => {
    await cloud.hosting.swap(staging, site.production);
    const from = new Date().toISOString();
    await call(site.production, "/");
    const kql = `requests | where timestamp >= datetime(${from}) | project cloud_RoleName, application_Version`;
    await until("the row has come in", async () => rowsOf(await query("appInsights", kql)).length > 0);
    expect(rowsOf(await query("appInsights", kql))[0]).toEqual(["auction-api-staging", "r2"]);
  });

  test("show rows late, and tell by how much", async () => {
    const lag = "requests | summarize min(ingestion_time() - timestamp)";
    expect(rowsOf(await query("appInsights", lag))[0]?.[0]).toMatch(/^00:00:0[01]\.\d+$/);
    const from = new Date().toISOString();
    const rows = await whileLate(async () => {
      await call(staging, "/");
      return rowsOf(await query("appInsights", `requests | where timestamp >= datetime(${from})`));
    });
    expect(rows).toEqual([]);
  });

  test("refuse in their own words", async () => {
    expect(await query("appInsights", "requests | wher x")).toMatchObject({
      status: 400,
      body: {
        error: { code: "BadArgumentError", innererror: { code: "SemanticError", innererror: { line: 1, pos: 11 } } },
      },
    });
    expect(await query("logAnalytics", "AppRequests", { audience: "https://management.azure.com" })).toMatchObject({
      status: 403,
      body: { error: { code: "InvalidAuthenticationTokenAudience" } },
    });
    expect((await query("logAnalytics", "AppRequests", { id: "other" })).status).toBe(404);
    cloud.logAnalytics.limit = 0;
    expect(await query("logAnalytics", "AppRequests")).toMatchObject({
      status: 429,
      headers: { "retry-after": expect.any(String) },
    });
    cloud.logAnalytics.limit = 200;
    cloud.appInsights.partial = true;
    expect(await query("appInsights", "requests | count")).toMatchObject({
      status: 200,
      body: { tables: [{}], error: { code: "PartialError" } },
    });
    cloud.appInsights.partial = false;
  });

  test("weigh sampled rows by what they stand for", async () => {
    cloud.telemetry.samplingPercentage = 50;
    const from = Date.now();
    for (let turn = 0; turn < 40; turn += 1) await call(staging, "/");
    cloud.telemetry.samplingPercentage = 100;
    const kql = `requests | where timestamp >= datetime(${new Date(from).toISOString()}) | summarize rows = count(), items = sum(itemCount)`;
    await until("they have come in", async () => {
      const [rows = 0, items = 0] = rowsOf(await query("appInsights", kql))[0] as [number, number];
      return rows > 5 && rows < 40 && items === rows * 2;
    });
  });
});
