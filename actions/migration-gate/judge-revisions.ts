import type { OfflineRevision, Rehearsal, RehearsedRevision } from "@augeo/alembic";
import {
  type AlembicCase,
  applyPolicy,
  applySuppressions,
  type ContractChange,
  FIRST_TRANSACTION,
  type Finding,
  foldStatements,
  type GraphFacts,
  judgeAlembic,
  judgeContract,
  judgeRevision,
  type Policy,
  type ProjectFacts,
  phaseOf,
  phaseOfFindings,
  type RehearsalFacts,
  type Revision,
  readSuppressions,
  type Schema,
  type Statement,
  type Step,
} from "@augeo/migrations";
import type { SqlParser } from "@augeo/sql-parser";
import type { Evidence, JudgedRevision, SeenStatement } from "./judged-revision.ts";
import { factsOf } from "./revision-facts.ts";

export interface JudgeRequest {
  readonly parser: SqlParser;
  /** New ones, parents first. */
  readonly revisions: readonly Revision[];
  readonly edited: readonly Revision[];
  readonly behindBase: GraphFacts["behindBase"];
  readonly rehearsal: Rehearsal | null;
  readonly offline: readonly OfflineRevision[];
  /** SQL of what the database has been through before. */
  readonly scene: readonly string[];
  readonly project: ProjectFacts;
  /** Where they are more than were meant. */
  readonly heads: readonly string[];
  /** Major version of PostgreSQL that is judged for, and of the one that was rehearsed on. */
  readonly version: number;
  readonly tracedVersion: number;
  readonly policy: Policy;
  /** The chain does not begin on an empty database. */
  readonly firstRevisionFails: boolean;
  /** The change touches code besides the revisions. */
  readonly codeChanged: boolean;
  /** Path of env.py, from the project's folder. */
  readonly envFile: string;
}

/** The verdict on each new revision, on the best evidence there is of it. Pure but for the parser it is given. */
export function judgeRevisions(request: JudgeRequest): JudgedRevision[] {
  const { parser, scene, revisions } = request;
  let schema = foldStatements(parser.statements(scene.map(terminated).join("\n")));
  const told: Finding[] = [];
  const sharesTransaction = request.project.transactionPerMigration !== true;
  let earlier: readonly Step[] = [];
  return revisions.map((revision) => {
    const seen = evidenceOf(revision, request);
    const judgement = judgeOne(revision, seen, schema, { ...request, told, earlier });
    schema = judgement.schema;
    if (sharesTransaction) earlier = stillOpen(earlier, judgement.steps);
    told.push(...judgement.findings);
    return judged(revision, seen, judgement, request);
  });
}

/** Steps in the transaction that is open after a revision: the next one begins in it. */
function stillOpen(earlier: readonly Step[], steps: readonly Step[]): readonly Step[] {
  const last = steps.at(-1);
  if (last === undefined) return earlier;
  const own = steps.filter(({ transaction }) => transaction !== undefined && transaction === last.transaction);
  return last.transaction === FIRST_TRANSACTION ? [...earlier, ...own] : own;
}

const terminated = (sql: string): string => (/;\s*$/.test(sql) ? sql : `${sql};`);

interface Seen {
  readonly evidence: Evidence;
  readonly doubt: string | null;
  readonly statements: readonly SeenStatement[];
  readonly rehearsed: RehearsedRevision | undefined;
  readonly offlineError: string | undefined;
  /** Alembic printed something before it failed. */
  readonly isPartlyPrinted: boolean;
}

