import type { ColumnDefinition, ConstraintDefinition, Like, OperationOf } from "../sql/operation.ts";
import { isSerial, type TypeName } from "../sql/type-name.ts";
import type { Draft } from "./draft.ts";
import { type Column, type Constraint, type Index, type Table, unknownTable } from "./schema.ts";

export function foldCreateTable(draft: Draft, operation: OperationOf<"create-table">): void {
  if (operation.ifNotExists && draft.tables.has(operation.table)) return;
  const parents = operation.parents.map((name) => draft.tables.get(name));
  const models = [...parents, ...operation.likes.map((like) => copied(draft.tables.get(like.table), like))];
  const columns = new Map(models.flatMap((model) => [...(model?.columns ?? [])]));
  for (const column of operation.columns) columns.set(column.name, toColumn(column));
  const bare: Table = {
    ...unknownTable(operation.table),
    complete: models.every((model) => model?.complete === true),
    columns,
    constraints: models.flatMap((model) => model?.constraints.filter(({ kind }) => kind !== "foreign") ?? []),
    indexes: models.flatMap((model) => model?.indexes.map((index) => ownIndex(operation.table, index)) ?? []),
    logged: !operation.unlogged,
    partitioned: operation.partitioned,
    partitionKey: operation.partitionKey,
    partitionOf: operation.isPartition ? operation.parents[0] : undefined,
    isDefaultPartition: operation.isDefaultPartition,
    inherits: operation.isPartition ? [] : operation.parents,
  };
  const own = operation.columns.flatMap((column) => column.constraints);
  const table = [...own, ...operation.constraints].map(born).reduce(addConstraint, bare);
  draft.tables.set(table.name, table);
}

/** An empty table has no row to doubt: PostgreSQL takes NOT VALID there for valid (parse_utilcmd.c, transformCheckConstraints). */
const born = (constraint: ConstraintDefinition): ConstraintDefinition => ({
  ...constraint,
  notValid: !constraint.enforced,
});

/** What LIKE takes from a table. */
function copied(table: Table | undefined, { constraints, defaults, indexes }: Like): Table | undefined {
  if (table === undefined) return undefined;
  const bare = (column: Column): Column => ({ ...column, hasDefault: column.hasDefault && defaults });
  return {
    ...table,
    columns: new Map([...table.columns].map(([name, column]) => [name, bare(column)])),
    constraints: table.constraints.filter(({ kind }) => (kind === "check" ? constraints : indexes)),
    indexes: indexes ? table.indexes : [],
  };
}

/** An index like another, under the name that PostgreSQL makes up for it. */
export const ownIndex = (table: string, index: Index): Index => ({ ...index, name: indexName(table, index.columns) });

const SERIAL_BASES: Readonly<Record<string, string>> = {
  smallserial: "int2",
  serial2: "int2",
  bigserial: "int8",
  serial8: "int8",
};

/** SERIAL leaves an integer behind. */
const storedType = (type: TypeName): TypeName =>
  isSerial(type) ? { ...type, name: SERIAL_BASES[type.name] ?? "int4" } : type;

export const toColumn = (column: ColumnDefinition): Column => ({
  type: storedType(column.type),
  notNull: column.notNull,
  hasDefault: (column.default !== undefined && !column.default.isNull) || isSerial(column.type) || column.identity,
  identity: column.identity,
  generated: column.generated,
  collation: column.collation,
});

const SUFFIX = {
  unique: "key",
  primary: "pkey",
  exclusion: "excl",
  foreign: "fkey",
  check: "check",
  "not-null": "not_null",
} as const;

/** The name PostgreSQL gives a constraint that has none. */
export function constraintName(table: string, constraint: ConstraintDefinition): string {
  if (constraint.name !== undefined) return constraint.name;
  const base = table.slice(table.lastIndexOf(".") + 1);
  const columns = constraint.kind === "primary" ? [] : constraint.columns;
  return [base, ...columns, SUFFIX[constraint.kind]].join("_");
}

/** More than any table has; beyond it a hostile script would make folding slow. */
const MAX_CONSTRAINTS = 2000;

/** A table with one more constraint, and with the index that it brings. */
export function addConstraint(table: Table, definition: ConstraintDefinition): Table {
  if (table.constraints.length >= MAX_CONSTRAINTS) return table;
  const name = constraintName(table.name, definition);
  const adopted = definition.usingIndex && besides(table.name, definition.usingIndex);
  const indexed = table.indexes.find((index) => index.name === adopted)?.columns;
  const constraint: Constraint = {
    name,
    kind: definition.kind,
    columns: indexed ?? definition.columns,
    valid: !definition.notValid,
    provesNotNull: definition.kind === "not-null" ? definition.columns : (definition.expression?.provesNotNull ?? []),
    references: definition.references,
    referencedColumns: definition.referencedColumns,
  };
  const constrained = { ...table, constraints: [...table.constraints, constraint] };
  return withIndex(withNotNull(constrained, constraint), constraint, adopted);
}

function withNotNull(table: Table, constraint: Constraint): Table {
  const required = constraint.kind === "primary" || (constraint.kind === "not-null" && constraint.valid);
  if (!required) return table;
  const columns = new Map(table.columns);
  for (const name of constraint.columns) {
    const column = columns.get(name);
    if (column !== undefined) columns.set(name, { ...column, notNull: true });
  }
  return { ...table, columns };
}

function withIndex(table: Table, constraint: Constraint, usingIndex: string | undefined): Table {
  if (usingIndex !== undefined) {
    const indexes = table.indexes.map((index) =>
      index.name === usingIndex ? { ...index, name: besides(table.name, constraint.name) } : index,
    );
    return { ...table, indexes };
  }
  if (constraint.kind !== "unique" && constraint.kind !== "primary" && constraint.kind !== "exclusion") return table;
  const { columns } = constraint;
  const name = besides(table.name, constraint.name);
  const index: Index = { name, columns, mentions: columns, computed: false, unique: constraint.kind !== "exclusion" };
  return { ...table, indexes: [...table.indexes, index] };
}

/** A name in the schema of a table: where PostgreSQL puts what belongs to it. */
export const besides = (table: string, name: string): string =>
  table.includes(".") ? `${table.slice(0, table.lastIndexOf("."))}.${name}` : name;

export function toIndex(operation: OperationOf<"create-index">): Index {
  const { columns, mentions, computed, unique } = operation;
  const { index, table } = operation;
  const name = index === undefined ? indexName(table, columns) : besides(table, index);
  return { name, columns, mentions, computed, unique };
}

function indexName(table: string, columns: readonly string[]): string {
  const base = table.slice(table.lastIndexOf(".") + 1);
  return besides(table, [base, ...(columns.length > 0 ? columns : ["expr"]), "idx"].join("_"));
}
