import type { Example, Rule } from "../rules/rule.ts";
import { blocksOf } from "../trace.ts";
import { codeBlock, factsTable, sentence } from "./markdown.ts";

const SCOPES = {
  lock: "locks and downtime",
  compat: "code of the old release",
  txn: "transactions",
  alembic: "the Alembic project",
} as const;

/** The page of a rule, under `docs/rules/`. */
export function rulePage(rule: Rule): string {
  return `${[
    `# ${rule.id}`,
    `**${rule.title}.** ${sentence(rule.why)}`,
    facts(rule),
    "## What to do",
    codeBlock(
      "python",
      rule.recipe({ relation: "account", name: "account_email", column: "email", columns: ["email"] }),
    ),
    "## Speaks on",
    ...rule.examples.fires.map(exampleBlock),
    "## Is silent on",
    ...rule.examples.passes.map(exampleBlock),
    "## To accept it",
    "Put this on the operation in the revision file, with the reason; for the whole revision, at the top of the file.",
    codeBlock("python", `# migration-gate: ignore ${rule.id} reason=…`),
  ].join("\n\n")}\n`;
}

function facts(rule: Rule): string {
  return factsTable([
    ["About", SCOPES[rule.scope]],
    ["Hazard", `\`${rule.hazard}\``],
    ["Strongest lock", rule.lock === undefined ? "none of its own" : `${rule.lock}, blocks ${blocksOf(rule.lock)}`],
    ["Severity for locks", rule.severity.lock],
    ["Severity for old code", rule.severity.oldCode],
    ["PostgreSQL", versions(rule)],
  ]);
}

function versions({ since, until }: Rule): string {
  if (since === undefined && until === undefined) return "all versions";
  if (since === until) return `${since} only`;
  return since === undefined ? `until ${until}` : until === undefined ? `since ${since}` : `${since} to ${until}`;
}

function exampleBlock(example: Example): string {
  if (example.alembic !== undefined) return codeBlock("json", JSON.stringify(example.alembic, undefined, 2));
  const setting = [
    ...(example.transaction === true ? ["-- in one transaction"] : []),
    ...(example.version === undefined ? [] : [`-- PostgreSQL ${example.version}`]),
    ...(example.timeZone === undefined ? [] : [`-- TimeZone ${example.timeZone}`]),
  ];
  const before =
    example.preamble === undefined ? [] : ["-- already there", ...perLine(example.preamble), "", "-- the revision"];
  return codeBlock("sql", [...setting, ...before, ...perLine(example.sql ?? "")].join("\n"));
}

/** Not within a quoted body, which is a line of its own statement. */
const perLine = (sql: string): string[] => sql.split(/(?<=;)\s+(?=(?:[^']*'[^']*')*[^']*$)/);

/** The list of all rules. */
export function ruleIndexPage(rules: readonly Rule[]): string {
  const sections = (Object.keys(SCOPES) as (keyof typeof SCOPES)[]).flatMap((scope) => [
    `## About ${SCOPES[scope]}`,
    [
      "| rule | says | locks | old code |",
      "| --- | --- | --- | --- |",
      ...rules
        .filter((rule) => rule.scope === scope)
        .map(
          (rule) =>
            `| [${rule.id}](${rule.id}.md) | ${rule.title} | ${rule.severity.lock} | ${rule.severity.oldCode} |`,
        ),
    ].join("\n"),
  ]);
  return `${[
    "# Rules of the migration gate",
    "Each rule has two severities: one for the locks and the work of the migration itself, one for the code of the old release that is still running. `block` fails the check, `warn` and `info` do not; `.augeo/migrations.yml` changes them per phase.",
    ...sections,
  ].join("\n\n")}\n`;
}
