import {
  EMPTY_SCHEMA,
  type Finding,
  foldStatements,
  isLongBlocking,
  judgeRevision,
  type Schema,
  type Trace,
} from "@augeo/migrations";
import type { SqlParser } from "@augeo/sql-parser";
import type { Case } from "./case.ts";

export interface CaseJudgement {
  readonly findings: readonly Finding[];
  readonly isLongBlocking: boolean;
}

/** Runs a script on a server and says what each statement did; `undefined` when the server cannot set the scene. */
export type Rehearse = (request: {
  preamble: string;
  sql: string;
  inTransaction: boolean;
}) => Promise<{ traces: Trace[]; version: number } | undefined>;

/** Many cases stand on few scenes. */
const scenes = new Map<string, Schema>();

function sceneOf(preamble: string, parser: SqlParser): Schema {
  const known = scenes.get(preamble) ?? foldStatements(parser.statements(preamble), EMPTY_SCHEMA);
  scenes.set(preamble, known);
  return known;
}

/** Judges a case as the gate judges revisions: what comes before is the database, each script is a revision. */
export async function judgeCase(one: Case, parser: SqlParser, rehearse?: Rehearse): Promise<CaseJudgement> {
  let schema = sceneOf(one.preamble, parser);
  let preamble = one.preamble;
  const findings: Finding[] = [];
  let isBlocking = false;
  const isChain = one.scripts.length > 0;
  for (const sql of isChain ? one.scripts : [one.sql]) {
    const inTransaction = isChain ? !/\bconcurrently\b/i.test(sql) : one.inTransaction;
    const rehearsed = await rehearse?.({ preamble, sql, inTransaction });
    const traces = rehearsed?.traces;
    const options = {
      inTransaction,
      ...(rehearsed && { tracedVersion: rehearsed.version }),
      ...(one.version === undefined ? {} : { version: one.version }),
    };
    const judgement = judgeRevision({ statements: parser.statements(sql), schema, options, ...(traces && { traces }) });
    findings.push(...judgement.findings);
    isBlocking ||= judgement.findings.some(isLongBlocking);
    schema = judgement.schema;
    preamble = `${preamble}\n;${sql}`;
  }
  return { findings, isLongBlocking: isBlocking };
}
