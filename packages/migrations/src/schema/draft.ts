import { nextCheckName } from "../sql/decode-types.ts";
import { type Operation, type OperationOf, recurses } from "../sql/operation.ts";
import { foldAlterTable } from "./fold-alter-table.ts";
import { foldCreateTable, toIndex } from "./fold-create-table.ts";
import { foldGrants } from "./grants.ts";
import {
  type Column,
  type Domain,
  domainsOf,
  heirsOf,
  type Routine,
  reaches,
  type Schema,
  type Table,
  unknownTable,
} from "./schema.ts";
import { shapeOf } from "./shape.ts";

/** A schema being carried forward statement by statement. */
export interface Draft extends Schema {
  readonly tables: Map<string, Table>;
  readonly enums: Map<string, readonly string[]>;
  readonly domains: Map<string, Domain>;
  readonly functions: Map<string, Routine>;
  readonly roles: Set<string>;
  readonly grants: Map<string, Set<string>>;
  readonly prepared: Map<string, readonly Operation[]>;
}

export const draftOf = (schema: Schema): Draft => ({
  tables: new Map(schema.tables),
  enums: new Map(schema.enums),
  domains: new Map(schema.domains),
  functions: new Map(schema.functions),
  roles: new Set(schema.roles),
  grants: new Map([...schema.grants].map(([object, known]) => [object, new Set(known)])),
  prepared: new Map(schema.prepared),
});

/** Carries the draft over one operation. */
export function fold(draft: Draft, operation: Operation): void {
  foldGrants(draft, operation);
  switch (operation.kind) {
    case "create-table":
      foldCreateTable(draft, operation);
      return;
    case "create-table-as":
      draft.tables.set(operation.relation, {
        ...unknownTable(operation.relation),
        reads: operation.reads,
        kind: operation.view ? "materialized-view" : "table",
        shape: shapeOf(operation.columns, operation.reads, draft),
      });
      return;
    case "create-view":
      draft.tables.set(operation.view, {
        ...unknownTable(operation.view),
        kind: "view",
        reads: operation.reads,
        shape: shapeOf(operation.columns, operation.reads, draft),
      });
      return;
    case "alter-table":
      foldOnTable(draft, operation);
      return;
    case "create-index":
      foldIndex(draft, operation);
      return;
    case "drop":
      foldDrop(draft, operation);
      return;
    case "rename":
      foldRename(draft, operation);
      return;
    default:
      foldType(draft, operation);
      return;
  }
}

/** An index of a partitioned table is one of each partition too, under names that PostgreSQL makes up. */
function foldIndex(draft: Draft, operation: OperationOf<"create-index">): void {
  const table = draft.tables.get(operation.table) ?? unknownTable(operation.table);
  const index = toIndex(operation);
  if (operation.ifNotExists && table.indexes.some(({ name }) => name === index.name)) return;
  draft.tables.set(table.name, { ...table, indexes: [...table.indexes, index] });
  if (!table.partitioned || operation.only) return;
  for (const partition of heirsOf(draft, table.name)) {
    const own = toIndex({ ...operation, table: partition.name, index: undefined });
    draft.tables.set(partition.name, { ...partition, indexes: [...partition.indexes, own] });
  }
}

/** What is said to the parent holds for its heirs too; ALTER INDEX and the like change nothing that is known. */
function foldOnTable(draft: Draft, { table, action, only, target }: OperationOf<"alter-table">): void {
  if (target === "index" || target === "other") return;
  const heirs = only || !recurses(action) ? [] : heirsOf(draft, table).filter((heir) => reaches(action, heir));
  for (const name of [table, ...heirs.map((heir) => heir.name)]) foldAlterTable(draft, name, action);
}

function foldType(draft: Draft, operation: Operation): void {
  if (operation.kind === "create-enum") draft.enums.set(operation.type, operation.values);
  if (operation.kind === "add-enum-value") {
    draft.enums.set(operation.type, [...(draft.enums.get(operation.type) ?? []), operation.value]);
  }
  if (operation.kind === "rename-enum-value") {
    const values = draft.enums.get(operation.type) ?? [];
    draft.enums.set(
      operation.type,
      values.map((value) => (value === operation.from ? operation.to : value)),
    );
  }
  if (operation.kind === "create-domain") {
    setDomain(draft, operation.type, operation);
  }
  if (operation.kind === "alter-domain") {
    const domain = draft.domains.get(operation.type);
    if (domain !== undefined) draft.domains.set(operation.type, alteredDomain(domain, operation));
  }
  if (operation.kind === "prepare") draft.prepared.set(operation.name, operation.operations);
  if (operation.kind === "create-function") draft.functions.set(operation.name, operation);
  if (operation.kind === "alter-function" && operation.volatile !== undefined) {
    const known = draft.functions.get(operation.name) ?? { ...UNSEEN_ROUTINE };
    draft.functions.set(operation.name, { ...known, volatile: operation.volatile });
  }
}

const UNSEEN_ROUTINE: Omit<Routine, "volatile"> = { result: undefined, body: [] };

