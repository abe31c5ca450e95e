/** Expressions made ready to run: names are found and types checked before the first row is looked at. */
import { KqlFault, notOffered } from "./fault.ts";
import { FUNCTIONS } from "./functions.ts";
import type { Expression } from "./syntax.ts";
import { type Column, isNumeric, type Scalar, type Type, type Value } from "./values.ts";

export interface Scope {
  columns: readonly Column[];
  lets: ReadonlyMap<string, Scalar>;
  now: number;
  /** When each row came in, by its place in the table; only before it was summarised. */
  ingestion?: (row: readonly Value[]) => number;
}

export function compile(expression: Expression, scope: Scope): Scalar {
  switch (expression.is) {
    case "literal": {
      const { type, value } = expression;
      return { type, of: () => value };
    }
    case "name":
      return columnOf(expression, scope);
    case "member": {
      const of = compile(expression.of, scope);
      if (of.type !== "dynamic") throw semantic("The path of a member must be dynamic", expression.position);
      return { type: "dynamic", of: (row) => memberOf(of.of(row), expression.key) };
    }
    case "call":
      return callOf(expression, scope);
    case "operation":
      return operationOf(expression, scope);
  }
}

const semantic = (message: string, position: number): KqlFault =>
  new KqlFault("SemanticError", `${message}.`, position);

function columnOf({ name, position }: Expression & { is: "name" }, { columns, lets }: Scope): Scalar {
  const index = columns.findIndex((column) => column.name === name);
  const column = columns[index];
  if (column) return { type: column.type, of: (row) => row[index] ?? null };
  const known = lets.get(name);
  if (known) return known;
  throw semantic(`Failed to resolve column or scalar expression named '${name}'`, position);
}

function memberOf(value: Value, key: string): Value {
  if (typeof value !== "object" || value === null) return null;
  const member = value[key];
  return member === undefined ? null : (member as Value);
}

function callOf({ name, args, position }: Expression & { is: "call" }, scope: Scope): Scalar {
  if (name === "ingestion_time") {
    const { ingestion } = scope;
    if (!ingestion) throw semantic("ingestion_time() is only known before rows are summarised", position);
    return { type: "datetime", of: ingestion };
  }
  if (name === "now") return { type: "datetime", of: () => scope.now };
  if (name === "ago") {
    const [span] = args.map((arg) => compile(arg, scope));
    if (span?.type !== "timespan") throw semantic("ago(): argument must be a timespan", position);
    return { type: "datetime", of: (row) => scope.now - Number(span.of(row)) };
  }
  const fn = FUNCTIONS[name];
  if (!fn) throw notOffered(`the function '${name}()'`, position);
  const scalars = args.map((arg) => compile(arg, scope));
  if (args.length < fn.least || args.length > fn.most)
    throw semantic(`${name}(): function expects ${fn.least} argument(s)`, position);
  return { type: fn.type(scalars.map(({ type }) => type)), of: (row) => fn.of(scalars.map((each) => each.of(row))) };
}

const text = (value: Value): string => (value === null ? "" : String(value));
const number = (value: Value): number => (value === null ? Number.NaN : Number(value));

type Test = (values: readonly Value[]) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  "==": ([a = null, b = null]) => a === b || (a !== null && b !== null && text(a) === text(b)),
  "=~": ([a = null, b = null]) => text(a).toLowerCase() === text(b).toLowerCase(),
  "<": ([a = null, b = null]) => number(a) < number(b),
  ">": ([a = null, b = null]) => number(a) > number(b),
  "<=": ([a = null, b = null]) => number(a) <= number(b),
  ">=": ([a = null, b = null]) => number(a) >= number(b),
  in: ([a = null, ...set]) => set.some((each) => text(each) === text(a)),
  between: ([a = null, from = null, to = null]) => number(a) >= number(from) && number(a) <= number(to),
  contains: ([a = null, b = null]) => text(a).toLowerCase().includes(text(b).toLowerCase()),
  startswith: ([a = null, b = null]) => text(a).toLowerCase().startsWith(text(b).toLowerCase()),
  endswith: ([a = null, b = null]) => text(a).toLowerCase().endsWith(text(b).toLowerCase()),
  // Whole words, as Kusto's term index has them.
  has: ([a = null, b = null]) =>
    text(a)
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .join(" ")
      .includes(
        text(b)
          .toLowerCase()
          .split(/[^a-z0-9]+/)
          .join(" "),
      ),
  and: ([a, b]) => a === true && b === true,
  or: ([a, b]) => a === true || b === true,
  not: ([a]) => a !== true,
};

const NEGATED: Readonly<Record<string, string>> = { "!=": "==", "!~": "=~" };

const ORDERED = ["<", ">", "<=", ">=", "between"];

function operationOf({ sign, args, position }: Expression & { is: "operation" }, scope: Scope): Scalar {
  const scalars = args.map((arg) => compile(arg, scope));
  const of = (row: readonly Value[]): Value[] => scalars.map((each) => each.of(row));
  const negated = sign === "!=" || sign === "!~" || /^![a-z]/.test(sign);
  const plain = NEGATED[sign] ?? (negated ? sign.slice(1) : sign);
  const test = TESTS[plain];
  if (test) {
    if (ORDERED.includes(plain)) checkOrder(scalars, plain, position);
    return { type: "bool", of: (row) => test(of(row)) !== negated };
  }
  const type = arithmeticType(
    sign,
    scalars.map((each) => each.type),
    position,
  );
  return { type, of: (row) => arithmetic(sign, of(row), type) };
}

/** Kusto compares a text with no number: `resultCode >= 500` is an error, `toint(resultCode) >= 500` is right. */
function checkOrder(scalars: readonly Scalar[], sign: string, position: number): void {
  const kinds = new Set(scalars.map(({ type }) => (isNumeric(type) ? "number" : type)));
  if (kinds.size > 1 || kinds.has("string"))
    throw semantic(
      `Cannot compare values of types ${scalars.map(({ type }) => type).join(" and ")} with '${sign}'. Try adding explicit casts`,
      position,
    );
}

function arithmeticType(sign: string, types: readonly Type[], position: number): Type {
  const [a = "long", b = a] = types;
  if (types.every(isNumeric))
    return a === "real" || b === "real" || a === "dynamic" || b === "dynamic" ? "real" : "long";
  if (sign === "-" && a === "datetime" && b === "datetime") return "timespan";
  if ((sign === "+" || sign === "-") && a === "datetime" && b === "timespan") return "datetime";
  if ((sign === "+" || sign === "-") && a === "timespan" && b === "timespan") return "timespan";
  if (sign === "negate" && a === "timespan") return "timespan";
  if (sign === "/" && a === "timespan" && b === "timespan") return "real";
  if ((sign === "*" || sign === "/") && a === "timespan" && isNumeric(b)) return "timespan";
  if (sign === "*" && isNumeric(a) && b === "timespan") return "timespan";
  throw semantic(`Operator '${sign}' is not defined for ${types.join(" and ")}`, position);
}

function arithmetic(sign: string, [a = null, b = null]: readonly Value[], type: Type): Value {
  const [x, y] = [number(a), number(b)];
  if (Number.isNaN(x) || (sign !== "negate" && Number.isNaN(y))) return null;
  if (sign === "negate") return -x;
  if (sign === "+") return x + y;
  if (sign === "-") return x - y;
  if (sign === "*") return x * y;
  if (sign === "%") return x % y;
  return type === "long" ? Math.trunc(x / y) : x / y;
}
