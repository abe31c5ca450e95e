import { judgeRevision } from "@augeo/migrations";
import { loadSqlParser, splitStatements } from "@augeo/sql-parser";
import { describe, expect, test } from "@jest/globals";
import { scanSync } from "libpg-query";
import fc from "../../support/properties.ts";

const parser = await loadSqlParser();

const WORDS =
  `ALTER TABLE t ADD COLUMN c int DEFAULT now() CONSTRAINT k CHECK ( c > 0 ) NOT VALID VALIDATE NULL SET TYPE
  varchar ( 20 ) text USING c :: text CREATE UNIQUE INDEX CONCURRENTLY i ON t ( c ) WHERE DROP CASCADE UPDATE SELECT FROM
  BEGIN COMMIT REFERENCES PRIMARY KEY FOREIGN RENAME TO TRUNCATE 'a;b' "x;y" $$;$$ -- /* */ ; ; E'\\'' 1 , . = IN`.split(
    /\s+/,
  );

const soup = fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((words) => words.join(" "));

const SENTENCES = [
  "ALTER TABLE account ADD COLUMN a int DEFAULT random() NOT NULL",
  "ALTER TABLE account ALTER COLUMN email TYPE varchar(20) USING lower(email), VALIDATE CONSTRAINT c",
  "CREATE TABLE n (id serial PRIMARY KEY, a int REFERENCES account (id), EXCLUDE USING gist (a WITH =)) PARTITION BY RANGE (id)",
  "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON account (lower(email)) INCLUDE (a) WHERE a IS NOT NULL",
  "UPDATE account SET a = 1 FROM n WHERE n.id = account.id",
  "DROP TABLE IF EXISTS account, n CASCADE",
  "ALTER TYPE mood ADD VALUE 'x'; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0)",
  "BEGIN; LOCK TABLE account; COMMIT",
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $body$ SELECT 1; $body$",
  "SELECT set_config('lock_timeout', '1s', true)",
];

const wounded = fc
  .record({
    sentences: fc.array(fc.constantFrom(...SENTENCES), { minLength: 1, maxLength: 5 }),
    cut: fc.nat(400),
    at: fc.nat(400),
    poison: fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom("'", '"', "$$", "/*", "*/", "--", "\0", "\n::error::x\n", "\u202e"),
    ),
  })
  .map(({ sentences, cut, at, poison }) => {
    const script = sentences.join(";\n");
    return script.slice(0, at) + poison + script.slice(at, at + cut);
  });

const judgeScript = (script: string, inTransaction: boolean) =>
  judgeRevision({ statements: parser.statements(script), options: { inTransaction } });

describe("hostile SQL", () => {
  test.each([
    ["words in any order", soup],
    ["cut and poisoned statements", wounded],
    ["any text", fc.string({ unit: "binary", maxLength: 200 })],
  ])("%s crash nothing", (_, script) => {
    fc.assert(
      fc.property(script, fc.boolean(), (text, inTransaction) => {
        const { findings } = judgeScript(text, inTransaction);
        for (const finding of findings) expect(finding.recipe).not.toBe("");
      }),
      { numRuns: 150 },
    );
  });

  test("names that go round in circles, and chains without an end in sight, crash nothing", () => {
    const kinds = fc.constantFrom(
      (a: string, b: string) => `CREATE DOMAIN ${a} AS ${b}`,
      (a: string, b: string) => `ALTER DOMAIN ${a} RENAME TO ${b}`,
      (a: string, b: string) => `CREATE TABLE ${a} (x ${b}, y ${a}) INHERITS (${b})`,
      (a: string, b: string) => `CREATE TABLE ${a} PARTITION OF ${b} DEFAULT`,
      (a: string, b: string) => `ALTER TABLE ${a} ATTACH PARTITION ${b} DEFAULT`,
      (a: string, b: string) => `ALTER TABLE ${a} RENAME TO ${b}`,
      (a: string, b: string) => `ALTER TABLE ${a} ADD COLUMN z ${b}, ALTER COLUMN x TYPE ${a}`,
      (a: string, b: string) => `ALTER TABLE ${a} ADD FOREIGN KEY (x) REFERENCES ${b}, DROP COLUMN y CASCADE`,
      (a: string, b: string) => `CREATE VIEW ${a} AS SELECT * FROM ${b}`,
      (a: string, b: string) => `REFRESH MATERIALIZED VIEW ${a}; SELECT * FROM ${b}`,
      (a: string, b: string) => `TRUNCATE ${a}, ${b} CASCADE`,
      (a: string, b: string) => `DO $$ BEGIN ALTER TABLE ${a} ADD COLUMN q ${b}; DROP TABLE ${b} CASCADE; END $$`,
    );
    const name = fc.constantFrom("a", "b", "c");
    const round = fc.array(
      fc.tuple(kinds, name, name).map(([kind, a, b]) => kind(a, b)),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(round, fc.boolean(), (statements, inTransaction) => {
        judgeScript(statements.join(";\n"), inTransaction);
      }),
      { numRuns: 300 },
    );
    const deep = Array.from({ length: 9_000 }, (_, index) => `CREATE DOMAIN d${index + 1} AS d${index}`);
    const ends = ["CREATE TABLE t (x d9000)", "ALTER TABLE t ADD COLUMN y d9000, ALTER COLUMN x TYPE d1"];
    expect(() => judgeScript([...deep, ...ends].join(";\n"), false)).not.toThrow();
  });

  test("a statement that cannot be read leaves the others judged", () => {
    fc.assert(
      fc.property(soup, (words) => {
        const broken = `ALTER TABEL ${words.replace(/['"$;]|--|\/\*|\*\/|\(|\)/g, " ")}`;
        const { findings } = judgeScript(`${broken};\nDROP TABLE account;`, false);
        expect(findings.map(({ rule }) => rule)).toContain("drop-table");
      }),
    );
  });
});

describe("splitting", () => {
  test("cuts at the semicolons that PostgreSQL's scanner sees", () => {
    fc.assert(
      fc.property(fc.oneof(soup, wounded), (script) => {
        const tokens = scanned(script);
        // A backslash outside quotes is psql's, not the scanner's.
        fc.pre(tokens !== undefined && !/[()\0]|create|(?<!')\\/i.test(script));
        const between = (tokens ?? []).reduce<string[][]>(
          (groups, token) => {
            if (token === ";") groups.push([]);
            else groups.at(-1)?.push(token);
            return groups;
          },
          [[]],
        );
        const expected = between.filter((group) => group.length > 0).length;
        expect(splitStatements(script)).toHaveLength(expected);
      }),
      { numRuns: 300 },
    );
  });
});

/** The tokens that PostgreSQL sees, comments left out; `undefined` for text that it cannot scan. */
function scanned(script: string): string[] | undefined {
  try {
    return scanSync(script)
      .tokens.filter(({ tokenName }) => !/COMMENT/.test(tokenName))
      .map(({ text }) => text);
  } catch {
    return undefined;
  }
}
