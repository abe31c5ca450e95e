import { type Cloud, type DatabaseServer, pythonPath, startCloud } from "@augeo/rehearsal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type MainRun, type RunOptions, runAction } from "../../support/run-action.ts";
import { type AlembicProject, alembicProject, chain, revisionFile } from "./alembic-project.ts";

let cloud: Cloud;
let database: DatabaseServer;
let quick: AlembicProject;
let slow: AlembicProject;
let failing: AlembicProject;

const sleepy = 'op.create_table("t", sa.Column("id", sa.Integer))\nop.execute("select pg_sleep(60)")';

beforeAll(async () => {
  cloud = await startCloud({ blob: "none", arm: { retryAfter: 1 } });
  cloud.trust();
  quick = await alembicProject(chain("a1"));
  slow = await alembicProject({ "migrations/versions/a1.py": revisionFile("a1", null, sleepy) });
  const broken = revisionFile("a1", null, 'op.execute("insert into nowhere values (1)")');
  failing = await alembicProject({ "migrations/versions/a1.py": broken });
});
afterAll(async () => {
  await cloud?.close();
  await Promise.all([quick, slow, failing].map((project) => project?.remove()));
});

let count = 0;
beforeEach(async () => {
  cloud.faults.clear();
  cloud.requests.clear();
  count += 1;
  database = await cloud.createDatabaseServer({ name: `auction-db-${count}` });
});
afterEach(() => database.close());

function apply(
  project: AlembicProject,
  inputs: Record<string, string> = {},
  more: Partial<RunOptions> = {},
): Promise<MainRun> {
  return runAction("migration-gate", {
    cloud,
    workspace: project.folder,
    timeout: 90_000,
    inputs: {
      ...cloud.inputs,
      mode: "apply",
      python: pythonPath(),
      "database-url": database.url.replace("postgresql:", "postgresql+psycopg:"),
      connect: "firewall-rule",
      "database-server": database.server.name,
      "database-resource-group": cloud.resourceGroup,
      "runner-address-url": database.addressUrl,
      ...inputs,
    },
    ...more,
  });
}

const openRules = () => [...database.server.firewallRules.values()];
const writes = (method: "PUT" | "DELETE") => cloud.requests.of({ host: "management", method, path: /firewallRules/ });
const errorsOf = (run: { annotations: MainRun["annotations"] }) =>
  run.annotations
    .filter(({ level }) => level === "error")
    .map(({ message }) => message)
    .join("\n");

