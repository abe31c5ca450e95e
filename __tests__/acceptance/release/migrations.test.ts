import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import {
  auctionStartCommand,
  type Cloud,
  materialiseRelease,
  pythonPath,
  type Site,
  startCloud,
  Timing,
} from "@augeo/rehearsal";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type TemporaryFolder, temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { dist, type MainRun, type RunOptions, runAction } from "../../support/run-action.ts";
import { blob, errorOf } from "../slot-swap/app-in-slots.ts";

let cloud: Cloud;
let site: Site;
let ledger: string;
let folder: TemporaryFolder;

beforeAll(async () => {
  cloud = await startCloud({ timing: { ...Timing.fast, scmStart: 0 }, arm: { retryAfter: undefined } });
  cloud.trust();
  folder = await temporaryFolder("releases");
  const appSettings = { DATABASE_URL: cloud.databaseUrl };
  site = await cloud.createSite({
    name: "auction-db",
    slots: ["staging"],
    appCommandLine: auctionStartCommand,
    appSettings,
  });
  ledger = await cloud.newContainer();
});

afterAll(async () => {
  await cloud?.close();
  await folder?.remove();
});

async function release(name: string, runId: number, more: Partial<RunOptions> = {}): Promise<MainRun> {
  const path = `${folder.path}/${name}`;
  await materialiseRelease(name, path);
  return runAction("release", {
    cloud,
    env: { GITHUB_RUN_ID: String(runId) },
    timeout: 90_000,
    inputs: {
      ...cloud.inputs,
      app: site.name,
      "resource-group": cloud.resourceGroup,
      package: path,
      release: `auction-${name}`,
      ledger,
      "database-url": cloud.databaseUrl,
      python: pythonPath(),
      "health-path": "/health/ready",
      "bake-time": "1s",
      "probe-interval": "100ms",
      "poll-interval": "100ms",
      ...more.inputs,
    },
    ...(more.signalAfter && { signalAfter: more.signalAfter }),
  });
}

const swaps = () => cloud.requests.of({ host: "management", method: "POST", path: /\/slotsswap/ }).length;

