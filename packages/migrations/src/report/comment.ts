import type { Finding } from "../finding.ts";
import { planPhases } from "../policy/phase-plan.ts";
import { suppressionLine } from "../policy/suppression.ts";
import type { GateReport, RevisionReport } from "./gate-report.ts";
import { code, codeBlock, count, plain, stripControls } from "./markdown.ts";

/** GitHub refuses comments and check summaries that are longer. */
export const MAX_COMMENT = 65_536;

/** First line of the comment, by which the next run finds it again. */
export const commentMarker = (key: string): string => `<!-- migration-gate ${key.replace(/[^\w./-]/g, "-")} -->`;

const HEADINGS = {
  pass: "✅ Safe to release",
  fail: "❌ Not safe to release",
  unknown: "⚠️ Could not be judged",
} as const;
const SEVERITY_ICONS = { block: "⛔", warn: "⚠️", info: "ℹ️", none: "" } as const;

/**
 * The pull-request comment and job summary: verdict first, then the plan, a table for each revision, and below it how
 * to mend or accept each finding. Details that do not fit are left out, last ones first, and the report says so.
 */
export function renderComment(
  report: GateReport,
  options: { readonly key?: string; readonly limit?: number } = {},
): string {
  const limit = options.limit ?? MAX_COMMENT;
  const head = [
    commentMarker(options.key ?? "default"),
    `## ${HEADINGS[report.conclusion]}`,
    plain(report.verdict),
    described(report),
    ...(report.unseen.length > 0
      ? [`**Not looked at:**\n${report.unseen.map((line) => `- ${plain(line)}`).join("\n")}`]
      : []),
    ...planned(report),
    ...(report.project.length > 0 ? ["### The project", findingTable(report.project, report)] : []),
  ];
  const essential = report.revisions.map((revision) => revisionTable(revision, report));
  const details = report.revisions.map((revision) => revisionDetails(revision));
  return fit(head, essential, details, limit);
}

/** Joins what fits. Tables outrank details; what is cut is counted. */
function fit(head: readonly string[], tables: readonly string[], details: readonly string[], limit: number): string {
  const reserve = 300;
  const kept: string[] = [];
  let length = head.join("\n\n").length + reserve;
  const take = (section: string): boolean => {
    if (length + section.length + 2 > limit) return false;
    length += section.length + 2;
    kept.push(section);
    return true;
  };
  const shownTables = tables.filter(take).length;
  const isFitting = details.map((section) => (section === "" ? false : take(section)));
  const cutDetails = details.filter((section, index) => section !== "" && isFitting[index] === false).length;
  const cutTables = tables.length - shownTables;
  const notice =
    cutTables + cutDetails === 0
      ? []
      : [
          `> **Cut to fit into a comment:** ${count(cutTables, "revision")} and the details of ${count(cutDetails, "revision")}. The full report is an artifact of the run.`,
        ];
  const text = `${[...head, ...interleave(kept, tables, details), ...notice].join("\n\n")}\n`;
  return text.length <= limit ? text : `${text.slice(0, limit - 60)}\n\n> **Cut to fit into a comment.**\n`;
}

/** Puts the details of a revision right after its table. */
function interleave(kept: readonly string[], tables: readonly string[], details: readonly string[]): string[] {
  const isKept = new Set(kept);
  return tables.flatMap((table, index) =>
    [table, details[index] ?? ""].filter((section) => section !== "" && isKept.has(section)),
  );
}

function described({ mode, postgresVersion, revisions }: GateReport): string {
  const findings = revisions.flatMap((revision) => revision.findings);
  const how =
    mode === "rehearsed" ? `run on PostgreSQL ${postgresVersion}` : `read, not run (PostgreSQL ${postgresVersion})`;
  const of = (severity: Finding["severity"]) => findings.filter((finding) => finding.severity === severity).length;
  const suppressed = revisions.reduce((sum, revision) => sum + revision.suppressed.length, 0);
  const accepted = suppressed === 0 ? "" : `, ${suppressed} accepted with a reason`;
  return `${count(revisions.length, "new revision")} ${how}: ${of("block")} blocking, ${count(of("warn"), "warning")}, ${count(of("info"), "note")}${accepted}.`;
}

