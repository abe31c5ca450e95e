import {
  type Finding,
  type GateReport,
  type Judgement,
  phaseOfFindings,
  type Statement,
  type Trace,
  UNREADABLE,
} from "@augeo/migrations";
import { RULES_URL } from "../change-summary.ts";

/** A script, what was found in it, and what its statements did where a server ran them. */
export interface JudgedScript {
  readonly file: string;
  readonly sql: string;
  readonly statements: readonly Statement[];
  readonly judgement: Judgement;
  readonly version: number;
  readonly traces: readonly Trace[] | undefined;
}

/** A script in the shape of the report on a change: one revision, named as its file. */
export function scriptReport({ file, sql, statements, judgement, version, traces }: JudgedScript): GateReport {
  const { findings, steps } = judgement;
  const blocking = findings.filter(({ severity }) => severity === "block");
  const unread = findings.filter((finding) => finding.rule === UNREADABLE && !ran(finding, statements, traces));
  const phase = phaseOfFindings(findings, steps);
  const own = findings.map((finding) => ({ ...finding, file }));
  const revision = { revision: file, message: "", file, phase, sql, findings: own, suppressed: [], faults: [] };
  return {
    conclusion: blocking.length > 0 ? "fail" : unread.length > 0 ? "unknown" : "pass",
    verdict: `The script was ${traces === undefined ? "read, not run" : "run"} (PostgreSQL ${version}). ${verdictOn(blocking, unread)}`,
    mode: traces === undefined ? "static" : "rehearsed",
    postgresVersion: version,
    unseen: unread.map(({ line, note }) => `line ${line}: ${note ?? "a statement that could not be read"}`),
    revisions: [traces === undefined ? revision : { ...revision, traces }],
    project: [],
    script: true,
    rulesUrl: RULES_URL,
  };
}

/** What the parser cannot read, a server may have run all the same: then it was measured. */
function ran({ index }: Finding, statements: readonly Statement[], traces: JudgedScript["traces"]): boolean {
  const trace = traces?.[statements.find((statement) => statement.index === index)?.piece ?? -1];
  return trace !== undefined && trace.error === undefined;
}

function verdictOn([first, ...more]: readonly Finding[], unread: readonly Finding[]): string {
  if (first !== undefined) {
    const others = more.length === 0 ? "" : ` and ${more.length} more`;
    return `Line ${first.line}: ${first.title} (${first.rule})${others}.`;
  }
  if (unread.length === 0) return "Nothing in it holds the running app up or breaks it.";
  const lines = `${unread.length === 1 ? "line" : "lines"} ${unread.map(({ line }) => line).join(", ")}`;
  return `What stands on ${lines} could not be read: that is neither safe nor unsafe.`;
}