describe("a database behind a firewall", () => {
  test("is not reached without a rule, and the error says which address it turned away and what to do", async () => {
    const run = await apply(quick, { connect: "direct" });
    expect(run.outputs.reason).toBe("service-error");
    expect(errorsOf(run)).toMatch(
      /admits no connection from 203\.0\.113\.7, which is this runner[\s\S]*connect: firewall-rule/,
    );
    expect(writes("PUT")).toHaveLength(0);
  });

  test("is opened to the address that the server names, migrated, and closed again", async () => {
    const run = await apply(quick);
    expect(run.outputs).toMatchObject({ reason: "migrated", to: "a1" });
    expect(run.stdout).toContain("The server turns this runner away as 203.0.113.7.");
    expect(writes("PUT")).toHaveLength(1);
    expect(openRules()).toEqual([]);
    expect(run.stdout).toMatch(/Closed again: the rule augeo-\d+-\d+-1-\d+-\w+ is gone/);
    const requests = cloud.requests.entries.length;
    const post = await run.post();
    expect(post.exitCode).toBe(0);
    expect(cloud.requests.entries).toHaveLength(requests);
  });

  test("that says nothing to strangers is opened to the address that a service on the Internet names", async () => {
    database.door.refusal = "silent";
    const run = await apply(quick);
    expect(run.outputs.reason).toBe("migrated");
    expect(run.stdout).toMatch(/The server does not answer; 127\.0\.0\.1:\d+ sees this runner as 203\.0\.113\.7/);
    expect(openRules()).toEqual([]);
  });

  test("takes a given address without asking anyone, and a range for a network with several", async () => {
    database.door.egress = ["203.0.113.7", "203.0.113.9"];
    const run = await apply(quick, { "runner-address": "203.0.113.0/28" });
    expect(run.outputs.reason).toBe("migrated");
    expect(new Set(database.door.admitted)).toEqual(new Set(["203.0.113.7", "203.0.113.9"]));
    expect(cloud.requests.of({ host: "address" })).toHaveLength(0);
    expect(run.stdout).toContain("Opened to 203.0.113.0 to 203.0.113.15");
    expect(openRules()).toEqual([]);
  });

  test("seen from a second address is opened to that one too", async () => {
    database.door.egress = ["203.0.113.7", "203.0.113.8"];
    const run = await apply(quick, { "runner-address": "203.0.113.7" });
    expect(run.stdout).toContain("This runner also leaves its network by 203.0.113.8, says the server.");
    expect(run.outputs.reason).toBe("migrated");
    expect(openRules()).toEqual([]);
  });

  test("that lets the runner in already gets no rule", async () => {
    const rule = { name: "ours", startIpAddress: "203.0.113.0", endIpAddress: "203.0.113.255", effectiveAt: 0 };
    database.server.firewallRules.set("ours", rule);
    const run = await apply(quick);
    expect(run.outputs.reason).toBe("migrated");
    expect(run.stdout).toContain("The server speaks with this runner already: no rule was opened.");
    expect(writes("PUT")).toHaveLength(0);
    expect(openRules()).toEqual([rule]);
  });

  test("that heeds its rules late is knocked at until it does", async () => {
    database.server.propagation = 3_000;
    const run = await apply(quick);
    expect(run.outputs.reason).toBe("migrated");
    expect(openRules()).toEqual([]);
  });

  test("that never lets the runner in is closed again, and the error says what was opened and what to set", async () => {
    database.server.propagation = 600_000;
    const run = await apply(quick, { "firewall-timeout": "4s" });
    expect(run.outputs.reason).toBe("service-error");
    expect(errorsOf(run)).toMatch(/though its firewall was opened to 203\.0\.113\.7[\s\S]*runner-address/);
    expect(openRules()).toEqual([]);
  });
});

describe("whatever happens, the rule goes", () => {
  test("when a migration fails", async () => {
    const run = await apply(failing);
    expect(run.outputs.reason).toBe("migration-failed");
    expect(openRules()).toEqual([]);
  });

  test("when the run is cancelled while it migrates", async () => {
    const run = await apply(slow, {}, { signalAfter: { signal: "SIGINT", moment: /pg_sleep/ } });
    expect(run.outputs.reason).toBe("interrupted");
    expect(openRules()).toEqual([]);
  });

  test("when the run is cancelled while it knocks", async () => {
    database.server.propagation = 600_000;
    const run = await apply(quick, {}, { signalAfter: { signal: "SIGINT", moment: /Opened to/ } });
    expect(run.outputs.reason).toBe("interrupted");
    expect(openRules()).toEqual([]);
  });

  test("when Azure loses the reply to closing it, and when it is busy", async () => {
    cloud.faults.add({
      match: { method: "DELETE", path: /firewallRules/ },
      action: { kind: "reset", when: "after" },
      times: 1,
    });
    expect((await apply(quick)).outputs.reason).toBe("migrated");
    expect(openRules()).toEqual([]);
    const busy = { error: { code: "ServerIsBusy", message: "busy" } };
    cloud.faults.add({
      match: { method: "PUT", path: /firewallRules/ },
      action: { kind: "status", status: 409, body: busy },
      times: 1,
    });
    cloud.faults.add({
      match: { method: "DELETE", path: /firewallRules/ },
      action: { kind: "status", status: 409, body: busy },
      times: 1,
    });
    expect((await apply(quick)).outputs.reason).toBe("up-to-date");
    expect(openRules()).toEqual([]);
  });

  test("when the process is killed: by its post step", async () => {
    const run = await apply(slow, {}, { signalAfter: { signal: "SIGKILL", moment: /pg_sleep/ } });
    expect(run.signal).toBe("SIGKILL");
    expect(openRules()).toHaveLength(1);
    const post = await run.post();
    expect(post.exitCode).toBe(0);
    expect(post.stdout).toMatch(/Closed again: the rule augeo-/);
    expect(openRules()).toEqual([]);
  });

  test("when the machine is lost: by the next run, which asks GitHub whether that one is over", async () => {
    const killed = { signal: "SIGKILL", moment: /pg_sleep/ } as const;
    await apply(slow, {}, { signalAfter: killed, env: { GITHUB_RUN_ID: "77" } });
    expect(openRules()).toHaveLength(1);
    cloud.github.state.runs.set("77", { status: "in_progress" });
    await apply(quick, { "database-url": database.url.replace("postgresql:", "postgresql+psycopg:") });
    expect(openRules()).toHaveLength(1);
    cloud.github.state.runs.set("77", { status: "completed", conclusion: "cancelled" });
    const next = await apply(quick);
    expect(next.stdout).toMatch(/Run 77 \(attempt 1\) is over and had left its rule open\. Closed again/);
    expect(openRules()).toEqual([]);
  });

  test("when main and post cannot close it, the post step fails with the command that does", async () => {
    const down = {
      kind: "status",
      status: 403,
      body: { error: { code: "AuthorizationFailed", message: "no" } },
    } as const;
    cloud.faults.add({ match: { method: "DELETE", path: /firewallRules/ }, action: down });
    const run = await apply(quick);
    expect(run.outputs.reason).toBe("migrated");
    expect(run.annotations.map(({ message }) => message).join()).toMatch(/is still open/);
    const post = await run.post();
    expect(post.exitCode).toBe(1);
    expect(errorsOf(post)).toMatch(
      /still open to this runner's address[\s\S]*firewall-rule delete -g .* --rule-name augeo-/,
    );
    expect(post.summary).toContain("still open");
  });

  test("under a delete lock the rule is emptied instead, and says so", async () => {
    const { subscriptionId, resourceGroup } = database.server;
    cloud.world.deleteLocks.push(`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`);
    const run = await apply(quick);
    cloud.world.deleteLocks.length = 0;
    expect(run.outputs.reason).toBe("migrated");
    expect(run.stdout).toMatch(/a lock on the server forbids deleting the rule augeo-.*admits nobody/);
    expect(openRules()).toMatchObject([{ startIpAddress: "192.0.2.0", endIpAddress: "192.0.2.0" }]);
  });
});

