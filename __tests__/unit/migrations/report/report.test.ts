import {
  commentMarker,
  type GateReport,
  MAX_COMMENT,
  type RevisionReport,
  renderComment,
  renderSarif,
  reportJson,
} from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";
import fc from "../../../support/properties.ts";
import { judgeExample } from "../rules/judge-example.ts";

const SQL = "CREATE INDEX team_name ON team (name);";

const revision = (change: Partial<RevisionReport> = {}): RevisionReport => ({
  revision: "a1b2",
  message: "index team names",
  file: "versions/a1b2_index.py",
  phase: "expand",
  sql: SQL,
  findings: judgeExample({ sql: SQL }).map((finding) => ({ ...finding, file: "versions/a1b2_index.py", line: 12 })),
  suppressed: [],
  faults: [],
  ...change,
});

const report = (change: Partial<GateReport> = {}): GateReport => ({
  conclusion: "fail",
  verdict: "One statement would stop writes to team.",
  mode: "rehearsed",
  postgresVersion: 16,
  unseen: [],
  revisions: [revision()],
  project: [],
  rulesUrl: "https://example.test/rules/",
  ...change,
});

describe("the comment", () => {
  test("says the verdict first, then the plan, then a table with lock, work and line", () => {
    const lines = renderComment(report()).split("\n");
    expect(lines[0]).toBe(commentMarker("default"));
    expect(lines[2]).toBe("## ❌ Not safe to release");
    expect(lines[4]).toBe("One statement would stop writes to team.");
    expect(lines[6]).toBe("1 blocking, 1 warning, 1 note.");
    expect(lines).toContain("| now, before the swap | <code>a1b2</code> (expand, once mended) |");
    expect(lines).toContain(
      "| ⛔&nbsp;12 | [Index built while writes wait](https://example.test/rules/index-not-concurrent.md) | <code>team</code> | Share | writes | builds index, reads all (predicted) | [fix&nbsp;1](#user-content-fix-default-1-1) |",
    );
  });

  test("names in the plan what has to be mended first, and not what only has to wait", () => {
    const row = (sql: string) => {
      const revisions = [revision({ findings: judgeExample({ sql }), phase: "contract" })];
      return renderComment(report({ revisions })).match(/once no rollback .*$/m)?.[0];
    };
    const title = "once no rollback needs the old schema | <code>a1b2</code>";
    expect(row("ALTER TABLE team DROP COLUMN name;")).toBe(`${title} (contract) |`);
    expect(row(`ALTER TABLE team DROP COLUMN name; ${SQL}`)).toBe(`${title} (contract, once mended) |`);
  });

  test("has no column that none of its rows fills", () => {
    const head = (sql: string, rows?: number) => {
      const findings = judgeExample({ sql }).map((one) => ({ ...one, ...(rows === undefined ? {} : { rows }) }));
      return renderComment(report({ revisions: [revision({ findings })] })).match(/^\| line .*\n.*$/m)?.[0];
    };
    expect(head(SQL)).toBe(
      "| line | what | table | lock | blocks | work | fix |\n| --- | --- | --- | --- | --- | --- | --- |",
    );
    expect(head("ALTER TABLE team DROP COLUMN name;", 12)).toBe(
      "| line | what | table | rows | lock | blocks | old code | fix |\n| --- | --- | --- | --: | --- | --- | --- | --- |",
    );
  });

  test("shows how large a table is, where it is known, in few characters", () => {
    const rows = [0, 950, 12_345, 1_260_000, 30_000_000, 4_000_000_000];
    const [index] = judgeExample({ sql: SQL });
    const findings = index === undefined ? [] : rows.map((some) => ({ ...index, rows: some }));
    const text = renderComment(report({ revisions: [revision({ findings })] }));
    expect([...text.matchAll(/<code>team<\/code> \| ([^|]*) \| Share/g)].map(([, shown]) => shown)).toEqual([
      "0",
      "950",
      "12&nbsp;k",
      "1.2&nbsp;M",
      "30&nbsp;M",
      "4&nbsp;G",
    ]);
  });

  test("leads from each finding to its fix below, which several may share, and from notes nowhere", () => {
    const text = renderComment(report({ revisions: [revision(), revision({ sql: "" })] }), { key: "services/api" });
    const links = [...text.matchAll(/\[fix&nbsp;(\d)\]\(#user-content-([\w-]+)\)/g)].map(([, number, anchor]) => [
      number,
      anchor,
    ]);
    expect(links).toEqual([
      ["1", "fix-services-api-1-1"],
      ["2", "fix-services-api-1-2"],
      ["1", "fix-services-api-2-1"],
      ["2", "fix-services-api-2-2"],
    ]);
    const targets = [...text.matchAll(/<a name="([\w-]+)"><\/a>(\d)\./g)].map(([, anchor, number]) => [number, anchor]);
    expect(targets).toEqual(links);
  });

  test("holds the recipe and the line to paste", () => {
    const text = renderComment(report());
    expect(text).toContain('with op.get_context().autocommit_block():\n    op.create_index("team_name"');
    expect(text).toContain("```python\n# migration-gate: ignore index-not-concurrent reason=…\n```");
  });

  test("says plainly what was not looked at", () => {
    const text = renderComment(
      report({ mode: "static", conclusion: "unknown", unseen: ["env.py could not be imported"] }),
    );
    expect(text).toContain("**Not looked at:**\n- env.py could not be imported");
    expect(text).toContain("1 note; read, not run.");
  });

  test("stays within its limit and says how much was cut", () => {
    const many = Array.from({ length: 400 }, (_, id) => revision({ revision: `r${id}`, sql: SQL.repeat(60) }));
    const text = renderComment(report({ revisions: many }));
    expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(text).toMatch(/Cut to fit into a comment:\*\* \d+ revisions and the details of \d+ revisions/);
    expect(text).toContain("❌");
  });

  test("keeps hostile names, messages and SQL from becoming markup, mentions or workflow commands", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.constantFrom(
            "</details>",
            "``` \n::error::x",
            "| a | b |",
            "@everyone <script>",
            "![x](http://x)",
            "-->\n# H",
          ),
        ),
        (text) => {
          const [finding] = judgeExample({ sql: SQL });
          const hostile = finding === undefined ? [] : [{ ...finding, relation: text, note: text, statement: text }];
          const rendered = renderComment(
            report({
              verdict: text,
              revisions: [revision({ message: text, revision: text, sql: text, findings: hostile })],
            }),
          );
          const outside = rendered.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, "");
          expect(outside).not.toMatch(/<script|@everyone|!\[x\]|^::|^# H/m);
          expect(outside.match(/<details>/g)?.length ?? 0).toBe(outside.match(/<\/details>/g)?.length ?? 0);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("SARIF", () => {
  test("points at the line of the revision file, with level, rule and fingerprint", () => {
    const sarif = JSON.parse(JSON.stringify(renderSarif(report(), "1.0.0")));
    const [result] = sarif.runs[0].results;
    const [rule] = sarif.runs[0].tool.driver.rules.filter(({ id }: { id: string }) => id === result.ruleId);
    expect([sarif.version, result.level, rule.id]).toEqual(["2.1.0", "error", "index-not-concurrent"]);
    expect(rule.help.markdown).toMatch(/\[More\]\(https:\/\/example\.test\/rules\/index-not-concurrent\.md\)/);
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "versions/a1b2_index.py" },
      region: { startLine: 12 },
    });
    expect(result.partialFingerprints).toEqual({ "migrationGate/v1": "a1b2:index-not-concurrent:team" });
  });

  test("marks what was accepted as suppressed, with the reason", () => {
    const { findings } = revision();
    const suppressed = findings
      .slice(0, 1)
      .map((finding) => ({ finding, suppression: { rules: [], reason: "tiny table", line: 1, lines: undefined } }));
    const sarif = JSON.parse(
      JSON.stringify(renderSarif(report({ revisions: [revision({ findings: [], suppressed })] }), "1.0.0")),
    );
    expect(sarif.runs[0].results[0].suppressions).toEqual([{ kind: "inSource", justification: "tiny table" }]);
  });
});

test("the JSON report carries its schema number and the plan", () => {
  expect(reportJson(report())).toMatchObject({
    schema: 1,
    conclusion: "fail",
    plan: { now: ["a1b2"], afterSwap: [], nextRelease: [] },
  });
});
