import { describe, expect, test } from "@jest/globals";
import { evaluate, type StoredTable } from "../../../packages/rehearsal/src/telemetry/kql/evaluate.ts";
import type { KqlFault } from "../../../packages/rehearsal/src/telemetry/kql/fault.ts";
import { printed, type Table, type Value } from "../../../packages/rehearsal/src/telemetry/kql/values.ts";

const NOW = Date.UTC(2026, 0, 2, 12, 0, 0);
const at = (secondsAgo: number): number => NOW - secondsAgo * 1000;

/** Time, release, code, milliseconds, items; each row came in ten seconds after its time. */
const ROWS: readonly (readonly Value[])[] = [
  [at(170), "r1", "200", 12.5, 1, { "user_agent.original": "Firefox", tags: { zone: "a" } }],
  [at(160), "r1", "404", 3, 1, {}],
  [at(110), "r2", "500", 80, 5, { "user_agent.original": "curl/8" }],
  [at(100), "r2", "200", 900, 5, {}],
  [at(20), "r2", "503", 40, 1, {}],
].map((row) => [...row, Number(row[0]) + 10_000] as readonly Value[]);

const requests: StoredTable = {
  columns: [
    { name: "timestamp", type: "datetime" },
    { name: "application_Version", type: "string" },
    { name: "resultCode", type: "string" },
    { name: "duration", type: "real" },
    { name: "itemCount", type: "long" },
    { name: "customDimensions", type: "dynamic" },
  ],
  rows: ROWS,
  ingestion: (row) => Number(row[6]),
};

const run = (query: string): Table => evaluate(query, new Map([["requests", requests]]), NOW);
const rows = (query: string): unknown[][] => {
  const { columns, rows: found } = run(query);
  return found.map((row) => columns.map(({ type }, index) => printed(row[index] ?? null, type)));
};

function faultOf(query: string): KqlFault {
  try {
    run(query);
  } catch (error) {
    return error as KqlFault;
  }
  throw new Error("the query was answered");
}

describe("the subset of Kusto", () => {
  test("counts requests and failures by minute and release, weighted by sampling", () => {
    const query = `let from = datetime(2026-01-02T11:50:00Z); let failed = 500;
      requests
      | where timestamp >= from and application_Version in ("r1", "r2") // both arms
      | summarize total = sum(itemCount), bad = sumif(itemCount, toint(resultCode) >= failed)
          by minute = bin(timestamp, 1m), release = application_Version
      | order by minute asc`;
    expect(rows(query)).toEqual([
      ["2026-01-02T11:57:00.000Z", "r1", 2, 0],
      ["2026-01-02T11:58:00.000Z", "r2", 10, 5],
      ["2026-01-02T11:59:00.000Z", "r2", 1, 1],
    ]);
    const byClient = `requests
      | summarize failed = countif(toint(resultCode) >= 400)
          by minute = bin(timestamp, 2m), release = application_Version, client = tostring(customDimensions["user_agent.original"])
      | summarize total = count(), bad = countif(failed > 0) by minute, release
      | order by minute asc`;
    expect(rows(byClient)).toEqual([
      ["2026-01-02T11:56:00.000Z", "r1", 2, 1],
      ["2026-01-02T11:58:00.000Z", "r2", 2, 2],
    ]);
    expect(run(query).columns.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      "minute: datetime",
      "release: string",
      "total: long",
      "bad: long",
    ]);
  });

  test("measures how late rows came in", () => {
    expect(rows("requests | summarize max(ingestion_time() - timestamp)")).toEqual([["00:00:10"]]);
  });

  test("reads members of dynamic columns, in both notations, and leaves out whole user agents", () => {
    const agent = 'tostring(customDimensions["user_agent.original"])';
    expect(rows(`requests | where not(${agent} has "curl") | count`)).toEqual([[4]]);
    expect(rows('requests | where customDimensions.tags.zone == "a" | project resultCode')).toEqual([["200"]]);
  });

  test("adds columns, cuts and sorts", () => {
    const query =
      'requests | extend slow = iff(duration > 50.0, "slow", "fast") | sort by duration | take 2 | project slow, duration';
    expect(rows(query)).toEqual([
      ["slow", 900],
      ["slow", 80],
    ]);
  });

  test("a summary without groups has one row even of nothing", () => {
    expect(rows('requests | where resultCode == "999" | summarize n = count(), s = sum(itemCount)')).toEqual([[0, 0]]);
  });

  test.each([
    ["!in", 'application_Version !in ("r1")', 3],
    ["between", "timestamp between (ago(2m) .. now())", 3],
    ["or binds looser than and", 'resultCode == "404" or resultCode == "200" and duration > 100', 2],
    ["startswith", 'resultCode startswith "50"', 2],
    ["!contains", 'resultCode !contains "0"', 0],
    ["isnotempty", 'isnotempty(tostring(customDimensions["user_agent.original"]))', 2],
    ["-", "duration - 10.0 < 0", 1],
  ])("evaluates %s", (_, condition, count) => {
    expect(rows(`requests | where ${condition} | count`)).toEqual([[count]]);
  });
});

describe("what it does not answer", () => {
  test.each([
    ["requests | join kind=inner (requests) on id", "SemanticError", /does not evaluate the operator 'join'/],
    ["requests | summarize make_list(id)", "SemanticError", /does not evaluate the aggregation 'make_list\(\)'/],
    ["requests | where parse_url(resultCode) == 1", "SemanticError", /does not evaluate the function 'parse_url\(\)'/],
    ["customEvents | count", "SemanticError", /Failed to resolve table or column expression named 'customEvents'/],
    ["requests | where cloud_Slot == 1", "SemanticError", /named 'cloud_Slot'/],
    ["requests | where resultCode >= 500", "SemanticError", /Cannot compare values of types string and long/],
    ["requests | where", "SyntaxError", /could not be parsed at the end/],
    ["requests | where (duration > 1", "SyntaxError", /could not be parsed/],
    ["requests | project timestamp | where ingestion_time() > ago(1h)", "SemanticError", /ingestion_time/],
  ])("%s", (query, kind, message) => {
    expect(faultOf(query)).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  test("says where", () => {
    expect(faultOf("requests\n| where nothing == 1").position).toBe(17);
  });
});
