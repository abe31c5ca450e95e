import type { Run, Step } from "../engine/step.ts";
import type { Operation } from "../sql/operation.ts";
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
  operations.some((other) => other.kind === "create-table" && other.table === name);

export const isViewOf = (name: string, { operations }: Run): boolean =>
  operations.some((other) => other.kind === "create-view" && other.view === name);

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

export const isTypeNew = (type: string, operations: readonly Operation[]): boolean =>
  operations.some((operation) => operation.kind === "create-enum" && operation.type === type);

export function literalsOf(operation: Operation): readonly string[] {
  if (operation.kind === "change-rows" || operation.kind === "select") return operation.literals;
  if (operation.kind !== "alter-table") return [];
  if (operation.action.kind === "set-default") return operation.action.default.literals;
  if (operation.action.kind === "add-column") return operation.action.column.default?.literals ?? [];
  return operation.action.kind === "add-constraint" ? (operation.action.constraint.expression?.literals ?? []) : [];
}
