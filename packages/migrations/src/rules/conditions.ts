import type { Run, Step } from "../engine/step.ts";
import type { Expression } from "../sql/expression.ts";
import type { DropKind, Operation, OperationOf } from "../sql/operation.ts";
import { recipe } from "./recipe-text.ts";

export const later = (...lines: readonly string[]): string =>
  recipe("# this release: ship code that no longer uses it; the release after:", ...lines);

/** The revision makes a relation of this name again after dropping it. */
export const isMadeAgain = (name: string, { operations }: Run): boolean =>
  operations.some(
    (other) =>
      (other.kind === "create-view" && other.view === name) ||
      (other.kind === "create-table-as" && other.relation === name),
  );

export const isTableMadeAgain = (name: string, { operations }: Run): boolean =>
  operations.some(
    (other) =>
      (other.kind === "create-table" && other.table === name) ||
      (other.kind === "create-table-as" && !other.view && other.relation === name),
  );

/** The view that the revision puts under a name, if any. */
export const viewNamed = (name: string, { operations }: Run): OperationOf<"create-view"> | undefined =>
  operations.find((other): other is OperationOf<"create-view"> => other.kind === "create-view" && other.view === name);

/** An earlier statement of this revision gave the relation of this name another one. */
export const isRenamedAway = (name: string, { steps }: Run): boolean =>
  steps.some(
    ({ operation }) =>
      operation.kind === "rename" && /^(table|view)$/.test(operation.object) && operation.name === name,
  );

export const isNewTable = (step: Step, table: string): boolean => !step.situation.existed(table);

export const alterations = ({ operations }: Run, table: string, column: string) =>
  operations.flatMap((operation) =>
    operation.kind === "alter-table" &&
    operation.table === table &&
    "column" in operation.action &&
    operation.action.column === column
      ? [operation.action]
      : [],
  );

/** Names that conventions give to primary keys, for tables that were not seen being created. */
export const PRIMARY_KEY_NAME = /(^|_)(pkey|pk|primary_?key)(_|$)/i;

export const droppedKey = (step: Step, table: string, name: string): boolean => {
  const known = step.situation.schema.tables.get(table)?.constraints.find((constraint) => constraint.name === name);
  return known === undefined ? PRIMARY_KEY_NAME.test(name) : known.kind === "primary";
};

export const breaking = {
  scope: "compat",
  lock: "AccessExclusiveLock",
  severity: { lock: "warn", oldCode: "block" },
} as const;

/** The column was added by an earlier statement of this revision. */
export function addedHere({ situation }: Step, table: string, column: string): boolean {
  return situation.addedColumns.has(`${table}.${column}`);
}

/** An earlier statement of this revision made it, so that no old code knows it. */
export const isMadeHere = (object: DropKind, name: string, { steps }: Run): boolean =>
  steps.some(({ operation }) => {
    if (operation.kind === "create-object") return operation.object === object && operation.name === name;
    if (operation.kind === "create-enum") return object === "type" && operation.type === name;
    if (operation.kind === "create-domain") return object === "domain" && operation.type === name;
    return operation.kind === "create-function" && object === "function" && operation.name === name;
  });

export const isTypeNew = (type: string, operations: readonly Operation[]): boolean =>
  operations.some((operation) => operation.kind === "create-enum" && operation.type === type);

const literalsIn = (expressions: readonly (Expression | undefined)[]): string[] =>
  expressions.flatMap((expression) => expression?.literals ?? []);

export function literalsOf(operation: Operation): readonly string[] {
  if ("literals" in operation) return operation.literals;
  if (operation.kind === "create-table")
    return literalsIn([
      ...operation.columns.map((column) => column.default),
      ...operation.columns.flatMap(({ constraints }) => constraints).map(({ expression }) => expression),
      ...operation.constraints.map(({ expression }) => expression),
    ]);
  if (operation.kind !== "alter-table") return [];
  if (operation.action.kind === "set-default") return operation.action.default.literals;
  if (operation.action.kind === "add-column") return operation.action.column.default?.literals ?? [];
  return operation.action.kind === "add-constraint" ? (operation.action.constraint.expression?.literals ?? []) : [];
}
