import { splitStatements } from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";

const split = (script: string) => splitStatements(script).map(({ sql, line }) => [sql, line]);

describe("a script written for psql", () => {
  test("has its commands to psql apart from the statements around them", () => {
    expect(split("\\connect other\n\\i 'it''s.sql'\nDROP TABLE a;\n\\echo (\nDROP TABLE b;")).toEqual([
      ["\\connect other", 1],
      ["\\i 'it''s.sql'", 2],
      ["DROP TABLE a", 3],
      ["\\echo (", 4],
      ["DROP TABLE b", 5],
    ]);
  });

  test("sends a statement with \\gexec as with a semicolon", () => {
    expect(split("SELECT 1 \\gexec\nDROP TABLE a;")).toEqual([
      ["SELECT 1", 1],
      ["\\gexec", 1],
      ["DROP TABLE a", 2],
    ]);
  });

  test("has rows after COPY FROM stdin that are no statements", () => {
    expect(split("COPY a (b) FROM stdin;\nit's; $$ (\n\\N\n\\.\r\nDROP TABLE a;")).toEqual([
      ["COPY a (b) FROM stdin", 1],
      ["DROP TABLE a", 5],
    ]);
  });

  test("hides nothing behind a COPY whose rows never end", () => {
    expect(split("COPY a FROM stdin;\nDROP TABLE a;")).toHaveLength(2);
  });

  test("keeps backslashes inside strings and names", () => {
    expect(split(`SELECT E'\\\\g;', '\\', "\\i" FROM a;SELECT 2`)).toHaveLength(2);
  });
});
