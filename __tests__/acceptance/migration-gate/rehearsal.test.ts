import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type RehearsedRevision, readProject, rehearse } from "@augeo/alembic";
import { buildGraph, pathBetween } from "@augeo/migrations";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { pythonPath } from "../../../packages/rehearsal/src/python.ts";
import { announcedServers } from "../../../packages/rehearsal/src/servers.ts";
import { type AlembicProject, alembicProject, envPy, revisionFile } from "./alembic-project.ts";

const SCENE = "create table t (id int primary key, n int); create table kept (id int)";

/** Each does something that must neither be laid on another revision nor be lost. */
const REVISIONS: readonly (readonly [id: string, upgrade: string, downgrade: string])[] = [
  ["scans", `op.alter_column("t", "n", nullable=False)`, `op.alter_column("t", "n", nullable=True)`],
  ["locks", `op.add_column("t", sa.Column("m", sa.Integer))`, `op.drop_column("t", "m")`],
  [
    "outside",
    `with op.get_context().autocommit_block():\n    op.create_index("t_m", "t", ["m"], postgresql_concurrently=True)`,
    `op.drop_index("t_m")`,
  ],
  ["fails", `op.add_column("t", sa.Column("lost", sa.Integer))\nop.execute("select 1 / 0")`, "pass"],
  ["lasts", `op.execute("set lock_timeout = '9s'")`, `op.execute("reset lock_timeout")`],
  [
    "rewrites",
    `op.execute("do $$ begin if current_setting('lock_timeout') = '9s' then raise exception 'not a session of its own'; end if; end $$")
op.alter_column("t", "m", type_=sa.BigInteger)`,
    `op.alter_column("t", "m", type_=sa.Integer)`,
  ],
  ["oneway", `op.add_column("t", sa.Column("o", sa.Integer))`, "pass"],
  ["stuck", `op.add_column("t", sa.Column("p", sa.Integer))`, `op.drop_column("t", "nowhere")`],
  ["last", `op.add_column("kept", sa.Column("n", sa.Integer))`, `op.drop_column("kept", "n")`],
];

/** Leaves a mark each time it is run. */
const MARK = `open("runs.txt", "a").write("run\\n")`;
const SHARED = envPy({ before: MARK });
const online = (body: string): string => SHARED.replace(/ {4}with engine\.connect[\s\S]*?(?=\n\n\noffline\(\))/, body);

const ENVIRONMENTS: Readonly<Record<string, string>> = {
  "one transaction for all": SHARED,
  "a transaction for each": envPy({ before: MARK, configure: "transaction_per_migration=True" }),
  "a transaction of env.py's own": online(`    with engine.begin() as connection:
        context.configure(connection=connection)
        context.run_migrations()`),
  "a setting for its transaction alone": SHARED.replace(
    "with context.begin_transaction():\n            ",
    `with context.begin_transaction():
            connection.execute(text("set local search_path to public, pg_catalog"))
            `,
  ),
  "two runs over one database": online(`    for turn in range(2):
        with engine.connect() as connection:
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()`),
};

/** Asked where it leads, held open, after each of three failures and of two changed sessions. */
const HELD = 9;
/** One at a time: 26 ways up, down and up again, and that Alembic is told of what failed. */
const RUNS: Readonly<Record<string, number>> = {
  "one transaction for all": HELD,
  "a transaction for each": HELD,
  "a transaction of env.py's own": 26,
  "a setting for its transaction alone": 27,
  "two runs over one database": 27,
};

let admin: pg.Client;
const projects: AlembicProject[] = [];
const [APP, WRITERS] = ["app", "writers"].map((role) => `${role}_${randomBytes(4).toString("hex")}`);
const databases: string[] = [];

beforeAll(async () => {
  admin = new pg.Client({ connectionString: announcedServers()?.postgresUrl ?? "" });
  await admin.connect();
});
afterAll(async () => {
  await Promise.all(projects.map((project) => project.remove()));
  for (const name of databases) await admin.query(`drop database ${name} with (force)`);
  await admin.query(`drop role if exists ${APP}, ${WRITERS}`);
  await admin.end();
});

