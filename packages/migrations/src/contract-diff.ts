import { lostPrivileges } from "./contract-privileges.ts";
import { type CatalogRoutine, diffRoutines } from "./contract-routines.ts";
import type { Phase } from "./gate-verdict.ts";

/** A column as the running code sees it. */
export interface CatalogColumn {
  /** pg_attribute.attnum: stays when the column is renamed. */
  number: number;
  /** As format_type prints it: `character varying(20)`. */
  type: string;
  notNull: boolean;
  /** The default's expression; `identity` and `generated` columns fill themselves and count as having one. */
  default: string | null;
  fills: "" | "identity" | "generated";
}

export interface CatalogRelation {
  oid: number;
  /** pg_class.relkind: r, p table; v view; m materialized view; f foreign table; S sequence. */
  kind: string;
  columns: Readonly<Record<string, CatalogColumn>>;
  /** Text of a view; a hash is as good. */
  definition: string;
}

export interface CatalogConstraint {
  oid: number;
  table: string;
  name: string;
  /** pg_constraint.contype: c check, u unique, p primary, f foreign, x exclusion, n not null, t trigger. */
  kind: string;
  /** As pg_get_constraintdef prints it, without NOT VALID. */
  definition: string;
}

export interface CatalogIndex {
  table: string;
  unique: boolean;
  valid: boolean;
  definition: string;
}

/** What code can see of a database's schema. Names come without `public.`; the maps' keys are those names. */
export interface Catalog {
  schemas: readonly string[];
  relations: Readonly<Record<string, CatalogRelation>>;
  constraints: readonly CatalogConstraint[];
  indexes: Readonly<Record<string, CatalogIndex>>;
  /** Labels in their order, with the oid that stays when one is renamed. */
  enums: Readonly<Record<string, readonly { oid: number; label: string }[]>>;
  /** By signature. */
  functions: Readonly<Record<string, CatalogRoutine>>;
  /** By `table.trigger`. */
  triggers: Readonly<Record<string, string>>;
  /**
   * What each role may do, by kind and name of the object (`table account`), as `role PRIVILEGE`: by a grant of its own,
   * of a role it is in, or to PUBLIC. Superusers, who may everything, are left out.
   */
  privileges: Readonly<Record<string, readonly string[]>>;
}

export const EMPTY_CATALOG: Catalog = {
  schemas: [],
  relations: {},
  constraints: [],
  indexes: {},
  enums: {},
  functions: {},
  triggers: {},
  privileges: {},
};

export type ContractChangeKind =
  | "table-dropped"
  | "table-renamed"
  | "view-dropped"
  | "view-column-dropped"
  | "view-type-changed"
  | "column-dropped"
  | "column-renamed"
  /** A new NOT NULL column that nothing fills: the running code's INSERTs do not name it. */
  | "column-required"
  | "not-null-added"
  | "not-null-dropped"
  | "default-dropped"
  | "default-changed"
  | "type-changed"
  | "check-added"
  | "unique-added"
  | "foreign-key-added"
  | "exclusion-added"
  | "enum-value-added"
  | "enum-value-removed"
  | "enum-value-renamed"
  | "sequence-dropped"
  | "function-dropped"
  | "function-result-changed"
  | "function-changed"
  | "trigger-changed"
  | "view-changed"
  | "schema-dropped"
  | "privilege-lost";

/** One thing that is no longer as the running code knows it. Additions it cannot notice are no changes. */
export interface ContractChange {
  kind: ContractChangeKind;
  /** Table, view, enum, function or schema. */
  relation: string;
  /** Column, constraint, label, trigger, or the role that loses a privilege. */
  object?: string;
  /** What a lost privilege was on: `table`, `sequence`, `schema`, `function`. */
  on?: string;
  before?: string;
  after?: string;
}

