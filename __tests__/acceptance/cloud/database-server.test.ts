import { PostgreSQLManagementFlexibleServerClient } from "@azure/arm-postgresql-flexible";
import { ClientAssertionCredential } from "@azure/identity";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { type Cloud, type DatabaseServer, startCloud } from "../../../packages/rehearsal/src/index.ts";
import { httpsClient } from "../../support/https-json.ts";

let cloud: Cloud;
let database: DatabaseServer;
let sdk: PostgreSQLManagementFlexibleServerClient;
const HERE = { startIpAddress: "203.0.113.7", endIpAddress: "203.0.113.7" };

beforeAll(async () => {
  cloud = await startCloud({ blob: "none", arm: { retryAfter: 0 } });
  cloud.trust();
  database = await cloud.createDatabaseServer({ name: "auction-db", changeTakes: 50 });
  const assertion = async () => {
    const { oidc, tls } = cloud;
    const client = httpsClient(oidc.requestUrl, tls.ca, { authorization: `Bearer ${oidc.requestToken}` });
    const { body } = await client.ask(`${oidc.requestUrl}&audience=api%3A%2F%2FAzureADTokenExchange`);
    client.close();
    return String(Object(body).value);
  };
  const tlsOptions = { ca: cloud.tls.ca };
  const credential = new ClientAssertionCredential(cloud.tenantId, cloud.application.clientId, assertion, {
    authorityHost: cloud.endpoints.authority,
    disableInstanceDiscovery: true,
    tlsOptions,
  });
  sdk = new PostgreSQLManagementFlexibleServerClient(credential, cloud.subscriptionId, {
    endpoint: cloud.endpoints.management,
    tlsOptions,
    retryOptions: { maxRetries: 0 },
  });
});
afterAll(() => cloud?.close());
beforeEach(() => {
  database.server.firewallRules.clear();
  database.door.refusal = "named";
});

const rules = () => sdk.firewallRules;
const group = () => cloud.resourceGroup;

/** Connects through the door; the error's code and message where it is not let in. */
async function tryDoor(url = database.url, milliseconds = 20_000): Promise<string> {
  const ssl = url.includes("sslmode=disable") ? false : { rejectUnauthorized: false };
  const connectionString = url.replace(/\?.*/, "");
  const client = new pg.Client({ connectionString, ssl, connectionTimeoutMillis: milliseconds });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ here: number }>("select 1 as here");
    return `in ${rows[0]?.here}`;
  } catch (error) {
    return error instanceof Error ? `${"code" in error ? error.code : ""} ${error.message}` : String(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe("a flexible server", () => {
  test("lets nobody in until a rule does, and again nobody once it is gone: the SDK opens and closes it", async () => {
    expect(await tryDoor()).toMatch(/^28000 no pg_hba.conf entry for host "203.0.113.7", user "postgres", database/);
    await rules().beginCreateOrUpdateAndWait(group(), "auction-db", "mine", HERE);
    expect(await rules().get(group(), "AUCTION-DB", "mine")).toMatchObject(HERE);
    expect(await tryDoor()).toBe("in 1");
    const names: string[] = [];
    for await (const rule of rules().listByServer(group(), "auction-db")) names.push(rule.name ?? "");
    expect(names).toEqual(["mine"]);
    await rules().beginDeleteAndWait(group(), "auction-db", "mine");
    expect(await tryDoor()).toMatch(/^28000 /);
  });

  test("drops strangers without a word where it is set to, and refuses who comes without TLS", async () => {
    database.door.refusal = "silent";
    expect(await tryDoor(database.url, 300)).toMatch(/timeout/);
    await rules().beginCreateOrUpdateAndWait(group(), "auction-db", "mine", HERE);
    expect(await tryDoor(database.url.replace("require", "disable"))).toMatch(/28000 .*no encryption/);
  });

  test("sees each of several addresses that a network leaves by", async () => {
    database.door.egress = ["203.0.113.7", "203.0.113.8"];
    await rules().beginCreateOrUpdateAndWait(group(), "auction-db", "mine", HERE);
    const answers = [await tryDoor(), await tryDoor()].sort();
    expect(answers).toEqual([expect.stringMatching(/host "203.0.113.8"/), "in 1"]);
    database.door.egress = ["203.0.113.7"];
  });

  test("takes one change at a time, no bad address and no bad name", async () => {
    database.server.changeTakes = 600_000;
    await rules().beginCreateOrUpdate(group(), "auction-db", "one", HERE);
    await expect(rules().beginCreateOrUpdate(group(), "auction-db", "two", HERE)).rejects.toMatchObject({
      statusCode: 409,
      code: "ServerIsBusy",
    });
    database.server.changeTakes = 0;
    database.server.operation = undefined;
    const wrong = { startIpAddress: "203.0.113.9", endIpAddress: "203.0.113.7" };
    await expect(rules().beginCreateOrUpdate(group(), "auction-db", "two", wrong)).rejects.toMatchObject({
      statusCode: 400,
    });
    await expect(rules().get(group(), "auction-db", "nobody")).rejects.toMatchObject({ code: "ResourceNotFound" });
    await expect(rules().get(group(), "elsewhere", "one")).rejects.toMatchObject({ code: "ResourceNotFound" });
  });

  test("under a delete lock keeps its rules, and lets them be changed", async () => {
    await rules().beginCreateOrUpdateAndWait(group(), "auction-db", "mine", HERE);
    const { id } = await sdk.servers.get(group(), "auction-db");
    cloud.world.deleteLocks.push(id ?? "");
    await expect(rules().beginDelete(group(), "auction-db", "mine")).rejects.toMatchObject({ code: "ScopeLocked" });
    await rules().beginCreateOrUpdateAndWait(group(), "auction-db", "mine", HERE);
    cloud.world.deleteLocks.length = 0;
  });

  test("is not to be touched without the right, whose action Azure names", async () => {
    const [assignment] = cloud.world.roleAssignments;
    if (assignment === undefined) throw new Error("the application has no role");
    const { role } = assignment;
    Object.assign(assignment, { role: "Reader" });
    await expect(rules().beginCreateOrUpdate(group(), "auction-db", "mine", HERE)).rejects.toMatchObject({
      statusCode: 403,
      message: expect.stringContaining("Microsoft.DBforPostgreSQL/flexibleServers/firewallRules/write"),
    });
    Object.assign(assignment, { role });
  });
});
