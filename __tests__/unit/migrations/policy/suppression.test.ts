import { applySuppressions, type Finding, readSuppressions, suppressionLine } from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";
import { judgeExample } from "../rules/judge-example.ts";

const [dropped] = judgeExample({ sql: "DROP TABLE account;" }).filter(({ rule }) => rule === "drop-table");
const at = (line: number): Finding => {
  if (dropped === undefined) throw new Error("no finding");
  return { ...dropped, line };
};

describe("reading suppressions", () => {
  test("beside and above an operation speak for it alone", () => {
    const comments = [
      { line: 10, text: "# migration-gate: ignore drop-table reason=nothing reads it since 4.2" },
      { line: 11, text: "# and the table is empty" },
      { line: 20, text: "# migration-gate: ignore drop-table, drop-column reason=agreed in #12" },
    ];
    const operations = [
      { line: 12, endLine: 14 },
      { line: 19, endLine: 21 },
    ];
    const { suppressions, faults } = readSuppressions(comments, operations);
    expect(faults).toEqual([]);
    expect(suppressions).toEqual([
      { rules: ["drop-table"], reason: "nothing reads it since 4.2", line: 10, lines: [12, 14] },
      { rules: ["drop-table", "drop-column"], reason: "agreed in #12", line: 20, lines: [19, 21] },
    ]);
  });

  test("above the first operation, apart from it, speak for the whole revision", () => {
    const comments = [{ line: 3, text: "# migration-gate: ignore drop-table reason=maintenance window" }];
    expect(readSuppressions(comments, [{ line: 12, endLine: 12 }]).suppressions[0]?.lines).toBeUndefined();
  });

  test("without a reason do not count, and say what to write", () => {
    const { suppressions, faults } = readSuppressions([{ line: 3, text: "# migration-gate: ignore drop-table" }], []);
    expect(suppressions).toEqual([]);
    expect(faults).toEqual([
      {
        line: 3,
        what: "The suppression of drop-table gives no reason, so it does not count.",
        fix: "Write: # migration-gate: ignore drop-table reason=why this is safe here",
      },
    ]);
  });

  test("that are misspelt are told, and other comments are left alone", () => {
    const comments = [
      { line: 1, text: "# migration-gate: igonre drop-table" },
      { line: 2, text: "# the migration gate is strict" },
    ];
    expect(readSuppressions(comments, []).faults.map(({ line }) => line)).toEqual([1]);
  });
});

describe("applying suppressions", () => {
  const { suppressions } = readSuppressions(
    [
      { line: 11, text: "# migration-gate: ignore drop-table reason=empty" },
      { line: 30, text: "# migration-gate: ignore truncate reason=old" },
    ],
    [
      { line: 12, endLine: 13 },
      { line: 20, endLine: 20 },
      { line: 31, endLine: 31 },
    ],
  );

  test("parts what stands from what was accepted, and names those that nothing needs", () => {
    const { standing, suppressed, unused } = applySuppressions([at(13), at(20)], suppressions);
    expect(standing.map(({ line }) => line)).toEqual([20]);
    expect(suppressed.map(({ suppression }) => suppression.reason)).toEqual(["empty"]);
    expect(unused.map(({ rules }) => rules)).toEqual([["truncate"]]);
  });

  test("the line to paste is one that is read again", () => {
    const line = suppressionLine(["drop-table", "drop-table", "truncate"]).replace("…", "because");
    expect(readSuppressions([{ line: 1, text: line }], []).suppressions[0]?.rules).toEqual(["drop-table", "truncate"]);
  });
});
