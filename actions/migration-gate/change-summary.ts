import type { Json } from "@augeo/action-kit";
import { isAtLeast, type Severity } from "@augeo/migrations";
import type { ChangeVerdict } from "./judge-change.ts";
import type { Evidence, GateFinding, JudgedRevision } from "./judged-revision.ts";
import { escapedMarkdown, fenced } from "./summary.ts";

export type FailOn = "block" | "warn" | "never";
export type ChangeReason = "safe" | "unsafe" | "not-rehearsed";

/** Findings that count: neither accepted with a reason nor merely for information. */
export function openFindings({ revisions }: ChangeVerdict): GateFinding[] {
  return revisions
    .flatMap(({ findings }) => findings)
    .filter(({ accepted, severity }) => accepted === undefined && isAtLeast(severity, "warn"));
}

export function failing(verdict: ChangeVerdict, failOn: FailOn): GateFinding[] {
  if (failOn === "never") return [];
  return openFindings(verdict).filter(({ severity }) => isAtLeast(severity, failOn));
}

export function changeReason(verdict: ChangeVerdict, failOn: FailOn, rehearsal: string): ChangeReason {
  const broken = verdict.revisions.some(({ error }) => error !== null);
  if (failing(verdict, failOn).length > 0 || (broken && failOn !== "never")) return "unsafe";
  // What was neither run nor read cannot be called safe, whatever was asked for.
  const enough = (evidence: Evidence): boolean =>
    evidence === "rehearsed" || (evidence === "read" && rehearsal !== "required");
  return verdict.revisions.every(({ evidence }) => enough(evidence)) ? "safe" : "not-rehearsed";
}

/** What was found, in one or two sentences. */
export function changeMessage(verdict: ChangeVerdict, failOn: FailOn): string {
  const { revisions, notRehearsed } = verdict;
  if (revisions.length === 0) return "There is no new revision.";
  const failed = revisions.find(({ error }) => error !== null);
  const worst = failing(verdict, failOn);
  const rehearsed = revisions.every(({ evidence }) => evidence === "rehearsed");
  const how = rehearsed
    ? `run on PostgreSQL ${verdict.serverVersion ?? "?"}`
    : `read, not run (${notRehearsed ?? "an earlier one failed"})`;
  const parts = [`${revisions.length === 1 ? "1 new revision was" : `${revisions.length} new revisions were`} ${how}.`];
  if (failed !== undefined) parts.push(`${failed.id} failed: ${failed.error}.`);
  if (worst.length > 0) {
    const [first] = worst;
    const more = worst.length > 1 ? ` and ${worst.length - 1} more` : "";
    parts.push(`${first?.file}:${first?.line}: ${first?.title} (${first?.rule})${more}.`);
  } else if (failed === undefined) parts.push("Nothing in them holds the running app up or breaks it.");
  return parts.join(" ");
}

export function changeResult(verdict: ChangeVerdict): Json {
  return {
    base: verdict.base,
    serverVersion: verdict.serverVersion,
    notRehearsed: verdict.notRehearsed,
    drift: verdict.drift,
    milliseconds: verdict.milliseconds,
    revisions: verdict.revisions.map(({ findings, statements, changes, ...revision }) => ({
      ...revision,
      changes: changes.map((change) => ({ ...change })),
      findings: findings.map(({ severities, ...finding }) => ({ ...finding, severities: { ...severities } })),
      trace: statements.map(({ sql, line, autocommit, trace }) => ({
        statement: sql.slice(0, 2_000),
        line,
        autocommit,
        ...(trace === undefined
          ? {}
          : {
              locks: trace.locks.map((lock) => ({ ...lock })),
              rewrites: trace.rewrites,
              scans: trace.scans,
              indexBuilds: trace.indexBuilds.map((build) => ({ ...build })),
              milliseconds: trace.durationMs,
              error: trace.error ?? null,
            }),
      })),
    })),
  };
}

const MARKS: Readonly<Record<Severity, string>> = { block: "🛑", warn: "⚠️", info: "ℹ️", none: "" };
/** A job summary may hold 1 MiB; a reader far less. */
const SHOWN_FINDINGS = 40;
const SHOWN_SQL = 4_000;

/** The part of the job summary about a change. Pure. */
export function changeSummary(verdict: ChangeVerdict): string {
  const { revisions, notRehearsed, drift } = verdict;
  const parts = revisions.map(revisionSection);
  if (notRehearsed !== null && revisions.length > 0) {
    parts.unshift(
      `> **Not rehearsed:** ${escapedMarkdown(notRehearsed)}. What follows was read, not measured: neither proven safe nor unsafe.`,
    );
  }
  if (revisions.length > 0) parts.push(phasePlan(revisions));
  if (drift.length > 0)
    parts.push(`**Models and migrations differ:**\n\n${drift.map((item) => `- ${escapedMarkdown(item)}`).join("\n")}`);
  return parts.join("\n\n");
}

