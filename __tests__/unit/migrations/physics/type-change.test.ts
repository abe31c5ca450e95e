import { foldStatements, isLongBlocking, judge } from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";
import { parser } from "../rules/judge-example.ts";

/** Whether changing a column's type holds others up for as long as the table is large. */
function blocks(from: string, to: string, extra = "", timezone = "UTC"): boolean {
  const preamble = `CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN free AS text; CREATE DOMAIN short AS varchar(20);
    CREATE DOMAIN small AS int CHECK (VALUE < 9); CREATE TABLE t (id int, c ${from}); ${extra}`;
  const schema = foldStatements(parser.statements(preamble));
  const statements = parser.statements(`ALTER TABLE t ALTER COLUMN c TYPE ${to};`);
  return judge(statements, schema, { settings: { timezone } }).some(isLongBlocking);
}

describe("a type change is instant", () => {
  test.each([
    ["varchar(20)", "varchar(21)"],
    ["varchar(20)", "varchar"],
    ["varchar(20)", "text"],
    ["text", "varchar"],
    ["text", "citext"],
    ["citext", "varchar"],
    ["numeric(10,2)", "numeric(12,2)"],
    ["numeric(10,2)", "numeric"],
    ["timestamp(3)", "timestamp(6)"],
    ["timestamp", "timestamp(6)"],
    ["timestamp", "timestamptz"],
    ["time(0)", "time"],
    ["interval(3)", "interval"],
    ["interval year to month", "interval"],
    ["interval", "interval day to second"],
    ["cidr", "inet"],
    ["bit(8)", "varbit"],
    ["varbit(8)", "varbit(16)"],
    ["xml", "text"],
    ["int", "oid"],
    ["int", "int"],
    ["free", "text"],
    ["text", "free"],
    ["short", "short"],
    ["varchar(10)[]", "varchar[]"],
    ["text", "text USING c::text"],
  ])("from %s to %s", (from, to) => {
    expect(blocks(from, to)).toBe(false);
  });
});

describe("a type change works through the table", () => {
  test.each([
    ["varchar(20)", "varchar(19)"],
    ["varchar", "varchar(19)"],
    ["text", "varchar(20)"],
    ["citext", "varchar(20)"],
    ["char(5)", "text"],
    ["char(5)", "char(6)"],
    ["numeric(10,2)", "numeric(12,3)"],
    ["numeric", "numeric(10,2)"],
    ["timestamp", "timestamp(3)"],
    ["interval", "interval(3)"],
    ["interval", "interval year to month"],
    ["inet", "cidr USING c::cidr"],
    ["bit(8)", "bit(9)"],
    ["int", "bigint"],
    ["bigint", "int"],
    ["json", "jsonb"],
    ["mood", "text"],
    ["int", "small"],
    ["short", "varchar(20)"],
    ["varchar(10)[]", "text[]"],
    ["text", "text USING lower(c)"],
    ["timestamp", "timestamptz USING c AT TIME ZONE 'UTC'"],
  ])("from %s to %s", (from, to) => {
    expect(blocks(from, to)).toBe(true);
  });

  test("between timestamp and timestamptz in a session that is not at UTC", () => {
    expect(blocks("timestamp", "timestamptz", "", "Europe/Berlin")).toBe(true);
  });

  test.each([
    ["another collation", "text", `text COLLATE "C"`, "CREATE INDEX i ON t (c);"],
    ["citext, which sorts otherwise", "text", "citext", "CREATE INDEX i ON t (c);"],
    ["an expression over the column", "varchar(9)", "text", "CREATE INDEX i ON t (lower(c));"],
    ["a condition on the column", "varchar(9)", "text", "CREATE INDEX i ON t (id) WHERE c IS NOT NULL;"],
    ["a CHECK on the column", "varchar(9)", "text", "ALTER TABLE t ADD CHECK (c <> '');"],
  ])("when values stay but there is %s", (_, from, to, extra) => {
    expect(blocks(from, to, extra)).toBe(true);
    expect(blocks(from, to)).toBe(false);
  });

  test("not for an index that sorts as before, nor for a CHECK that was never validated", () => {
    expect(blocks("varchar(9)", "text", "CREATE INDEX i ON t (c);")).toBe(false);
    expect(blocks("varchar(9)", "text", "ALTER TABLE t ADD CHECK (c <> '') NOT VALID;")).toBe(false);
  });
});

test("of a column whose type is not known is taken for the worst, and says so", () => {
  const findings = judge(parser.statements("ALTER TABLE unseen ALTER COLUMN c TYPE text;"));
  const found = findings.find(({ rule }) => rule === "type-change-rewrites");
  expect(found?.note).toMatch(/not known/);
});
