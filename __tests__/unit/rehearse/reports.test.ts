import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { htmlReport } from "../../../scripts/rehearse/html-report.ts";
import type { Sample } from "../../../scripts/rehearse/load.ts";
import type { Findings } from "../../../scripts/rehearse/scenario.ts";
import { terminalReport } from "../../../scripts/rehearse/terminal-report.ts";

const began = Date.UTC(2030, 0, 1);

function findings(met: boolean): Findings {
  const samples = Array.from({ length: 200 }, (_, index): Sample => {
    const broken = index >= 120 && index < 130;
    const release = index < 100 ? "r1" : "r2";
    return {
      kind: index % 4 === 0 ? "bid" : "read",
      path: "/items",
      at: began + index * 100,
      milliseconds: 12,
      status: broken ? 500 : 201,
      release,
    };
  });
  return {
    began,
    ended: began + 20_000,
    steps: [
      { title: "Release 1, the first", began, ended: began + 8000, outcome: "released", asExpected: true },
      { title: "Release 2 <b>", began: began + 9000, ended: began + 18_000, outcome: "unhealthy", asExpected: met },
    ],
    expectations: [
      { step: "Release 1", what: "r1 is live", found: "production answers as r1", met: true },
      { step: "Release 2", what: "no request fails", found: "10 of 90 failed", met },
    ],
    samples,
  };
}

describe("the rehearsal's report in the terminal", () => {
  test("has a row for each step with what the clients saw meanwhile, and the verdict last", () => {
    const lines = stripVTControlCharacters(terminalReport(findings(true))).split("\n");
    expect(lines.find((line) => /^Release 2 <b>.*9\.0 s/.test(line))).toMatch(
      /0:09 +9\.0 s +unhealthy +90 +10 +12 ms +12 ms/,
    );
    expect(lines.at(-1)).toBe("200 requests, 10 failed, in 20 s. All 2 expectations were met.");
  });

  test("says how many expectations were not met, and marks them", () => {
    const report = stripVTControlCharacters(terminalReport(findings(false)));
    expect(report).toMatch(/✗ +Release 2 +no request fails +10 of 90 failed/);
    expect(report).toMatch(/1 of 2 expectations were not met\.$/);
  });
});

describe("the rehearsal's page", () => {
  const page = htmlReport(findings(true));

  test("asks nothing of anywhere: no script, no address, no import", () => {
    expect(page).not.toMatch(/<script|<link|https?:|@import|url\(/);
  });

  test("shows names as text, not as markup", () => {
    expect(page).toContain("Release 2 &lt;b&gt;");
    expect(page).not.toContain("<b>:");
  });

  test("holds the three charts, with the failures in them", () => {
    expect(page.match(/<svg /g)).toHaveLength(3);
    expect(page).toContain('<rect class="failure"');
    expect(page).toContain("10 failed");
    expect(page).toContain("r2 is live from 0:10 to 0:20");
  });
});