describe("what is missing or wrong has one error of its own", () => {
  test.each([
    ["no server", { "database-server": "" }, /Missing: database-server \(127\.0\.0\.1 is not the name/],
    ["no resource group", { "database-resource-group": "" }, /Missing: database-resource-group/],
    ["no identity", { "client-id": "" }, /Missing: client-id/],
    [
      "an address behind a NAT",
      { "runner-address": "10.0.0.4" },
      /lies in 10\.0\.0\.0\/8, which the server never sees/,
    ],
    ["an unknown server", { "database-server": "elsewhere" }, /no PostgreSQL flexible server "elsewhere"/],
  ])("%s", async (_, inputs, words) => {
    const run = await apply(quick, inputs);
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toMatch(words);
    expect(writes("PUT")).toHaveLength(0);
  });

  test("a server with private access alone", async () => {
    database.server.publicNetworkAccess = "Disabled";
    expect(errorsOf(await apply(quick))).toMatch(/private access alone[\s\S]*augeo-gate apply/);
    expect(writes("PUT")).toHaveLength(0);
  });

  test("a missing right: named with its action, the role and the command that assigns it", async () => {
    const [assignment] = cloud.world.roleAssignments;
    const { role } = assignment ?? { role: "" };
    Object.assign(assignment ?? {}, { role: "Website Contributor" });
    const run = await apply(quick);
    Object.assign(assignment ?? {}, { role });
    expect(errorsOf(run)).toMatch(
      /lacks the action Microsoft\.DBforPostgreSQL\/flexibleServers\/firewallRules\/write on .*flexibleServers\/auction-db/,
    );
    expect(errorsOf(run)).toMatch(
      /az role assignment create .* --role Contributor --scope \S+flexibleServers\/auction-db-\d+\./,
    );
  });

  test("a role on the server alone is enough, though Azure's operations lie outside of it", async () => {
    const { subscriptionId, resourceGroup, name } = database.server;
    const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.DBforPostgreSQL/flexibleServers/${name}`;
    const [assignment] = cloud.world.roleAssignments;
    const before = assignment?.scope;
    Object.assign(assignment ?? {}, { scope });
    const run = await apply(quick);
    Object.assign(assignment ?? {}, { scope: before });
    expect(run.outputs.reason).toBe("migrated");
    expect(openRules()).toEqual([]);
  });
});
