import { KqlFault, notOffered } from "./fault.ts";
import { compile, type Scope } from "./scalar.ts";
import type { Expression } from "./syntax.ts";
import type { Scalar, Type, Value } from "./values.ts";

type Rows = readonly (readonly Value[])[];

/** A value of a group of rows. */
export interface Aggregate {
  type: Type;
  of(rows: Rows): Value;
}

const numbers = (rows: Rows, scalar: Scalar): number[] =>
  rows
    .map((row) => scalar.of(row))
    .filter((value) => value !== null)
    .map(Number);

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The nearest rank: exact, where the services approximate. */
function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)] ?? null;
}

type Maker = (args: readonly Scalar[]) => Aggregate;

const missing: Scalar = { type: "long", of: () => null };

const AGGREGATES: Readonly<Record<string, Maker>> = {
  count: () => ({ type: "long", of: (rows) => rows.length }),
  countif: ([test = missing]) => ({ type: "long", of: (rows) => rows.filter((row) => test.of(row) === true).length }),
  sum: ([value = missing]) => ({ type: value.type, of: (rows) => total(numbers(rows, value)) }),
  sumif: ([value = missing, test = missing]) => ({
    type: value.type,
    of: (rows) =>
      total(
        numbers(
          rows.filter((row) => test.of(row) === true),
          value,
        ),
      ),
  }),
  avg: ([value = missing]) => ({
    type: value.type === "long" ? "real" : value.type,
    of: (rows) => {
      const values = numbers(rows, value);
      return values.length === 0 ? Number.NaN : total(values) / values.length;
    },
  }),
  min: ([value = missing]) => ({ type: value.type, of: (rows) => extreme(numbers(rows, value), Math.min) }),
  max: ([value = missing]) => ({ type: value.type, of: (rows) => extreme(numbers(rows, value), Math.max) }),
  dcount: ([value = missing]) => ({
    type: "long",
    of: (rows) => new Set(rows.map((row) => String(value.of(row)))).size,
  }),
  percentile: ([value = missing, share = missing]) => ({
    type: value.type,
    of: (rows) => percentile(numbers(rows, value), Number(share.of([]))),
  }),
};

const extreme = (values: readonly number[], pick: (a: number, b: number) => number): number | null =>
  values.length === 0 ? null : values.reduce((a, b) => pick(a, b));

export function compileAggregate(expression: Expression, scope: Scope): Aggregate {
  if (expression.is !== "call") {
    if (expression.is === "operation")
      throw notOffered("arithmetic over aggregates; use extend after summarize", expression.position);
    throw new KqlFault("SemanticError", "summarize: an aggregation function is expected.", expression.position);
  }
  const maker = AGGREGATES[expression.name];
  if (!maker) throw notOffered(`the aggregation '${expression.name}()'`, expression.position);
  return maker(expression.args.map((arg) => compile(arg, scope)));
}
