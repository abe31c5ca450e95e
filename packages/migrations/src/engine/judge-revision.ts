import type { Finding } from "../finding.ts";
import { predict, type Situation } from "../physics/predict.ts";
import type { AlembicCase } from "../revision-facts.ts";
import { RULES, ruleById } from "../rules/index.ts";
import type { Rule } from "../rules/rule.ts";
import { type Draft, draftOf, fold } from "../schema/draft.ts";
import { EMPTY_SCHEMA, type Schema } from "../schema/schema.ts";
import { decodeStatement } from "../sql/decode-statement.ts";
import type { Operation, OperationOf } from "../sql/operation.ts";
import type { ParseFault, Statement } from "../statement.ts";
import type { Effects, Trace } from "../trace.ts";
import { withCalled } from "./called.ts";
import { findingOf, projectFinding } from "./finding-of.ts";
import { type Marks, noteMarks } from "./marks.ts";
import { apportioned, measured } from "./measured.ts";
import { blockingLock, type JudgeOptions, type Run, type Step, workOf } from "./step.ts";
import { followTransactions, type Transactions } from "./transactions.ts";

export interface RevisionInput {
  readonly statements: readonly Statement[];
  /** What is known of the database before the revision. */
  readonly schema?: Schema;
  readonly options?: JudgeOptions;
  /** What a server showed, one entry for each piece of `splitStatements`; it outranks prediction. */
  readonly traces?: readonly (Trace | undefined)[];
  readonly alembic?: AlembicCase;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  /** The schema after the revision: the next revision's `schema`. */
  readonly schema: Schema;
  readonly steps: readonly Step[];
  /** Long work on an existing table under a lock that others wait for. */
  readonly isLongBlocking: boolean;
}

/** What the rules suppose where nobody says and no server runs: the oldest that Azure still offers to most. */
export const DEFAULT_VERSION = 15;

/** The rule of what was not judged because no parser reads it. */
export const UNREADABLE = "unreadable-statement";

/** Judges the statements of one revision. Pure, and total: a statement that cannot be read is a finding. */
export function judgeRevision(input: RevisionInput): Judgement {
  const { rules, draft, steps, findings, run } = judgeStatements(input);
  const last = run();
  const ofRun = rules.flatMap((rule) =>
    (rule.detectRun?.(last) ?? []).map((found) => findingOf(rule, found, found.step)),
  );
  const ofProject = input.alembic === undefined ? [] : judgeAlembic(input.alembic, rules);
  return {
    findings: inOrder([...findings, ...ofRun, ...ofProject]),
    schema: draft,
    steps,
    isLongBlocking: steps.some((step) => blockingLock(step) !== undefined),
  };
}

/** Walks the statements in order and asks the rules at each step. */
function judgeStatements(input: RevisionInput) {
  const options = input.options ?? {};
  const version = Math.trunc(options.version ?? DEFAULT_VERSION);
  const rules = RULES.filter(
    (rule) => (rule.since ?? 0) <= version && version <= (rule.until ?? Number.POSITIVE_INFINITY),
  );
  const decoded = input.statements.map((statement) => operationsOf(statement));
  const operations = decoded.flat();
  const draft = draftOf(input.schema ?? EMPTY_SCHEMA);
  const startsOpen = options.inTransaction === true && !optsOut(input.statements[0]);
  const transactions = followTransactions(startsOpen, options.settings ?? {});
  const place = placing(draft, transactions, version, options);
  const steps: Step[] = [];
  const enumAdditions: Step[] = [];
  const findings: Finding[] = [];
  const run = (): Run => ({ operations, steps, options, transactions: transactions.events(), enumAdditions });
  const { statements, traces } = input;
  const isPieceOf = (position: number, piece: number) => statements[position]?.piece === piece;
  for (const [position, statement] of statements.entries()) {
    const { piece } = statement;
    const trace = traces?.[piece];
    const told: Finding[] = statement.fault === undefined ? [] : unreadable(statement, statement.fault);
    const isSeen = trace !== undefined && trace.error === undefined;
    const isFirst = !isPieceOf(position - 1, piece);
    const seen = trace && { trace, isFirst, isLast: !isPieceOf(position + 1, piece) };
    const own = place(statement, decoded[position] ?? [], seen, (step) => {
      // What no text tells was measured where a server ran it.
      if (step.operation.kind === "unseen" && !isSeen)
        told.push(...unreadable(statement, unseenIn(step.operation, statement)));
      told.push(...detect(rules, step, run()));
      steps.push(step);
      if (step.operation.kind === "add-enum-value") enumAdditions.push(step);
    });
    for (const finding of [...told, ...unexplained(own, told)]) findings.push(finding);
  }
  return { rules, draft, steps, findings, run };
}

