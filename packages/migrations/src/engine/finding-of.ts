import { type Finding, type Phase, worse } from "../finding.ts";
import type { Hit, Rule, Severities, Subject } from "../rules/rule.ts";
import { blocksOf, type Lock, strongest } from "../trace.ts";
import type { Step } from "./step.ts";

/** Longest excerpt of a statement in a finding, in characters. */
const MAX_STATEMENT = 500;

export function findingOf(rule: Rule, hit: Hit, step: Step): Finding {
  const { relation } = hit.subject;
  const subject = visible(hit.subject);
  const { effects, statement } = step;
  const lock = hit.lock ?? lockFor(relation, step);
  const severities: Severities = { ...rule.severity, ...hit.severity };
  // What names an index or a type is about all that its statement does.
  const isTable = relation !== "" && isMentioned(relation, step);
  const concerns = (name: string) => name === relation || !isTable;
  return {
    rule: rule.id,
    hazard: rule.hazard,
    title: rule.title,
    scope: rule.scope,
    statement: excerpt(statement.sql),
    index: statement.index,
    relation: relation === "" ? null : subject.relation,
    lock: lock?.mode ?? null,
    blocks: blocksOf(lock?.mode),
    rewrite: effects.rewrites.some(concerns),
    scan: effects.scans.some(concerns),
    indexBuild: effects.indexBuilds.some((build) => concerns(build.relation)),
    phase: phaseOf(severities, step),
    severity: worse(severities.lock, severities.oldCode),
    severities,
    source: step.source,
    line: statement.line,
    ...(hit.note === undefined ? {} : { note: oneLine(hit.note) }),
    recipe: rule.recipe(subject),
  };
}

const isMentioned = (relation: string, { effects, held }: Step): boolean =>
  [...effects.locks, ...held, ...effects.indexBuilds].some((one) => one.relation === relation) ||
  effects.rewrites.includes(relation) ||
  effects.scans.includes(relation);

/** Names may hold anything, line breaks too: in findings and recipes they show what they hold and do nothing. */
const oneLine = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");

const visible = (subject: Subject): Subject => ({
  relation: oneLine(subject.relation),
  name: subject.name && oneLine(subject.name),
  column: subject.column && oneLine(subject.column),
  columns: subject.columns?.map(oneLine),
  type: subject.type && oneLine(subject.type),
  references: subject.references && oneLine(subject.references),
  to: subject.to && oneLine(subject.to),
});

/** The lock that users of the finding's relation meet; where it has none, the strongest that the statement takes. */
function lockFor(relation: string, { effects, held }: Step): Lock | undefined {
  const own = strongest([...effects.locks, ...held].filter((lock) => lock.relation === relation));
  return own ?? strongest(effects.locks) ?? strongest(held);
}

function phaseOf(severities: Severities, step: Step): Phase {
  if (severities.oldCode === "block") return "contract";
  return step.operation.kind === "change-rows" ? "backfill" : "expand";
}

const excerpt = (sql: string): string => (sql.length > MAX_STATEMENT ? `${sql.slice(0, MAX_STATEMENT - 1)}…` : sql);

/** A finding on the project rather than on a statement. */
export function projectFinding(
  rule: Rule,
  hit: Hit & { readonly line: number; readonly file?: string },
  file: string | undefined,
): Finding {
  const severities: Severities = { ...rule.severity, ...hit.severity };
  const where = hit.file ?? file;
  const subject = visible(hit.subject);
  return {
    rule: rule.id,
    hazard: rule.hazard,
    title: rule.title,
    scope: rule.scope,
    statement: "",
    index: -1,
    relation: subject.relation === "" ? null : subject.relation,
    lock: null,
    blocks: "nothing",
    rewrite: false,
    scan: false,
    indexBuild: false,
    phase: severities.oldCode === "block" ? "contract" : "expand",
    severity: worse(severities.lock, severities.oldCode),
    severities,
    source: "ast",
    line: hit.line,
    ...(where === undefined ? {} : { file: where }),
    ...(hit.note === undefined ? {} : { note: oneLine(hit.note) }),
    recipe: rule.recipe(subject),
  };
}
