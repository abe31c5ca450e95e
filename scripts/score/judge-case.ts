import { EMPTY_SCHEMA, type Finding, foldStatements, judgeRevision, type Schema } from "@augeo/migrations";
import type { SqlParser } from "@augeo/sql-parser";
import type { Case } from "./case.ts";

export interface CaseJudgement {
  readonly findings: readonly Finding[];
  readonly isLongBlocking: boolean;
}

/** Judges a case as the gate judges revisions: what comes before is the database, each script is a revision. */
export function judgeCase(one: Case, parser: SqlParser): CaseJudgement {
  let schema: Schema = one.preamble === "" ? EMPTY_SCHEMA : foldStatements(parser.statements(one.preamble));
  const findings: Finding[] = [];
  let isLongBlocking = false;
  const isChain = one.scripts.length > 0;
  for (const script of isChain ? one.scripts : [one.sql]) {
    const inTransaction = isChain ? !/\bconcurrently\b/i.test(script) : one.inTransaction;
    const options = { inTransaction, ...(one.version === undefined ? {} : { version: one.version }) };
    const judgement = judgeRevision({ statements: parser.statements(script), schema, options });
    findings.push(...judgement.findings);
    isLongBlocking ||= judgement.isLongBlocking;
    schema = judgement.schema;
  }
  return { findings, isLongBlocking };
}
