import { decodeStatement, foldStatements, judge } from "@augeo/migrations";
import { loadSqlParser } from "@augeo/sql-parser";
import { describe, expect, test } from "@jest/globals";

const parser = await loadSqlParser();

/** What the statements of a DO block do to which relation, and whether something in it was not seen. */
const done = (program: string, declared = ""): string[] =>
  parser.statements(`DO $block$ ${declared} BEGIN ${program} END $block$`).flatMap(({ ast, routine }) =>
    decodeStatement(ast, routine).flatMap((operation) => {
      if (operation.kind === "do") return [];
      if (operation.kind === "alter-table") return `${operation.action.kind} ${operation.table}`;
      if (operation.kind === "drop") return `drop ${operation.names.join()}`;
      return "table" in operation ? `${operation.kind} ${operation.table}` : operation.kind;
    }),
  );

describe("the statements of a DO block", () => {
  test.each([
    ["EXECUTE 'DROP TABLE team';", "", ["drop team"]],
    ["EXECUTE 'DROP ' || 'TABLE team';", "", ["drop team"]],
    ["EXECUTE name;", "DECLARE name text := 'DROP TABLE team';", ["drop team"]],
    ["name := 'team'; EXECUTE 'DROP TABLE ' || quote_ident(name);", "DECLARE name text;", ["drop team"]],
    ["EXECUTE format('DROP TABLE %I.%I', 'sales', 'team');", "", ["drop sales.team"]],
    ["EXECUTE format('DROP TABLE %2$I', 'a', 'team');", "", ["drop team"]],
    ["EXECUTE format('DROP TABLE %s', 'team'::regclass);", "", ["drop team"]],
    ["EXECUTE concat('DROP TABLE ', 'team');", "", ["drop team"]],
    ["EXECUTE $$DROP TABLE team$$;", "", ["drop team"]],
    ["EXECUTE 'UPDATE team SET name = $1 WHERE id = 1' USING 'x';", "", ["change-rows team"]],
    [
      "FOREACH name IN ARRAY ARRAY['a', 'b'] LOOP EXECUTE format('DROP TABLE %I', name); END LOOP;",
      "DECLARE name text;",
      ["drop a", "drop b"],
    ],
    ["IF a = b THEN EXECUTE 'DROP TABLE team'; ELSE DROP TABLE other; END IF;", "", ["drop team", "drop other"]],
    ["DROP TABLE team; EXCEPTION WHEN undefined_table THEN NULL;", "", ["drop team"]],
    [
      "INSERT INTO team VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 2; DROP TABLE other;",
      "",
      ["change-rows team", "drop other"],
    ],
  ])("are read from %s", (program, declared, expected) => {
    expect(done(program, declared)).toEqual(expected);
  });

  test.each([
    "IF EXISTS (SELECT 1 FROM team) THEN NULL; END IF;",
    "total := (SELECT count(*) FROM team);",
    "WHILE (SELECT true FROM team) LOOP NULL; END LOOP;",
  ])("may be queries in its expressions: %s", (program) => {
    expect(done(program)).toEqual(["select"]);
  });

  test.each([
    ["EXECUTE statement;", ["unseen"]],
    ["EXECUTE format('ALTER TABLE %I DROP COLUMN age', name);", ["drop-column …", "unseen"]],
    [
      "FOR r IN SELECT relname FROM pg_class LOOP EXECUTE 'DROP TABLE ' || quote_ident(r.relname); END LOOP;",
      ["select", "drop …", "unseen"],
    ],
    ["SELECT 'team' INTO name; EXECUTE 'DROP TABLE ' || name;", ["select", "drop …", "unseen"]],
    ["EXECUTE pieces || clause;", ["unseen"]],
  ])("are told as unseen in %s", (program, expected) => {
    expect(done(program)).toEqual(expected);
  });

  test("are not looked for in a language that no parser here reads", () => {
    const [block] = parser.statements("DO LANGUAGE plpython3u $$ plpy.execute('DROP TABLE team') $$");
    expect(decodeStatement(block?.ast, block?.routine).map(({ kind }) => kind)).toEqual(["unseen", "do"]);
  });
});

describe("a routine that the migration calls", () => {
  const rules = (sql: string, before = "") =>
    judge(parser.statements(sql), foldStatements(parser.statements(before))).map(({ rule }) => rule);
  const made = "CREATE FUNCTION tidy() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE team; END $$;";

  test.each([
    [`${made} SELECT tidy();`, ""],
    ["SELECT tidy();", made],
    ["DO $$ BEGIN PERFORM tidy(); END $$;", made],
    ["CALL tidy();", "CREATE PROCEDURE tidy() LANGUAGE sql AS 'DROP TABLE team';"],
    [
      "CALL tidy();",
      "CREATE PROCEDURE tidy() BEGIN ATOMIC DELETE FROM note; END; CREATE OR REPLACE PROCEDURE tidy() LANGUAGE sql AS 'DROP TABLE team';",
    ],
    ["SELECT outer_one();", `${made} CREATE FUNCTION outer_one() RETURNS void LANGUAGE sql AS 'SELECT tidy()';`],
  ])("does in %s what its text says", (sql, before) => {
    expect(rules(sql, before)).toContain("drop-table");
  });

  test("does nothing while it is only made", () => {
    expect(rules(made)).not.toContain("drop-table");
  });

  test.each([
    "SELECT tidy();",
    "CALL tidy();",
    "DO $$ BEGIN PERFORM tidy(); END $$;",
    "EXECUTE tidy;",
    "FETCH ALL FROM tidy;",
  ])("is not judged in %s when its text was never seen", (sql) => {
    expect(rules(sql)).toContain("unreadable-statement");
  });

  test.each([
    "SELECT nextval('a');",
    "SELECT pg_advisory_lock(1);",
    "SELECT set_config('a.b', 'c', true);",
    "SELECT now();",
  ])("is PostgreSQL's own in %s, and harmless", (sql) => {
    expect(rules(sql)).not.toContain("unreadable-statement");
  });
});

describe("what is prepared", () => {
  const wide = "CREATE TABLE team (id int); CREATE TABLE note (id int);";
  const blocking = (sql: string) =>
    judge(parser.statements(sql), foldStatements(parser.statements(wide)), { inTransaction: true }).some(
      ({ rule }) => rule === "work-under-lock",
    );

  test.each([
    ["PREPARE p AS UPDATE note SET id = 1; ALTER TABLE team ADD a int; EXECUTE p;", true],
    ["DECLARE c CURSOR FOR SELECT * FROM note; ALTER TABLE team ADD a int; FETCH 5 FROM c;", true],
    ["PREPARE p AS UPDATE note SET id = 1; ALTER TABLE team ADD a int; DEALLOCATE p;", false],
    ["ALTER TABLE team ADD a int; DECLARE c CURSOR FOR SELECT * FROM note; CLOSE c;", false],
  ])("runs when it is asked for: %s", (sql, expected) => {
    expect(blocking(sql)).toBe(expected);
  });
});
