import type { ContractChange, ContractChangeKind } from "../contract-diff.ts";
import type { Finding } from "../finding.ts";
import { ruleById } from "../rules/index.ts";
import type { Subject } from "../rules/rule.ts";
import { PUBLIC, schemaOf } from "../sql/decode-grant.ts";
import { projectFinding } from "./finding-of.ts";

const RULE_OF: Readonly<Record<ContractChangeKind, string>> = {
  "table-dropped": "drop-table",
  "table-renamed": "rename-table",
  "view-dropped": "drop-view",
  "view-column-dropped": "drop-view",
  "view-type-changed": "drop-view",
  "column-dropped": "drop-column",
  "column-renamed": "rename-column",
  "column-required": "required-column",
  "not-null-added": "column-becomes-required",
  "not-null-dropped": "drop-not-null",
  "default-dropped": "drop-default",
  "default-changed": "default-changed",
  "type-changed": "type-change-breaks-code",
  "check-added": "new-constraint-rejects-writes",
  "unique-added": "new-unique-rejects-writes",
  "foreign-key-added": "new-constraint-rejects-writes",
  "exclusion-added": "new-constraint-rejects-writes",
  "enum-value-added": "enum-value-added",
  "enum-value-removed": "drop-type-or-sequence",
  "enum-value-renamed": "enum-value-renamed",
  "sequence-dropped": "drop-type-or-sequence",
  "function-dropped": "drop-routine",
  "function-result-changed": "drop-routine",
  "function-changed": "routine-replaced",
  "trigger-changed": "routine-replaced",
  "view-changed": "routine-replaced",
  "schema-dropped": "drop-database",
  "privilege-lost": "revoke",
};

/** Rules that speak of the same change in other words, so that one change is told once. */
const SAME_CHANGE: Readonly<Record<string, readonly string[]>> = {
  "drop-view": ["drop-materialized-view"],
  "drop-default": ["default-dropped-again"],
  "drop-table": ["recreated-table", "rename-table"],
  // A type change that writes nothing and that old code does not notice changes the catalog all the same.
  "type-change-breaks-code": ["safe-type-change", "type-change-rewrites"],
};

/** What the catalogs before and after a revision show, beyond what its statements already told. */
export function judgeContract(changes: readonly ContractChange[], told: readonly Finding[] = []): Finding[] {
  return changes.flatMap((change) => {
    const id = RULE_OF[change.kind];
    const rule = ruleById(id);
    const names = [id, ...(SAME_CHANGE[id] ?? [])];
    const isTold = told.some((finding) => names.includes(finding.rule) && isAbout(finding, change));
    if (rule === undefined || isTold) return [];
    const hit = { subject: subjectOf(change), note: noteOf(change), line: 1 };
    return [{ ...projectFinding(rule, hit, undefined), source: "contract" as const }];
  });
}

/** A privilege may have been taken on all tables of a schema, or with the role. */
function isAbout({ relation: told }: Finding, { kind, relation, object, on }: ContractChange): boolean {
  if (told === relation || kind !== "privilege-lost") return told === relation;
  const isOfSchema = told === schemaOf(relation) && on !== "function";
  return isOfSchema || (told === object && object !== PUBLIC);
}

function subjectOf({ kind, relation, object, on, before, after }: ContractChange): Subject {
  if (kind === "privilege-lost") return { relation, name: object, columns: before?.split(", "), type: on };
  const name = kind.startsWith("function-") ? relation : object;
  return { relation, name, column: object, type: after, to: after };
}

function noteOf({ kind, object, before, after }: ContractChange): string {
  if (kind === "privilege-lost")
    return `${object === PUBLIC ? "PUBLIC" : object} loses ${before}${after === undefined ? "" : `, ${after}`}`;
  const what = `${kind.replace(/-/g, " ")}${object === undefined ? "" : `: ${object}`}`;
  if (before === undefined && after === undefined) return what;
  return `${what} (${before ?? "nothing"} → ${after ?? "nothing"})`;
}