/** A script may say at its top that no transaction is opened for it: in our words, or in those of squawk. */
const optsOut = (first: Statement | undefined): boolean =>
  /migration-gate:\s*no-transaction|squawk-disable-assume-in-transaction/i.test(first?.leading ?? "");

/** The findings alone. */
export const judge = (
  statements: readonly Statement[],
  schema: Schema = EMPTY_SCHEMA,
  options: JudgeOptions = {},
): readonly Finding[] => judgeRevision({ statements, schema, options }).findings;

/** The schema after a script that sets a scene: everything in it counts as existing. */
export function foldStatements(statements: readonly Statement[], schema: Schema = EMPTY_SCHEMA): Schema {
  const draft = draftOf(schema);
  for (const statement of statements)
    for (const operation of withCalled(operationsOf(statement), draft)) fold(draft, operation);
  return draft;
}

/** Findings from the Python side alone. */
export const judgeAlembic = (facts: AlembicCase, rules: readonly Rule[] = RULES): Finding[] =>
  rules.flatMap((rule) =>
    (rule.detectAlembic?.(facts) ?? []).map((found) => projectFinding(rule, found, facts.revision?.file)),
  );

const operationsOf = (statement: Statement): Operation[] =>
  statement.fault === undefined ? decodeStatement(statement.ast, statement.routine) : [];

/** Nobody waits for the catalogs: a query of them is no work on a table. */
const SYSTEM_RELATION = /^(pg_|information_schema\.)/;