async function rehearsed(environment: string, steps = REVISIONS) {
  const files = steps.map(([id, upgrade, downgrade], index) => {
    const text = revisionFile(id, steps[index - 1]?.[0] ?? null, upgrade);
    return [`migrations/versions/v${index}.py`, text.replace(/pass\n$/, `${downgrade}\n`)] as const;
  });
  const project = await alembicProject({ "migrations/env.py": environment, ...Object.fromEntries(files) });
  projects.push(project);
  const name = `rehearsal_${randomBytes(4).toString("hex")}`;
  await admin.query(`create database ${name}`);
  databases.push(name);
  const url = new URL(announcedServers()?.postgresUrl ?? "");
  url.pathname = `/${name}`;
  const read = await readProject({ directory: project.folder, python: pythonPath() }, process.env);
  const graph = buildGraph(read.revisions);
  const found = await rehearse({
    project: read,
    base: [],
    revisions: pathBetween(graph, [], graph.heads).flatMap((id) => graph.nodes.get(id) ?? []),
    databaseUrl: url.toString(),
    databaseUrlEnv: "DATABASE_URL",
    env: process.env,
    baselineSql: SCENE,
    signal: new AbortController().signal,
  });
  if (found.kind !== "rehearsed") throw new Error(`${found.at}: ${found.message}`);
  const runs = (await readFile(join(project.folder, "runs.txt"), "utf8")).split("\n").length - 1;
  return { ...found, runs };
}

/** What a revision did to what was there before it, as a line; of locks those that others wait for. */
function told({ id, statements, changes, failure, back }: RehearsedRevision): string {
  const work = statements.flatMap(({ trace, autocommit }) => [
    ...trace.locks
      .filter(({ preexisting, relation, mode }) => preexisting && /^(t|kept)$/.test(relation) && /Ex|^Share/.test(mode))
      .map(({ mode, relation }) => `${mode.replace(/Lock$/, "")} ${relation}${autocommit ? " outside" : ""}`),
    ...trace.rewrites.map((relation) => `rewrites ${relation}`),
    ...trace.scans.filter((relation) => relation !== "alembic_version").map((relation) => `scans ${relation}`),
  ]);
  const parts = [
    [...new Set(work)].join(", "),
    changes.map(({ kind }) => kind).join(", "),
    failure?.primary ?? failure?.message,
  ];
  return `${id}: ${parts.filter((part) => part).join("; ")}; ${back.kind}`;
}

const TOLD = [
  "scans: AccessExclusive t, scans t; not-null-added; same",
  "locks: AccessExclusive t; same",
  "outside: ShareUpdateExclusive t outside, scans t; same",
  "fails: AccessExclusive t; division by zero; not-tried",
  "lasts: ; same",
  "rewrites: AccessExclusive t, rewrites t, scans t; type-changed; same",
  "oneway: AccessExclusive t; failed",
  "stuck: AccessExclusive t; failed",
  "last: AccessExclusive kept; same",
];

describe("each revision is seen by itself, however env.py goes about its transactions", () => {
  test.each(Object.entries(ENVIRONMENTS))("%s", async (name, environment) => {
    const { revisions, runs, session } = await rehearsed(environment);
    // Alembic refuses an autocommit_block in a transaction that is not its own.
    const refused = name === "a transaction of env.py's own";
    const expected = TOLD.map((line) => (refused && line.startsWith("outside") ? "outside: ; not-tried" : line));
    expect(revisions.map(told)).toEqual(expected);
    expect(session?.perMigration).toBe(name === "a transaction for each");
    expect(runs).toBe(RUNS[name]);
  });
});

describe("an env.py that hides what happens", () => {
  const [first, second] = [REVISIONS[0], REVISIONS[3]].map((step) => step ?? ["", "", ""]);

  test("to a revision that fails cannot make it look well", async () => {
    const silent = SHARED.replaceAll(
      "            context.run_migrations()",
      "            try:\n                context.run_migrations()\n            except Exception:\n                pass",
    );
    const { revisions } = await rehearsed(silent, [first, second] as typeof REVISIONS);
    expect(revisions.map(({ failure }) => failure?.message ?? null)).toEqual([
      null,
      "env.py went on as if revision fails had not failed",
    ]);
  });

  test("until its own end, after the revisions, fails all the same", async () => {
    const late = `${SHARED}
if not context.is_offline_mode() and "dont_mutate" not in context.get_context().opts:
    raise RuntimeError("no grants were given")
`;
    const { revisions } = await rehearsed(late, [first] as typeof REVISIONS);
    expect(revisions[0]?.failure?.message).toBe("no grants were given");
  });
});