/** How much a change hurts the code of the release that is still live. */
export const BREAKS: Readonly<Record<ContractChangeKind, "block" | "warn" | "info">> = {
  "table-dropped": "block",
  "table-renamed": "block",
  "view-dropped": "block",
  "view-column-dropped": "block",
  "view-type-changed": "block",
  "column-dropped": "block",
  "column-renamed": "block",
  "column-required": "block",
  "not-null-added": "block",
  "default-dropped": "block",
  "type-changed": "block",
  "enum-value-removed": "block",
  "enum-value-renamed": "block",
  "sequence-dropped": "block",
  "function-dropped": "block",
  "function-result-changed": "block",
  "schema-dropped": "block",
  "privilege-lost": "block",
  "check-added": "warn",
  "unique-added": "warn",
  "foreign-key-added": "warn",
  "exclusion-added": "warn",
  "enum-value-added": "warn",
  "not-null-dropped": "warn",
  "default-changed": "info",
  "function-changed": "info",
  "trigger-changed": "info",
  "view-changed": "info",
};

/** A revision is a contract one when the code before it cannot live with what it leaves. */
export function phaseOfChanges(changes: readonly ContractChange[]): Phase {
  return changes.some(({ kind }) => BREAKS[kind] === "block") ? "contract" : "expand";
}

/** What would break, hinder or surprise the code that was written for `before`, once the database is at `after`. */
export function diffCatalogs(before: Catalog, after: Catalog): ContractChange[] {
  return [
    ...goneSchemas(before, after),
    ...Object.entries(before.relations).flatMap(([name, relation]) => diffRelation(name, relation, before, after)),
    ...newConstraints(before, after),
    ...newUniqueIndexes(before, after),
    ...Object.entries(before.enums).flatMap(([name, labels]) => diffEnum(name, labels, after.enums[name] ?? [])),
    ...diffRoutines(before.functions, after.functions),
    ...triggerChanges(before, after),
    ...lostPrivileges(before, after),
  ];
}

function goneSchemas(before: Catalog, after: Catalog): ContractChange[] {
  return before.schemas
    .filter((schema) => !after.schemas.includes(schema))
    .map((relation) => ({ kind: "schema-dropped", relation }));
}

function diffRelation(name: string, old: CatalogRelation, before: Catalog, after: Catalog): ContractChange[] {
  const same = after.relations[name];
  if (same === undefined) return [goneRelation(name, old, after)];
  const columns = diffColumns(name, old, same);
  const isView = old.kind === "v" || old.kind === "m";
  const asView = isView || isStandIn(same) ? columns.map(ofView) : columns;
  if (!isView || !isStandIn(same) || same.definition === old.definition || columns.length > 0) return asView;
  return before.relations[name] === same ? [] : [{ kind: "view-changed", relation: name }];
}

/** A view is mended otherwise than a table. */
function ofView(change: ContractChange): ContractChange {
  if (change.kind === "column-dropped") return { ...change, kind: "view-column-dropped" };
  return change.kind === "type-changed" ? { ...change, kind: "view-type-changed" } : change;
}

const isStandIn = ({ kind }: CatalogRelation): boolean => kind === "v" || kind === "m";

function goneRelation(name: string, { oid, kind }: CatalogRelation, after: Catalog): ContractChange {
  const renamed = Object.entries(after.relations).find(([, relation]) => relation.oid === oid)?.[0];
  if (renamed !== undefined) return { kind: "table-renamed", relation: name, after: renamed };
  if (kind === "S") return { kind: "sequence-dropped", relation: name };
  return { kind: kind === "v" || kind === "m" ? "view-dropped" : "table-dropped", relation: name };
}

/** A relation that took over the name (a view over a renamed table) has to offer the same columns. */
function diffColumns(relation: string, old: CatalogRelation, now: CatalogRelation): ContractChange[] {
  const sameRelation = old.oid === now.oid;
  const changed = Object.entries(old.columns).flatMap(([object, column]) => {
    const other = now.columns[object];
    if (other !== undefined) return diffColumn(relation, object, column, other, now.kind);
    const renamed = sameRelation
      ? Object.entries(now.columns).find(
          ([name, { number }]) => number === column.number && !(name in old.columns),
        )?.[0]
      : undefined;
    return renamed === undefined
      ? [{ kind: "column-dropped", relation, object } as const]
      : [{ kind: "column-renamed", relation, object, after: renamed } as const];
  });
  const numbers = new Set(Object.values(old.columns).map(({ number }) => number));
  const added = Object.entries(now.columns).filter(
    ([name, { number }]) => !(name in old.columns) && !numbers.has(number),
  );
  const required = added.filter(([, column]) => column.notNull && !isFilled(column));
  return [...changed, ...required.map(([object]) => ({ kind: "column-required", relation, object }) as const)];
}

