import type { Finding } from "../finding.ts";
import { needsMending, planPhases } from "../policy/phase-plan.ts";
import { suppressionLine } from "../policy/suppression.ts";
import type { GateReport, RevisionReport } from "./gate-report.ts";
import { code, codeBlock, count, plain, shortCount, stripControls } from "./markdown.ts";

/** GitHub refuses comments and check summaries that are longer. */
export const MAX_COMMENT = 65_536;

/** First line of the comment, by which the next run finds it again. */
export const commentMarker = (key: string): string => `<!-- migration-gate ${slug(key, /[^\w./-]/g)} -->`;

const slug = (text: string, other = /[^\w-]/g): string => text.replace(other, "-");

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
  const key = options.key ?? "default";
  const head = [
    commentMarker(key),
    `## ${HEADINGS[report.conclusion]}`,
    plain(report.verdict),
    counted(report),
    ...(report.unseen.length > 0
      ? [`**Not looked at:**\n${report.unseen.map((line) => `- ${plain(line)}`).join("\n")}`]
      : []),
    ...planned(report),
    ...(report.project.length > 0 ? ["### The project", findingTable(report.project, report)] : []),
  ];
  const fixes = report.revisions.map((revision, index) => fixesOf(revision, `${slug(key)}-${index + 1}`));
  const essential = report.revisions.map((revision, index) => revisionTable(revision, report, fixes[index]));
  const details = report.revisions.map((revision, index) => revisionDetails(revision, fixes[index] ?? new Map()));
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

/** A recipe that the details hold: tables name it by number and lead there. */
interface Fix {
  readonly number: number;
  readonly anchor: string;
  /** The worst of those that it mends. */
  readonly finding: Finding;
}

type Fixes = ReadonlyMap<string, Fix>;

const fixKey = ({ rule, recipe }: Finding): string => `${rule} ${recipe}`;

function fixesOf({ findings }: RevisionReport, place: string): Fixes {
  const fixes = new Map<string, Fix>();
  for (const finding of worstFirst(findings)) {
    const key = fixKey(finding);
    if (finding.severity === "info" || fixes.has(key)) continue;
    const number = fixes.size + 1;
    fixes.set(key, { number, anchor: `fix-${place}-${number}`, finding });
  }
  return fixes;
}

/** GitHub puts `user-content-` before the names in what users write, and not before what leads to them. */
const fixLink = (fix: Fix | undefined): string =>
  fix === undefined ? "" : `[fix&nbsp;${fix.number}](#user-content-${fix.anchor})`;

function counted({ mode, revisions }: GateReport): string {
  const findings = revisions.flatMap((revision) => revision.findings);
  const of = (severity: Finding["severity"]) => findings.filter((finding) => finding.severity === severity).length;
  const suppressed = revisions.reduce((sum, revision) => sum + revision.suppressed.length, 0);
  const accepted = suppressed === 0 ? "" : `, ${suppressed} accepted with a reason`;
  return `${of("block")} blocking, ${count(of("warn"), "warning")}, ${count(of("info"), "note")}${accepted}${mode === "static" ? "; read, not run" : ""}.`;
}

function planned({ revisions, script }: GateReport): string[] {
  if (revisions.length === 0 || script === true) return [];
  const { now, afterSwap, nextRelease } = planPhases(revisions);
  const told = ({ revision, phase, findings }: RevisionReport): string =>
    `${code(revision)} (${phase}${needsMending(findings) ? ", once mended" : ""})`;
  const row = (when: string, some: readonly RevisionReport[]) =>
    some.length === 0 ? [] : [`| ${when} | ${some.map(told).join(", ")} |`];
  const rows = [
    ...row("now, before the swap", now),
    ...row("after the swap", afterSwap),
    ...row("as a release of its own, once no rollback needs the old schema", nextRelease),
  ];
  return [["| may run | revisions |", "| --- | --- |", ...rows].join("\n")];
}

