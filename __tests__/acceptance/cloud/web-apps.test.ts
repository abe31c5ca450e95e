import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { unzipSync } from "fflate";
import { askArm, type ControlPlane, startControlPlane, webSites } from "./control-plane.ts";

const group = "rg-auction";
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
  plane.hosting.asked.length = 0;
});
afterAll(() => plane.close());
afterEach(() => {
  plane.hosting.asked.length = 0;
});

const client = () => webSites(plane).webApps;

describe("slots", () => {
  test("are created by the SDK with their configuration, listed and deleted", async () => {
    const created = await client().createOrUpdateSlot(group, "auction", "blue", {
      location: "westeurope",
      httpsOnly: true,
      tags: { owner: "bids" },
      siteConfig: {
        appCommandLine: "uvicorn app:app",
        appSettings: [{ name: "A", value: "1" }],
        connectionStrings: [{ name: "db", connectionString: "postgres://x", type: "PostgreSQL" }],
      },
    });
    expect(created).toMatchObject({ name: "auction/blue", httpsOnly: true, tags: { owner: "bids" } });
    const settings = await client().listApplicationSettingsSlot(group, "auction", "blue");
    expect(settings.properties).toEqual({ A: "1" });
    const strings = await client().listConnectionStringsSlot(group, "auction", "blue");
    expect(strings.properties).toEqual({ db: { value: "postgres://x", type: "PostgreSQL" } });
    await client().deleteSlot(group, "auction", "blue");
    expect(plane.hosting.asked).toEqual(["create: blue", "destroy: blue"]);
    await expect(client().getSlot(group, "auction", "blue")).rejects.toMatchObject({ code: "ResourceNotFound" });
  });

  test("clone another's configuration when asked", async () => {
    plane.site.production.appSettings = { FROM: "production" };
    await client().createOrUpdateSlot(group, "auction", "green", {
      location: "westeurope",
      cloningInfo: { sourceWebAppId: plane.sitePath },
    });
    const settings = await client().listApplicationSettingsSlot(group, "auction", "green");
    expect(settings.properties).toEqual({ FROM: "production" });
    await client().deleteSlot(group, "auction", "green");
  });

  test("are limited by the plan's tier", async () => {
    const [plan] = plane.world.plans;
    if (plan) plan.sku = { name: "B1", tier: "Basic", capacity: 1 };
    const answer = await askArm(plane, "PUT", `${plane.sitePath}/slots/blue`, { properties: {} });
    expect(answer.status).toBe(409);
    expect(answer.body).toContain("exceed the number of slots allowed for the 'Basic' SKU");
    if (plan) plan.sku = { name: "P1v3", tier: "PremiumV3", capacity: 1 };
  });

  test("come late when creation is switched to be followed, which the SDK does", async () => {
    plane.arm.behaviour.slotCreation = "accepted";
    const created = await client().createOrUpdateSlot(group, "auction", "late", { location: "westeurope" });
    expect(created.name).toBe("auction/late");
    plane.arm.behaviour.slotCreation = "immediate";
    await client().deleteSlot(group, "auction", "late");
  });

  test("have names that fit a host name", async () => {
    for (const name of ["-", "a_b", "production2".repeat(8)])
      expect((await askArm(plane, "PUT", `${plane.sitePath}/slots/${name}`, { properties: {} })).status).toBe(400);
  });

  test("are deleted without complaint when they are gone already", async () => {
    expect((await askArm(plane, "DELETE", `${plane.sitePath}/slots/never`)).status).toBe(204);
  });
});

describe("settings", () => {
  test("are replaced as a whole", async () => {
    await client().updateApplicationSettings(group, "auction", { properties: { A: "1", B: "2" } });
    await client().updateApplicationSettings(group, "auction", { properties: { B: "3" } });
    expect((await client().listApplicationSettings(group, "auction")).properties).toEqual({ B: "3" });
  });

  test("have names of letters, digits, points and underscores", async () => {
    const body = { properties: { GOOD_1: "1", "NOT-GOOD": "2" } };
    const answer = await askArm(plane, "PUT", `${plane.sitePath}/config/appsettings`, body);
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("AppSetting with name(s) 'NOT-GOOD'")]);
  });

  test("connection strings know Azure's types alone", async () => {
    const put = (type: string) =>
      askArm(plane, "PUT", `${plane.sitePath}/config/connectionstrings`, { properties: { db: { value: "x", type } } });
    expect((await put("postgresql")).json()).toMatchObject({ properties: { db: { type: "PostgreSQL" } } });
    expect((await put("Oracle")).status).toBe(400);
  });

  test("sticky names belong to the site", async () => {
    await client().updateSlotConfigurationNames(group, "auction", { appSettingNames: ["A"] });
    expect(await client().listSlotConfigurationNames(group, "auction")).toMatchObject({
      appSettingNames: ["A"],
      connectionStringNames: [],
    });
  });

  test("a Key Vault reference shows why it is not resolved", async () => {
    const properties = { SECRET: "@Microsoft.KeyVault(VaultName=v;SecretName=s)", BAD: "@Microsoft.KeyVault(x)" };
    await client().updateApplicationSettings(group, "auction", { properties });
    const found: Record<string, string | undefined> = {};
    for await (const one of client().listAppSettingsKeyVaultReferences(group, "auction"))
      found[one.name ?? ""] = one.status;
    expect(found).toEqual({ SECRET: "MSINotEnabled", BAD: "InvalidSyntax" });
  });
});

