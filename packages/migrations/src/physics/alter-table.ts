import { besides, constraintName } from "../schema/fold-create-table.ts";
import {
  type Column,
  domainsOf,
  heirsOf,
  isConstrained,
  provesNotNull,
  reaches,
  referencing,
  type Schema,
  type Table,
} from "../schema/schema.ts";
import type { Expression } from "../sql/expression.ts";
import {
  type ActionOf,
  type ColumnDefinition,
  type ConstraintDefinition,
  type OperationOf,
  recurses,
  type TableAction,
} from "../sql/operation.ts";
import { isSerial, type TypeName } from "../sql/type-name.ts";
import type { LockMode } from "../trace.ts";
import { lockDefaultPartition, rewriteTable, type Situation, scanDefaultPartition } from "./predict.ts";
import type { Recorder } from "./recorder.ts";
import { keepsStorage, sortsAlike } from "./type-change.ts";
import { isVolatile } from "./volatility.ts";

export function predictAlterTable(operation: OperationOf<"alter-table">, record: Recorder, situation: Situation): void {
  const { table, action, target } = operation;
  if (target === "index" || target === "other") return;
  for (const one of operation.together)
    record.lock(table, target === "view" ? "AccessExclusiveLock" : lockOf(one, situation));
  predictAction(table, action, record, situation, operation.only);
  const heirs = operation.only || !recurses(action) ? [] : heirsOf(situation.schema, table);
  for (const heir of heirs.filter((one) => reaches(action, one))) {
    record.lock(heir.name, isKeyed(action) && situation.version < 18 ? "ShareLock" : lockOf(action, situation));
    predictAction(heir.name, action, record, situation);
  }
}

/** The parent of partitions has no rows to index: each partition's index is built as by CREATE INDEX. */
const isKeyed = (action: TableAction): boolean =>
  action.kind === "add-constraint" && /^(unique|primary|exclusion)$/.test(action.constraint.kind);