function revisionSection(revision: JudgedRevision): string {
  const { id, message, file, phase, back, evidence, doubt, error, findings } = revision;
  const open = findings.filter(({ accepted }) => accepted === undefined);
  const parts = [
    `#### ${escapedMarkdown(id)}: ${escapedMarkdown(message)}`,
    `\`${escapedMarkdown(file)}\` · ${phase} · ${escapedMarkdown(back)}${evidence === "rehearsed" ? "" : ` · ${escapedMarkdown(doubt ?? "not run")}`}`,
    error === null ? "" : `🛑 It failed: ${escapedMarkdown(error)}`,
    open.length === 0 ? "No findings." : findingsTable(open),
    ...open
      .filter(({ severity }) => isAtLeast(severity, "warn"))
      .map(recipe)
      .filter((text, index, all) => all.indexOf(text) === index),
    accepted(findings),
    sqlSection(revision),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function findingsTable(findings: readonly GateFinding[]): string {
  const rows = findings
    .slice(0, SHOWN_FINDINGS)
    .map(({ severity, line, title, rule, relation, lock, blocks, rewrite, scan, indexBuild, severities, note }) => {
      const work = [rewrite ? "rewrite" : "", scan ? "scan" : "", indexBuild ? "index build" : ""]
        .filter((word) => word !== "")
        .join(", ");
      const hold = lock === null ? "" : `${lock.replace(/Lock$/, "")}, blocks ${blocks}`;
      const oldCode = severities.oldCode === "block" ? "breaks" : severities.oldCode === "warn" ? "may break" : "";
      const what = `${title}${note === undefined ? "" : ` (${note})`}`;
      return [
        `${MARKS[severity]} ${line}`,
        what,
        relation ?? "",
        hold,
        work,
        oldCode,
        `[${rule}](https://github.com/augeo/deploy-action/blob/main/docs/rules/${rule}.md)`,
      ];
    });
  const head = ["Line", "Finding", "Table", "Lock", "Work", "Old code", "Rule"];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const left = findings.length - rows.length;
  const safe = rows.map((cells) => line(cells.map((cell, index) => (index === 6 ? cell : tableCell(cell)))));
  return [line(head), line(head.map(() => "---")), ...safe, ...(left > 0 ? [`\n… and ${left} more.`] : [])].join("\n");
}

function recipe({ title, rule, recipe: text }: GateFinding): string {
  const body = `${text}\n\n# or accept it, on the operation's line:\n# migration-gate: ignore ${rule} reason=…`;
  return `<details><summary>How to: ${escapedMarkdown(title)}</summary>\n\n${fenced(body, "python")}\n\n</details>`;
}

function accepted(findings: readonly GateFinding[]): string {
  const rows = findings.filter((finding) => finding.accepted !== undefined);
  return rows
    .map(
      ({ rule, line, accepted: reason }) =>
        `Accepted: ${rule} on line ${line}, because ${escapedMarkdown(reason ?? "")}`,
    )
    .join("<br>");
}

function sqlSection({ statements }: JudgedRevision): string {
  if (statements.length === 0) return "";
  const text = statements.map(({ sql }) => (/;\s*$/.test(sql) ? sql.trim() : `${sql.trim()};`)).join("\n");
  const shown = text.length > SHOWN_SQL ? `${text.slice(0, SHOWN_SQL)}\n-- …` : text;
  return `<details><summary>SQL, ${statements.length} statements</summary>\n\n${fenced(shown, "sql")}\n\n</details>`;
}

function phasePlan(revisions: readonly JudgedRevision[]): string {
  const first = revisions.findIndex(({ phase }) => phase === "contract");
  const ids = (some: readonly JudgedRevision[]): string => some.map(({ id }) => escapedMarkdown(id)).join(", ");
  if (first < 0) return `**Plan:** run now, before the swap: ${ids(revisions)}.`;
  const before = revisions.slice(0, first);
  const now = before.length === 0 ? "" : ` run now, before the swap: ${ids(before)};`;
  return `**Plan:**${now} in a release of their own, once no rollback needs the old code: ${ids(revisions.slice(first))}.`;
}

function tableCell(text: string): string {
  return escapedMarkdown(text).replaceAll("|", "\\|").replaceAll("\n", " ");
}
