import { formatDuration, type Json, stripControls } from "@augeo/action-kit";
import type { AlembicProject, AppliedRevision, FailureReport, MigrationOutcome, ProjectSession } from "@augeo/alembic";
import { type Objection, type Phase, phaseOf } from "@augeo/migrations";
import { revisionDiagram } from "./revision-diagram.ts";
import type { spec } from "./spec.ts";

export type Reason = keyof typeof spec.reasons;

export interface HeldRevision {
  id: string;
  message: string;
  file: string;
}

/** What the action has to say, ready for outputs, summary and `result`. */
export interface Findings {
  reason: Reason;
  project: AlembicProject;
  heads: readonly string[];
  from: readonly string[] | null;
  to: readonly string[] | null;
  applied: readonly AppliedRevision[];
  held: readonly HeldRevision[];
  objections: readonly Objection[];
  failure: FailureReport | null;
  session: ProjectSession | null;
  attempts: number;
  phase: Phase | "none";
  fix: string | undefined;
  result: Readonly<Record<string, Json>>;
}

export const PHASES = ["expand", "backfill", "contract"] as const;

export function findingsOf(reason: Reason, outcome: Omit<MigrationOutcome, "reason">): Findings {
  const { project, heads, from, to, applied, objections, failure, session, attempts } = outcome;
  const held = outcome.held.map(({ revision: { id, message, file } }) => ({ id, message, file }));
  const phase = PHASES.findLast((name) => applied.some((revision) => revision.phase === name)) ?? "none";
  const result = {
    config: project.config,
    revisions: project.revisions.length,
    heads,
    from,
    to,
    phase,
    applied: applied.map((revision) => ({ ...revision })),
    pending: held.map((revision) => ({ ...revision })),
    objections: objections.map(({ file, line, what, fix }) => ({ file, line, what, fix })),
    attempts,
    session: session && {
      lockTimeout: session.lockTimeout,
      statementTimeout: session.statementTimeout,
      transactionPerMigration: session.perMigration,
    },
    failure: failure && { ...failure, invalidIndexes: failure.invalidIndexes.map((index) => ({ ...index })) },
  };
  return {
    reason,
    project,
    heads,
    from,
    to,
    applied,
    held,
    objections,
    failure,
    session,
    attempts,
    phase,
    fix: fixOf(outcome),
    result,
  };
}

function fixOf({ failure, objections }: Pick<MigrationOutcome, "failure" | "objections">): string | undefined {
  if (failure !== null)
    return `Mend the cause, then start the run again. By hand, in the project's folder: ${failure.command}`;
  return objections.length === 0 ? undefined : objections.map(({ fix }) => fix).join(" ");
}

/** What happened, in one or two sentences. */
export function messageOf(findings: Findings, target: string): string {
  const { reason, applied, to, heads, project, objections, failure, attempts } = findings;
  switch (reason) {
    case "sound":
      return `${project.revisions.length} revisions make one sound chain; head ${heads.join(", ") || "none"}.`;
    case "migrated":
      return `${applied.length === 1 ? "1 revision" : `${applied.length} revisions`} applied${attempts > 1 ? `, in ${attempts} tries` : ""}; the database is at ${list(to)}.`;
    case "up-to-date":
      return `The database is at ${list(to)} already, which is ${target}.`;
    case "contract-pending":
      return `Only contract revisions are left (${findings.held.map(({ id }) => id).join(", ")}); the database stays at ${list(to)}.`;
    case "locked":
      return "Another gate was migrating this database until the time ran out.";
    case "lock-timeout":
      return `Revision ${failure?.revision ?? "?"} could not get its lock in ${attempts === 1 ? "1 try" : `${attempts} tries`}: ${failure?.message ?? ""}. ${failure?.state ?? ""}`;
    case "migration-failed":
      return `Revision ${failure?.revision ?? "?"} failed: ${failure?.message ?? ""}. ${failure?.state ?? ""}`;
    default:
      return objections.map(({ what }) => what).join(" ");
  }
}

function list(ids: readonly string[] | null): string {
  return ids === null || ids.length === 0 ? "no revision" : ids.join(", ");
}