function predictAction(table: string, action: TableAction, record: Recorder, situation: Situation, only = false): void {
  switch (action.kind) {
    case "add-column":
      addColumn(table, action, record, situation);
      return;
    case "drop-column":
      lockReferenced(table, action.column, record, situation.schema);
      if (action.cascade) lockReferencing(table, [action.column], record, situation.schema);
      return;
    case "drop-constraint":
      lockReferenced(table, action.constraint, record, situation.schema);
      if (action.cascade)
        lockReferencing(table, keyColumns(table, action.constraint, situation.schema), record, situation.schema);
      return;
    case "alter-type":
      alterType(table, action, record, situation);
      return;
    case "set-not-null":
      if (!isKnownNotNull(table, action.column, situation)) record.scan(table);
      return;
    case "add-constraint":
      // The parent of partitions has no rows of its own: its key stays invalid until each partition's is attached.
      if (only && isKeyed(action) && situation.schema.tables.get(table)?.partitioned === true) return;
      addConstraint(table, action.constraint, record, situation);
      return;
    case "validate-constraint":
      validate(table, action.constraint, record, situation.schema);
      return;
    case "set-persistence":
      if (situation.schema.tables.get(table)?.logged !== action.logged) rewriteTable(table, record);
      return;
    case "set-tablespace":
      if (action.tablespace !== "pg_default" || situation.schema.tables.get(table)?.complete !== true)
        rewriteTable(table, record);
      return;
    case "set-access-method":
      if (action.method !== "heap") rewriteTable(table, record);
      return;
    case "set-expression":
      rewriteTable(table, record);
      return;
    case "attach-partition":
      attach(table, action, record, situation);
      return;
    case "detach-partition":
      record.lock(action.partition, action.concurrently ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock");
      if (!action.concurrently) lockDefaultPartition(table, record, situation.schema);
      return;
    default:
      return;
  }
}

/** AlterTableGetLockLevel of tablecmds.c. */
function lockOf(action: TableAction, { version }: Situation): LockMode {
  switch (action.kind) {
    case "light":
    case "validate-constraint":
      return "ShareUpdateExclusiveLock";
    case "attach-partition":
      return version >= 12 ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock";
    case "detach-partition":
      return action.concurrently || action.finalize ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock";
    case "trigger-state":
      return "ShareRowExclusiveLock";
    case "add-constraint":
      return action.constraint.kind === "foreign" ? "ShareRowExclusiveLock" : "AccessExclusiveLock";
    default:
      return "AccessExclusiveLock";
  }
}

function addColumn(table: string, action: ActionOf<"add-column">, record: Recorder, situation: Situation): void {
  const { column, ifNotExists } = action;
  if (ifNotExists && situation.schema.tables.get(table)?.columns.has(column.name)) return;
  if (columnRewrites(action, situation)) rewriteTable(table, record);
  else if (column.notNull && defaultOf(column, situation.schema) === undefined) record.scan(table);
  const isEmpty = column.default === undefined && !isSerial(column.type) && !column.identity;
  for (const constraint of column.constraints) {
    // A reference from a column of NULLs needs no look at the rows (parse_utilcmd.c, skip_validation).
    const definition = constraint.kind === "foreign" && isEmpty ? { ...constraint, notValid: true } : constraint;
    addConstraint(table, definition, record, situation);
  }
}

/** Whether every row must be written anew to hold the column. */
export function columnRewrites({ column }: ActionOf<"add-column">, { schema, version }: Situation): boolean {
  if (isSerial(column.type) || column.identity || column.generated === "stored") return true;
  const domains = domainsOf(schema, column.type);
  if (domains.some(isConstrained)) return true;
  const value = defaultOf(column, schema);
  return value !== undefined && (version < 11 || isVolatile(value, schema));
}

/** The value that old rows get, written on the column or else on its domain. */
export function defaultOf(column: ColumnDefinition, schema: Schema): Expression | undefined {
  const value =
    column.default ?? domainsOf(schema, column.type).find((domain) => domain.default !== undefined)?.default;
  return value === undefined || value.isNull ? undefined : value;
}

const isKnownNotNull = (table: string, column: string, { schema, version }: Situation): boolean => {
  const known = schema.tables.get(table);
  return known?.columns.get(column)?.notNull === true || (version >= 12 && provesNotNull(known, column));
};

/** Dropping a foreign key, or the column that carries it, takes the table it points to as well. */
function lockReferenced(table: string, name: string, record: Recorder, schema: Schema): void {
  for (const constraint of schema.tables.get(table)?.constraints ?? []) {
    const isMeant = constraint.name === name || constraint.columns.includes(name);
    if (isMeant && constraint.references !== undefined) record.lock(constraint.references, "AccessExclusiveLock");
  }
}

const keyColumns = (table: string, name: string, schema: Schema): readonly string[] =>
  schema.tables.get(table)?.constraints.find((constraint) => constraint.name === name)?.columns ?? [];

/** With CASCADE the foreign keys that stand on the columns go too, and their tables are locked for it. */
function lockReferencing(table: string, columns: readonly string[], record: Recorder, schema: Schema): void {
  for (const column of columns)
    for (const child of referencing(schema, table, column)) record.lock(child.table, "AccessExclusiveLock");
}

function addConstraint(table: string, definition: ConstraintDefinition, record: Recorder, situation: Situation): void {
  if (definition.references !== undefined) record.lock(definition.references, "ShareRowExclusiveLock");
  const buildsIndex = definition.kind === "unique" || definition.kind === "primary" || definition.kind === "exclusion";
  if (definition.usingIndex !== undefined) {
    if (definition.kind === "primary" && isNullable(table, definition.usingIndex, situation)) record.scan(table);
  } else if (buildsIndex) {
    record.build(table, constraintName(table, definition));
    record.scan(table);
  } else if (!definition.notValid && !isProven(table, definition, situation)) record.scan(table);
}

const isProven = (table: string, definition: ConstraintDefinition, situation: Situation): boolean =>
  definition.kind === "not-null" && definition.columns.every((column) => isKnownNotNull(table, column, situation));

/** Whether a column of the index is known to allow NULLs; what is unknown gets the benefit of the doubt. */
export function isNullable(table: string, index: string, situation: Situation): boolean {
  const known = situation.schema.tables.get(table);
  const columns = known?.indexes.find((candidate) => candidate.name === besides(table, index))?.columns ?? [];
  return columns.some((column) => known?.columns.has(column) === true && !isKnownNotNull(table, column, situation));
}

function validate(table: string, name: string, record: Recorder, schema: Schema): void {
  const constraint = schema.tables.get(table)?.constraints.find((known) => known.name === name);
  if (constraint?.valid === true) return;
  record.scan(table);
  if (constraint?.references !== undefined) record.lock(constraint.references, "RowShareLock");
}

function attach(parent: string, action: ActionOf<"attach-partition">, record: Recorder, { schema }: Situation): void {
  record.lock(action.partition, "AccessExclusiveLock");
  const child = schema.tables.get(action.partition);
  const known = schema.tables.get(parent);
  const key = known?.partitionKey ?? [];
  const isChecked = child?.constraints.some(
    (constraint) =>
      constraint.kind === "check" && constraint.valid && key.some((column) => constraint.columns.includes(column)),
  );
  if (isChecked !== true) record.scan(action.partition);
  for (const index of known?.indexes ?? []) {
    const matches = child?.indexes.some((candidate) => candidate.columns.join() === index.columns.join());
    if (matches === false) record.build(action.partition, index.name);
  }
  if (!action.isDefault) scanDefaultPartition(parent, record, schema);
}

function alterType(table: string, action: ActionOf<"alter-type">, record: Recorder, situation: Situation): void {
  const known = situation.schema.tables.get(table);
  const column = known?.columns.get(action.column);
  for (const constraint of known?.constraints ?? []) {
    const isCarrier = constraint.references !== undefined && constraint.columns.includes(action.column);
    if (isCarrier && constraint.references !== undefined) record.lock(constraint.references, "AccessExclusiveLock");
  }
  const rewrites = typeRewrites(column, action, situation);
  for (const child of referencing(situation.schema, table, action.column)) {
    record.lock(child.table, "AccessExclusiveLock");
    if (rewrites) record.scan(child.table);
  }
  if (rewrites) {
    rewriteTable(table, record);
    return;
  }
  for (const index of rebuiltIndexes(known, column, action, situation.schema)) {
    record.build(table, index);
    record.scan(table);
  }
  if (hasCheckOn(known, action.column)) record.scan(table);
}

/** A type that is not known is taken to need the rewrite. */
export function typeRewrites(
  column: Column | undefined,
  action: ActionOf<"alter-type">,
  situation: Situation,
): boolean {
  if (column?.type === undefined || action.using === "computed") return true;
  const path: TypeName[] = [column.type, ...(action.using ?? []), action.type];
  return path.some((type, step) => {
    const next = path[step + 1];
    return next !== undefined && !keepsStorage(type, next, situation);
  });
}

function rebuiltIndexes(
  table: Table | undefined,
  column: Column | undefined,
  action: ActionOf<"alter-type">,
  schema: Schema,
): string[] {
  const sameOrder =
    column?.type !== undefined && sortsAlike(column.type, action.type, schema) && column.collation === action.collation;
  const touched = table?.indexes.filter((index) => index.mentions.includes(action.column)) ?? [];
  return touched
    .filter((index) => index.computed || (!sameOrder && index.columns.includes(action.column)))
    .map((index) => index.name);
}

const hasCheckOn = (table: Table | undefined, column: string): boolean =>
  table?.constraints.some(
    (constraint) => constraint.kind === "check" && constraint.valid && constraint.columns.includes(column),
  ) ?? false;
