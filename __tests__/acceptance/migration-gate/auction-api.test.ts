import { createDatabaseOn, materialiseRelease, pythonPath } from "@augeo/rehearsal";
import { afterEach, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { announcedServers } from "../../../packages/rehearsal/src/servers.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { runAction } from "../../support/run-action.ts";

const folders: TemporaryFolder[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => folder.remove()));
});

async function database(): Promise<string> {
  const servers = announcedServers();
  if (servers === undefined) throw new Error("the test run has not started PostgreSQL");
  return (await createDatabaseOn(servers.postgresUrl)).replace("postgresql:", "postgresql+psycopg:");
}

async function apply(release: string, url: string, inputs: Record<string, string> = {}) {
  const folder = await temporaryFolder("gate");
  folders.push(folder);
  await materialiseRelease(release, folder.path);
  return runAction("migration-gate", {
    inputs: {
      mode: "apply",
      "github-token": "x",
      python: pythonPath(),
      "database-url": url,
      phase: "expand",
      ...inputs,
    },
    workspace: folder.path,
  });
}

async function tables(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url.replace("+psycopg", "") });
  await client.connect();
  const { rows } = await client.query<{ t: string }>(
    "select tablename as t from pg_tables where schemaname = 'public' order by 1",
  );
  await client.end();
  return rows.map((row) => row.t);
}

describe("the example app's releases", () => {
  test("1, then 2, are expand migrations; a contract one is held until it is asked for", async () => {
    const url = await database();
    const first = await apply("1", url);
    expect(first.outputs).toMatchObject({ reason: "migrated", phase: "expand" });
    const second = await apply("2", url);
    expect(second.outputs).toMatchObject({ reason: "migrated", phase: "expand", from: first.outputs.to });
    const held = await apply("contract", url);
    expect(held.outputs).toMatchObject({ reason: "contract-pending", from: second.outputs.to, to: second.outputs.to });
    const contract = await apply("contract", url, { phase: "all" });
    expect(contract.outputs).toMatchObject({ reason: "migrated", phase: "contract" });
    const older = await apply("2", url);
    expect(older.outputs).toMatchObject({ reason: "database-ahead", decision: "hold" });
  });

  test("4 has two heads and is refused before anything changes", async () => {
    const url = await database();
    const run = await apply("4", url);
    expect(run.outputs).toMatchObject({ reason: "several-heads", decision: "hold" });
    expect(await tables(url)).toEqual([]);
  });

  test("the failing one leaves the database where it was", async () => {
    const url = await database();
    const before = await apply("2", url);
    const names = await tables(url);
    const run = await apply("failing-migration", url, { phase: "all" });
    expect(run.outputs).toMatchObject({ reason: "migration-failed", from: before.outputs.to, to: before.outputs.to });
    expect(await tables(url)).toEqual(names);
  });
});
