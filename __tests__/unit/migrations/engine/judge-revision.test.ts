import {
  EMPTY_SCHEMA,
  foldStatements,
  isLongBlocking,
  type JudgeOptions,
  judgeContract,
  judgeRevision,
  NO_EFFECTS,
  type Trace,
} from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";
import { EVERYDAY_SCHEMA, parser } from "../rules/judge-example.ts";

const schema = foldStatements(parser.statements(EVERYDAY_SCHEMA));

const judgeSql = (sql: string, options: JudgeOptions = {}, traces?: readonly Trace[]) =>
  judgeRevision({ statements: parser.statements(sql), schema, options, ...(traces && { traces }) });

const rules = (sql: string, options?: JudgeOptions) => judgeSql(sql, options).findings.map(({ rule }) => rule);

const trace = (statement: string, change: Partial<Trace> = {}): Trace => ({
  ...NO_EFFECTS,
  statement,
  durationMs: 1,
  ...change,
});

const exclusive = { relation: "account", mode: "AccessExclusiveLock", preexisting: true } as const;

describe("the lock of a finding", () => {
  const locks = (sql: string) =>
    Object.fromEntries(judgeSql(sql, { inTransaction: true }).findings.map(({ rule, lock }) => [rule, lock]));

  test("is the one on its own table; a stronger one held on another is told by the rule that is about it", () => {
    expect(locks("ALTER TABLE team ADD COLUMN a int; CREATE INDEX i ON account (age);")).toMatchObject({
      "index-not-concurrent": "ShareLock",
      "work-under-lock": "AccessExclusiveLock",
    });
  });

  test("is the one that the table has had since an earlier statement, where that is stronger", () => {
    expect(locks("ALTER TABLE account ADD COLUMN a int; CREATE INDEX i ON account (age);")).toMatchObject({
      "index-not-concurrent": "AccessExclusiveLock",
    });
  });
});

describe("tables made in the revision", () => {
  test("may be indexed, constrained and altered at will", () => {
    const sql = `CREATE TABLE note (id bigint PRIMARY KEY, body text, team_id bigint);
      CREATE INDEX note_body ON note (body); ALTER TABLE note ADD CHECK (body <> ''), ALTER COLUMN body SET NOT NULL;
      ALTER TABLE note ALTER COLUMN id TYPE numeric; ALTER TABLE note RENAME TO remark; CREATE INDEX r ON remark (body);`;
    expect(judgeSql(sql, { inTransaction: true }).findings.filter(({ severity }) => severity === "block")).toEqual([]);
  });

  test("are existing ones for the next revision", () => {
    const first = judgeSql("CREATE TABLE note (id bigint PRIMARY KEY, body text);");
    const next = judgeRevision({
      statements: parser.statements("CREATE INDEX i ON note (body);"),
      schema: first.schema,
    });
    expect(next.isLongBlocking).toBe(true);
  });
});

describe("transactions", () => {
  test("hold their locks until they end", () => {
    const sql = "ALTER TABLE account ADD COLUMN a int; SELECT count(*) FROM team;";
    expect(rules(sql, { inTransaction: true })).toContain("work-under-lock");
    expect(rules(sql)).not.toContain("work-under-lock");
    expect(rules(`BEGIN; ${sql.replace(";", "; COMMIT;")}`)).not.toContain("work-under-lock");
  });

  test("that begin and end in the script are followed", () => {
    const sql = `BEGIN; ALTER TABLE account ADD CONSTRAINT c CHECK (age > 0) NOT VALID; COMMIT;
      BEGIN; ALTER TABLE account VALIDATE CONSTRAINT c; COMMIT;`;
    expect(rules(sql)).not.toContain("validate-in-same-transaction");
    expect(rules(sql.replace("COMMIT;\n      BEGIN;", ""))).toContain("validate-in-same-transaction");
  });

  test("are not assumed for a script that says so at its top", () => {
    const sql = "CREATE INDEX CONCURRENTLY i ON account (age);";
    expect(rules(sql, { inTransaction: true })).toContain("concurrently-in-transaction");
    const told = rules(`-- migration-gate: no-transaction\n${sql}`, { inTransaction: true });
    expect(told).not.toContain("concurrently-in-transaction");
  });

  test("do not mind the row that Alembic updates in its own table", () => {
    const sql =
      "ALTER TABLE account ADD COLUMN a int; UPDATE alembic_version SET version_num = 'b' WHERE version_num = 'a';";
    expect(judgeSql(sql, { inTransaction: true }).isLongBlocking).toBe(false);
  });
});