const isFilled = (column: CatalogColumn): boolean => column.default !== null || column.fills !== "";

function diffColumn(
  relation: string,
  object: string,
  old: CatalogColumn,
  now: CatalogColumn,
  kind: string,
): ContractChange[] {
  const changes: ContractChange[] = [];
  const note = (change: ContractChangeKind, before?: string, after?: string): void => {
    const texts = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
    changes.push({ kind: change, relation, object, ...texts });
  };
  if (old.type !== now.type && !isWider(old.type, now.type)) note("type-changed", old.type, now.type);
  // A view's columns have neither; its table still has.
  if (kind === "v") return changes;
  if (!old.notNull && now.notNull) note("not-null-added");
  if (old.notNull && !now.notNull) note("not-null-dropped");
  if (isFilled(old) && !isFilled(now)) {
    if (now.notNull) note("default-dropped", old.default ?? old.fills);
    else note("default-changed", old.default ?? old.fills);
  } else if (old.default !== null && now.default !== null && old.default !== now.default) {
    note("default-changed", old.default, now.default);
  }
  return changes;
}

/** Types whose every value the old code can still read, and that still take every value it writes. */
export function isWider(before: string, after: string): boolean {
  const [from, to] = [sized(before), sized(after)];
  if (from === undefined || to === undefined) return false;
  if (from.base === "numeric" && to.base === "numeric") {
    if (to.sizes.length === 0) return true;
    return (
      from.sizes.length > 0 && (to.sizes[1] ?? 0) === (from.sizes[1] ?? 0) && (to.sizes[0] ?? 0) >= (from.sizes[0] ?? 0)
    );
  }
  if (!TEXTS.has(from.base) || !TEXTS.has(to.base)) return from.base === to.base && grows(from, to);
  return to.base === "text" || (to.base === "character varying" && grows(from, to));
}

const TEXTS = new Set(["character varying", "text", "citext"]);

interface SizedType {
  base: string;
  sizes: readonly number[];
}

const SIZED = /^([a-z ]+?)(?:\((\d+)(?:,(-?\d+))?\))?( with(?:out)? time zone)?$/;

function sized(type: string): SizedType | undefined {
  const found = SIZED.exec(type);
  if (found === null) return undefined;
  const sizes = [found[2], found[3]].filter((size) => size !== undefined).map(Number);
  return { base: `${found[1] ?? ""}${found[4] ?? ""}`, sizes };
}

/** Without a size there is no limit. */
function grows(from: SizedType, to: SizedType): boolean {
  if (to.sizes.length === 0) return true;
  return from.base !== "text" && from.sizes.length > 0 && (to.sizes[0] ?? 0) >= (from.sizes[0] ?? 0);
}

const CONSTRAINT_CHANGES: Readonly<Record<string, ContractChangeKind>> = {
  c: "check-added",
  u: "unique-added",
  p: "unique-added",
  f: "foreign-key-added",
  x: "exclusion-added",
};

const isEnforced = ({ definition }: CatalogConstraint): boolean => !/ NOT ENFORCED$/.test(definition);

/**
 * New rules for rows that the running code writes. One that is made again under the same text is none, and neither is
 * one that has another text because what it names was renamed.
 */
function newConstraints(before: Catalog, after: Catalog): ContractChange[] {
  const texts = new Set(before.constraints.map(({ table, definition }) => `${table} ${definition}`));
  const enforced = new Set(before.constraints.filter(isEnforced).map(({ oid }) => oid));
  return after.constraints.flatMap(({ oid, table, name, kind, definition }) => {
    const change = CONSTRAINT_CHANGES[kind];
    if (change === undefined || before.relations[table] === undefined) return [];
    if (enforced.has(oid) || texts.has(`${table} ${definition}`)) return [];
    return [{ kind: change, relation: table, object: name, after: definition }];
  });
}

/** A unique index that belongs to a constraint is told with it. */
function newUniqueIndexes(before: Catalog, after: Catalog): ContractChange[] {
  const constraints = new Set(after.constraints.map(({ name }) => name));
  const known = new Set(
    Object.values(before.indexes).map(({ table, definition }) => `${table} ${afterOn(definition)}`),
  );
  return Object.entries(after.indexes).flatMap(([name, { table, unique, definition }]) => {
    const isOld = before.indexes[name]?.unique === true || known.has(`${table} ${afterOn(definition)}`);
    if (!unique || isOld || constraints.has(bare(name)) || before.relations[table] === undefined) return [];
    return [{ kind: "unique-added", relation: table, object: name, after: definition }];
  });
}

