/** Revisions that ask the database, printed without one: answers come from what the chain itself made, or not at all. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { pythonPath } from "../../../packages/rehearsal/src/python.ts";
import { dist } from "../../support/run-action.ts";
import { alembicProject, revisionFile } from "./alembic-project.ts";

const projects: { remove(): Promise<void> }[] = [];
afterAll(() => Promise.all(projects.map((project) => project.remove())));

interface Seen {
  readonly revision: string;
  readonly evidence: string;
  readonly doubt: string;
  readonly trace: readonly { readonly statement: string }[];
}

/** What static mode sees of a chain of revisions that is given as their upgrades. */
async function read(upgrades: readonly string[]): Promise<readonly Seen[]> {
  const files = upgrades.map((upgrade, index): [string, string] => [
    `migrations/versions/r${index}.py`,
    revisionFile(`r${index}`, index === 0 ? null : `r${index - 1}`, upgrade),
  ]);
  const project = await alembicProject(Object.fromEntries(files));
  projects.push(project);
  const line = [join(dist, "augeo-gate.js"), "alembic", project.folder, "--no-rehearsal", "--json"];
  const stdout = await new Promise<string>((resolve) => {
    execFile(process.execPath, [...line, "--python", pythonPath()], { maxBuffer: 1e8 }, (_, out) => resolve(out));
  });
  return (JSON.parse(stdout) as { evidence: { revisions: Seen[] } }).evidence.revisions;
}

/** Without Alembic's own note of where it stands. */
const statements = ({ trace }: Seen): string[] =>
  trace.map(({ statement }) => statement.replace(/\s+/g, " ")).filter((sql) => !/^UPDATE alembic_version /.test(sql));

const TEAM = `op.create_table("team", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text, unique=True),
    sa.Column("boss", sa.Integer, sa.ForeignKey("team.id"), index=True))`;
const ASK = "inspector = sa.inspect(op.get_bind())";

test("what earlier revisions made is there for those that look first", async () => {
  const seen = await read([
    TEAM,
    `${ASK}\nnames = [column["name"] for column in inspector.get_columns("team")]\nif "age" not in names: op.add_column("team", sa.Column("age", sa.Integer))`,
    `${ASK}\nif inspector.has_table("team") and "gone" not in inspector.get_table_names(): op.drop_column("team", "age")`,
    `${ASK}\nif "age" in [column["name"] for column in inspector.get_columns("team")]: op.execute("SELECT 1")\nelse: op.execute("SELECT 2")`,
    `${ASK}\nfor key in inspector.get_foreign_keys("team"): op.drop_constraint(key["name"], "team", type_="foreignkey")`,
    `${ASK}\nfor key in inspector.get_unique_constraints("team"): op.drop_constraint(key["name"], "team", type_="unique")`,
    `${ASK}\nif any(index["name"] == "ix_team_boss" for index in inspector.get_indexes("team")): op.drop_index("ix_team_boss", "team")`,
    `${ASK}\nif inspector.get_pk_constraint("team")["constrained_columns"] == ["id"]: op.rename_table("team", "squad")`,
    `table = sa.Table("squad", sa.MetaData(), autoload_with=op.get_bind())\nop.execute(sa.update(table).values(name="x").where(table.c.id == 1))`,
    `${ASK}\nif not inspector.has_table("team"): op.drop_table("squad")`,
  ]);
  expect(seen.map(({ evidence }) => evidence)).toEqual(seen.map(() => "read"));
  expect(seen.slice(1).flatMap(statements)).toEqual([
    "ALTER TABLE team ADD COLUMN age INTEGER;",
    "ALTER TABLE team DROP COLUMN age;",
    "SELECT 2;",
    "ALTER TABLE team DROP CONSTRAINT team_boss_fkey;",
    "ALTER TABLE team DROP CONSTRAINT team_name_key;",
    "DROP INDEX ix_team_boss;",
    "ALTER TABLE team RENAME TO squad;",
    "UPDATE squad SET name='x' WHERE squad.id = 1;",
    "DROP TABLE squad;",
  ]);
});

test("what SQL of the project's own or a revision that failed may have changed is not answered for", async () => {
  const asks = `${ASK}\nif inspector.has_table("team"): op.drop_table("team")`;
  const [, , written] = await read([TEAM, 'op.execute("ALTER TABLE team RENAME TO squad")', asks]);
  expect(written).toMatchObject({ evidence: "python-only", doubt: expect.stringContaining("of team is not known") });
  const [, failed, later, other] = await read([
    TEAM,
    'raise RuntimeError("no")\nop.rename_table("team", "squad")',
    asks,
    `${ASK}\nif not inspector.has_table("note"): op.create_table("note", sa.Column("id", sa.Integer))`,
  ]);
  expect(failed?.evidence).toBe("python-only");
  expect(later).toMatchObject({ evidence: "python-only", doubt: expect.stringContaining("of team is not known") });
  expect(other?.evidence).toBe("read");
});

test("a revision that reads rows is not judged as a whole, and what comes after the reading is seen all the same", async () => {
  const [, seen] = await read([
    TEAM,
    'for row in op.get_bind().execute(sa.text("SELECT id FROM team")).fetchall(): op.execute("SELECT 1")\nop.drop_column("team", "name")',
  ]);
  expect(seen).toMatchObject({
    evidence: "python-only",
    doubt: "its SQL could not be seen: 'NoneType' object has no attribute 'fetchall'",
  });
  expect(seen === undefined ? [] : statements(seen)).toEqual([
    "SELECT id FROM team;",
    "ALTER TABLE team DROP COLUMN name;",
  ]);
});

test("nor is one that opens a session on the connection, or asks it what the one that prints has not", async () => {
  const [, session, block, raw] = await read([
    TEAM,
    'from sqlalchemy.orm import Session\nsession = Session(bind=op.get_bind())\nsession.execute(sa.text("DELETE FROM team"))\nsession.commit()\nsession.close()\nop.drop_column("team", "name")',
    'bind = op.get_bind()\nwith bind.begin_nested(): bind.execute(sa.text("SELECT 1"))\nif not bind.scalar(sa.text("SELECT 2")): op.execute("SELECT 3")',
    `op.get_bind().exec_driver_sql("SELECT 'a:b'::text, ' :c'")\nop.execute("SELECT 4")`,
  ]);
  for (const one of [session, block, raw])
    expect(one).toMatchObject({ evidence: "python-only", doubt: expect.stringContaining("'MockConnection' object") });
  expect([session, block, raw].map((one) => (one === undefined ? [] : statements(one)))).toEqual([
    ["DELETE FROM team;", "ALTER TABLE team DROP COLUMN name;"],
    ["SELECT 1;", "SELECT 2;", "SELECT 3;"],
    ["SELECT 'a:b'::text, ' :c';", "SELECT 4;"],
  ]);
});