function evidenceOf({ id }: Revision, { rehearsal, offline }: JudgeRequest): Seen {
  const rehearsed = rehearsal?.revisions.find((one) => one.id === id);
  const printed = offline.find((one) => one.id === id);
  const offlineError = printed?.failure === null ? undefined : printed?.failure.message.split("\n")[0];
  const all = printed === undefined ? [] : printedStatements(printed);
  const readable = offlineError === undefined ? all : all.filter(({ sql }) => !isVersionChange(sql));
  const isPartlyPrinted = offlineError !== undefined && readable.length > 0;
  if (rehearsed !== undefined) {
    const statements = rehearsed.statements.map(({ trace, line, autocommit }) => ({
      sql: trace.statement,
      line,
      autocommit,
      trace,
    }));
    const unrun = rehearsed.failure === null || printed?.failure !== null ? [] : readable;
    const whole = [...statements, ...unrun.filter(notAmong(statements))];
    const doubt = rehearsal?.plain ?? null;
    return { evidence: "rehearsed", doubt, statements: whole, rehearsed, offlineError, isPartlyPrinted };
  }
  if (printed !== undefined && printed.failure === null) {
    const doubt = `its SQL was read, not run${printed.plain === null ? "" : `; ${printed.plain}`}`;
    return { evidence: "read", doubt, statements: readable, rehearsed, offlineError, isPartlyPrinted };
  }
  const doubt = `its SQL could not be seen: ${offlineError ?? "an earlier revision failed"}`;
  // What was printed before the failure is not the migration, but what is wrong with it is.
  return { evidence: "python-only", doubt, statements: readable, rehearsed, offlineError, isPartlyPrinted };
}

/** Of a revision that failed, what it did not get to: it is read, so that the failure hides nothing. */
function notAmong(ran: readonly SeenStatement[]): (statement: SeenStatement) => boolean {
  const known = new Set(ran.map(({ sql }) => textOf(sql)));
  return ({ sql }) => !known.has(textOf(sql)) && !isVersionChange(sql);
}

/** Alembic's own note of where it stands, which it prints after a revision that failed too. */
const isVersionChange = (sql: string): boolean =>
  /^(?:update|insert into|delete from)\s+\S*alembic_version\b/i.test(sql);

const textOf = (sql: string): string => sql.replace(/\s+/g, " ").replace(/;\s*$/, "").trim();

/** Alembic prints BEGIN and COMMIT around a revision, and COMMIT and BEGIN around an autocommit_block. */
function printedStatements({ pieces }: OfflineRevision): SeenStatement[] {
  const statements: SeenStatement[] = [];
  let open = false;
  for (const { sql, line } of pieces) {
    const text = sql.trim();
    if (text === "BEGIN;") open = true;
    else if (text === "COMMIT;") open = false;
    // "-- Running upgrade a1 -> b2"; a comment that begins a statement is part of it.
    else if (!/^--.*$/.test(text)) statements.push({ sql: text, line, autocommit: !open });
  }
  return statements;
}

/** Statements in the engine's terms; those that only mark where a transaction ends and begins carry no line. */
function statementsFor(seen: readonly SeenStatement[], parser: SqlParser, fallback: number) {
  const statements: Statement[] = [];
  const marks = new Set<number>();
  const add = (sql: string, line: number, piece: number, isMark: boolean): void => {
    for (const statement of parser.statements(sql)) {
      if (isMark) marks.add(statements.length);
      statements.push({ ...statement, index: statements.length, piece, line, endLine: line });
    }
  };
  let open = true;
  for (const [piece, { sql, line, autocommit }] of seen.entries()) {
    const at = line ?? fallback;
    if (autocommit === open) add(open ? "COMMIT" : "BEGIN", at, -1, true);
    open = !autocommit;
    add(sql, at, piece, false);
  }
  return { statements, marks };
}

interface Judged {
  readonly findings: readonly Finding[];
  readonly schema: Schema;
  readonly steps: readonly Step[];
}

