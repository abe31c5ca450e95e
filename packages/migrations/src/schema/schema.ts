import type { Expression } from "../sql/expression.ts";
import type { ConstraintKind, Generated, Operation, OperationOf, TableAction } from "../sql/operation.ts";
import type { TypeName } from "../sql/type-name.ts";
import type { Grants } from "./grants.ts";
import type { Shape } from "./shape.ts";

export interface Column {
  /** Unknown when only a later statement named the column. */
  readonly type: TypeName | undefined;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly identity: boolean;
  readonly generated: Generated;
  readonly collation: string | undefined;
}

export interface Constraint {
  readonly name: string;
  readonly kind: ConstraintKind;
  readonly columns: readonly string[];
  readonly valid: boolean;
  readonly provesNotNull: readonly string[];
  readonly references: string | undefined;
  readonly referencedColumns: readonly string[];
  /** Known by name only. */
  readonly isUnseen?: true;
}

export interface Index {
  /** With the schema of its table, as every relation is called. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly mentions: readonly string[];
  readonly computed: boolean;
  readonly unique: boolean;
}

export interface Table {
  readonly name: string;
  readonly kind: "table" | "view" | "materialized-view";
  /** Every column is known: the table was seen being created. */
  readonly complete: boolean;
  readonly columns: ReadonlyMap<string, Column>;
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
  /** `undefined` when unknown. */
  readonly logged: boolean | undefined;
  readonly partitioned: boolean;
  readonly partitionKey: readonly string[];
  readonly partitionOf: string | undefined;
  readonly isDefaultPartition: boolean;
  /** Tables it inherits from; a partition's parent is `partitionOf`. */
  readonly inherits: readonly string[];
  /** Relations that a view reads. */
  readonly reads: readonly string[];
  /** What a view gives, where that is known. */
  readonly shape?: Shape | undefined;
}

export interface Domain {
  readonly base: TypeName;
  /** Names of its CHECK constraints. */
  readonly checks: readonly string[];
  readonly notNull: boolean;
  readonly default: Expression | undefined;
}

export type Routine = Pick<OperationOf<"create-function">, "volatile" | "result" | "body"> &
  Partial<Pick<OperationOf<"create-function">, "arguments" | "returns">>;

/** What is known of a database from the statements seen so far. What is absent is unknown, not missing. */
export interface Schema {
  readonly tables: ReadonlyMap<string, Table>;
  readonly enums: ReadonlyMap<string, readonly string[]>;
  readonly domains: ReadonlyMap<string, Domain>;
  /** Functions and procedures seen being created. */
  readonly functions: ReadonlyMap<string, Routine>;
  /** Roles seen being created, all of whose grants were seen. */
  readonly roles: ReadonlySet<string>;
  readonly grants: Grants;
  /** What PREPARE and DECLARE CURSOR named. */
  readonly prepared: ReadonlyMap<string, readonly Operation[]>;
}

export const EMPTY_SCHEMA: Schema = {
  tables: new Map(),
  enums: new Map(),
  domains: new Map(),
  functions: new Map(),
  roles: new Set(),
  grants: new Map(),
  prepared: new Map(),
};

export const unknownTable = (name: string): Table => ({
  name,
  kind: "table",
  complete: false,
  columns: new Map(),
  constraints: [],
  indexes: [],
  logged: undefined,
  partitioned: false,
  partitionKey: [],
  partitionOf: undefined,
  isDefaultPartition: false,
  inherits: [],
  reads: [],
});

export const UNKNOWN_COLUMN: Column = {
  type: undefined,
  notNull: false,
  hasDefault: false,
  identity: false,
  generated: undefined,
  collation: undefined,
};

/** The domain that a type is, and those that it stands on. An array is none, whatever its elements are. */
export function domainsOf({ domains }: Pick<Schema, "domains">, type: TypeName): Domain[] {
  const found: Domain[] = [];
  const next = ({ name, isArray }: TypeName) => (isArray ? undefined : domains.get(name));
  for (let domain = next(type); domain !== undefined; domain = next(domain.base)) found.push(domain);
  return found;
}

/** A value of it must hold to some rule, so that no old row can be taken for one unseen. */
export const isConstrained = ({ checks, notNull }: Domain): boolean => notNull || checks.length > 0;

/** Whether a column's type is the domain, or stands on it. */
export function isOfDomain(schema: Pick<Schema, "domains">, type: TypeName | undefined, domain: string): boolean {
  if (type === undefined || type.isArray) return false;
  return type.name === domain || domainsOf(schema, type).some(({ base }) => base.name === domain);
}

/** The table that an index belongs to, if it was seen. */
export function tableOfIndex(schema: Schema, index: string): Table | undefined {
  for (const table of schema.tables.values()) {
    if (table.indexes.some((known) => known.name === index)) return table;
  }
  return undefined;
}

/** ALTER TABLE … RENAME takes the names of indexes too. */
export const isIndexName = (schema: Schema, name: string): boolean =>
  !schema.tables.has(name) && tableOfIndex(schema, name) !== undefined;

export const partitionsOf = (schema: Schema, parent: string): Table[] =>
  [...schema.tables.values()].filter((table) => table.partitionOf === parent);

/** Partitions and inheriting tables, and theirs: what a statement on the parent reaches too unless it says ONLY. */
export function heirsOf(schema: Schema, parent: string): Table[] {
  const found = new Map<string, Table>();
  const pending = [parent];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const table of schema.tables.values()) {
      const isHeir = table.partitionOf === name || table.inherits.includes(name);
      if (!isHeir || found.has(table.name) || table.name === parent) continue;
      found.set(table.name, table);
      pending.push(table.name);
    }
  }
  return [...found.values()];
}

/** Keys stay with their table, except that a partition takes on those of its parent; all else is inherited as well. */
export const reaches = (action: TableAction, heir: Table): boolean =>
  heir.partitionOf !== undefined ||
  action.kind !== "add-constraint" ||
  action.constraint.kind === "check" ||
  action.constraint.kind === "not-null";

/** Foreign keys that point to a column of a table (or to any), and the tables that have them. */
export function referencing(schema: Schema, table: string, column?: string): { table: string; key: Constraint }[] {
  const primary = schema.tables.get(table)?.constraints.find(({ kind }) => kind === "primary")?.columns;
  return [...schema.tables.values()].flatMap((other) =>
    other.constraints
      .filter((key) => key.references === table && (column === undefined || pointsTo(key, column, primary)))
      .map((key) => ({ table: other.name, key })),
  );
}

/** A key that names no columns points to the primary key; one that was not seen may be any. */
const pointsTo = (
  { referencedColumns }: Constraint,
  column: string,
  primary: readonly string[] | undefined,
): boolean => (referencedColumns.length > 0 ? referencedColumns.includes(column) : (primary?.includes(column) ?? true));

/** A valid CHECK (or the primary key) already proves the column not null, so PostgreSQL 12 need not look. */
export const provesNotNull = (table: Table | undefined, column: string): boolean =>
  table?.constraints.some((constraint) => constraint.valid && proves(constraint, column)) ?? false;

function proves({ kind, columns, provesNotNull: proven, isUnseen, name }: Constraint, column: string): boolean {
  if (isUnseen === true) return `_${name}_`.includes(`_${column}_`) && /null|present|required/i.test(name);
  return proven.includes(column) || (kind === "primary" && columns.includes(column));
}
