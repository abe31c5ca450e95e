/**
 * Runs a query over stored rows. Offered: `let` of scalars; `where`, `extend`, `project`, `summarize … by`, `sort by`,
 * `take`, `count`; the functions of `functions.ts` and `aggregates.ts`, `now()`, `ago()`, `datetime()`,
 * `ingestion_time()`; members of dynamic columns. Everything else is refused in the services' own error shape.
 */
import { compileAggregate } from "./aggregates.ts";
import { KqlFault } from "./fault.ts";
import { compile, type Scope } from "./scalar.ts";
import { type Named, type Operator, parseQuery } from "./syntax.ts";
import type { Column, Scalar, Table, Value } from "./values.ts";

/** A table as it is stored: rows, and when each came in. */
export interface StoredTable extends Table {
  ingestion(row: readonly Value[]): number;
}

export function evaluate(text: string, tables: ReadonlyMap<string, StoredTable>, now: number): Table {
  const query = parseQuery(text);
  const stored = tables.get(query.table);
  if (!stored) {
    const message = `Failed to resolve table or column expression named '${query.table}'.`;
    throw new KqlFault("SemanticError", message, query.position);
  }
  const lets = letsOf(query.lets, now);
  let table: Table = stored;
  let ingestion: Scope["ingestion"] = (row) => stored.ingestion(row);
  for (const operator of query.operators) {
    const scope: Scope = { columns: table.columns, lets, now, ...(ingestion && { ingestion }) };
    const next = apply(operator, table, scope);
    // Rows keep their identity only while they are filtered, sorted or cut.
    if (!["where", "sort", "take"].includes(operator.is)) ingestion = undefined;
    table = next;
  }
  return table;
}

function letsOf(named: readonly Named[], now: number): Map<string, Scalar> {
  const lets = new Map<string, Scalar>();
  for (const { name, expression } of named) {
    const scalar = compile(expression, { columns: [], lets, now });
    lets.set(name, { type: scalar.type, of: () => scalar.of([]) });
  }
  return lets;
}

function apply(operator: Operator, table: Table, scope: Scope): Table {
  switch (operator.is) {
    case "where": {
      const condition = compile(operator.condition, scope);
      return { ...table, rows: table.rows.filter((row) => condition.of(row) === true) };
    }
    case "extend":
      return extend(table, operator.columns, scope);
    case "project": {
      const scalars = operator.columns.map(({ expression }) => compile(expression, scope));
      return {
        columns: columnsOf(operator.columns, scalars),
        rows: table.rows.map((row) => scalars.map((each) => each.of(row))),
      };
    }
    case "summarize":
      return summarize(table, operator, scope);
    case "sort":
      return sort(table, operator, scope);
    case "take":
      return { ...table, rows: table.rows.slice(0, operator.count) };
    case "count":
      return { columns: [{ name: "Count", type: "long" }], rows: [[table.rows.length]] };
  }
}

const columnsOf = (named: readonly Named[], scalars: readonly { type: Column["type"] }[]): Column[] =>
  named.map(({ name }, index) => ({ name, type: scalars[index]?.type ?? "string" }));

function extend(table: Table, columns: readonly Named[], scope: Scope): Table {
  const scalars = columns.map(({ expression }) => compile(expression, scope));
  const added = columnsOf(columns, scalars);
  const kept = table.columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => !added.some(({ name }) => name === column.name));
  return {
    columns: [...kept.map(({ column }) => column), ...added],
    rows: table.rows.map((row) => [
      ...kept.map(({ index }) => row[index] ?? null),
      ...scalars.map((each) => each.of(row)),
    ]),
  };
}

function summarize(table: Table, { columns, by }: Operator & { is: "summarize" }, scope: Scope): Table {
  const keys = by.map(({ expression }) => compile(expression, scope));
  const aggregates = columns.map(({ expression }) => compileAggregate(expression, scope));
  const groups = new Map<string, { key: Value[]; rows: (readonly Value[])[] }>();
  for (const row of table.rows) {
    const key = keys.map((each) => each.of(row));
    const group = groups.get(JSON.stringify(key)) ?? { key, rows: [] };
    group.rows.push(row);
    groups.set(JSON.stringify(key), group);
  }
  if (by.length === 0 && groups.size === 0) groups.set("", { key: [], rows: [] });
  return {
    columns: [...columnsOf(by, keys), ...columnsOf(columns, aggregates)],
    rows: [...groups.values()].map(({ key, rows }) => [...key, ...aggregates.map((each) => each.of(rows))]),
  };
}

function sort(table: Table, { by }: Operator & { is: "sort" }, scope: Scope): Table {
  const keys = by.map(({ expression, descending }) => ({
    scalar: compile(expression, scope),
    sign: descending ? -1 : 1,
  }));
  const compare = (a: readonly Value[], b: readonly Value[]): number => {
    for (const { scalar, sign } of keys) {
      const [x, y] = [scalar.of(a), scalar.of(b)];
      if (x === y) continue;
      if (typeof x === "number" && typeof y === "number") return sign * (x - y);
      return sign * (String(x) < String(y) ? -1 : 1);
    }
    return 0;
  };
  return { ...table, rows: table.rows.toSorted(compare) };
}
