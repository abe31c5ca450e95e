import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { startPostgres } from "@augeo/rehearsal";
import { describe, expect, test } from "@jest/globals";
import pg from "pg";

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("augeo-postgres-"));

describe("an ephemeral PostgreSQL", () => {
  test("makes databases apart from each other, asks for its password, and leaves nothing behind", async () => {
    const before = new Set(folders());
    const server = await startPostgres();
    const mine = folders().filter((name) => !before.has(name));
    try {
      const [one, other] = [await server.createDatabase(), await server.createDatabase("named")];
      await ask(one, "create table t (n int)");
      expect(await ask(one, "select count(*)::int as n from pg_tables where tablename = 't'")).toEqual([{ n: 1 }]);
      expect(await ask(other, "select current_database() as name")).toEqual([{ name: "named" }]);
      expect(await ask(other, "select to_regclass('t') as t")).toEqual([{ t: null }]);
      const wrong = server.url.replace(/:[^:@]*@/, ":wrong@");
      await expect(ask(wrong, "select 1")).rejects.toThrow("password authentication failed");
    } finally {
      await server.close();
    }
    expect(mine.filter((name) => existsSync(`${tmpdir()}/${name}`))).toEqual([]);
    await expect(ask(server.url, "select 1")).rejects.toThrow("ECONNREFUSED");
  });

  test("closes at once, whoever is still connected", async () => {
    const server = await startPostgres();
    const client = new pg.Client({ connectionString: server.url });
    const cut = new Promise((resolve) => client.once("error", resolve));
    await client.connect();
    await server.close();
    expect(await cut).toBeInstanceOf(Error);
  });
});