function judgeOne(
  revision: Revision,
  seen: Seen,
  schema: Schema,
  request: JudgeRequest & { told: readonly Finding[]; earlier: readonly Step[] },
): Judged {
  const { parser, version, tracedVersion, rehearsal } = request;
  const line = revision.upgrade?.line ?? revision.line;
  const { statements, marks } = statementsFor(seen.statements, parser, line);
  const session = rehearsal?.session;
  const settings = session ? { lock_timeout: session.lockTimeout, statement_timeout: session.statementTimeout } : {};
  const judgement = judgeRevision({
    statements,
    schema,
    options: {
      version,
      tracedVersion,
      inTransaction: true,
      earlier: request.earlier,
      settings,
      ...(session ? { versionTable: session.versionTable } : {}),
    },
    traces: seen.statements.map(({ trace }) => trace),
    alembic: alembicCase(revision, seen, request),
  });
  const own = judgement.findings.filter(({ index }) => !marks.has(index));
  const isLast = request.revisions.at(-1)?.id === revision.id;
  const told = [...own, ...request.told];
  const contract = judgeContract(seen.rehearsed?.changes ?? [], own);
  const broken = isLast ? judgeContract(brokenCode(rehearsal), [...told, ...contract]).map(asBroken) : [];
  const placed = [...contract, ...broken].map((finding) => onStatement(finding, seen.statements, own, line));
  const findings = [...own, ...placed];
  const contractRevision = phaseOfFindings(findings, judgement.steps) === "contract";
  const beside = judgeAlembic({ rehearsal: { contractRevision, codeChanged: request.codeChanged } });
  return { findings: [...findings, ...beside], schema: judgement.schema, steps: judgement.steps };
}

/** Tried and failed: no matter which rule explains it, the code that is live does not work. */
function asBroken(finding: Finding): Finding {
  const severities = { ...finding.severities, oldCode: "block" } as const;
  const title = "The models of the live code fail on the new schema";
  return { ...finding, title, severities, severity: "block", phase: "contract", source: "trace" };
}

const CHANGE_OF: Readonly<Record<string, ContractChange["kind"]>> = {
  "42P01": "table-dropped",
  "42703": "column-dropped",
  "23502": "column-required",
  "23514": "check-added",
  "23505": "unique-added",
};

/** What the base's models can no longer do, for whatever reason the catalogs did not show. */
function brokenCode(rehearsal: Rehearsal | null): ContractChange[] {
  return (rehearsal?.oldCode ?? []).map(({ table, sqlstate, message }) => ({
    kind: CHANGE_OF[sqlstate ?? ""] ?? "check-added",
    relation: table.replace(/^public\./, ""),
    after: message,
  }));
}

/**
 * What only the catalogs show is put on the statement that names its table, else on one that the server saw at work on
 * it (`own`: text put together while it runs names nothing), else on the function as a whole.
 */
function onStatement(
  finding: Finding,
  statements: readonly SeenStatement[],
  own: readonly Finding[],
  line: number,
): Finding {
  const { relation } = finding;
  const named = relation === null ? -1 : statements.findIndex(({ sql }) => names(sql, relation));
  const traced = own.find((other) => relation !== null && other.relation === relation && other.source === "trace");
  const index = named < 0 ? (traced?.index ?? -1) : named;
  return {
    ...finding,
    index,
    line: statements[index]?.line ?? line,
    statement: statements[index]?.sql.slice(0, 500) ?? "",
  };
}

/** Whether every word of a relation's name stands in the statement: `bids` does not name `bid`. */
function names(sql: string, relation: string): boolean {
  const wordsOf = (text: string): string[] => text.toLowerCase().split(/[^\p{L}\p{N}_$]+/u);
  const there = new Set(wordsOf(sql));
  return wordsOf(relation).every((word) => there.has(word));
}

