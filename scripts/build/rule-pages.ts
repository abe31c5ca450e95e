import { RULES, ruleIndexPage, rulePage } from "@augeo/migrations";

/** `docs/rules/`: one page for each rule of the migration gate, and their list. */
export const rulePages = (): readonly (readonly [path: string, content: string])[] => [
  ["docs/rules/README.md", ruleIndexPage(RULES)],
  ...RULES.map((rule) => [`docs/rules/${rule.id}.md`, rulePage(rule)] as const),
];