const HEADINGS: Readonly<Record<Reason, string>> = {
  safe: "✅ Safe to release",
  unsafe: "❌ Not safe to release",
  "not-rehearsed": "⚠️ Could not be rehearsed",
  sound: "✅ The revision graph is sound",
  migrated: "✅ Migrated",
  "up-to-date": "✅ Nothing to migrate",
  "contract-pending": "⏸️ Contract revisions are held",
  "rollback-window-open": "⏸️ Contract revisions wait",
  "contract-not-live": "⏸️ Contract revisions wait",
  frozen: "⏸️ Contract revisions wait",
  "release-lock": "⏸️ Contract revisions wait",
  "several-heads": "❌ Several heads",
  "broken-chain": "❌ Broken chain",
  "database-ahead": "❌ The database is ahead of the code",
  locked: "❌ Another gate is migrating",
  "lock-timeout": "❌ No lock",
  "migration-failed": "❌ A migration failed",
};

/** The job summary. Pure. */
export function summarise(findings: Findings, mode: "check" | "apply"): string {
  const { reason, objections } = findings;
  const parts = [
    `### ${HEADINGS[reason]}`,
    escapedMarkdown(messageOf(findings, "the target")),
    ...objections.map(({ what, fix }) => `- ${escapedMarkdown(what)}<br>Fix: ${escapedMarkdown(fix)}`),
    failureSection(findings.failure),
    revisionTable(findings),
    revisionDiagram(findings),
    mode === "apply" ? sessionLine(findings) : "",
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function failureSection(failure: FailureReport | null): string {
  if (failure === null) return "";
  const facts = [failure.detail, failure.hint]
    .filter((text) => text !== null)
    .map((text) => `- ${escapedMarkdown(text)}`);
  const statement =
    failure.statement === null
      ? ""
      : `<details><summary>Statement</summary>\n\n${fenced(failure.statement, "sql")}\n\n</details>`;
  return [...facts, `To go on, once the cause is mended:`, fenced(failure.command, "sh"), statement]
    .filter((text) => text !== "")
    .join("\n\n");
}

const SHOWN_REVISIONS = 30;

function revisionTable({ applied, held, project }: Findings): string {
  const rows = [
    ...applied.map(({ id, message, phase, statements, milliseconds }) => [
      id,
      message,
      phase,
      `applied, ${statements} statements`,
      formatDuration(Math.round(milliseconds)),
    ]),
    ...held.map(({ id, message }) => [id, message, "contract", "held", ""]),
  ];
  if (rows.length === 0) return project.revisions.length === 0 ? "There are no revisions yet." : lastRevisions(project);
  return table(["Revision", "Message", "Phase", "State", "Took"], rows);
}

function lastRevisions({ revisions }: AlembicProject): string {
  const rows = revisions
    .slice(-SHOWN_REVISIONS)
    .map((revision) => [revision.id, revision.message, phaseOf(revision), revision.file]);
  const left = revisions.length - rows.length;
  const note = left > 0 ? `\n\n… and ${left} more.` : "";
  return `<details><summary>${revisions.length} revisions</summary>\n\n${table(["Revision", "Message", "Phase", "File"], rows)}${note}\n\n</details>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function cell(text: string): string {
  return escapedMarkdown(text).replaceAll("\n", " ");
}

function sessionLine({ session, attempts }: Findings): string {
  if (session === null) return "";
  const each = session.perMigration ? "each revision in its own transaction" : "all revisions in one transaction";
  const tries = attempts > 1 ? `, ${attempts} tries` : "";
  return `In force: \`lock_timeout\` ${session.lockTimeout}, \`statement_timeout\` ${session.statementTimeout}; ${each}${tries}.`;
}

/** Text from outside, for a Markdown paragraph. */
export function escapedMarkdown(text: string): string {
  return stripControls(text).replace(
    /[\\`*[\]<>|@&!~$]|(?<!\w)_|_(?!\w)/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}

/** A fence longer than any inside. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${stripControls(text)}\n${fence}`;
}
