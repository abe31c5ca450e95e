/** The shipped command on scripts that nobody would write, and on those that people do: ends by its contract each time. */
import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { dist } from "../../support/run-action.ts";

const GATE = join(dist, "augeo-gate.js");
/** Megabytes: what a script of 10 MB may take. */
const HEAP = "--max-old-space-size=700";
const DROP = "DROP TABLE account;\n";
const LAST = "DROP TABLE other;\n";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "augeo-hostile-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

const gate = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { cwd: folder, maxBuffer: 1e9, timeout: 90_000 };
    execFile(process.execPath, [HEAP, GATE, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? `killed by ${error.signal}`), stdout, stderr }),
    );
  });

interface Told {
  readonly schema: number;
  readonly findings: readonly { readonly rule: string; readonly relation: string | null; readonly recipe: string }[];
}

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");
const nested = (open: string, close: string, depth = 10_000) =>
  `${DROP}SELECT ${open.repeat(depth)}1${close.repeat(depth)};\n${LAST}`;
const rows = (bytes: number, row: string) => row.repeat(Math.ceil(bytes / row.length));

/** Script, tables whose drop is found in it, and whether a statement in it cannot be read. */
const SCRIPTS: readonly [name: string, script: string | Buffer, drops: string, unreadable: boolean][] = [
  ["nothing", "", "", false],
  ["only comments", "-- one\n/* two /* three */ */\n", "", false],
  ["a byte order mark", `\ufeff${DROP}`, "account", false],
  ["UTF-16", utf16(DROP), "account", false],
  ["UTF-16, the other way round", utf16(DROP).swap16(), "account", false],
  ["CRLF", "SELECT 1;\r\nDROP TABLE account;\r\n", "account", false],
  ["a NUL byte", `SELECT \0 1;\n${DROP}`, "account", true],
  [
    "bytes that are not UTF-8",
    Buffer.concat([Buffer.from("SELECT '"), Buffer.from([0xff, 0xc3]), Buffer.from(`';\n${DROP}`)]),
    "account",
    false,
  ],
  [
    "10 MB of rows",
    `${DROP}${rows(1e7, "INSERT INTO account VALUES (1, 'abcdefghijklmnop');\n")}${LAST}`,
    "account other",
    false,
  ],
  [
    "one statement of 10 MB",
    `${DROP}INSERT INTO account VALUES ${rows(1e7, "(1,'a'),")}(2,'b');\n${LAST}`,
    "account other",
    false,
  ],
  ["a string of 10 MB", `${DROP}SELECT '${"x".repeat(1e7)}';\n${LAST}`, "account other", true],
  ["50,000 small statements", `${DROP}${"SELECT 1;\n".repeat(50_000)}${LAST}`, "account other", false],
  ["a million semicolons", `${";".repeat(1e6)}${DROP}`, "account", false],
  ["a string without an end", `${DROP}SELECT 'abc;\n${LAST}`, "account other", true],
  ["a dollar quote without an end", `${DROP}SELECT $x$abc;\n${LAST}`, "account other", true],
  ["a comment without an end", `${DROP}/* abc\n`, "account", true],
  ["10,000 parentheses", nested("(", ")"), "account other", true],
  ["10,000 parentheses that stay open", nested("(", ""), "account other", true],
  ["10,000 arrays", nested("ARRAY[", "]"), "account other", true],
  ["20,000 times NOT", nested("NOT ", "", 20_000), "account other", true],
  ["50,000 comments within each other", `${"/*".repeat(5e4)}x${"*/".repeat(5e4)}${DROP}`, "account", false],
  ["a name of 100,000 characters", `DROP TABLE ${"a".repeat(1e5)};\n${LAST}`, `${"a".repeat(63)} other`, false],
  [
    "commands to psql",
    `\\connect other\n\\i more.sql\n${DROP}\\echo 'it''s (\nSELECT 1 \\gexec\n${LAST}`,
    "account other",
    true,
  ],
  ["rows after COPY", `COPY account FROM stdin;\n1\tit's $$ (\n\\.\n\n${DROP}`, "account", false],
  [
    "what pg_dump writes",
    `--\n\\restrict x\n\nSET statement_timeout = 0;\nCREATE TABLE public.account (id integer NOT NULL);\nCOPY public.account (id) FROM stdin;\n1\n\\.\n\nALTER TABLE ONLY public.account ADD CONSTRAINT k PRIMARY KEY (id);\n\\unrestrict x\n`,
    "",
    true,
  ],
];