function alembicCase(revision: Revision, seen: Seen, request: JudgeRequest): AlembicCase {
  const isLast = request.revisions.at(-1)?.id === revision.id;
  const isFirst = request.revisions[0]?.id === revision.id;
  const graph = {
    heads: request.heads,
    orphans: [],
    duplicates: [],
    edited: request.edited.map(({ id, file }) => ({ revision: id, file })),
    behindBase: request.behindBase,
  };
  return {
    revision: factsOf(revision),
    // Said once: how many are pending is a fact of the project, not of each revision.
    project: { ...request.project, pending: isFirst ? request.project.pending : 1 },
    ...(isFirst ? { graph } : {}),
    rehearsal: rehearsalFacts(
      seen,
      isLast ? (request.rehearsal?.drift ?? []) : [],
      isFirst && request.firstRevisionFails,
    ),
  };
}

function rehearsalFacts(
  { rehearsed, offlineError, isPartlyPrinted }: Seen,
  drift: readonly string[],
  firstRevisionFails: boolean,
): RehearsalFacts {
  const back = rehearsed?.back;
  return {
    firstRevisionFails,
    offlinePrintedOnFailure: isPartlyPrinted,
    ...(offlineError === undefined ? {} : { offlineError }),
    ...(drift.length === 0 ? {} : { drift }),
    ...(back?.kind === "differs" ? { notReversed: back.differences } : {}),
    ...(back?.kind === "failed" ? { notReversed: [`it failed: ${back.failure.primary ?? back.failure.message}`] } : {}),
    ...(rehearsed === undefined || rehearsed.invalidIndexes.length === 0
      ? {}
      : { invalidIndexes: rehearsed.invalidIndexes }),
  };
}

function judged(revision: Revision, seen: Seen, judgement: Judged, request: JudgeRequest): JudgedRevision {
  const { id, message, file, ignores, operations } = revision;
  const failure = seen.rehearsed?.failure ?? null;
  const phase =
    seen.evidence === "python-only" ? phaseOf(revision) : phaseOfFindings(judgement.findings, judgement.steps);
  const found = weighIrreversible(
    applyPolicy(judgement.findings, request.policy, { revision: id, phase }),
    request.policy,
  );
  const comments = ignores.map(({ line, text }) => ({ line, text: `# migration-gate: ${text}` }));
  const { suppressions, faults } = readSuppressions(comments, operations);
  const { standing, suppressed } = applySuppressions(found, suppressions);
  return {
    id,
    message,
    file,
    evidence: seen.evidence,
    doubt: seen.doubt,
    phase,
    statements: seen.statements,
    findings: standing.map((finding) => placed(finding, file, request.envFile)).sort((a, b) => a.line - b.line),
    suppressed,
    faults,
    changes: seen.rehearsed?.changes ?? [],
    error: failure === null ? null : errorText(failure),
    back: backOf(seen.rehearsed),
    milliseconds: seen.rehearsed?.milliseconds ?? 0,
  };
}

function errorText({ sqlstate, primary, message }: NonNullable<RehearsedRevision["failure"]>): string {
  return `${sqlstate === null ? "" : `${sqlstate}: `}${primary ?? message.split("\n")[0] ?? ""}`;
}

function placed(finding: Finding, file: string, envFile: string): Finding & { file: string } {
  return { ...finding, file: finding.file === "env.py" ? envFile : (finding.file ?? file) };
}

const NO_WAY_BACK = new Set(["no-downgrade", "downgrade-loses-data", "enum-value-irreversible"]);

/** The policy's word on revisions that no downgrade takes back. */
function weighIrreversible(findings: readonly Finding[], { irreversible }: Policy): Finding[] {
  const severity = irreversible === "allow" ? "info" : irreversible;
  return findings.map((finding) => (NO_WAY_BACK.has(finding.rule) ? { ...finding, severity } : finding));
}

function backOf(rehearsed: RehearsedRevision | undefined): string {
  const back = rehearsed?.back;
  switch (back?.kind) {
    case "same":
      return "reversible";
    case "differs":
      return "not taken back entirely";
    case "irreversible":
      return `irreversible: ${back.why}`;
    case "failed":
      return "the way back fails";
    default:
      return "not tried";
  }
}
