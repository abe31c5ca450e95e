import { foldStatements, isLongBlocking, judge } from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";
import { parser } from "../rules/judge-example.ts";

/** Whether adding a column writes every row anew, after these statements. */
function rewrites(column: string, before: string): boolean {
  const schema = foldStatements(parser.statements(`CREATE TABLE t (id int); ${before}`));
  return judge(parser.statements(`ALTER TABLE t ADD COLUMN c ${column};`), schema).some(isLongBlocking);
}

describe("a function in a default", () => {
  test.each([
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 7';", "f()"],
    ["CREATE FUNCTION f(i int) RETURNS int LANGUAGE sql AS 'SELECT i * 2';", "f(4)"],
    ["CREATE FUNCTION f(i int) RETURNS int LANGUAGE sql STRICT AS 'SELECT i + 1';", "f(4)"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 5;", "f()"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 6; END;", "f()"],
    [
      "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT g()';",
      "f()",
    ],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 3; END';", "f()"],
    ["CREATE FUNCTION f() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT gen_random_uuid()';", "f()"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 3; END'; ALTER FUNCTION f() STABLE;", "f()"],
  ])("is one value for all rows: %s", (before, value) => {
    expect(rewrites(`text DEFAULT ${value}`, before)).toBe(false);
  });

  test.each([
    ["CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT md5(random()::text)';", "f()"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 3; END';", "f()"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';", "f()"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = public AS 'SELECT 1';", "f()"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT id FROM t';", "f()"],
    ["CREATE FUNCTION f(i int, j int) RETURNS int LANGUAGE sql STRICT AS 'SELECT i';", "f(1, 2)"],
    ["CREATE FUNCTION f(i int) RETURNS int LANGUAGE sql STRICT AS 'SELECT coalesce(i, 1)';", "f(1)"],
    ["CREATE FUNCTION f(i int) RETURNS int LANGUAGE sql AS 'SELECT i';", "f((random() * 9)::int)"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT f()';", "f()"],
    ["", "never_seen()"],
  ])("is computed for each row: %s", (before, value) => {
    expect(rewrites(`text DEFAULT ${value}`, before)).toBe(true);
  });
});

describe("a domain", () => {
  const positive = "CREATE DOMAIN d AS int CHECK (VALUE > 0);";

  test.each([
    [`${positive} ALTER DOMAIN d DROP CONSTRAINT d_check;`, "d"],
    [
      "CREATE DOMAIN d AS int CONSTRAINT a CHECK (VALUE > 0); ALTER DOMAIN d RENAME CONSTRAINT a TO b; ALTER DOMAIN d DROP CONSTRAINT b;",
      "d",
    ],
    ["CREATE DOMAIN d AS int NOT NULL; ALTER DOMAIN d DROP NOT NULL;", "d"],
    ["CREATE DOMAIN d AS int DEFAULT random(); ALTER DOMAIN d DROP DEFAULT;", "d"],
    ["CREATE DOMAIN d AS int DEFAULT random(); ALTER DOMAIN d SET DEFAULT 4;", "d"],
  ])("holds nobody up after %s", (before, column) => {
    expect(rewrites(column, before)).toBe(false);
  });

  test.each([
    [positive, "d"],
    [`${positive} ALTER DOMAIN d ADD CHECK (VALUE < 9); ALTER DOMAIN d DROP CONSTRAINT d_check1;`, "d"],
    ["CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CHECK (VALUE < 9) NOT VALID;", "d"],
    ["CREATE DOMAIN d AS int; ALTER DOMAIN d SET NOT NULL;", "d DEFAULT 1"],
    ["CREATE DOMAIN d AS int; ALTER DOMAIN d SET DEFAULT random();", "d"],
    [`${positive} CREATE SCHEMA s; ALTER DOMAIN d SET SCHEMA s;`, "s.d"],
    [`${positive} ALTER DOMAIN d RENAME TO e; CREATE DOMAIN f AS e;`, "f"],
  ])("has every row written anew after %s", (before, column) => {
    expect(rewrites(column, before)).toBe(true);
  });

  test("is validated in the columns of domains that stand on it", () => {
    const schema = foldStatements(
      parser.statements("CREATE DOMAIN d AS int; CREATE DOMAIN e AS d; CREATE TABLE t (c e);"),
    );
    const told = judge(parser.statements("ALTER DOMAIN d ADD CHECK (VALUE < 9);"), schema);
    expect(told.map(({ rule }) => rule)).toContain("domain-check-validates");
  });
});
