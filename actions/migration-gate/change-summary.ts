import type { Json } from "@augeo/action-kit";
import { type GateReport, isAtLeast, UNREADABLE } from "@augeo/migrations";
import type { ChangeVerdict } from "./judge-change.ts";
import type { Evidence, JudgedRevision, SeenStatement } from "./judged-revision.ts";

export type GateFinding = JudgedRevision["findings"][number];
export type FailOn = "block" | "warn" | "never";
export type ChangeReason = "safe" | "unsafe" | "not-rehearsed";

/** Findings that count: those merely for information left out. */
export function openFindings({ revisions }: ChangeVerdict): GateFinding[] {
  return revisions.flatMap(({ findings }) => findings).filter(({ severity }) => isAtLeast(severity, "warn"));
}

export function failing(verdict: ChangeVerdict, failOn: FailOn): GateFinding[] {
  if (failOn === "never") return [];
  return openFindings(verdict).filter(({ severity }) => isAtLeast(severity, failOn));
}

export function changeReason(verdict: ChangeVerdict, failOn: FailOn, rehearsal: string): ChangeReason {
  const broken = verdict.revisions.some(({ error }) => error !== null);
  const fails = (broken || verdict.oldCodeFails) && failOn !== "never";
  if (fails || failing(verdict, failOn).length > 0) return "unsafe";
  // What was neither run nor read cannot be called safe, whatever was asked for.
  const isOwn = verdict.notRehearsed === null;
  const enough = (evidence: Evidence): boolean =>
    (evidence === "rehearsed" && isOwn) || (evidence !== "python-only" && rehearsal !== "required");
  const seen = verdict.revisions.every((revision) => enough(revision.evidence) && !isUnread(revision));
  return seen ? "safe" : "not-rehearsed";
}

/** What no parser could read, and what was not printed to be read. */
const UNREAD = new Set([UNREADABLE, "offline-output-differs"]);

/** What no server ran, and could not be read whole. */
const isUnread = ({ evidence, findings }: JudgedRevision): boolean =>
  evidence === "python-only" || (evidence === "read" && findings.some(({ rule }) => UNREAD.has(rule)));

/** What was found, in one or two sentences. */
export function changeMessage(verdict: ChangeVerdict, failOn: FailOn): string {
  const { revisions, notRehearsed } = verdict;
  if (revisions.length === 0) return "There is no new revision.";
  const failed = revisions.find(({ error }) => error !== null);
  const worst = failing(verdict, failOn);
  const rehearsed = revisions.every(({ evidence }) => evidence === "rehearsed");
  const how = rehearsed
    ? `run on PostgreSQL ${verdict.serverVersion ?? "?"}${notRehearsed === null ? "" : `, but not through env.py (${notRehearsed})`}`
    : `read, not run (${notRehearsed ?? "an earlier one failed"})`;
  const parts = [`${revisions.length === 1 ? "1 new revision was" : `${revisions.length} new revisions were`} ${how}.`];
  if (verdict.oldCodeFails)
    parts.push(`The code that is live fails on the new schema: ${verdict.oldCode.at(-1) ?? ""}.`);
  const others = revisions.filter(({ error }) => error !== null).length - 1;
  if (failed !== undefined)
    parts.push(`${failed.id} failed: ${failed.error}${others > 0 ? `; ${others} more failed after it` : ""}.`);
  if (worst.length > 0) {
    const [first] = worst;
    const more = worst.length > 1 ? ` and ${worst.length - 1} more` : "";
    parts.push(`${first?.file}:${first?.line}: ${first?.title} (${first?.rule})${more}.`);
  } else if (failed === undefined && !verdict.oldCodeFails) {
    const unseen = revisions.filter(isUnread).map(({ id }) => id);
    parts.push(
      unseen.length === 0
        ? "Nothing in them holds the running app up or breaks it."
        : `The SQL of ${unseen.join(", ")} could not be seen whole: that is neither safe nor unsafe.`,
    );
  }
  return parts.join(" ");
}

export function changeResult(verdict: ChangeVerdict): Json {
  return {
    base: verdict.base,
    serverVersion: verdict.serverVersion,
    notRehearsed: verdict.notRehearsed,
    drift: verdict.drift,
    knownDrift: verdict.knownDrift,
    oldCode: verdict.oldCode,
    milliseconds: verdict.milliseconds,
    revisions: verdict.revisions.map((revision) => ({
      revision: revision.id,
      message: revision.message,
      file: revision.file,
      phase: revision.phase,
      evidence: revision.evidence,
      doubt: revision.doubt,
      error: revision.error,
      back: revision.back,
      milliseconds: revision.milliseconds,
      changes: revision.changes.map((change) => ({ ...change })),
      findings: revision.findings.map((finding) => ({ ...finding, severities: { ...finding.severities } })),
      accepted: revision.suppressed.map(({ finding, suppression }) => ({
        rule: finding.rule,
        line: finding.line,
        reason: suppression.reason,
      })),
      trace: revision.statements.map(statementJson),
    })),
  };
}

function statementJson({ sql, line, autocommit, trace }: SeenStatement): Json {
  const seen = { statement: sql.slice(0, 2_000), line, autocommit };
  if (trace === undefined) return seen;
  return {
    ...seen,
    locks: trace.locks.map((lock) => ({ ...lock })),
    rewrites: trace.rewrites,
    scans: trace.scans,
    indexBuilds: trace.indexBuilds.map((build) => ({ ...build })),
    milliseconds: trace.durationMs,
    error: trace.error ?? null,
  };
}

/** Where the page of each rule is. */
export const RULES_URL = "https://github.com/augeo/deploy-action/blob/v1/docs/rules/";

/** The verdict in the shape that comment, job summary and SARIF are written from. */
export function gateReport(verdict: ChangeVerdict, reason: ChangeReason, message: string): GateReport {
  const { revisions, notRehearsed, drift, knownDrift } = verdict;
  const doubts = revisions.flatMap(({ id, doubt }) =>
    doubt === null || doubt === notRehearsed ? [] : [`${id}: ${doubt}`],
  );
  const conclusion = reason === "safe" ? "pass" : reason === "unsafe" ? "fail" : "unknown";
  return {
    conclusion,
    verdict: message,
    mode: revisions.every(({ evidence }) => evidence === "rehearsed") ? "rehearsed" : "static",
    postgresVersion: verdict.version,
    unseen: [
      ...(notRehearsed === null ? [] : [`The new revisions were not run as they will be: ${notRehearsed}`]),
      ...doubts,
      ...drift.map((item) => `Models and migrations differ: ${item}`),
      ...(knownDrift.length === 0
        ? []
        : [
            `Models and migrations differed before this change already, which is no part of it: ${knownDrift.join("; ")}`,
          ]),
    ],
    revisions: revisions.map((revision) => ({
      revision: revision.id,
      message: revision.message,
      file: revision.file,
      phase: revision.phase,
      sql: revision.statements.map(({ sql }) => (/;\s*$/.test(sql) ? sql.trim() : `${sql.trim()};`)).join("\n"),
      findings: revision.findings,
      suppressed: revision.suppressed,
      faults: revision.faults,
      traces: revision.statements.flatMap(({ trace }) => (trace === undefined ? [] : [trace])),
    })),
    project: [],
    rulesUrl: RULES_URL,
  };
}
