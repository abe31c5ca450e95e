import { afterEach, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { createDatabaseOn } from "../../../packages/rehearsal/src/postgres.ts";
import { pythonPath } from "../../../packages/rehearsal/src/python.ts";
import { announcedServers } from "../../../packages/rehearsal/src/servers.ts";
import { type RunOptions, runAction } from "../../support/run-action.ts";
import { type AlembicProject, alembicProject, chain, envPy, revisionFile } from "./alembic-project.ts";

const projects: AlembicProject[] = [];
const clients: pg.Client[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await Promise.all(projects.splice(0).map((project) => project.remove()));
});

async function projectOf(files: Record<string, string | null>): Promise<AlembicProject> {
  const project = await alembicProject(files);
  projects.push(project);
  return project;
}

interface Database {
  url: string;
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** A session of its own, ended after the test. */
  session(): Promise<pg.Client>;
}

async function database(): Promise<Database> {
  const servers = announcedServers();
  if (servers === undefined) throw new Error("the test run has not started PostgreSQL");
  const url = await createDatabaseOn(servers.postgresUrl);
  const session = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };
  const own = await session();
  return { url, session, query: async (sql) => (await own.query<Record<string, unknown>>(sql)).rows };
}

function apply(
  project: AlembicProject,
  url: string,
  inputs: Record<string, string> = {},
  more: Partial<RunOptions> = {},
) {
  return runAction("migration-gate", {
    inputs: {
      mode: "apply",
      "github-token": "x",
      python: pythonPath(),
      "database-url": url.replace("postgresql:", "postgresql+psycopg:"),
      ...inputs,
    },
    workspace: project.folder,
    ...more,
  });
}

function passwordOf(url: string): string {
  return new URL(url).password;
}

const errorsOf = (run: Awaited<ReturnType<typeof apply>>): string =>
  run.annotations
    .filter(({ level }) => level === "error")
    .map(({ message }) => message)
    .join("\n");

describe("an upgrade", () => {
  test("applies what is pending, shows it line by line, and the second time there is nothing to do", async () => {
    const [project, db] = [await projectOf(chain("a1", "b2")), await database()];
    const first = await apply(project, db.url);
    expect(first.exitCode).toBe(0);
    expect(first.outputs).toMatchObject({
      decision: "proceed",
      reason: "migrated",
      from: "",
      to: "b2",
      applied: "a1 b2",
      phase: "expand",
    });
    expect(first.stdout).toMatch(/CREATE TABLE t_a1/);
    expect(first.stdout).toContain("In force: lock_timeout 5s, statement_timeout 10min.");
    expect(first.summary).toContain("| b2 | b2 does its part | expand | applied, 2 statements |");
    expect(await db.query("select version_num from alembic_version")).toEqual([{ version_num: "b2" }]);

    const second = await apply(project, db.url);
    expect(second.exitCode).toBe(0);
    expect(second.outputs).toMatchObject({
      decision: "nothing-to-do",
      reason: "up-to-date",
      from: "b2",
      to: "b2",
      applied: "",
    });
  });

  test("reaches a project that reads another variable, or sqlalchemy.url", async () => {
    const reads = 'create_engine(context.config.get_main_option("sqlalchemy.url")';
    const byIni = envPy().replace('create_engine(os.environ["DATABASE_URL"]', reads);
    const [one, two] = [await database(), await database()];
    const other = await projectOf({ ...chain("a1"), "migrations/env.py": envPy({ variable: "MY_DB" }) });
    const run = await apply(other, one.url, { "database-url-env": "MY_DB" });
    expect(run.outputs.reason).toBe("migrated");
    const ini = await apply(await projectOf({ ...chain("a1"), "migrations/env.py": byIni }), two.url);
    expect(ini.outputs.reason).toBe("migrated");
  });

  test("never prints or passes on the password, in any form, other than to mask it", async () => {
    const db = await database();
    const leaky = envPy({ before: 'print("address", os.environ["DATABASE_URL"])' });
    const run = await apply(await projectOf({ ...chain("a1"), "migrations/env.py": leaky }), db.url);
    expect(run.stdout).toContain("address ***");
    const shown = run.stdout.split("\n").filter((line) => !line.startsWith("::add-mask::"));
    expect([...shown, run.summary, run.stderr, JSON.stringify(run.outputs)].join("\n")).not.toContain(
      passwordOf(db.url),
    );
  });

  test("of what the project prints, nothing acts as a workflow command", async () => {
    const db = await database();
    const evil = envPy({ before: 'print("::error::from env.py")' });
    const file = revisionFile("a1", null, "op.execute(\"select '\\n::error::from sql'\")");
    const run = await apply(await projectOf({ "migrations/env.py": evil, "migrations/versions/a1.py": file }), db.url);
    expect(run.outputs.reason).toBe("migrated");
    expect(run.annotations).toEqual([]);
  });

  test("with phase: expand ends before the first contract revision and names what is held", async () => {
    const db = await database();
    const project = await projectOf({
      ...chain("a1", "b2"),
      "migrations/versions/c3.py": revisionFile("c3", "b2", 'op.drop_table("t_a1")'),
    });
    const run = await apply(project, db.url, { phase: "expand" });
    expect(run.outputs).toMatchObject({ reason: "migrated", to: "b2", pending: "c3" });
    const again = await apply(project, db.url, { phase: "expand" });
    expect(again.outputs).toMatchObject({ reason: "contract-pending", decision: "proceed", to: "b2", pending: "c3" });
  });
});