describe("configuration", () => {
  test("a patch changes what it names and recycles the app", async () => {
    await client().updateConfiguration(group, "auction", { healthCheckPath: "/health/live" });
    const config = await client().getConfiguration(group, "auction");
    expect(config).toMatchObject({ healthCheckPath: "/health/live", linuxFxVersion: "PYTHON|3.12" });
    expect(plane.hosting.asked).toEqual(["config changed: production"]);
  });

  test("a patch that changes nothing leaves the app alone", async () => {
    await client().updateConfiguration(group, "auction", { healthCheckPath: "/health/live" });
    expect(plane.hosting.asked).toEqual([]);
  });

  test("a put begins from the defaults", async () => {
    await client().createOrUpdateConfigurationSlot(group, "auction", "staging", { alwaysOn: true });
    expect(await client().getConfigurationSlot(group, "auction", "staging")).toMatchObject({
      alwaysOn: true,
      linuxFxVersion: "",
    });
  });

  test("ramp-up rules are set, cleared and checked, and recycle nothing", async () => {
    const set = (percentages: number[]) =>
      client().updateConfiguration(group, "auction", {
        experiments: {
          rampUpRules: percentages.map((reroutePercentage, index) => ({
            actionHostName: plane.site.slots.get("staging")?.hostName ?? "",
            reroutePercentage,
            name: `staging${index}`,
          })),
        },
      });
    await set([12.5]);
    expect(plane.site.production.config.experiments.rampUpRules).toEqual([
      { actionHostName: plane.site.slots.get("staging")?.hostName, reroutePercentage: 12.5, name: "staging0" },
    ]);
    await expect(set([60, 50])).rejects.toMatchObject({ statusCode: 400 });
    await set([]);
    expect(plane.site.production.config.experiments.rampUpRules).toEqual([]);
    expect(plane.hosting.asked).toEqual([]);
  });

  test("public access is the site's business, not its configuration's", async () => {
    const body = { properties: { publicNetworkAccess: "Disabled" } };
    const answer = await askArm(plane, "PATCH", `${plane.sitePath}/config/web`, body);
    expect(answer.status).toBe(409);
    expect(answer.body).toContain("SiteConfig.PublicNetworkAccess cannot be modified");
  });
});

describe("a site", () => {
  test("is stopped, started and restarted by the SDK", async () => {
    await client().stopSlot(group, "auction", "staging");
    expect((await client().getSlot(group, "auction", "staging")).state).toBe("Stopped");
    await client().startSlot(group, "auction", "staging");
    await client().restartSlot(group, "auction", "staging", { synchronous: true });
    expect(plane.hosting.asked).toEqual(["stop: staging", "start: staging", "restart and wait: staging"]);
  });

  test("shows its instances, whose names are the affinity cookie's values", async () => {
    const found: unknown[] = [];
    for await (const one of client().listInstanceIdentifiersSlot(group, "auction", "staging")) found.push(one.name);
    expect(found).toEqual(["instance-of-staging"]);
    expect((await client().getInstanceInfoSlot(group, "auction", "instance-of-staging", "staging")).state).toBe(
      "READY",
    );
  });

  test("is made on a plan that exists, and on no other", async () => {
    const path = plane.sitePath.replace("/auction", "/another");
    const [, group = ""] = /^(.*)\/sites\//.exec(plane.sitePath) ?? [];
    const serverFarmId = `${group}/serverfarms/plan-another`;
    const body = {
      location: "westeurope",
      properties: { serverFarmId, siteConfig: { linuxFxVersion: "PYTHON|3.12" } },
    };
    expect((await askArm(plane, "PUT", path, body)).status).toBe(404);
    const plan = { location: "westeurope", sku: { name: "S1" }, properties: { reserved: true } };
    expect((await askArm(plane, "PUT", serverFarmId, plan)).status).toBe(200);
    expect((await askArm(plane, "PUT", path, body)).status).toBe(200);
    expect((await askArm(plane, "GET", path)).status).toBe(200);
    plane.world.sites.pop();
  });

  test("is listed with its slots when they are asked for", async () => {
    const names: (string | undefined)[] = [];
    for await (const one of client().listByResourceGroup(group, { includeSlots: true })) names.push(one.name);
    expect(names).toEqual(["auction", "auction/staging"]);
  });
});

