import type { Draft } from "../schema/draft.ts";
import { besides } from "../schema/fold-create-table.ts";
import { type Table, tableOfIndex } from "../schema/schema.ts";
import { readable, type Shape } from "../schema/shape.ts";
import type { Operation, OperationOf } from "../sql/operation.ts";

/** What a revision made or took away so far, as far as it bears on what it does next. */
export interface Marks {
  /** Relations that it made. */
  readonly created: Set<string>;
  /** Columns that it added to existing tables, as `table.column`. */
  readonly added: Set<string>;
  /** Uniqueness that it took away from existing tables, under the names that table and columns have by now. */
  formerKeys: readonly FormerKey[];
  /** What existing relations gave whose names it freed: views that it dropped, and all that it renamed. */
  readonly formerShapes: Map<string, Shape | undefined>;
}

export interface FormerKey {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Notes an operation before the draft is carried over it. */
export function noteMarks(
  operation: Operation,
  marks: Marks,
  draft: Draft,
  existed: (relation: string) => boolean,
): void {
  const { created, added } = marks;
  if (operation.kind === "create-table" && !(operation.ifNotExists && draft.tables.has(operation.table)))
    created.add(operation.table);
  if (operation.kind === "create-table-as") created.add(operation.relation);
  if (operation.kind === "create-object" && operation.object === "sequence") created.add(operation.name);
  if (operation.kind === "create-view" && !draft.tables.has(operation.view) && !operation.replace)
    created.add(operation.view);
  if (operation.kind === "rename" && created.has(operation.name) && operation.object === "table")
    created.add(operation.to);
  if (operation.kind === "rename") carryAdded(operation, added);
  noteKeys(operation, marks, draft);
  noteShapes(operation, marks, draft, existed);
  if (operation.kind !== "alter-table" || !existed(operation.table)) return;
  const { action, table } = operation;
  if (action.kind === "add-column" && !draft.tables.get(table)?.columns.has(action.column.name))
    added.add(`${table}.${action.column.name}`);
}

/** An added column stays one under the name that it, or its table, is given afterwards. */
function carryAdded({ object, name, from, to }: OperationOf<"rename">, added: Set<string>): void {
  if (object === "column" && added.delete(`${name}.${from}`)) added.add(`${name}.${to}`);
  if (object !== "table") return;
  for (const column of [...added])
    if (column.startsWith(`${name}.`)) {
      added.delete(column);
      added.add(`${to}${column.slice(name.length)}`);
    }
}

function noteKeys(operation: Operation, marks: Marks, draft: Draft): void {
  if (operation.kind === "alter-table" && operation.action.kind === "drop-constraint")
    forget(marks, draft.tables.get(operation.table), operation.action.constraint);
  if (operation.kind === "drop" && operation.object === "index")
    for (const name of operation.names) forget(marks, tableOfIndex(draft, name), name);
  if (operation.kind !== "rename" || (operation.object !== "table" && operation.object !== "column")) return;
  const { object, name, from, to } = operation;
  const renamed = (column: string) => (object === "column" && column === from ? to : column);
  marks.formerKeys = marks.formerKeys.map((key) =>
    key.table === name ? { table: object === "table" ? to : name, columns: key.columns.map(renamed) } : key,
  );
}

function noteShapes(
  operation: Operation,
  { formerShapes }: Marks,
  draft: Draft,
  existed: (relation: string) => boolean,
): void {
  const isFreed =
    (operation.kind === "drop" && /view$/.test(operation.object)) ||
    (operation.kind === "rename" && /^(table|view)$/.test(operation.object));
  if (!isFreed) return;
  for (const name of operation.kind === "drop" ? operation.names : [operation.name]) {
    const shape = readable(draft.tables.get(name));
    // A view over a renamed table is nearly always all of it; one that was dropped may come back as anything.
    const isTelling = shape !== undefined || operation.kind === "drop";
    if (isTelling && existed(name) && !formerShapes.has(name)) formerShapes.set(name, shape);
  }
}

function forget(marks: Marks, table: Table | undefined, name: string): void {
  const index = table?.indexes.find((known) => known.name === name || known.name === besides(table.name, name));
  if (table === undefined || index?.unique !== true || index.computed) return;
  marks.formerKeys = [...marks.formerKeys, { table: table.name, columns: index.columns }];
}
