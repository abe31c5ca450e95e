import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { sqlCommand } from "../../actions/migration-gate/cli/sql-command.ts";

let folder = "";
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "augeo-gate-"));
  await writeFile(path("index.sql"), "SET lock_timeout = '1s';\nCREATE INDEX i ON account (email);\n");
  await writeFile(path("safe.sql"), "CREATE TABLE note (id bigint PRIMARY KEY);\n");
  await writeFile(path("unread.sql"), "CREATE TABLE note (id bigint PRIMARY KEY);\nALTER TABEL x;\n\\i more.sql\n");
  await writeFile(path("broken.sql"), "ALTER TABEL x;\nDROP TABLE account;\n");
  await writeFile(path("wider.sql"), "ALTER TABLE account ALTER COLUMN email TYPE varchar(90);\n");
  await writeFile(path("setup.sql"), "CREATE TABLE account (email varchar(50));\n");
  await writeFile(path("hostile.sql"), 'DROP TABLE "a\n::error::x\u001b[31m";\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const judged = async (...args: string[]) => JSON.parse((await sqlCommand([...args, "--json"])).stdout);

describe("augeo-gate sql", () => {
  test("exits with 1 when something blocks and says where, why and what to do", async () => {
    const { stdout, exitCode } = await sqlCommand([path("index.sql")]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      `${path("index.sql")}:2: block index-not-concurrent (account): Index built while writes wait`,
    );
    expect(stdout).toContain("    ShareLock, blocks writes, builds an index, reads the table");
    expect(stdout).toContain("    | with op.get_context().autocommit_block():");
  });

  test("exits with 0 when nothing does", async () => {
    expect((await sqlCommand([path("safe.sql")])).exitCode).toBe(0);
  });

  test("exits with 3 when nothing blocks and not all was read: neither safe nor unsafe", async () => {
    const { stdout, exitCode } = await sqlCommand([path("unread.sql")]);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/What stands on lines 2, 3 could not be read: that is neither safe nor unsafe\.\n$/);
    const { conclusion, verdict } = await judged(path("unread.sql"));
    expect([conclusion, stdout.trimEnd().endsWith(verdict)]).toEqual(["unknown", true]);
    expect(await judged(path("broken.sql"))).toMatchObject({ conclusion: "fail" });
    expect(await judged(path("safe.sql"))).toMatchObject({ conclusion: "pass" });
  });

  test("prints the report as Markdown too, without a plan for a release", async () => {
    const { stdout, exitCode } = await sqlCommand([path("index.sql"), "--markdown"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("## ❌ Not safe to release");
    expect(stdout).toContain("The script was read, not run (PostgreSQL 15). Line");
    expect(stdout).toMatch(/\| ⛔&nbsp;2 \| \[Index built while writes wait\].*\| \[fix&nbsp;1\]\(#/);
    expect(stdout).not.toContain("may run");
    const unread = await sqlCommand([path("unread.sql"), "--markdown"]);
    expect([unread.exitCode, unread.stdout]).toEqual([3, expect.stringContaining("## ⚠️ Could not be judged")]);
    expect(unread.stdout).toMatch(/\*\*Not looked at:\*\*\n- line 2: .*\n- line 3: /);
  });

  test("prints findings of schema 1 as JSON, with a bad statement as one of them", async () => {
    const { schema, findings } = await judged(path("broken.sql"));
    expect(schema).toBe(1);
    expect(findings.map(({ rule, line }: { rule: string; line: number }) => [rule, line])).toEqual(
      expect.arrayContaining([
        ["unreadable-statement", 1],
        ["drop-table", 2],
      ]),
    );
  });

  test("knows from the preamble what was there before", async () => {
    const blocking = async (...args: string[]) => (await judged(path("wider.sql"), ...args)).longBlocking;
    expect([await blocking(), await blocking("--preamble", path("setup.sql"))]).toEqual([true, false]);
  });

  test("lets no control characters of the script through to the terminal", async () => {
    const { stdout } = await sqlCommand([path("hostile.sql")]);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).not.toMatch(/^::error/m);
  });

  test.each([
    [[], /One file of SQL/],
    [["a.sql", "--postgres-version", "new"], /not a major version/],
    [["/nowhere/x.sql"], /cannot be read/],
    [["a.sql", "--jsn"], /--jsn/],
  ])("refuses %j", async (args, message) => {
    await expect(sqlCommand(args)).rejects.toThrow(message);
  });
});
