import type { FormerKey } from "../engine/marks.ts";
import { besides } from "../schema/fold-create-table.ts";
import {
  heirsOf,
  isIndexName,
  isOfDomain,
  partitionsOf,
  referencing,
  type Schema,
  type Table,
  tableOfIndex,
} from "../schema/schema.ts";
import type { Shape } from "../schema/shape.ts";
import type { Lookups } from "../sql/lookups.ts";
import { type DropKind, EVERY_TABLE, type Operation, type OperationKind, type OperationOf } from "../sql/operation.ts";
import { type Effects, LOCK_MODES } from "../trace.ts";
import { predictAlterTable } from "./alter-table.ts";
import { type Recorder, recorder } from "./recorder.ts";

/** What a prediction may know. */
export interface Situation {
  readonly schema: Schema;
  /** Whether a relation was there before the revision. */
  existed(relation: string): boolean;
  /** Major version of the server. */
  readonly version: number;
  readonly isUtc: boolean;
  /** Columns that this revision added to existing tables, as `table.column`. */
  readonly addedColumns: ReadonlySet<string>;
  /** Uniqueness that this revision took away from existing tables. */
  readonly formerKeys: readonly FormerKey[];
  /** What existing relations gave whose names this revision freed; `undefined` where that is not known. */
  readonly formerShapes: ReadonlyMap<string, Shape | undefined>;
}

/** What PostgreSQL will do for one operation, told from its source and measured on version 15. */
export function predict(operation: Operation, situation: Situation): Effects {
  const record = recorder(situation.existed);
  const predictor = PREDICTORS[operation.kind];
  if (predictor !== undefined) predictor(operation, record, situation);
  return record.effects();
}

type Predictor = (operation: Operation, record: Recorder, situation: Situation) => void;

function on<K extends OperationKind>(
  kind: K,
  predictor: (operation: OperationOf<K>, record: Recorder, situation: Situation) => void,
): Predictor {
  const isMine = (operation: Operation): operation is OperationOf<K> => operation.kind === kind;
  return (operation, record, situation) => {
    if (isMine(operation)) predictor(operation, record, situation);
  };
}

const PREDICTORS: Partial<Readonly<Record<OperationKind, Predictor>>> = {
  "alter-table": on("alter-table", predictAlterTable),
  "create-table": on("create-table", predictCreateTable),
  "create-table-as": on("create-table-as", (operation, record, { schema }) => {
    if (operation.withData) readKeyed(operation, record, schema);
  }),
  "create-index": on("create-index", predictCreateIndex),
  drop: on("drop", predictDrop),
  rename: on("rename", predictRename),
  reindex: on("reindex", predictReindex),
  "alter-domain": on("alter-domain", predictAlterDomain),
  vacuum: on("vacuum", (operation, record) => {
    for (const table of operation.tables.length > 0 ? operation.tables : [EVERY_TABLE]) {
      if (operation.full) rewriteTable(table, record);
      else record.lock(table, "ShareUpdateExclusiveLock");
    }
  }),
  cluster: on("cluster", (operation, record) => {
    rewriteTable(operation.table ?? EVERY_TABLE, record);
  }),
  "refresh-view": on("refresh-view", (operation, record, { schema }) => {
    record.lock(operation.view, operation.concurrently ? "ExclusiveLock" : "AccessExclusiveLock");
    if (operation.concurrently) record.scan(operation.view);
    else rewriteTable(operation.view, record);
    if (operation.withData) readAll(schema.tables.get(operation.view)?.reads ?? [], record, schema);
  }),
  truncate: on("truncate", (operation, record, { schema }) => {
    for (const table of operation.tables) {
      if (operation.alone.includes(table)) record.lock(table, "AccessExclusiveLock");
      else lockTruncated(table, operation.cascade, record, schema);
    }
  }),
  touch: on("touch", (operation, record) => {
    for (const table of operation.tables) record.lock(table, operation.mode ?? "ShareUpdateExclusiveLock");
  }),
  "change-rows": on("change-rows", predictRowChange),
  select: on("select", (operation, record, { schema }) => readKeyed(operation, record, schema)),
  "lock-table": on("lock-table", (operation, record, { schema }) => {
    const mode = LOCK_MODES[operation.mode - 1];
    if (mode === undefined) return;
    for (const table of operation.tables)
      for (const name of [table, ...namesOf(heirsOf(schema, table))]) record.lock(name, mode);
  }),
  "create-trigger": on("create-trigger", (operation, record) => record.lock(operation.table, "ShareRowExclusiveLock")),
  "create-rule": on("create-rule", (operation, record) => record.lock(operation.table, "AccessExclusiveLock")),
  "create-policy": on("create-policy", (operation, record) => record.lock(operation.table, "AccessExclusiveLock")),
  "create-view": on("create-view", (operation, record) => {
    if (operation.replace) record.lock(operation.view, "AccessExclusiveLock");
  }),
};

