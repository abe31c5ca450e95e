import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { announcedServers } from "../../../packages/rehearsal/src/servers.ts";
import { type AlembicProject, alembicProject, envPy, revisionFile } from "./alembic-project.ts";

const root = join(import.meta.dirname, "../../..");
const schema: unknown = JSON.parse(await readFile(join(root, "docs/reference/augeo-gate.schema.json"), "utf8"));
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema as object);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "augeo-contract-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the documented command prints; a finding that blocks is exit code 1 and no failure. */
function gate(...args: string[]): Promise<{ report: Report; code: number }> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [join(root, "dist/augeo-gate.js"), ...args, "--json"],
      { maxBuffer: 64e6 },
      (error, stdout, stderr) => {
        if (stdout === "") reject(new Error(stderr, { cause: error }));
        else resolve({ report: JSON.parse(stdout) as Report, code: child.exitCode ?? -1 });
      },
    );
  });
}

interface Report {
  findings: { rule: string; source: string; relation: string | null; revision?: string }[];
  conclusion?: string;
  verdict?: string;
  trace?: unknown[];
  evidence?: { revisions: { evidence: string; doubt: string | null }[] };
}

const faults = (report: unknown): unknown => (validate(report) ? [] : validate.errors);

describe("augeo-gate --json keeps to its published schema", () => {
  const SQL = `alter table t alter column v type int using v::int; alter tabel t; create index i on t (v); drop table t;
    do $$ begin execute format('drop table %I', 't'); end $$; alter type mood add value 'x'; select 1; vacuum t;`;

  test("for a script that was read", async () => {
    await writeFile(join(folder, "a.sql"), SQL);
    const { report, code } = await gate("sql", join(folder, "a.sql"), "--postgres-version", "16", "--in-transaction");
    expect(faults(report)).toEqual([]);
    expect([report.conclusion, code]).toEqual(["fail", 1]);
    expect(report.findings.length).toBeGreaterThan(8);
  });

  test("for a script that ran, with its raw trace", async () => {
    await writeFile(join(folder, "setup.sql"), "create table t (v text); create type mood as enum ('a');");
    const url = announcedServers()?.postgresUrl ?? "";
    const args = [join(folder, "a.sql"), "--preamble", join(folder, "setup.sql"), "--server-url", url];
    const { report } = await gate("sql", ...args);
    expect(faults(report)).toEqual([]);
    expect(report.trace).toHaveLength(8);
    expect(report.findings.some(({ source }) => source === "trace")).toBe(true);
  });

  describe("for a project", () => {
    const revisions = {
      "migrations/versions/a1.py": revisionFile("a1", null, `op.create_table("t", sa.Column("id", sa.Integer))`),
      "migrations/versions/b2.py": revisionFile("b2", "a1", `op.drop_column("t", "id")`),
    };
    let project: AlembicProject;
    afterAll(() => project.remove());

    test("that ran", async () => {
      project = await alembicProject({ "migrations/env.py": envPy(), ...revisions });
      const args = ["--from", "a1", "--python", process.env.AUGEO_PYTHON ?? "python3"];
      const { report } = await gate("alembic", project.folder, ...args);
      expect(faults(report)).toEqual([]);
      expect(report.findings.map(({ rule }) => rule)).toContain("drop-column");
      expect(report.evidence?.revisions.map(({ evidence }) => evidence)).toEqual(["rehearsed"]);
    });

    test("whose env.py does not load: judged by a plain environment, and said so", async () => {
      await project.write("migrations/env.py", "import shop.settings\n");
      await project.write(
        "migrations/versions/b2.py",
        revisionFile("b2", "a1", `op.drop_column("t", "id")`, "from shop.types import Money"),
      );
      const args = ["--from", "a1", "--python", process.env.AUGEO_PYTHON ?? "python3"];
      const { report } = await gate("alembic", project.folder, ...args);
      expect(faults(report)).toEqual([]);
      expect(report.findings.map(({ rule }) => rule)).toContain("drop-column");
      expect(report.evidence?.revisions).toEqual([
        expect.objectContaining({
          evidence: "rehearsed",
          doubt: expect.stringMatching(
            /env\.py was not used.*No module named 'shop'.*stand-ins were given for shop\.types/,
          ),
        }),
      ]);
    });

    test("of which nothing could be seen: neither safe nor unsafe", async () => {
      await project.write("migrations/versions/b2.py", revisionFile("b2", "a1", "raise RuntimeError('not here')"));
      const args = ["--from", "a1", "--no-rehearsal", "--python", process.env.AUGEO_PYTHON ?? "python3"];
      const { report, code } = await gate("alembic", project.folder, ...args);
      expect(faults(report)).toEqual([]);
      expect([report.conclusion, code]).toEqual(["unknown", 3]);
      expect(report.verdict).toMatch(/The SQL of b2 could not be seen whole: that is neither safe nor unsafe/);
    });
  });
});
