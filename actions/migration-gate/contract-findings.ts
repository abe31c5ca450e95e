import { BREAKS, type ContractChange, type ContractChangeKind, type Finding, ruleById } from "@augeo/migrations";
import type { SeenStatement } from "./judged-revision.ts";

const RULES: Readonly<Record<ContractChangeKind, string>> = {
  "table-dropped": "drop-table",
  "table-renamed": "rename-table",
  "view-dropped": "drop-view",
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
  "enum-value-removed": "enum-value-renamed",
  "enum-value-renamed": "enum-value-renamed",
  "sequence-dropped": "drop-table",
  "function-changed": "routine-replaced",
  "trigger-changed": "routine-replaced",
  "view-changed": "routine-replaced",
  "schema-dropped": "rename-schema",
};

/** What the catalogs show and no statement told: the effects of functions, DO blocks and Python loops. Pure. */
export function contractFindings(
  changes: readonly ContractChange[],
  known: readonly Finding[],
  statements: readonly SeenStatement[],
  line: number,
): Finding[] {
  const told = new Set(known.map(({ rule, relation }) => `${rule} ${relation ?? ""}`));
  const found = changes.flatMap((change) => {
    const id = RULES[change.kind];
    return told.has(`${id} ${change.relation}`) ? [] : findingFor(change, id, statements, line);
  });
  const seen = new Set<string>();
  return found.filter(({ rule, relation }) => {
    const key = `${rule} ${relation}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function findingFor(change: ContractChange, id: string, statements: readonly SeenStatement[], line: number): Finding[] {
  const rule = ruleById(id);
  if (rule === undefined) return [];
  const { relation, object, before, after } = change;
  const index = statements.findIndex(({ sql }) => sql.includes(object ?? relation) && sql.includes(relation));
  const own = statements[index];
  const severity = BREAKS[change.kind];
  return [
    {
      rule: rule.id,
      hazard: rule.hazard,
      title: rule.title,
      scope: "compat",
      statement: own?.sql.slice(0, 500) ?? "",
      index,
      relation,
      lock: null,
      blocks: "nothing",
      rewrite: false,
      scan: false,
      indexBuild: false,
      phase: severity === "block" ? "contract" : "expand",
      severity,
      severities: { lock: "none", oldCode: severity },
      source: "contract",
      line: own?.line ?? line,
      note: noteOf(change.kind, object, before, after),
      recipe: rule.recipe({ relation, column: object, to: after }),
    },
  ];
}

function noteOf(
  kind: string,
  object: string | undefined,
  before: string | undefined,
  after: string | undefined,
): string {
  const words = kind.replaceAll("-", " ");
  const change =
    before === undefined && after === undefined ? "" : `: ${before ?? ""}${before && after ? " → " : ""}${after ?? ""}`;
  return `${words}${object === undefined ? "" : ` ${object}`}${change}`;
}