export function rewriteTable(table: string, record: Recorder): void {
  record.lock(table, "AccessExclusiveLock");
  record.rewrite(table);
  record.scan(table);
}

const namesOf = (tables: readonly Table[]): string[] => tables.map(({ name }) => name);

/** Reads relations from end to end: the partitions of one, and what a view stands on. */
function readAll(reads: readonly string[], record: Recorder, schema: Schema, seen = new Set<string>()): void {
  for (const name of reads) {
    if (seen.has(name)) continue;
    seen.add(name);
    record.lock(name, "AccessShareLock");
    const relation = schema.tables.get(name);
    if (relation?.kind === "view") readAll(relation.reads, record, schema, seen);
    else {
      record.scan(name);
      readAll(namesOf(heirsOf(schema, name)), record, schema, seen);
    }
  }
}

function readKeyed(query: { reads: readonly string[]; lookups: Lookups }, record: Recorder, schema: Schema): void {
  for (const table of query.reads) {
    record.lock(table, "AccessShareLock");
    const known = schema.tables.get(table);
    const isFound = query.lookups.get(table)?.every((keys) => isKeyed(known, keys)) ?? false;
    if (!isFound) readAll([table], record, schema);
  }
}

function lockTruncated(table: string, cascade: boolean, record: Recorder, schema: Schema): void {
  const pending = [table];
  const seen = new Set<string>();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    record.lock(name, "AccessExclusiveLock");
    pending.push(...namesOf(heirsOf(schema, name)));
    if (cascade) pending.push(...referencing(schema, name).map((child) => child.table));
  }
}

function predictCreateTable(operation: OperationOf<"create-table">, record: Recorder, { schema }: Situation): void {
  if (operation.ifNotExists && schema.tables.has(operation.table)) return;
  const constraints = [...operation.columns.flatMap((column) => column.constraints), ...operation.constraints];
  for (const { references } of constraints) {
    if (references !== undefined && references !== operation.table) record.lock(references, "ShareRowExclusiveLock");
  }
  for (const parent of operation.parents) {
    record.lock(parent, operation.isPartition ? "AccessExclusiveLock" : "ShareUpdateExclusiveLock");
    if (operation.isPartition) scanDefaultPartition(parent, record, schema);
  }
}

/** A new partition may not hold rows that the default partition already has, so that one is read. */
export function scanDefaultPartition(parent: string, record: Recorder, schema: Schema): void {
  const fallback = lockDefaultPartition(parent, record, schema);
  if (fallback === undefined) return;
  record.scan(fallback);
  record.scan(parent);
}

/** The bounds of the default partition change whenever a partition comes or goes. */
export function lockDefaultPartition(parent: string, record: Recorder, schema: Schema): string | undefined {
  const fallback = partitionsOf(schema, parent).find((partition) => partition.isDefaultPartition)?.name;
  if (fallback !== undefined) record.lock(fallback, "AccessExclusiveLock");
  return fallback;
}

function predictCreateIndex(operation: OperationOf<"create-index">, record: Recorder, { schema }: Situation): void {
  const table = schema.tables.get(operation.table);
  const index = operation.index ?? "";
  record.lock(operation.table, operation.concurrently ? "ShareUpdateExclusiveLock" : "ShareLock");
  if (operation.ifNotExists && table?.indexes.some((known) => known.name === besides(operation.table, index))) return;
  // ONLY has no use on a table without partitions, so one that was never seen is taken to have some.
  if (operation.only && (table === undefined || table.partitioned)) return;
  const partitions = table?.partitioned ? namesOf(heirsOf(schema, operation.table)) : [];
  // The parent stands for its partitions in findings; one whose partitions were never seen has some all the same.
  const heaps = [operation.table, ...partitions];
  for (const heap of heaps) {
    record.lock(heap, operation.concurrently ? "ShareUpdateExclusiveLock" : "ShareLock");
    record.build(heap, index);
    record.scan(heap);
  }
}

