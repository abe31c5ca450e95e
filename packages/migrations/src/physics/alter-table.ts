import { constraintName } from "../schema/fold-create-table.ts";
import { type Column, provesNotNull, type Schema, type Table } from "../schema/schema.ts";
import type { ActionOf, ConstraintDefinition, OperationOf, TableAction } from "../sql/operation.ts";
import { isSerial, type TypeName } from "../sql/type-name.ts";
import type { LockMode } from "../trace.ts";
import { rewriteTable, type Situation, scanDefaultPartition } from "./predict.ts";
import type { Recorder } from "./recorder.ts";
import { keepsStorage, sortsAlike } from "./type-change.ts";
import { isVolatile } from "./volatility.ts";

export function predictAlterTable(operation: OperationOf<"alter-table">, record: Recorder, situation: Situation): void {
  const { table, action } = operation;
  for (const one of operation.together) record.lock(table, lockOf(one, situation));
  switch (action.kind) {
    case "add-column":
      addColumn(table, action, record, situation);
      return;
    case "drop-column":
    case "drop-constraint":
      lockReferenced(
        table,
        action.kind === "drop-column" ? action.column : action.constraint,
        record,
        situation.schema,
      );
      return;
    case "alter-type":
      alterType(table, action, record, situation);
      return;
    case "set-not-null":
      if (!isKnownNotNull(table, action.column, situation)) record.scan(table);
      return;
    case "add-constraint":
      addConstraint(table, action.constraint, record, situation);
      return;
    case "validate-constraint":
      validate(table, action.constraint, record, situation.schema);
      return;
    case "set-persistence":
      if (situation.schema.tables.get(table)?.logged !== action.logged) rewriteTable(table, record, situation.schema);
      return;
    case "set-tablespace":
    case "set-access-method":
    case "set-expression":
      rewriteTable(table, record, situation.schema);
      return;
    case "attach-partition":
      attach(table, action, record, situation);
      return;
    case "detach-partition":
      record.lock(action.partition, action.concurrently ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock");
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
  if (columnRewrites(action, situation)) rewriteTable(table, record, situation.schema);
  else if (column.notNull && (column.default === undefined || column.default.isNull)) record.scan(table);
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
  if (schema.domains.get(column.type.name)?.constrained === true) return true;
  if (column.default === undefined || column.default.isNull) return false;
  return version < 11 || isVolatile(column.default, schema);
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
  const columns = known?.indexes.find((candidate) => candidate.name === index)?.columns ?? [];
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
  if (typeRewrites(column, action, situation)) {
    rewriteTable(table, record, situation.schema);
    return;
  }
  for (const index of rebuiltIndexes(known, column, action)) {
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
  if (column?.type === undefined || column.generated === "stored" || action.using === "computed") return true;
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
): string[] {
  const sameOrder =
    column?.type !== undefined && sortsAlike(column.type, action.type) && column.collation === action.collation;
  const touched = table?.indexes.filter((index) => index.mentions.includes(action.column)) ?? [];
  return touched
    .filter((index) => index.computed || (!sameOrder && index.columns.includes(action.column)))
    .map((index) => index.name);
}

const hasCheckOn = (table: Table | undefined, column: string): boolean =>
  table?.constraints.some(
    (constraint) => constraint.kind === "check" && constraint.valid && constraint.columns.includes(column),
  ) ?? false;