const bare = (name: string): string => name.slice(name.lastIndexOf(".") + 1);
const afterOn = (definition: string): string => definition.replace(/^CREATE (UNIQUE )?INDEX .*? ON /, "$1");

type Labels = Catalog["enums"][string];

function diffEnum(relation: string, old: Labels, now: Labels): ContractChange[] {
  const byOid = new Map(now.map(({ oid, label }) => [oid, label]));
  const labels = new Set(now.map(({ label }) => label));
  const gone = old.filter(({ label }) => !labels.has(label));
  const changes = gone.map(({ oid, label }): ContractChange => {
    const renamed = byOid.get(oid);
    if (renamed === undefined) return { kind: "enum-value-removed", relation, object: label };
    return { kind: "enum-value-renamed", relation, object: label, after: renamed };
  });
  const known = new Set(old.map(({ oid }) => oid));
  const names = new Set(old.map(({ label }) => label));
  const added = now.filter(({ oid, label }) => !known.has(oid) && !names.has(label));
  return [
    ...changes,
    ...added.map(({ label }): ContractChange => ({ kind: "enum-value-added", relation, object: label })),
  ];
}

function triggerChanges(before: Catalog, after: Catalog): ContractChange[] {
  const names = new Set([...Object.keys(before.triggers), ...Object.keys(after.triggers)]);
  return [...names].flatMap((name) => {
    const table = name.slice(0, name.lastIndexOf("."));
    if (before.triggers[name] === after.triggers[name] || before.relations[table] === undefined) return [];
    if (after.relations[table] === undefined) return [];
    return [{ kind: "trigger-changed", relation: table, object: name.slice(table.length + 1) }];
  });
}

/**
 * Where two catalogs differ, told in sentences: after an upgrade, a downgrade and an upgrade they should not. Object
 * ids, column numbers and the order of columns may differ.
 */
export function differences(expected: Catalog, found: Catalog): string[] {
  const [old, now] = [flatten(expected), flatten(found)];
  const lost = [...old].filter(([name]) => !now.has(name)).map(([name]) => `${name} is missing`);
  const extra = [...now].filter(([name]) => !old.has(name)).map(([name]) => `${name} is left over`);
  const changed = [...old].filter(([name, text]) => now.has(name) && now.get(name) !== text);
  return [...lost, ...extra, ...changed.map(([name, text]) => `${name} is ${now.get(name)}, not ${text}`)];
}

function flatten(catalog: Catalog): Map<string, string> {
  const lines = new Map<string, string>();
  for (const schema of catalog.schemas) lines.set(`schema ${schema}`, "there");
  for (const [name, { kind, columns, definition }] of Object.entries(catalog.relations)) {
    lines.set(`${RELATION_WORDS[kind] ?? "relation"} ${name}`, definition || "there");
    for (const [column, { type, notNull, default: value, fills }] of Object.entries(columns)) {
      const parts = [type, notNull ? "not null" : "", value === null ? "" : `default ${value}`, fills];
      lines.set(`column ${name}.${column}`, parts.filter((part) => part !== "").join(" "));
    }
  }
  for (const { table, name, definition } of catalog.constraints) lines.set(`constraint ${table}.${name}`, definition);
  for (const [name, { definition, valid }] of Object.entries(catalog.indexes)) {
    lines.set(`index ${name}`, `${definition}${valid ? "" : " INVALID"}`);
  }
  for (const [name, labels] of Object.entries(catalog.enums)) {
    lines.set(`enum ${name}`, labels.map(({ label }) => label).join(", "));
  }
  for (const [name, { result, defaults, definition }] of Object.entries(catalog.functions))
    lines.set(`function ${name}`, `${result ?? ""} ${defaults} ${definition}`.trim());
  for (const [name, text] of Object.entries(catalog.triggers)) lines.set(`trigger ${name}`, text);
  return lines;
}

const RELATION_WORDS: Readonly<Record<string, string>> = {
  r: "table",
  p: "table",
  f: "table",
  v: "view",
  m: "materialized view",
  S: "sequence",
};