describe("branches that are meant to stay apart", () => {
  const labelled = (id: string, parent: string | null, upgrade: string, label?: string) => {
    const text = revisionFile(id, parent, upgrade);
    return {
      [`migrations/versions/${id}.py`]: label === undefined ? text : `${text}\n\nbranch_labels = ("${label}",)\n`,
    };
  };
  const table = (name: string) => `op.create_table("${name}", sa.Column("id", sa.Integer, primary_key=True))`;
  const branches = {
    ".augeo/migrations.yml": "branches: [core, billing]\n",
    ...labelled("a1", null, table("t_a1"), "core"),
    ...labelled("a2", "a1", table("t_a2")),
    ...labelled("b1", null, table("t_b1"), "billing"),
    ...labelled("b2", "b1", 'op.drop_table("t_b1")'),
  };

  test("go to a head each, and before a swap as far as each may; a head beside them is refused", async () => {
    const db = await database();
    const project = await projectOf(branches);
    const expand = await apply(project, db.url, { phase: "expand" });
    expect(expand.outputs).toMatchObject({ reason: "migrated", to: "a2 b1", pending: "b2" });
    const rest = await apply(project, db.url);
    expect(rest.outputs).toMatchObject({ reason: "migrated", to: "a2 b2", applied: "b2" });
    await project.write("migrations/versions/a3.py", revisionFile("a3", "a1", table("t_a3")));
    const stray = await apply(project, db.url, { target: "heads" });
    expect(stray.outputs).toMatchObject({ decision: "hold", reason: "several-heads" });
    expect(errorsOf(stray)).toMatch(/beside the one that each branch \(core, billing\) may have: a2 \(.*\), a3 \(/);
    await project.write(".augeo/migrations.yml", "branches: core\n");
    expect(errorsOf(await apply(project, db.url))).toMatch(/branches: A list of branch labels is expected here/);
  });
});

describe("a data migration in batches", () => {
  const batches = `with op.get_context().autocommit_block():
    for first in range(1, 3001, 1000):
        op.execute(f"update t_a1 set x = 1 where id between {first} and {first + 999}")`;
  const filled = `op.execute("alter table t_a1 add x int")
op.execute("insert into t_a1 (id) select g from generate_series(1, 3000) g")`;

  test("shows each batch with its rows and time as it goes", async () => {
    const db = await database();
    const project = await projectOf({
      ...chain("a1"),
      "migrations/versions/b2.py": revisionFile("b2", "a1", filled),
      "migrations/versions/c3.py": revisionFile("c3", "b2", batches),
    });
    const run = await apply(project, db.url);
    expect(run.outputs).toMatchObject({ reason: "migrated", to: "c3" });
    expect(run.stdout.match(/update t_a1 set x = 1[\s\S]*?1000 rows, \d+\.\d\d s/g)).toHaveLength(3);
    expect(await db.query("select count(*)::int as n from t_a1 where x = 1")).toEqual([{ n: 3000 }]);
  });
});

describe("refused before anything changes", () => {
  test.each([
    ["two heads", { "migrations/versions/c3.py": revisionFile("c3", "a1", "pass") }, {}, "several-heads"],
    ["a missing parent", { "migrations/versions/d4.py": revisionFile("d4", "nowhere", "pass") }, {}, "broken-chain"],
  ])("%s", async (_, files, inputs, reason) => {
    const db = await database();
    const run = await apply(await projectOf({ ...chain("a1", "b2"), ...files }), db.url, inputs);
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ decision: "hold", reason });
    expect(await db.query("select 1 from pg_tables where schemaname = 'public'")).toEqual([]);
  });

  test("a database at a revision this code does not have", async () => {
    const db = await database();
    await apply(await projectOf(chain("a1", "b2")), db.url);
    const run = await apply(await projectOf(chain("a1")), db.url);
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "database-ahead", from: "b2", to: "b2" });
    expect(errorsOf(run)).toMatch(/at b2, which no revision file of this code declares[\s\S]*never downgrade/);
  });

  test("a database beyond the target, and a target that does not exist", async () => {
    const db = await database();
    const project = await projectOf(chain("a1", "b2"));
    await apply(project, db.url);
    expect((await apply(project, db.url, { target: "a1" })).outputs.reason).toBe("database-ahead");
    const unknown = await apply(project, db.url, { target: "zz" });
    expect(unknown.outputs.reason).toBe("usage-error");
    expect(errorsOf(unknown)).toMatch(/target zz is not a revision/);
  });

  test("an env.py that goes to another database than the gate", async () => {
    const [db, other] = [await database(), await database()];
    const stubborn = envPy().replaceAll(
      'os.environ["DATABASE_URL"]',
      `"${other.url.replace("postgresql:", "postgresql+psycopg:")}"`,
    );
    const run = await apply(await projectOf({ ...chain("a1"), "migrations/env.py": stubborn }), db.url);
    expect(run.outputs.reason).toBe("usage-error");
    expect(errorsOf(run)).toMatch(/env.py connects to another database/);
    expect(await other.query("select 1 from pg_tables where schemaname = 'public'")).toEqual([]);
  });
});