describe("a DO block", () => {
  test("is judged by the plain statements that it holds", () => {
    const sql = `DO $$ BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_class) THEN ALTER TABLE account ADD COLUMN a uuid DEFAULT gen_random_uuid(); END IF;
      UPDATE account SET a = NULL; EXCEPTION WHEN duplicate_object THEN DROP TABLE team; END $$;`;
    expect(rules(sql)).toEqual(expect.arrayContaining(["volatile-default", "change-without-where", "drop-table"]));
  });

  test("without any is left alone", () => {
    expect(rules("DO $$ BEGIN PERFORM 1; RAISE NOTICE 'drop table account'; END $$;")).toEqual([]);
  });
});

describe("work under a lock", () => {
  const worksAfter = (sql: string) =>
    judgeSql(`ALTER TABLE account ADD COLUMN a int; ${sql}`, { inTransaction: true }).isLongBlocking;

  test("is none on the catalogs and on Alembic's table in any schema", () => {
    expect(worksAfter("SELECT 1 FROM pg_class; SELECT 1 FROM information_schema.columns;")).toBe(false);
    expect(worksAfter("UPDATE app.alembic_version SET version_num = 'b';")).toBe(false);
  });

  test("is none where an index finds the rows", () => {
    expect(worksAfter("UPDATE account SET a = 1 WHERE email IS NULL;")).toBe(false);
    expect(worksAfter("UPDATE account SET a = 1 WHERE age IS NULL;")).toBe(true);
  });
});

describe("settings", () => {
  test("made by SET LOCAL end with the transaction", () => {
    const sql =
      "BEGIN; SET LOCAL lock_timeout = '1s'; ALTER TABLE account ADD COLUMN a int; COMMIT; ALTER TABLE account ADD COLUMN b int;";
    const found = judgeSql(sql).findings.filter(({ rule }) => rule === "no-lock-timeout");
    expect(found.map(({ index }) => index)).toEqual([4]);
  });

  test.each(["SELECT set_config('lock_timeout', '1s', false);", "SET SESSION lock_timeout TO '5s';"])(
    "are understood in %s",
    (set) => {
      expect(rules(`${set} ALTER TABLE account ADD COLUMN a int;`)).not.toContain("no-lock-timeout");
    },
  );

  test("of zero are none, and those of the session count", () => {
    expect(rules("SET lock_timeout = 0; ALTER TABLE account ADD COLUMN a int;")).toContain("no-lock-timeout");
    expect(rules("ALTER TABLE account ADD COLUMN a int;", { settings: { lock_timeout: "2s" } })).not.toContain(
      "no-lock-timeout",
    );
  });
});

describe("versions", () => {
  const withCheck = foldStatements(
    parser.statements("ALTER TABLE account ADD CONSTRAINT c CHECK (email IS NOT NULL);"),
    schema,
  );
  const required = (version: number) =>
    judgeRevision({
      statements: parser.statements("ALTER TABLE account ALTER COLUMN email SET NOT NULL;"),
      schema: withCheck,
      options: { version },
    }).isLongBlocking;

  test("from 12 on use a valid CHECK instead of reading the table", () => {
    expect([required(11), required(12)]).toEqual([true, false]);
  });
});

