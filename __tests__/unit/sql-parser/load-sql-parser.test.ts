import { decodeStatement } from "@augeo/migrations";
import { loadSqlParser, MAX_STATEMENTS } from "@augeo/sql-parser";
import { describe, expect, test } from "@jest/globals";

const parser = await loadSqlParser();
const kinds = (script: string) =>
  parser.statements(script).map(({ ast, fault }) => (fault === undefined ? decodeStatement(ast)[0]?.kind : "fault"));

describe("reading a script", () => {
  test("gives each statement its first and last line, comments before it left out", () => {
    const [first, second] = parser.statements("-- é\n\nSELECT 1; /* 2 */\n UPDATE t\nSET a = 'ö;'\nWHERE b;");
    expect([first?.line, first?.endLine, first?.sql]).toEqual([3, 3, "SELECT 1"]);
    expect([second?.line, second?.endLine, second?.leading]).toEqual([4, 6, " /* 2 */\n "]);
  });

  test("reads the statements around one that cannot be read, and says where that one breaks", () => {
    const script = "SELECT 1;\nALTER TABEL t\n  ADD a int;\nDROP TABLE t;";
    expect(kinds(script)).toEqual(["select", "fault", "drop"]);
    expect(parser.statements(script)[1]?.fault).toEqual({ message: 'syntax error at or near "TABEL"', line: 2 });
  });

  test("finds the statements that an unterminated quote swallows", () => {
    expect(kinds("SELECT 'oops;\nDROP TABLE t;\nTRUNCATE t;\n")).toEqual(["fault", "drop", "truncate"]);
  });

  test("refuses a NUL byte instead of reading only what stands before it", () => {
    expect(parser.statements("SELECT 1 \0; DROP TABLE t")[0]?.fault?.message).toMatch(/NUL/);
  });

  test("reads the head of an INSERT that is too long to read whole", () => {
    expect(kinds(`INSERT INTO t (a) VALUES ${"(1),".repeat(300_000)}(2); DROP TABLE t`)).toEqual([
      "change-rows",
      "drop",
    ]);
  });

  test("survives nesting that its parser does not", () => {
    const deep = `SELECT ${"(SELECT ".repeat(3000)}1${")".repeat(3000)}`;
    expect(kinds(`${deep}; DROP TABLE t`)).toEqual(["fault", "drop"]);
  });

  test("stops at its limit of statements and says so", () => {
    const statements = parser.statements("DROP TABLE t;".repeat(MAX_STATEMENTS + 5));
    expect(statements).toHaveLength(MAX_STATEMENTS + 1);
    expect(statements.at(-1)?.fault?.message).toMatch(/not read/);
  });

  test.each(["INSERT INTO t (a) VALUES (1);", "SELECT 1;"])("reads on behind any number of %s", (row) => {
    const statements = parser.statements(`${row.repeat(MAX_STATEMENTS * 3)}DROP TABLE t;`);
    expect(statements.at(-1)?.sql).toBe("DROP TABLE t");
    expect(statements.length).toBeLessThan(MAX_STATEMENTS * 2);
  });
});