function predictDrop(operation: OperationOf<"drop">, record: Recorder, { schema }: Situation): void {
  if (operation.on !== undefined) record.lock(operation.on, "AccessExclusiveLock");
  for (const name of operation.names) {
    if (operation.object === "index") {
      // As with REINDEX, the index stands for a table that was never seen.
      const table = tableOfIndex(schema, name)?.name ?? name;
      const partitions = operation.concurrently ? [] : namesOf(heirsOf(schema, table));
      for (const owner of [table, ...partitions])
        record.lock(owner, operation.concurrently ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock");
    } else if (/^(table|view|materialized-view)$/.test(operation.object)) lockDroppedTable(name, record, schema);
    else if (operation.cascade) lockDependents(operation.object, name, record, schema);
  }
}

/** With CASCADE the columns of a type go too, and everything in a schema. */
function lockDependents(object: DropKind, name: string, record: Recorder, schema: Schema): void {
  for (const table of schema.tables.values()) {
    const isInside = object === "schema" && table.name.startsWith(`${name}.`);
    const isTyped =
      (object === "type" || object === "domain") && [...table.columns.values()].some(({ type }) => type?.name === name);
    if (isInside) lockDroppedTable(table.name, record, schema);
    else if (isTyped) record.lock(table.name, "AccessExclusiveLock");
  }
}

function lockDroppedTable(name: string, record: Recorder, schema: Schema): void {
  record.lock(name, "AccessExclusiveLock");
  for (const constraint of schema.tables.get(name)?.constraints ?? []) {
    if (constraint.references !== undefined) record.lock(constraint.references, "AccessExclusiveLock");
  }
  const parent = schema.tables.get(name)?.partitionOf;
  if (parent !== undefined) {
    record.lock(parent, "AccessExclusiveLock");
    lockDefaultPartition(parent, record, schema);
  }
  const children = referencing(schema, name).map(({ table }) => table);
  for (const table of [...namesOf(heirsOf(schema, name)), ...children]) record.lock(table, "AccessExclusiveLock");
}

function predictRename(operation: OperationOf<"rename">, record: Recorder, { schema }: Situation): void {
  if (operation.object === "index" || (operation.object === "table" && isIndexName(schema, operation.name)))
    record.lock(operation.name, "ShareUpdateExclusiveLock");
  else if (/^(table|column|view|constraint|trigger)$/.test(operation.object)) {
    record.lock(operation.name, "AccessExclusiveLock");
    const heirs = operation.object === "column" ? heirsOf(schema, operation.name) : [];
    for (const heir of heirs) record.lock(heir.name, "AccessExclusiveLock");
  }
}

function predictReindex(operation: OperationOf<"reindex">, record: Recorder, { schema }: Situation): void {
  if (operation.object === "system") return;
  // The table of an index that was never seen is unknown: the index's own name stands for it.
  const owner = operation.object === "index" ? tableOfIndex(schema, operation.name)?.name : undefined;
  const table = owner ?? operation.name;
  record.lock(table, operation.concurrently ? "ShareUpdateExclusiveLock" : "ShareLock");
  const indexes =
    operation.object === "index"
      ? [operation.name]
      : (schema.tables.get(table)?.indexes.map((index) => index.name) ?? []);
  for (const index of indexes) record.build(table, index);
  if (!operation.concurrently || indexes.length > 0) record.scan(table);
}

/** Changes of a domain for which every value that is stored must be looked at. */
export const validatesDomain = (change: OperationOf<"alter-domain">["change"]): boolean =>
  change === "add-constraint" || change === "set-not-null" || change === "validate";

function predictAlterDomain(operation: OperationOf<"alter-domain">, record: Recorder, { schema }: Situation): void {
  if (!validatesDomain(operation.change) || operation.notValid) return;
  for (const table of schema.tables.values()) {
    if (![...table.columns.values()].some(({ type }) => isOfDomain(schema, type, operation.type))) continue;
    record.lock(table.name, "ShareLock");
    record.scan(table.name);
  }
}

function predictRowChange(operation: OperationOf<"change-rows">, record: Recorder, { schema }: Situation): void {
  record.lock(operation.table, "RowExclusiveLock");
  const readsTarget = operation.verb === "update" || operation.verb === "delete" || operation.verb === "merge";
  if (readsTarget && !isKeyed(schema.tables.get(operation.table), operation.keys))
    if (operation.only) record.scan(operation.table);
    else readAll([operation.table], record, schema);
  const reads = operation.reads.filter((table) => table !== operation.table || !readsTarget);
  const { lookups } = operation;
  readKeyed({ reads, lookups }, record, schema);
}

/** A condition on the leading column of an index spares the scan; a primary key called `id` is a safe guess. */
function isKeyed(table: Table | undefined, keys: readonly string[]): boolean {
  const isIndexed = table?.indexes.some((index) => !index.computed && keys.includes(index.columns[0] ?? "")) ?? false;
  return isIndexed || (table?.complete !== true && keys.includes("id"));
}