describe("constraints of earlier migrations that were not seen", () => {
  const notNull = (constraint: string) =>
    judgeRevision({
      statements: parser.statements(
        `ALTER TABLE unseen VALIDATE CONSTRAINT ${constraint}; ALTER TABLE unseen ALTER COLUMN bar SET NOT NULL;`,
      ),
    }).isLongBlocking;

  test("are believed to prove NOT NULL when their name says so", () => {
    expect(notNull("unseen_bar_not_null")).toBe(false);
    expect(notNull("unseen_other_not_null")).toBe(true);
    expect(notNull("unseen_bar_positive")).toBe(true);
  });
});

describe("a trace", () => {
  test("outranks the prediction: work that a server did not do is not told", () => {
    const sql = "ALTER TABLE account ALTER COLUMN age TYPE bigint;";
    expect(judgeSql(sql).isLongBlocking).toBe(true);
    const measured = judgeSql(sql, {}, [trace(sql, { locks: [exclusive] })]);
    expect(measured.isLongBlocking).toBe(false);
    expect(measured.findings.map(({ rule }) => rule)).not.toContain("type-change-rewrites");
  });

  test("shows work that the text hides, and it is told even if no rule explains it", () => {
    const sql = "DO $$ BEGIN EXECUTE 'ALTER TABLE account …'; END $$;";
    const { findings } = judgeSql(sql, {}, [trace(sql, { locks: [exclusive], scans: ["account"] })]);
    expect(findings.map(({ rule, source, relation }) => [rule, source, relation])).toContainEqual([
      "blocking-work",
      "trace",
      "account",
    ]);
    expect(findings.some(isLongBlocking)).toBe(true);
  });

  test("of a statement that failed there leaves the prediction standing", () => {
    const sql = "CREATE INDEX i ON account (age);";
    expect(judgeSql(sql, {}, [trace(sql, { error: "42P07: exists" })]).isLongBlocking).toBe(true);
  });

  test("belongs to its statement even when another could not be read", () => {
    const sql = "ALTER TABEL x;\nCREATE INDEX i ON account (age);";
    const traces = [
      trace("", { error: "42601" }),
      trace("", {
        locks: [{ ...exclusive, mode: "ShareLock" }],
        scans: ["account"],
        indexBuilds: [{ index: "i", relation: "account" }],
      }),
    ];
    expect(judgeSql(sql, {}, traces).findings.find(({ rule }) => rule === "index-not-concurrent")?.source).toBe(
      "trace",
    );
  });
});

describe("parts of one ALTER TABLE", () => {
  test("share its strongest lock", () => {
    const sql = "ALTER TABLE account VALIDATE CONSTRAINT c, DROP COLUMN age;";
    expect(judgeSql(sql).isLongBlocking).toBe(true);
    expect(judgeSql("ALTER TABLE account VALIDATE CONSTRAINT c;").isLongBlocking).toBe(false);
  });

  test("are each judged for their own work", () => {
    expect(
      rules("ALTER TABLE account ALTER COLUMN email TYPE text, ALTER COLUMN age TYPE bigint;").filter(
        (rule) => rule === "type-change-rewrites",
      ),
    ).toHaveLength(1);
  });
});

describe("the catalogs before and after", () => {
  test("add what the statements did not tell, once", () => {
    const told = judgeSql("ALTER TABLE account DROP COLUMN age;").findings;
    const changes = [
      { kind: "column-dropped", relation: "account", object: "age" },
      { kind: "column-dropped", relation: "team", object: "name", before: "text" },
    ] as const;
    expect(judgeContract(changes, told).map(({ rule, relation, source }) => [rule, relation, source])).toEqual([
      ["drop-column", "team", "contract"],
    ]);
  });

  test("tell a lost privilege once, with what takes it away", () => {
    const lost = (relation: string, on: string, object: string, before: string) =>
      ({ kind: "privilege-lost", relation, on, object, before }) as const;
    const told = (sql: string) =>
      judgeContract(
        [lost("account", "table", "app", "INSERT, UPDATE (email)"), lost("price", "function", "public", "EXECUTE")],
        judgeSql(sql).findings,
      ).map(({ note, recipe }) => `${note}: ${recipe.split("\n").at(-1)}`);
    const onAccount =
      'app loses INSERT, UPDATE (email): op.execute("REVOKE INSERT, UPDATE (email) ON account FROM app")';
    const onPrice = 'PUBLIC loses EXECUTE: op.execute("REVOKE EXECUTE ON FUNCTION price FROM PUBLIC")';
    expect(told("SELECT 1;")).toEqual([onAccount, onPrice]);
    expect(told("REVOKE EXECUTE ON FUNCTION price(int) FROM PUBLIC;")).toEqual([onAccount]);
    expect(told("REVOKE INSERT ON ALL TABLES IN SCHEMA public FROM app;")).toEqual([onPrice]);
    expect(told("DROP ROLE app;")).toEqual([onPrice]);
  });
});