describe("publishing", () => {
  test("credentials and policies are each slot's own", async () => {
    const user = await client().listPublishingCredentialsSlot(group, "auction", "staging");
    expect(user.publishingUserName).toBe("$auction__staging");
    expect(user.scmUri).toContain(plane.site.slots.get("staging")?.scmHostName);
    await client().updateScmAllowedSlot(group, "auction", "staging", { allow: false });
    expect((await client().getScmAllowedSlot(group, "auction", "staging")).allow).toBe(false);
    expect((await client().getScmAllowed(group, "auction")).allow).toBe(true);
    expect((await client().getFtpAllowedSlot(group, "auction", "staging")).allow).toBe(true);
  });

  test("the profile hides the password of a channel that is closed", async () => {
    const read = async (suffix: string) =>
      (await askArm(plane, "POST", `${plane.sitePath}${suffix}/publishxml`, {})).body;
    plane.site.production.basicPublishing.scm = true;
    expect(await read("")).toContain(`userPWD="${plane.site.production.publishingPassword}"`);
    const staging = await read("/slots/staging");
    expect(staging).toContain('publishMethod="ZipDeploy"');
    expect(staging.match(/REDACTED/g)).toHaveLength(2);
  });

  test("the container's log is text, a zip, or nothing", async () => {
    const path = `${plane.sitePath}/containerlogs`;
    expect((await askArm(plane, "POST", path)).status).toBe(204);
    plane.hosting.log = "started\n";
    expect((await askArm(plane, "POST", path)).body).toBe("started\n");
    const zip = await client().getContainerLogsZip(group, "auction");
    const chunks: Buffer[] = [];
    for await (const chunk of zip.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
    expect(Object.values(unzipSync(Buffer.concat(chunks))).map((file) => Buffer.from(file).toString())).toEqual([
      "started\n",
    ]);
  });
});

describe("deployments", () => {
  const staging = () => plane.site.slots.get("staging") ?? plane.site.production;

  test("are Kudu's records as the SDK reads them, with their log", async () => {
    plane.hosting.addRecord(staging(), "d1", 4);
    const record = await client().getDeploymentSlot(group, "auction", "d1", "staging");
    expect(record).toMatchObject({ status: 4, active: true, deployer: "OneDeploy" });
    expect((await askArm(plane, "GET", `${plane.sitePath}/slots/staging/deployments/d1/log`)).body).toContain(
      "Copied.",
    );
    await expect(client().getDeploymentSlot(group, "auction", "d9", "staging")).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  test("have a status until a newer one exists, and none for slots when switched so", async () => {
    const path = `${plane.sitePath}/slots/staging/deploymentStatus`;
    const before = await askArm(plane, "GET", `${path}/d1`);
    expect([before.status, before.json()]).toMatchObject([200, { properties: { status: "RuntimeSuccessful" } }]);
    const newer = plane.hosting.addRecord(staging(), "d2", 1);
    newer.received_time = new Date(Date.now() + 1000).toISOString();
    expect((await askArm(plane, "GET", `${path}/d1`)).status).toBe(404);
    const running = await askArm(plane, "GET", `${path}/d2`);
    expect([running.status, running.json()]).toMatchObject([202, { properties: { status: "BuildInProgress" } }]);
    plane.arm.behaviour.deploymentStatusOfSlots = false;
    expect((await askArm(plane, "GET", `${path}/d2`)).status).toBe(404);
    plane.arm.behaviour.deploymentStatusOfSlots = true;
  });

  test("begin by package URL and point to the latest record", async () => {
    const body = { properties: { packageUri: "https://example.test/a.zip", type: "zip", async: true } };
    const answer = await askArm(plane, "PUT", `${plane.sitePath}/extensions/onedeploy`, body);
    expect(answer.status).toBe(202);
    expect(answer.headers.location).toMatch(/\/deployments\/latest\?api-version=2018-02-01&deployer=OneDeploy&time=/);
    expect(answer.headers["retry-after"]).toBe("30");
    const latest = await askArm(plane, "GET", `${plane.sitePath}/deployments/latest`);
    expect([latest.status, latest.json()]).toMatchObject([202, { properties: { status: 1 } }]);
    expect((await askArm(plane, "PUT", `${plane.sitePath}/extensions/onedeploy`, { properties: {} })).status).toBe(400);
  });
});
