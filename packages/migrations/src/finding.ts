import type { Phase } from "./gate-verdict.ts";
import type { Scope, Severities, Severity } from "./rules/rule.ts";
import type { Blocks, LockMode } from "./trace.ts";

/** Where a finding comes from, from what was measured to what was read. */
export type Source = "trace" | "contract" | "parser" | "ast";

export type { Phase };

export interface Finding {
  readonly rule: string;
  readonly hazard: string;
  readonly title: string;
  readonly scope: Scope;
  /** The SQL of the statement, shortened; empty for findings on the project. */
  readonly statement: string;
  /** Position of the statement in the revision, from 0; -1 for findings on the project. */
  readonly index: number;
  readonly relation: string | null;
  /** Of the relation in production, where it is known. */
  readonly rows?: number;
  readonly lock: LockMode | null;
  readonly blocks: Blocks;
  readonly rewrite: boolean;
  readonly scan: boolean;
  readonly indexBuild: boolean;
  readonly phase: Phase;
  /** The worse of the two severities. */
  readonly severity: Severity;
  readonly severities: Severities;
  readonly source: Source;
  /** Line of the SQL script, or of the revision file for `ast`; from 1. */
  readonly line: number;
  readonly file?: string;
  readonly note?: string;
  readonly recipe: string;
}

const RANK: Readonly<Record<Severity, number>> = { none: 0, info: 1, warn: 2, block: 3 };

export const worse = (a: Severity, b: Severity): Severity => (RANK[a] >= RANK[b] ? a : b);
export const isAtLeast = (severity: Severity, least: Severity): boolean => RANK[severity] >= RANK[least];

/** The relation and how large it is, for a sentence: `team, 1,200,000 rows`. */
export const sizedRelation = ({ relation, rows }: Finding): string =>
  [relation ?? "", ...(rows === undefined ? [] : [`${rows.toLocaleString("en-US")} rows`])].join(", ");

/** A statement holds everyone up for as long as its table is large. */
export const isLongBlocking = (finding: Finding): boolean =>
  (finding.rewrite || finding.scan || finding.indexBuild) &&
  (finding.blocks === "reads and writes" || finding.blocks === "writes");