test("an INVALID index is a leftover once, in the revision that leaves it, and on a partitioned table it is none", async () => {
  const { revisions } = await rehearsed(SHARED, [
    [
      "parts",
      `op.execute("create table p (a int) partition by list (a)")\nop.execute("create table p1 partition of p for values in (1)")`,
      "pass",
    ],
    ["alone", `op.execute("create index p_a on only p (a)")`, `op.execute("drop index p_a")`],
    [
      "leaves",
      `op.create_index("t_n", "t", ["n"])\nop.execute("update pg_index set indisvalid = false where indexrelid = 't_n'::regclass")`,
      `op.drop_index("t_n")`,
    ],
    ["next", `op.add_column("t", sa.Column("z", sa.Integer))`, `op.drop_column("t", "z")`],
  ]);
  expect(revisions.map(({ invalidIndexes }) => invalidIndexes)).toEqual([[], [], ["t_n"], []]);
});

test("what code reads in a view, and how it calls a function, is part of what it knows of the database", async () => {
  const again = (view: string): string => `op.execute("drop view v; create view v as ${view}")`;
  const function_ = (signature: string, text: string): string =>
    `op.execute("drop function if exists f; create function f${signature} language sql as '${text}'")`;
  const { revisions } = await rehearsed(SHARED, [
    ["view", `op.execute("create view v as select id, n from t")`, "pass"],
    ["wider", again("select id, n, 1 as one from t"), "pass"],
    ["narrower", again("select id from t"), "pass"],
    ["other", again("select id::text from t"), "pass"],
    ["function", function_("(a int) returns int", "select 1"), "pass"],
    ["text", function_("(a int) returns int", "select 2"), "pass"],
    ["longer", function_("(a int, b int default 0) returns int", "select 2"), "pass"],
    ["result", function_("(a int, b int default 0) returns text", "select ''x''"), "pass"],
    ["signature", function_("(a text) returns text", "select ''x''"), "pass"],
    ["dropped", `op.execute("drop function f")`, "pass"],
  ]);
  expect(
    revisions.map(({ id, failure, changes }) => [id, failure?.message, ...changes.map(({ kind }) => kind)]),
  ).toEqual([
    ["view", undefined],
    ["wider", undefined, "view-changed"],
    ["narrower", undefined, "view-column-dropped", "view-column-dropped"],
    ["other", undefined, "view-type-changed"],
    ["function", undefined],
    ["text", undefined, "function-changed"],
    ["longer", undefined],
    ["result", undefined, "function-result-changed"],
    ["signature", undefined, "function-dropped"],
    ["dropped", undefined, "function-dropped"],
  ]);
});

test("what a role may do is part of it too, by whatever grant it may", async () => {
  await admin.query(`create role ${APP}; create role ${WRITERS}`);
  const sql = (...statements: string[]): string => `op.execute("${statements.join("; ")}")`;
  const { revisions } = await rehearsed(SHARED, [
    [
      "grants",
      sql(`grant select, insert on t to ${APP}`, `create view v as select 1 as one`, `grant select on v to ${APP}`),
      "pass",
    ],
    ["nothing", sql(`revoke delete on t from ${APP}`, `revoke all on kept from ${APP}`), "pass"],
    ["back", sql(`revoke all on t from ${APP}`, `grant select, insert on t to ${APP}`), "pass"],
    [
      "instead",
      sql(`grant insert on t to ${WRITERS}`, `grant ${WRITERS} to ${APP}`, `revoke insert on t from ${APP}`),
      "pass",
    ],
    ["member", sql(`revoke ${WRITERS} from ${APP}`), "pass"],
    ["view", sql(`drop view v`, `create view v as select 1 as one`), "pass"],
    ["columns", sql(`grant select (id) on kept to ${APP}`, `revoke select (id) on kept from ${APP}`), "pass"],
    ["everything", sql(`revoke all on all tables in schema public from ${APP}`), "pass"],
  ]);
  const told = revisions.map(({ id, failure, changes }) => [
    id,
    failure?.message,
    ...changes.map(
      ({ kind, relation, object, before }) => `${kind}: ${object === APP ? "app" : object} ${before} ${relation}`,
    ),
  ]);
  expect(told).toEqual([
    ["grants", undefined],
    ["nothing", undefined],
    ["back", undefined],
    ["instead", undefined],
    ["member", undefined, "privilege-lost: app INSERT t"],
    ["view", undefined, "privilege-lost: app SELECT v"],
    ["columns", undefined],
    ["everything", undefined, "privilege-lost: app SELECT t"],
  ]);
});