describe("what is missing or wrong has one error of its own", () => {
  test.each([
    [
      "a broken env.py",
      { "migrations/env.py": "import os\nraise RuntimeError('half configured')" },
      /RuntimeError at migrations\/env.py, line 2[\s\S]*half configured/,
    ],
    [
      "an env.py that imports what is not installed",
      { "migrations/env.py": "import fastapi_nowhere" },
      /import fastapi_nowhere, which is not installed/,
    ],
    ["an env.py that exits", { "migrations/env.py": "import sys\nsys.exit(3)" }, /SystemExit/],
    ["an env.py that migrates nothing", { "migrations/env.py": "pass" }, /without calling context.run_migrations/],
    [
      "a revision that does not load",
      { "migrations/versions/a1.py": revisionFile("a1", null, "pass", "import nowhere_at_all") },
      /import nowhere_at_all, which is not installed/,
    ],
  ])("%s", async (_, files, words) => {
    const db = await database();
    const run = await apply(await projectOf({ ...chain("a1"), ...files }), db.url);
    expect(run.exitCode).toBe(1);
    expect(run.outputs.reason).toBe("usage-error");
    expect(errorsOf(run)).toMatch(words);
    expect(await db.query("select 1 from pg_tables where schemaname = 'public'")).toEqual([]);
  });

  test.each([
    [
      "a wrong password",
      (url: string) => url.replace(passwordOf(url), "wrong-password"),
      "28P01",
      /refused the password of postgres/,
    ],
    ["no such database", (url: string) => url.replace(/[^/]*$/, "nowhere"), "3D000", /no database called nowhere/],
    [
      "nothing listening",
      (url: string) => url.replace(/:\d+\//, ":1/"),
      "ECONNREFUSED",
      /Nothing listens at 127.0.0.1:1/,
    ],
    ["an unknown host", (url: string) => url.replace("127.0.0.1", "db.invalid"), "", /host db.invalid is not known/],
    ["TLS the server does not offer", (url: string) => `${url}?sslmode=require`, "", /does not offer TLS/],
  ])("%s", async (_, change, code, words) => {
    const db = await database();
    const run = await apply(await projectOf(chain("a1")), change(db.url));
    expect(run.exitCode).toBe(1);
    expect(run.outputs.reason).toBe("service-error");
    expect(errorsOf(run)).toMatch(words);
    expect(errorsOf(run)).toContain(code);
    expect(errorsOf(run)).toContain("Fix: ");
    expect(run.stdout.replaceAll(/^::add-mask::.*$/gm, "")).not.toContain("wrong-password");
  });

  test("a Python without Alembic", async () => {
    const db = await database();
    const run = await apply(await projectOf(chain("a1")), db.url, { python: "python3" });
    expect(errorsOf(run)).toMatch(/has no (Alembic|SQLAlchemy)[\s\S]*pip install/);
  });
});

describe("a revision that fails", () => {
  const failing = {
    ...chain("a1"),
    "migrations/versions/b2.py": revisionFile(
      "b2",
      "a1",
      'op.add_column("t_a1", sa.Column("x", sa.Integer))\nop.execute("insert into nowhere values (1)")',
    ),
  };

  test("is named with PostgreSQL's words, the state of the database and the command to go on", async () => {
    const db = await database();
    const run = await apply(await projectOf(failing), db.url);
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "migration-failed", from: "", to: "", applied: "" });
    expect(errorsOf(run)).toContain('relation "nowhere" does not exist (42P01)');
    expect(run.annotations[0]?.properties).toMatchObject({ file: "migrations/versions/b2.py", line: "12" });
    expect(run.stdout).toMatch(
      /Revision b2 failed[\s\S]*The database is at no revision[\s\S]*Nothing of this run was kept/,
    );
    expect(run.summary).toContain("DATABASE_URL=… python -m alembic -c alembic.ini upgrade head");
    expect(await db.query("select 1 from pg_tables where schemaname = 'public'")).toEqual([]);
  });

  test("with transaction_per_migration keeps what was applied before it, and says so", async () => {
    const db = await database();
    const env = { "migrations/env.py": envPy({ configure: "transaction_per_migration=True" }) };
    const run = await apply(await projectOf({ ...failing, ...env }), db.url);
    expect(run.outputs).toMatchObject({ reason: "migration-failed", to: "a1", applied: "a1" });
    expect(run.stdout).toContain("Applied and kept: a1; revision b2 was rolled back.");
  });

  test("in an autocommit_block leaves an INVALID index, which is found and named", async () => {
    const db = await database();
    const body =
      'op.execute("insert into t_a1 values (1)")\nop.execute("alter table t_a1 add x int default 1")\nop.execute("alter table t_a1 drop constraint t_a1_pkey")\nop.execute("insert into t_a1 values (1)")\nwith op.get_context().autocommit_block():\n    op.create_index("ix", "t_a1", ["x"], unique=True, postgresql_concurrently=True)';
    const project = await projectOf({ ...chain("a1"), "migrations/versions/b2.py": revisionFile("b2", "a1", body) });
    const run = await apply(project, db.url);
    expect(run.outputs.reason).toBe("migration-failed");
    expect(run.stdout).toMatch(/uses autocommit_block, so what it did before the failure may have stayed/);
    expect(run.stdout).toContain("INVALID index ix on t_a1: DROP INDEX CONCURRENTLY ix");
  });

  test("to commit, though Alembic said nothing, is noticed", async () => {
    const db = await database();
    const rollsBack = envPy({ before: "" }).replace(
      "        context.configure(connection",
      "        connection.execute(text('select 1'))\n        context.configure(connection",
    );
    const run = await apply(await projectOf({ ...chain("a1"), "migrations/env.py": rollsBack }), db.url);
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "migration-failed", to: "" });
    expect(errorsOf(run)).toMatch(/a1 is not in the database/);
  });
});

