/** Revision files that are broken or mean harm, judged by the shipped command and by the shipped action. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { marked } from "marked";
import { pythonPath } from "../../../packages/rehearsal/src/python.ts";
import { readCommands } from "../../support/annotations.ts";
import { dist } from "../../support/run-action.ts";
import { chain, revisionFile } from "./alembic-project.ts";
import { change, check, removeProjects } from "./changed-project.ts";

afterEach(removeProjects);

const HARM = [
  "::error::owned",
  "::stop-commands::owned",
  "##[command]owned",
  "::add-mask::a",
  "<img src=x onerror=alert(1)>",
  "</details></td></table>",
  "| a | b |",
  "`x` ```",
  "@octo-org/all #1",
  "[x](javascript:alert(1))",
  "\u202egnp",
  "\u001b[31mred",
];
const pythonText = (text: string) => JSON.stringify(text);
const TABLE = pythonText('t"`|<b>\n::error::owned');

/** A revision that says harm wherever a revision can say something. */
const hostileRevision = (): string =>
  revisionFile(
    "b2",
    "a1",
    [
      `op.create_table(${TABLE}, sa.Column("id", sa.Integer), comment=${pythonText(HARM.join("\n"))})`,
      `op.add_column("t_a1", sa.Column(${pythonText("c|\n::error::owned")}, sa.Integer, nullable=False))`,
      'op.create_index("ix`|</td><img src=x onerror=alert(2)>", "t_a1", ["id"])',
      `op.execute(${pythonText(`-- ${HARM.join("\n-- ")}\nDROP TABEL x;\n`)}) if False else None`,
      `print(${pythonText(HARM.join("\n"))})`,
    ].join("\n"),
    `branch_labels = (${pythonText("::error::owned")},)`,
  ).replace("b2 does its part", HARM.join("\n").replaceAll("\\", "\\\\"));

const HOSTILE = { "migrations/versions/b2.py": hostileRevision() };
const COMMANDS = /^(?:group|endgroup|error|warning|notice|debug|add-mask)$/;

/** Neither a command nor a terminal sequence of theirs is left in what a runner reads. */
function expectHarmless(stdout: string): void {
  const commands = readCommands(stdout);
  for (const { name, message } of commands) {
    expect(name).toMatch(COMMANDS);
    expect(message).not.toMatch(/^owned/);
  }
  expect(commands.filter(({ name }) => name === "add-mask").map(({ message }) => message)).not.toContain("a");
  // The older form is read anywhere: outside stop-commands no line of ours begins with it.
  const heard = stdout.replace(/^::stop-commands::(.*)\n[\s\S]*?\n::\1::$/gm, "");
  expect(heard).not.toMatch(/^\s*##\[/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be left
  expect(stdout).not.toMatch(/[\u001b\u202e]/);
}

function expectHarmlessPage(markdown: string): void {
  const html = marked.parse(markdown, { gfm: true, async: false });
  expect(html).not.toMatch(/<img|<script|<b>|<[^>]*\son\w+=|href="javascript:/);
  expect(html.match(/<details>/g)?.length).toBe(html.match(/<\/details>/g)?.length);
  const prose = html
    .replace(/<(code|pre)\b[\s\S]*?<\/\1>/g, "")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  expect(prose).not.toMatch(/@\w|#\d/);
}

interface Ended {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

const gate = (folder: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const line = [join(dist, "augeo-gate.js"), "alembic", folder, "--python", pythonPath(), "--no-rehearsal", ...args];
    execFile(process.execPath, line, { cwd: folder, maxBuffer: 1e9, timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? `killed by ${error.signal}`), stdout, stderr }),
    );
  });

describe("a revision that says harm wherever it can", () => {
  test("gets no command to the runner and no markup into comment, summary or report", async () => {
    const project = await change(chain("a1"), HOSTILE);
    const run = await check(project);
    expect(run.outputs.reason).toBe("unsafe");
    expectHarmless(run.stdout);
    expectHarmlessPage(run.summary);
    expect(run.summary).toContain("index-not-concurrent");
    expect(run.stderr).toBe("");
  });

  test("reads as plain text in a terminal, in Markdown and as JSON", async () => {
    const project = await change(chain("a1"), HOSTILE);
    const words = await gate(project.folder);
    expect(words.code).toBe(1);
    expect(words.stdout).toContain("index-not-concurrent");
    expectHarmless(`${words.stdout}${words.stderr}`);
    const page = await gate(project.folder, "--markdown");
    expectHarmlessPage(page.stdout);
    const { schema, findings } = JSON.parse((await gate(project.folder, "--json")).stdout);
    expect(schema).toBe(1);
    expect(findings.map(({ rule }: { rule: string }) => rule)).toContain("index-not-concurrent");
  });
});

const INDEX = revisionFile("b2", "a1", 'op.create_index("ix", "t_a1", ["id"])');
const BROKEN: readonly [name: string, content: string | Buffer][] = [
  ["cut short", INDEX.slice(0, INDEX.length - 60)],
  ["with a syntax error", INDEX.replace("def upgrade():", "def upgrade(:")],
  ["with NUL bytes", INDEX.replace("import time", "import time\0")],
  ["that is not UTF-8", Buffer.concat([Buffer.from(INDEX), Buffer.from([0x23, 0xff, 0xfe, 0x0a])])],
  ["nested too deeply", INDEX.replace("import time", `x = ${"(".repeat(10_000)}1${")".repeat(10_000)}`)],
  ["that is empty", ""],
];

describe("a revision file", () => {
  test.each(BROKEN)("%s is told about in plain words and hangs nothing", async (_, content) => {
    const project = await change(chain("a1"), {});
    await writeFile(join(project.folder, "migrations/versions/b2.py"), content);
    const run = await gate(project.folder);
    expect([0, 1, 2, 3]).toContain(run.code);
    expect(`${run.stdout}${run.stderr}`).not.toMatch(/^\s+at .*\.js:\d+|Traceback \(most recent/m);
    if (content.length > 0) expect(run.code).not.toBe(0);
  });

  test("of 5 MB, with a name that is a command and markup, is judged as any other", async () => {
    const project = await change(chain("a1"), {});
    const folder = join(project.folder, "migrations/versions");
    const long = INDEX.replace("import time", `X = "${"x".repeat(5e6)}"`);
    await writeFile(join(folder, "::error::owned|<b>@octo-org #1.py"), long);
    // Alembic's own pattern passes over a name with a line break: it is no revision.
    await writeFile(join(folder, "c3\n::error::owned.py"), INDEX.replace("b2", "c3"));
    const run = await gate(project.folder);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("index-not-concurrent");
    expectHarmless(`${run.stdout}${run.stderr}`);
    expectHarmlessPage((await gate(project.folder, "--markdown")).stdout);
  });
});