describe("a release with a database", () => {
  test("runs its expand migrations before its code serves, and one with two heads is refused before anything changes", async () => {
    const first = await release("1", 1);
    expect(errorOf(first)).toBe("");
    expect(first.outputs).toMatchObject({ reason: "released", "live-release": "auction-1" });
    const second = await release("2", 2);
    expect(errorOf(second)).toBe("");
    expect(second.outputs).toMatchObject({
      reason: "released",
      "live-release": "auction-2",
      "previous-release": "auction-1",
    });
    cloud.requests.clear();
    const forked = await release("4", 4);
    expect(forked.exitCode).toBe(1);
    expect(forked.outputs).toMatchObject({ decision: "hold", reason: "gate" });
    expect(errorOf(forked)).toMatch(/heads/);
    expect(swaps()).toBe(0);
    expect(cloud.requests.of({ method: "POST", host: "scm" })).toHaveLength(0);
  }, 240_000);

  test("whose migration fails leaves production alone and says what state the database is in", async () => {
    const failed = await release("failing-migration", 5);
    expect(failed.outputs).toMatchObject({ decision: "hold", reason: "gate", "live-release": "auction-2" });
    expect(errorOf(failed)).toMatch(/failed/);
    expect(swaps()).toBe(0);
  });

  test("holds contract revisions back, which the gate applies once no rollback needs what they take away", async () => {
    const path = `${folder.path}/contract`;
    const contract = (inputs: Record<string, string> = {}) =>
      runAction("migration-gate", {
        cloud,
        env: { GITHUB_RUN_ID: "21", DATABASE_URL: cloud.databaseUrl },
        workspace: path,
        inputs: {
          ...cloud.inputs,
          mode: "apply",
          phase: "contract",
          app: site.name,
          ledger,
          python: pythonPath(),
          "database-url": cloud.databaseUrl.replace("postgresql:", "postgresql+psycopg:"),
          ...inputs,
        },
      });
    await materialiseRelease("contract", path);
    const early = await contract({ "rollback-window": "0s" });
    expect(early.outputs).toMatchObject({ decision: "hold", reason: "contract-not-live" });
    expect(errorOf(early)).toMatch(/code that is live does not have these revisions[\s\S]*auction-2/);
    // Ready means with every revision applied, to this app; that it lives is what can be asked of it before.
    const released = await release("contract", 20, { inputs: { "health-path": "/health/live" } });
    expect(released.outputs).toMatchObject({ reason: "released", "live-release": "auction-contract" });
    expect(released.stdout).toMatch(/Held back: /);
    const open = await contract();
    expect(open.outputs).toMatchObject({ decision: "hold", reason: "rollback-window-open" });
    expect(errorOf(open)).toMatch(
      /rollback window of auction-contract is open[\s\S]*bring back auction-2[\s\S]*Run again after 20/,
    );
    const done = await contract({ "rollback-window": "0s" });
    expect(errorOf(done)).toBe("");
    expect(done.outputs).toMatchObject({ decision: "proceed", reason: "migrated", phase: "contract" });
    const back = await runAction("rollback", {
      cloud,
      env: { GITHUB_RUN_ID: "22" },
      inputs: {
        ...cloud.inputs,
        app: site.name,
        "resource-group": cloud.resourceGroup,
        ledger,
        "health-path": "/health/ready",
      },
    });
    expect(back.outputs).toMatchObject({ decision: "hold", reason: "schema" });
    expect(errorOf(back)).toMatch(/auction-2 no longer fits the database/);
    // By a command of the workflow's own: it is run only where the ledger permits, and the ledger knows what it did.
    const env = { ...process.env, DATABASE_URL: cloud.databaseUrl };
    await promisify(execFile)(pythonPath(), ["-m", "alembic", "downgrade", "-1"], { cwd: path, env });
    const ran = `${folder.path}/ran`;
    const line = `touch "${ran}"; "${process.execPath}" "${dist}/augeo-gate.js" apply --python "${pythonPath()}" $AUGEO_GATE_ARGS`;
    const byCommand = (inputs: Record<string, string> = {}) =>
      contract({ connect: "command", "apply-command": line, "database-url": "", ...inputs });
    expect((await byCommand()).outputs.reason).toBe("rollback-window-open");
    expect(existsSync(ran)).toBe(false);
    const changes = async () =>
      JSON.parse(await blob(cloud, `${ledger}/${site.name}/production/head.json`, "GET")).schemaChanges as object[];
    const before = await changes();
    const commanded = await byCommand({ "rollback-window": "0s" });
    expect(errorOf(commanded)).toBe("");
    expect(commanded.outputs).toMatchObject({ reason: "migrated", applied: "0004", phase: "contract" });
    expect(await changes()).toEqual([
      ...before,
      expect.objectContaining({ from: "0003", to: "0004", kind: "contract", release: "auction-contract" }),
    ]);
    expect((await contract({ "rollback-window": "0s" })).outputs.reason).toBe("up-to-date");
  }, 300_000);
});

describe("a release whose database is behind a firewall", () => {
  test("opens it for its migrations alone; a cancelled one closes it, and of a killed one the post step", async () => {
    const database = await cloud.createDatabaseServer({ name: "auction-flexible" });
    const rules = () => [...database.server.firewallRules.keys()];
    const ours = await cloud.createSite({
      name: "auction-firewall",
      slots: ["staging"],
      appCommandLine: auctionStartCommand,
      appSettings: { DATABASE_URL: database.insideUrl },
    });
    const inputs = {
      app: ours.name,
      ledger: await cloud.newContainer(),
      connect: "firewall-rule",
      "database-server": "auction-flexible",
      "database-url": database.url,
    };
    const first = await release("1", 11, { inputs });
    expect(errorOf(first)).toBe("");
    expect(first.outputs).toMatchObject({ reason: "released", "live-release": "auction-1" });
    expect(first.stdout).toMatch(/Closed again: the rule augeo-/);
    expect(rules()).toEqual([]);
    const moment = /::group::Apply expand migrations/;
    const cancelled = await release("2", 12, { inputs, signalAfter: { signal: "SIGINT", moment } });
    expect(cancelled.signal).toBeNull();
    expect(cancelled.outputs).toMatchObject({ decision: "hold", reason: "interrupted" });
    expect(cancelled.stdout).toMatch(/Opened to .*[\s\S]*Closed again: the rule augeo-/);
    expect(rules()).toEqual([]);
    const killed = await release("2", 13, { inputs, signalAfter: { signal: "SIGKILL", moment } });
    expect(killed.signal).toBe("SIGKILL");
    expect(rules()).toHaveLength(1);
    await killed.post();
    expect(rules()).toEqual([]);
  }, 240_000);
});
