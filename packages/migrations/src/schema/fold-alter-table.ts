import type { TableAction } from "../sql/operation.ts";
import type { Draft } from "./draft.ts";
import { addConstraint, besides, toColumn } from "./fold-create-table.ts";
import { type Column, type Table, UNKNOWN_COLUMN, unknownTable } from "./schema.ts";

export function foldAlterTable(draft: Draft, name: string, action: TableAction): void {
  if (action.kind === "attach-partition" || action.kind === "detach-partition") {
    const partition = draft.tables.get(action.partition) ?? unknownTable(action.partition);
    const isAttached = action.kind === "attach-partition";
    draft.tables.set(partition.name, {
      ...partition,
      partitionOf: isAttached ? name : undefined,
      isDefaultPartition: isAttached && action.isDefault,
    });
    return;
  }
  draft.tables.set(name, altered(draft.tables.get(name) ?? unknownTable(name), action));
}

/** MaxHeapAttributeNumber of PostgreSQL. */
const MAX_COLUMNS = 1600;

function altered(table: Table, action: TableAction): Table {
  switch (action.kind) {
    case "add-column": {
      if (action.ifNotExists && table.columns.has(action.column.name)) return table;
      if (table.columns.size >= MAX_COLUMNS) return table;
      const columns = new Map(table.columns).set(action.column.name, toColumn(action.column));
      return action.column.constraints.reduce(addConstraint, { ...table, columns });
    }
    case "drop-column":
      return withoutColumn(table, action.column);
    case "alter-type":
      return changeColumn(table, action.column, { type: action.type, collation: action.collation });
    case "set-not-null":
      return changeColumn(table, action.column, { notNull: true });
    case "drop-not-null":
      return changeColumn(table, action.column, { notNull: false });
    case "set-default":
      return changeColumn(table, action.column, { hasDefault: true });
    case "drop-default":
      return changeColumn(table, action.column, { hasDefault: false });
    case "add-identity":
      return changeColumn(table, action.column, { identity: true, hasDefault: true });
    case "drop-identity":
      return changeColumn(table, action.column, { identity: false, hasDefault: false });
    case "drop-expression":
      return changeColumn(table, action.column, { generated: undefined });
    case "add-constraint":
      return addConstraint(table, action.constraint);
    case "drop-constraint":
      return withoutConstraint(table, action.constraint);
    case "validate-constraint":
      return validated(table, action.constraint);
    case "set-persistence":
      return { ...table, logged: action.logged };
    default:
      return table;
  }
}

function validated(table: Table, name: string): Table {
  if (table.constraints.some((known) => known.name === name)) {
    const constraints = table.constraints.map((known) => (known.name === name ? { ...known, valid: true } : known));
    return { ...table, constraints };
  }
  if (table.complete) return table;
  // An earlier migration added it, out of sight. Its name is all there is to tell what it proves.
  const unseen = { name, kind: "check", columns: [], valid: true, provesNotNull: [] } as const;
  const constraint = { ...unseen, references: undefined, referencedColumns: [], isUnseen: true } as const;
  return { ...table, constraints: [...table.constraints, constraint] };
}

function changeColumn(table: Table, name: string, change: Partial<Column>): Table {
  const column = { ...(table.columns.get(name) ?? UNKNOWN_COLUMN), ...change };
  return { ...table, columns: new Map(table.columns).set(name, column) };
}

function withoutColumn(table: Table, name: string): Table {
  const columns = new Map(table.columns);
  columns.delete(name);
  return {
    ...table,
    columns,
    constraints: table.constraints.filter((constraint) => !constraint.columns.includes(name)),
    indexes: table.indexes.filter((index) => !index.mentions.includes(name)),
  };
}

const withoutConstraint = (table: Table, name: string): Table => ({
  ...table,
  constraints: table.constraints.filter((constraint) => constraint.name !== name),
  indexes: table.indexes.filter((index) => index.name !== besides(table.name, name)),
});