/** The trace of a statement, or of the script sent as one of which it is a part. */
interface Seen {
  readonly trace: Trace;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

type Place = (
  statement: Statement,
  operations: readonly Operation[],
  seen: Seen | undefined,
  visit: (step: Step) => void,
) => Step[];

/** Puts operations in their place one after the other, carrying schema, locks and settings along. */
function placing(draft: Draft, transactions: Transactions, version: number, options: JudgeOptions): Place {
  const marks: Marks = { created: new Set(), added: new Set(), formerKeys: [], formerShapes: new Map() };
  const versionTable = options.versionTable ?? "alembic_version";
  const isOurs = (relation: string) => relation === versionTable || relation.endsWith(`.${versionTable}`);
  const existed = (relation: string) =>
    relation !== "" && !isOurs(relation) && !SYSTEM_RELATION.test(relation) && !marks.created.has(relation);
  let foreseen: Effects[] = [];
  const putInPlace = (statement: Statement, operation: Operation, seen: Seen | undefined): Step => {
    const settings = transactions.settings();
    const situation: Situation = {
      schema: draft,
      existed,
      version,
      isUtc: isUtc(settings.get("timezone")),
      addedColumns: marks.added,
      formerKeys: marks.formerKeys,
      formerShapes: marks.formerShapes,
    };
    const predicted = predict(operation, situation);
    const traced = options.tracedVersion ?? version;
    const isTold = seen !== undefined && isTrueOf(traced, operation, situation, predicted);
    const whole = isTold ? measured(seen.trace, predicted, operation, situation) : predicted;
    const isAlone = !isTold || (seen.isFirst && seen.isLast);
    foreseen = seen?.isFirst === true ? [predicted] : [...foreseen, predicted];
    const rest = seen?.isLast === true ? foreseen : undefined;
    return {
      statement,
      operation,
      effects: isAlone ? whole : apportioned(whole, predicted, rest),
      predicted,
      source: isTold ? "trace" : "parser",
      held: transactions.held(),
      transaction: transactions.current(),
      situation,
      setting: (name) => settings.get(name),
    };
  };
  return (statement, written, seen, visit) => {
    const operations = withCalled(written, draft);
    const isBlock = written.at(-1)?.kind === "do" || operations.length > written.length;
    const before = transactions.held();
    if (isBlock) transactions.enterBlock();
    const steps = operations.map((operation, position) => {
      const isLast = position + 1 === operations.length;
      const part =
        isBlock && seen ? { ...seen, isFirst: seen.isFirst && position === 0, isLast: seen.isLast && isLast } : seen;
      const placed = putInPlace(statement, operation, part);
      const step = isBlock ? placed : { ...placed, held: before };
      visit(step);
      transactions.after(step);
      noteMarks(operation, marks, draft, existed);
      fold(draft, operation);
      return step;
    });
    if (isBlock) transactions.leaveBlock();
    return steps;
  };
}

const isUtc = (zone: string | undefined): boolean =>
  zone === undefined || /^(utc|etc\/utc|gmt|zulu|z|0|\+?00(:?00)?)$/i.test(zone.trim());

/** What one version did is true of another unless they are known to differ in this. */
const isTrueOf = (traced: number, operation: Operation, situation: Situation, predicted: Effects): boolean =>
  traced === situation.version ||
  JSON.stringify(predict(operation, { ...situation, version: traced })) === JSON.stringify(predicted);

function detect(rules: readonly Rule[], step: Step, run: Run): Finding[] {
  const works = isAtWork(step);
  const findings: Finding[] = [];
  for (const rule of rules) {
    if (rule.detect === undefined || (rule.physical === true && !works)) continue;
    for (const found of rule.detect(step, run)) findings.push(findingOf(rule, found, step));
  }
  return findings;
}

/** A rule about work speaks only where work happens: on a server, if one was asked, and in this part of the statement. */
function isAtWork(step: Step): boolean {
  if (isUnseen(step)) return true;
  const isPart = step.operation.kind === "alter-table" && step.operation.isPart;
  return workOf(step.effects).length > 0 && (!isPart || workOf(step.predicted).length > 0);
}

/** Work that neither the prediction nor a trace can show for want of a relation: a whole schema, a whole database. */
const isUnseen = ({ operation }: Step): boolean =>
  (operation.kind === "reindex" && (operation.object === "schema" || operation.object === "database")) ||
  (operation.kind === "cluster" && operation.table === undefined) ||
  (operation.kind === "vacuum" && operation.tables.length === 0) ||
  operation.kind === "alter-domain";

/** A finding whose rule is about the work that the statement does. */
const isExplained = (findings: readonly Finding[]): boolean =>
  findings.some(({ rule }) => ruleById(rule)?.physical === true || rule === "required-column");

/** EXCLUSIVE on a materialized view stops nobody but the next refresh: no one writes to it. */
const isRefreshedAlone = ({ operation, held }: Step): boolean =>
  operation.kind === "refresh-view" && operation.concurrently && held.length === 0;

/** Blocking work that no rule explains is told all the same. */
function unexplained(steps: readonly Step[], findings: readonly Finding[]): Finding[] {
  const step = steps.find((candidate) => blockingLock(candidate) !== undefined && !isRefreshedAlone(candidate));
  const rule = ruleById("blocking-work");
  if (step === undefined || rule === undefined || isExplained(findings)) return [];
  const [relation = ""] = workOf(step.effects);
  return [findingOf(rule, { subject: { relation }, lock: blockingLock(step) }, step)];
}

function unreadable(statement: Statement, { message, line }: ParseFault): Finding[] {
  const rule = ruleById(UNREADABLE);
  if (rule === undefined) return [];
  return [
    {
      ...projectFinding(rule, { subject: { relation: "" }, note: message, line }, undefined),
      source: "parser",
      index: statement.index,
      statement: statement.sql.slice(0, 300),
    },
  ];
}

const unseenIn = ({ reason }: OperationOf<"unseen">, { line }: Statement): ParseFault => ({ message: reason, line });

const inOrder = (findings: readonly Finding[]): Finding[] =>
  findings
    .map((finding, position) => ({ finding, position }))
    .sort((a, b) => a.finding.index - b.finding.index || a.position - b.position)
    .map(({ finding }) => finding);
