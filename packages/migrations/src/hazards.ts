export { judgeContract } from "./engine/judge-contract.ts";
export {
  DEFAULT_VERSION,
  foldStatements,
  type Judgement,
  judge,
  judgeAlembic,
  judgeRevision,
  type RevisionInput,
  UNREADABLE,
} from "./engine/judge-revision.ts";
export { FIRST_TRANSACTION, type JudgeOptions, type Step } from "./engine/step.ts";
export * from "./finding.ts";
export { needsMending, type PhasePlan, phaseOfFindings, planPhases } from "./policy/phase-plan.ts";
export * from "./policy/policy.ts";
export * from "./policy/suppression.ts";
export { commentMarker, MAX_COMMENT, renderComment } from "./report/comment.ts";
export type { GateReport, RevisionReport } from "./report/gate-report.ts";
export { type FindingsJson, findingsJson, reportJson } from "./report/json.ts";
export { code, factsTable, plain } from "./report/markdown.ts";
export { ruleIndexPage, rulePage } from "./report/rule-page.ts";
export { renderSarif } from "./report/sarif.ts";
export type * from "./revision-facts.ts";
export { RULES, ruleById } from "./rules/index.ts";
export type { Example, Rule, Scope, Severities, Severity, Subject } from "./rules/rule.ts";
export { EMPTY_SCHEMA, type Schema } from "./schema/schema.ts";
export { decodeStatement } from "./sql/decode-statement.ts";
export type * from "./sql/operation.ts";
export { type Piece, splitStatements } from "./sql/split-statements.ts";
export type { ParseFault, Routine, Statement } from "./statement.ts";
export * from "./trace.ts";