describe("locks", () => {
  const altering = {
    ...chain("a1"),
    "migrations/versions/b2.py": revisionFile("b2", "a1", 'op.add_column("t_a1", sa.Column("x", sa.Integer))'),
  };

  async function blocked(): Promise<{ db: Database; project: AlembicProject; blocker: pg.Client }> {
    const db = await database();
    const project = await projectOf(altering);
    await apply(project, db.url, { target: "a1" });
    const blocker = await db.session();
    await blocker.query("begin");
    await blocker.query("lock table t_a1 in access share mode");
    return { db, project, blocker };
  }

  test("a blocked table is given up after the lock timeout, and tried again until it is free", async () => {
    const { db, project, blocker } = await blocked();
    // The table is set free only once the gate has met it and given up.
    const onLine = (line: string): void => {
      if (line.includes("Trying again")) void blocker.query("commit");
    };
    const finished = await apply(project, db.url, { "lock-timeout": "500ms" }, { onLine });
    expect(finished.stdout).toContain("Trying again in 1 s (1 of 5).");
    expect(finished.outputs).toMatchObject({ reason: "migrated", to: "b2" });
  });

  test("a table that stays blocked is refused after the retries, with everything rolled back", async () => {
    const { db, project } = await blocked();
    const run = await apply(project, db.url, { "lock-timeout": "50ms", "lock-retries": "1" });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "lock-timeout", to: "a1", applied: "" });
    expect(run.stdout).toContain("Trying again in 1 s (1 of 1).");
    expect(run.stdout).toMatch(/could not get its lock in 2 tries/);
  });

  test("of two gates one waits for the other and then has nothing to do", async () => {
    const db = await database();
    // The first goes on once the second has met it.
    const holder = await db.session();
    await holder.query("select pg_advisory_lock(7)");
    const body = 'op.execute("select pg_advisory_xact_lock(7)")\nop.create_table("t", sa.Column("id", sa.Integer))';
    const project = await projectOf({ "migrations/versions/a1.py": revisionFile("a1", null, body) });
    const onLine = (line: string): void => {
      if (line.includes("Another gate")) void holder.query("select pg_advisory_unlock(7)");
    };
    const runs = await Promise.all([apply(project, db.url, {}, { onLine }), apply(project, db.url, {}, { onLine })]);
    expect(runs.map(({ outputs }) => outputs.reason).sort()).toEqual(["migrated", "up-to-date"]);
    const waited = runs.find(({ outputs }) => outputs.reason === "up-to-date");
    expect(waited?.stdout).toMatch(/Another gate is migrating .*augeo migration-gate from 127.0.0.1/);
  });

  test("a gate that waits longer than its timeout says who holds the lock", async () => {
    const db = await database();
    const holder = await db.session();
    await holder.query("select pg_advisory_lock(1096107845, 1296648018)");
    const run = await apply(await projectOf(chain("a1")), db.url, { timeout: "1s" });
    expect(run.outputs).toMatchObject({ decision: "hold", reason: "locked" });
  });
});

