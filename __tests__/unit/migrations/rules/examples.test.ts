import { type Example, RULES } from "@augeo/migrations";
import { describe, expect, test } from "@jest/globals";
import { judgeExample } from "./judge-example.ts";

const spoken = (example: Example): string => (example.sql ?? JSON.stringify(example.alembic)).slice(0, 120);
const rulesOf = (example: Example): string[] => judgeExample(example).map(({ rule }) => rule);

describe("each rule", () => {
  for (const rule of RULES) {
    test.each(rule.examples.fires.map((example) => [spoken(example), example] as const))(
      `${rule.id} speaks on %s`,
      (_, example) => {
        expect(rulesOf(example)).toContain(rule.id);
      },
    );
    test.each(rule.examples.passes.map((example) => [spoken(example), example] as const))(
      `${rule.id} is silent on %s`,
      (_, example) => {
        expect(rulesOf(example)).not.toContain(rule.id);
      },
    );
  }
});

describe("the rules together", () => {
  test("have ids of their own in kebab-case, a reason, and examples of both kinds", () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const rule of RULES) {
      expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(rule.why.length).toBeGreaterThan(40);
      expect(rule.examples.fires.length).toBeGreaterThan(0);
      expect(rule.examples.passes.length).toBeGreaterThan(0);
    }
  });

  test("cover every hazard of the table, 1 to 83", () => {
    const covered = new Set(RULES.flatMap(({ rows }) => rows));
    const missing = Array.from({ length: 83 }, (_, index) => index + 1).filter((row) => !covered.has(row));
    expect(missing).toEqual([]);
  });
});