describe("augeo-gate sql judges a script", () => {
  test.each(SCRIPTS)("of %s", async (name, script, drops, unreadable) => {
    const file = join(folder, `${name.replace(/\W/g, "-")}.sql`);
    await writeFile(file, script);
    const run = await gate("sql", file, "--json");
    expect(run.stderr).toBe("");
    const { schema, findings } = JSON.parse(run.stdout) as Told;
    expect(schema).toBe(1);
    const dropped = findings.filter(({ rule }) => rule === "drop-table").map(({ relation }) => relation?.slice(0, 63));
    expect(dropped.join(" ")).toBe(drops);
    expect(findings.some(({ rule }) => rule === "unreadable-statement")).toBe(unreadable);
    // What was not read is not called safe, and blocks nothing.
    expect(run.code).toBe(drops !== "" ? 1 : unreadable ? 3 : 0);
    const inWords = await gate("sql", file);
    expect([inWords.code, inWords.stderr]).toEqual([run.code, ""]);
    expect(inWords.stdout.split("\n").filter((line) => line.includes(" drop-table ")).length).toBe(dropped.length);
  });

  test("that never changes, and says from where on it stopped reading", async () => {
    const file = join(folder, "endless.sql");
    await writeFile(file, rows(1e7, DROP));
    const run = await gate("sql", file, "--json");
    expect([run.code, run.stderr]).toEqual([1, ""]);
    expect(run.stdout).toContain("those from here on were not read");
  });

  test("with names and comments that would be commands to a runner or a terminal, and prints none", async () => {
    const file = join(folder, "commands.sql");
    const name = '"x\n::error::x\n##[command]y\u001b[31m\u202e\r::set-env name=A::b"';
    await writeFile(file, `DROP TABLE ${name};\n-- \n::stop-commands::z\nDROP TABEL q\n::error::q;\n`);
    for (const form of [["--json"], []]) {
      const { code, stdout, stderr } = await gate("sql", file, ...form);
      expect([code, stderr]).toEqual([1, ""]);
      expect(stdout).not.toMatch(/^\s*(::|##\[)/m);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not come through
      expect(stdout).not.toMatch(/[\u001b\r]/);
    }
  });
});

describe("augeo-gate sql says what is wrong with a file that is", () => {
  test("missing, a folder, a link to itself or not readable", async () => {
    await mkdir(join(folder, "folder.sql"));
    await symlink("loop.sql", join(folder, "loop.sql"));
    for (const file of ["missing.sql", "folder.sql", "loop.sql"]) {
      const run = await gate("sql", file, "--json");
      expect([run.code, run.stdout]).toEqual([2, ""]);
      expect(run.stderr).toMatch(new RegExp(`${file} cannot be read[\\s\\S]*Fix: `));
      expect(run.stderr).not.toMatch(/^\s+at /m);
    }
    if (process.getuid?.() === 0) return;
    await writeFile(join(folder, "secret.sql"), DROP);
    await chmod(join(folder, "secret.sql"), 0);
    expect((await gate("sql", "secret.sql")).stderr).toMatch(/secret\.sql cannot be read/);
  });

  test("and nothing when its reader stops early", async () => {
    await writeFile(join(folder, "long.sql"), DROP.repeat(5_000));
    const child = spawn(process.execPath, [GATE, "sql", join(folder, "long.sql"), "--json"]);
    let stderr = "";
    child.stderr.on("data", (text: Buffer) => {
      stderr += text.toString();
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect([code, stderr]).toEqual([1, ""]);
  });
});