describe("cancelled", () => {
  const slow = 'op.create_table("t", sa.Column("id", sa.Integer))\nop.execute("select pg_sleep(60)")';

  test("while a statement runs, PostgreSQL stops it, rolls back, and the run says where the database is", async () => {
    const db = await database();
    const env = { "migrations/env.py": envPy({ configure: "transaction_per_migration=True" }) };
    const project = await projectOf({
      ...chain("a1"),
      ...env,
      "migrations/versions/b2.py": revisionFile("b2", "a1", slow),
    });
    const run = await apply(project, db.url, {}, { signalAfter: { signal: "SIGINT", moment: /pg_sleep/ } });
    expect(run.outputs.reason).toBe("interrupted");
    expect(errorsOf(run)).toMatch(/revision a1 \(a1 does its part\) is applied and committed/);
    expect(errorsOf(run)).toMatch(/rolled back where begun: b2 \(go on with: DATABASE_URL=… python -m alembic/);
    expect(await db.query("select version_num from alembic_version")).toEqual([{ version_num: "a1" }]);
    expect(
      await db.query(
        "select 1 from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid() and state <> 'idle'",
      ),
    ).toEqual([]);
  });

  test("while Python works between statements, it is interrupted all the same", async () => {
    const db = await database();
    const body = 'op.create_table("t", sa.Column("id", sa.Integer))\nprint("napping", flush=True)\ntime.sleep(60)';
    const project = await projectOf({ "migrations/versions/a1.py": revisionFile("a1", null, body) });
    const run = await apply(project, db.url, {}, { signalAfter: { signal: "SIGINT", moment: /napping/ } });
    expect(run.outputs.reason).toBe("interrupted");
    expect(await db.query("select 1 from pg_tables where schemaname = 'public'")).toEqual([]);
  });

  test("while it waits for another gate, nothing was begun", async () => {
    const db = await database();
    const holder = await db.session();
    await holder.query("select pg_advisory_lock(1096107845, 1296648018)");
    const run = await apply(
      await projectOf(chain("a1")),
      db.url,
      {},
      { signalAfter: { signal: "SIGINT", moment: /Another gate/ } },
    );
    expect(run.outputs.reason).toBe("interrupted");
  });
});