test("a view made again without a column and without its grants: each is told once, with what mends it", () => {
  const granted = "CREATE VIEW v AS SELECT 1 AS a, 2 AS b; CREATE ROLE app; GRANT SELECT ON v TO app;";
  const { findings } = judgeRevision({
    statements: parser.statements("DROP VIEW v; CREATE VIEW v AS SELECT 1 AS a;"),
    schema: foldStatements(parser.statements(granted)),
  });
  const told = findings.filter(({ scope }) => scope === "compat").map(({ rule, note, recipe }) => [rule, note, recipe]);
  expect(told).toEqual([
    ["drop-view", "it is made again without b", expect.stringContaining("CREATE OR REPLACE VIEW v AS")],
    ["revoke", expect.stringMatching(/^app loses SELECT:/), 'op.execute("GRANT SELECT ON v TO app")'],
  ]);
});

test("a condition on one table of a join finds no rows of the other, whatever its columns are called", () => {
  const join = "SELECT a.email FROM account a JOIN team t ON t.id = a.team_id WHERE t.id = 1;";
  expect(judgeSql(join).steps[0]?.predicted.scans).toContain("account");
  expect(judgeSql("SELECT email FROM account WHERE id = 1;").steps[0]?.predicted.scans).toEqual([]);
});

test("findings come in the order of their statements, with lines of the script", () => {
  const { findings } = judgeRevision({
    statements: parser.statements("\nDROP TABLE a;\n\nDROP TABLE b;"),
    schema: EMPTY_SCHEMA,
  });
  const dropped = findings.filter(({ rule }) => rule === "drop-table");
  expect(dropped.map(({ relation, line }) => [relation, line])).toEqual([
    ["a", 2],
    ["b", 4],
  ]);
});

describe("NOT VALID in CREATE TABLE", () => {
  const judgedAfter = (preamble: string, sql: string) =>
    judgeRevision({ statements: parser.statements(sql), schema: foldStatements(parser.statements(preamble)) });

  test("is of no effect: the table was empty, so the constraint is valid", () => {
    const made = "CREATE TABLE note (id int, CONSTRAINT present CHECK (id IS NOT NULL) NOT VALID);";
    expect(judgedAfter(made, "ALTER TABLE note ALTER COLUMN id SET NOT NULL;").isLongBlocking).toBe(false);
  });

  test("does not make valid what is not enforced, nor what is added later", () => {
    const loose = "CREATE TABLE note (id int, CONSTRAINT present CHECK (id IS NOT NULL) NOT ENFORCED);";
    const late = "CREATE TABLE note (id int); ALTER TABLE note ADD CONSTRAINT p CHECK (id IS NOT NULL) NOT VALID;";
    for (const preamble of [loose, late])
      expect(judgedAfter(preamble, "ALTER TABLE note ALTER COLUMN id SET NOT NULL;").isLongBlocking).toBe(true);
  });

  test("makes a type change read the table for it", () => {
    const made = "CREATE TABLE note (body varchar(9), CONSTRAINT c CHECK (body <> 'q') NOT VALID);";
    expect(judgedAfter(made, "ALTER TABLE note ALTER COLUMN body TYPE text;").isLongBlocking).toBe(true);
  });
});