function alteredDomain(domain: Domain, operation: OperationOf<"alter-domain">): Domain {
  const { checks } = domain;
  const { change, constraint, type } = operation;
  switch (change) {
    case "add-constraint":
      return { ...domain, checks: [...checks, constraint ?? nextCheckName(type, checks)] };
    case "drop-constraint":
      return { ...domain, checks: checks.filter((name) => name !== constraint) };
    case "set-not-null":
    case "drop-not-null":
      return { ...domain, notNull: change === "set-not-null" };
    case "set-default":
    case "drop-default":
      return { ...domain, default: operation.default };
    case "validate":
      return domain;
  }
}

function foldDrop(draft: Draft, operation: Extract<Operation, { kind: "drop" }>): void {
  for (const name of operation.names) {
    if (operation.object === "index") dropIndex(draft, name);
    else if (/^(table|view|materialized-view)$/.test(operation.object)) dropTable(draft, name);
    else if (operation.object === "domain") draft.domains.delete(name);
    else if (operation.object === "type") draft.enums.delete(name);
    else if (operation.object === "function") draft.functions.delete(name);
  }
}

function dropTable(draft: Draft, name: string): void {
  draft.tables.delete(name);
  for (const table of draft.tables.values()) {
    const constraints = table.constraints.filter((constraint) => constraint.references !== name);
    if (constraints.length !== table.constraints.length) draft.tables.set(table.name, { ...table, constraints });
  }
}

function dropIndex(draft: Draft, name: string): void {
  for (const table of draft.tables.values()) {
    const indexes = table.indexes.filter((index) => index.name !== name);
    if (indexes.length !== table.indexes.length) draft.tables.set(table.name, { ...table, indexes });
  }
}

function foldRename(draft: Draft, operation: Extract<Operation, { kind: "rename" }>): void {
  const table = draft.tables.get(operation.name);
  const { from, to } = operation;
  const renamed = (name: string) => (name === from ? to : name);
  if (operation.object === "index") {
    for (const known of draft.tables.values()) {
      if (!known.indexes.some((index) => index.name === from)) continue;
      const indexes = known.indexes.map((index) => ({ ...index, name: renamed(index.name) }));
      draft.tables.set(known.name, { ...known, indexes });
    }
  }
  if (operation.object === "type") renameType(draft, from, to);
  if (operation.object === "domain-constraint") {
    const domain = draft.domains.get(operation.name);
    if (domain !== undefined) draft.domains.set(operation.name, { ...domain, checks: domain.checks.map(renamed) });
  }
  if (table === undefined) return;
  if (operation.object === "table" || operation.object === "view") moveTable(draft, table, to);
  if (operation.object === "column") draft.tables.set(table.name, renameColumn(table, renamed));
  if (operation.object === "constraint") {
    const constraints = table.constraints.map((constraint) => ({ ...constraint, name: renamed(constraint.name) }));
    draft.tables.set(table.name, { ...table, constraints });
  }
}

/** A domain that stands on itself, which no server has, would have no end. */
function setDomain(draft: Draft, name: string, domain: Domain): void {
  draft.domains.delete(name);
  const bases = [domain, ...domainsOf(draft, domain.base)].map(({ base }) => base.name);
  if (!bases.includes(name)) draft.domains.set(name, domain);
}

function renameType(draft: Draft, from: string, to: string): void {
  const values = draft.enums.get(from);
  if (values !== undefined) draft.enums.set(to, values);
  draft.enums.delete(from);
  const domain = draft.domains.get(from);
  draft.domains.delete(from);
  if (domain !== undefined) setDomain(draft, to, domain);
  for (const table of draft.tables.values()) {
    if (![...table.columns.values()].some(({ type }) => type?.name === from)) continue;
    const columns = [...table.columns].map(([name, column]): [string, Column] =>
      column.type?.name === from ? [name, { ...column, type: { ...column.type, name: to } }] : [name, column],
    );
    draft.tables.set(table.name, { ...table, columns: new Map(columns) });
  }
}

function moveTable(draft: Draft, table: Table, to: string): void {
  draft.tables.delete(table.name);
  draft.tables.set(to, { ...table, name: to });
  for (const other of draft.tables.values()) {
    const constraints = other.constraints.map((constraint) =>
      constraint.references === table.name ? { ...constraint, references: to } : constraint,
    );
    const partitionOf = other.partitionOf === table.name ? to : other.partitionOf;
    draft.tables.set(other.name, { ...other, constraints, partitionOf });
  }
}

function renameColumn(table: Table, renamed: (name: string) => string): Table {
  return {
    ...table,
    columns: new Map([...table.columns].map(([name, column]) => [renamed(name), column])),
    shape: table.shape && new Map([...table.shape].map(([name, type]) => [renamed(name), type])),
    constraints: table.constraints.map((constraint) => ({
      ...constraint,
      columns: constraint.columns.map(renamed),
      provesNotNull: constraint.provesNotNull.map(renamed),
    })),
    indexes: table.indexes.map((index) => ({
      ...index,
      columns: index.columns.map(renamed),
      mentions: index.mentions.map(renamed),
    })),
  };
}