function revisionTable(revision: RevisionReport, report: GateReport, fixes: Fixes | undefined): string {
  const title = `### ${[code(revision.revision), plain(revision.message)].filter(Boolean).join(" ")} · ${revision.phase}`;
  if (revision.findings.length === 0) return `${title}\n\nNothing found.`;
  const file = report.script === true ? [] : [`In ${code(revision.file)}:`];
  return [title, ...file, findingTable(revision.findings, report, { revision, fixes })].join("\n\n");
}

/** Of a revision: its own file is named once, above, and its fixes below. */
function findingTable(
  findings: readonly Finding[],
  { rulesUrl }: GateReport,
  of?: { readonly revision: RevisionReport; readonly fixes: Fixes | undefined },
): string {
  const rows = worstFirst(findings).map((finding) => [
    `${SEVERITY_ICONS[finding.severity]}${finding.file === of?.revision.file ? `&nbsp;${finding.line}` : ` ${where(finding)}`}`,
    `[${plain(finding.title)}](${rulesUrl}${finding.rule}.md)${finding.note === undefined ? "" : `: ${plain(finding.note)}`}`,
    finding.relation === null ? "" : code(finding.relation),
    finding.rows === undefined ? "" : shortCount(finding.rows),
    finding.lock === null ? "" : inWords(finding.lock),
    finding.blocks === "nothing" ? "" : finding.blocks,
    workOf(finding),
    finding.severities.oldCode === "block" ? "breaks" : finding.severities.oldCode === "warn" ? "may break" : "",
    fixLink(of?.fixes?.get(fixKey(finding))),
  ]);
  // A column that no row fills only makes the others narrow.
  const filled = COLUMNS.map((_, index) => rows.some((row) => row[index] !== ""));
  const line = (cells: readonly string[]) => `| ${cells.filter((_, index) => filled[index]).join(" | ")} |`;
  return [COLUMNS, COLUMNS.map((name) => (name === "rows" ? "--:" : "---")), ...rows].map(line).join("\n");
}

const COLUMNS = ["line", "what", "table", "rows", "lock", "blocks", "work", "old code", "fix"];

/** In words that a narrow column can break: `Share Row Exclusive`. */
const inWords = (lock: string): string => lock.replace(/Lock$/, "").replace(/(?<=[a-z])(?=[A-Z])/g, " ");

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
function revisionDetails(revision: RevisionReport, fixes: Fixes): string {
  const sql = stripControls(revision.sql);
  const blocks = [
    ...revision.suppressed.map(
      ({ finding, suppression }) => `- accepted: ${code(finding.rule)} — ${plain(suppression.reason)}`,
    ),
    ...revision.faults.map(({ line, what, fix }) => `- line ${line}: ${plain(what)} ${plain(fix)}`),
    ...(fixes.size === 0
      ? []
      : [collapsed(`${count(fixes.size, "fix", "fixes")}, ready to paste`, [...fixes.values()].map(recipeBlock))]),
    ...(sql.trim() === "" ? [] : [collapsed("SQL", [codeBlock("sql", sql)])]),
  ];
  return blocks.join("\n\n");
}

const collapsed = (summary: string, parts: readonly string[]): string =>
  `<details><summary>${summary}</summary>\n\n${parts.join("\n\n")}\n\n</details>`;

/** What to paste, in one block: in place of the operation, or above it to accept it. */
const recipeBlock = ({ number, anchor, finding }: Fix): string =>
  [
    `<a name="${anchor}"></a>${number}. ${SEVERITY_ICONS[finding.severity]} **${plain(finding.title)}**${finding.relation === null ? "" : ` on ${code(finding.relation)}`} (${where(finding)})`,
    codeBlock("python", stripControls(finding.recipe)),
    "or, to accept it, right above the operation:",
    codeBlock("python", suppressionLine([finding.rule])),
  ].join("\n\n");

const ORDER = ["block", "warn", "info", "none"];

const worstFirst = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || a.line - b.line);
