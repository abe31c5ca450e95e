/** Names, messages, comments and SQL come from whoever opens a pull request: the report's structure stays ours. */
import { type GateReport, type RevisionReport, renderComment, renderSarif, reportJson } from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";
import { marked } from "marked";
import { cell } from "../../../../actions/migration-gate/summary.ts";
import fc from "../../../support/properties.ts";
import { sarifFaults } from "../../../support/sarif.ts";
import { judgeExample } from "../rules/judge-example.ts";

const PIECES = [
  "\n",
  "\r\n",
  "\n\n",
  "::error::x",
  "::stop-commands::y",
  "##[command]z",
  "\u001b[31m",
  "\u202e",
  "\u2028",
  "</details>",
  "<img src=x onerror=alert(1)>",
  "<script>",
  "</code>",
  "<!--",
  "-->",
  "|",
  "\\",
  "\\|",
  "`",
  "```",
  "````sql\n",
  "~~~\n",
  "@octo-org/all",
  " @everyone",
  " #1",
  " org/repo#1",
  "[x](javascript:alert(1))",
  "![x](//x)",
  "&#64;a",
  "&lt;b",
  "**b**",
  "_i_",
  "# H\n",
  "- l\n",
  "| --- | --- |\n",
  "$x$",
  "'",
  '"',
  "\0",
  "é",
  "\ud800",
];
const hostile = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => `x${pieces.join("")}x`);

const RULES_URL = "https://example.test/rules/";

/** A report in which every text from outside is this one. */
function saying(text: string): GateReport {
  const findings = judgeExample({ sql: "CREATE INDEX team_name ON team (name); DROP TABLE other;" }).map((finding) => ({
    ...finding,
    relation: text,
    note: text,
    statement: text,
    recipe: text,
    file: text.replaceAll("/", ""),
  }));
  const [first] = findings;
  const revision: RevisionReport = {
    revision: text,
    message: text,
    file: text.replaceAll("/", ""),
    phase: "expand",
    sql: text,
    findings,
    suppressed:
      first === undefined
        ? []
        : [{ finding: first, suppression: { rules: [first.rule], reason: text, line: 1, lines: undefined } }],
    faults: [{ line: 1, what: text, fix: text }],
  };
  return {
    conclusion: "fail",
    verdict: text,
    mode: "static",
    postgresVersion: 16,
    unseen: [text],
    revisions: [revision, revision],
    project: findings.slice(0, 1),
    rulesUrl: RULES_URL,
  };
}

const tagsOf = (html: string): string[] => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
const htmlOf = (markdown: string): string => marked.parse(markdown, { gfm: true, async: false });
/** What GitHub looks through for mentions and references. */
const proseOf = (html: string): string =>
  html
    .replace(/<(code|pre)\b[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
const barsOf = (line: string): number => line.match(/(?<!\\)\|/g)?.length ?? 0;

describe("a report of hostile text", () => {
  test("has the very structure of a harmless one, rendered", () => {
    const expected = tagsOf(htmlOf(renderComment(saying("xx"))));
    expect(expected).toContain("<table>");
    fc.assert(
      fc.property(hostile, (text) => {
        expect(tagsOf(htmlOf(renderComment(saying(text))))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test("mentions nobody and refers to no issue", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(proseOf(htmlOf(renderComment(saying(text))))).not.toMatch(/@\w|#\d/);
      }),
    );
  });

  test("has as many cells in each row of a table as in its head, and nothing that turns text around", () => {
    const rowsOf = (text: string) =>
      renderComment(saying(text))
        .replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, "")
        .split("\n")
        .filter((line) => line.startsWith("|"))
        .map(barsOf);
    const expected = rowsOf("xx");
    fc.assert(
      fc.property(hostile, (text) => {
        expect(rowsOf(text)).toEqual(expected);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be left
        expect(renderComment(saying(text))).not.toMatch(/[\0\r\u001b\u2028\u202e]/);
      }),
    );
  });

  test("is sound SARIF and JSON", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(JSON.parse(JSON.stringify(reportJson(saying(text))))).toMatchObject({ schema: 1, conclusion: "fail" });
        const sarif = JSON.parse(JSON.stringify(renderSarif(saying(text), "1.0.0")));
        for (const { message } of sarif.runs[0].results) expect(message.text).not.toContain("\u001b");
      }),
    );
    expect(sarifFaults(JSON.stringify(renderSarif(saying("xx"), "1.0.0")))).toEqual([]);
  });

  test("stays in its cell of the job summary", () => {
    const page = (text: string) => htmlOf(`| a | b |\n| --- | --- |\n| ${cell(text)} | end |\n`);
    fc.assert(
      fc.property(hostile, (text) => {
        expect(tagsOf(page(text))).toEqual(tagsOf(page("xx")));
        expect(page(text)).toContain("<td>end</td>");
      }),
      { numRuns: 300 },
    );
  });
});