function planned({ revisions }: GateReport): string[] {
  if (revisions.length === 0) return [];
  const { now, afterSwap, nextRelease } = planPhases(revisions);
  const row = (when: string, some: readonly RevisionReport[]) =>
    some.length === 0
      ? []
      : [`| ${when} | ${some.map(({ revision, phase }) => `${code(revision)} (${phase})`).join(", ")} |`];
  const rows = [
    ...row("now, before the swap", now),
    ...row("after the swap", afterSwap),
    ...row("as a release of its own, once no rollback needs the old schema", nextRelease),
  ];
  return [["| may run | revisions |", "| --- | --- |", ...rows].join("\n")];
}

function revisionTable(revision: RevisionReport, report: GateReport): string {
  const title = `### ${[code(revision.revision), plain(revision.message)].filter(Boolean).join(" ")} · ${revision.phase}`;
  if (revision.findings.length === 0) return `${title}\n\nNothing found.`;
  return `${title}\n\n${findingTable(revision.findings, report)}`;
}

function findingTable(findings: readonly Finding[], { rulesUrl }: GateReport): string {
  const rows = worstFirst(findings).map((finding) =>
    [
      SEVERITY_ICONS[finding.severity],
      `[${plain(finding.title)}](${rulesUrl}${finding.rule}.md)${finding.note === undefined ? "" : `: ${plain(finding.note)}`}`,
      finding.relation === null ? "" : code(finding.relation),
      finding.lock === null ? "" : finding.lock.replace(/Lock$/, ""),
      finding.blocks === "nothing" ? "" : finding.blocks,
      workOf(finding),
      finding.severities.oldCode === "block" ? "breaks" : finding.severities.oldCode === "warn" ? "may break" : "",
      where(finding),
    ].join(" | "),
  );
  return [
    "| | what | table | lock | blocks | work | old code | where |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}

const where = ({ file, line }: Finding): string =>
  file === undefined ? `${line}` : code(`${file.split("/").at(-1) ?? file}:${line}`);

function workOf({ rewrite, indexBuild, scan, source }: Finding): string {
  const work = [
    ...(rewrite ? ["rewrites"] : []),
    ...(indexBuild ? ["builds index"] : []),
    ...(scan && !rewrite ? ["reads all"] : []),
  ];
  return work.length === 0 ? "" : `${work.join(", ")} (${source === "trace" ? "measured" : "predicted"})`;
}

/** Recipes, the line to paste, what was accepted, and the SQL. */
function revisionDetails(revision: RevisionReport): string {
  const recipes = new Map<string, Finding>();
  for (const finding of worstFirst(revision.findings)) {
    const key = `${finding.rule} ${finding.recipe}`;
    if (finding.severity !== "info" && !recipes.has(key)) recipes.set(key, finding);
  }
  const sql = stripControls(revision.sql);
  const blocks = [
    ...revision.suppressed.map(
      ({ finding, suppression }) => `- accepted: ${code(finding.rule)} — ${plain(suppression.reason)}`,
    ),
    ...revision.faults.map(({ line, what, fix }) => `- line ${line}: ${plain(what)} ${plain(fix)}`),
    ...(recipes.size === 0
      ? []
      : [collapsed(`${count(recipes.size, "fix", "fixes")}, ready to paste`, [...recipes.values()].map(recipeBlock))]),
    ...(sql.trim() === "" ? [] : [collapsed("SQL", [codeBlock("sql", sql)])]),
  ];
  return blocks.join("\n\n");
}

const collapsed = (summary: string, parts: readonly string[]): string =>
  `<details><summary>${summary}</summary>\n\n${parts.join("\n\n")}\n\n</details>`;

/** What to paste, in one block: in place of the operation, or above it to accept it. */
const recipeBlock = (finding: Finding): string =>
  [
    `${SEVERITY_ICONS[finding.severity]} **${plain(finding.title)}**${finding.relation === null ? "" : ` on ${code(finding.relation)}`} (${where(finding)})`,
    codeBlock("python", stripControls(finding.recipe)),
    "or, to accept it, right above the operation:",
    codeBlock("python", suppressionLine([finding.rule])),
  ].join("\n\n");

const ORDER = ["block", "warn", "info", "none"];

const worstFirst = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || a.line - b.line);
