import type { Type, Value } from "./values.ts";

/** A scalar function that sees only its arguments. */
export interface ScalarFunction {
  least: number;
  most: number;
  type(types: readonly Type[]): Type;
  of(values: readonly Value[]): Value;
}

const text = (value: Value | undefined): string => {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

function toNumber(value: Value | undefined): number | null {
  if (value === null || value === undefined || value === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

const fixed = (type: Type, of: ScalarFunction["of"], least = 1, most = least): ScalarFunction => ({
  least,
  most,
  type: () => type,
  of,
});

const whole: ScalarFunction["of"] = ([value]) => {
  const number = toNumber(value);
  return number === null ? null : Math.trunc(number);
};

const real: ScalarFunction["of"] = ([value]) => toNumber(value);

const bin: ScalarFunction = {
  least: 2,
  most: 2,
  type: ([type = "long"]) => type,
  of: ([value = null, width = null]) =>
    value === null || !Number(width) ? null : Math.floor(Number(value) / Number(width)) * Number(width),
};

export const FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  bin,
  floor: bin,
  tostring: fixed("string", ([value]) => text(value)),
  toint: fixed("long", whole),
  tolong: fixed("long", whole),
  todouble: fixed("real", real),
  toreal: fixed("real", real),
  tobool: fixed("bool", ([value]) => (value === null ? null : text(value).toLowerCase() === "true" || value === 1)),
  todatetime: fixed("datetime", ([value]) => {
    const at = typeof value === "number" ? value : Date.parse(text(value));
    return Number.isNaN(at) ? null : at;
  }),
  tolower: fixed("string", ([value]) => text(value).toLowerCase()),
  isempty: fixed("bool", ([value]) => text(value) === ""),
  isnotempty: fixed("bool", ([value]) => text(value) !== ""),
  isnull: fixed("bool", ([value]) => value === null),
  isnotnull: fixed("bool", ([value]) => value !== null),
  strcat: fixed("string", (values) => values.map(text).join(""), 1, 64),
  iff: {
    least: 3,
    most: 3,
    type: ([, type = "string"]) => type,
    of: ([test, yes = null, no = null]) => (test === true ? yes : no),
  },
  coalesce: {
    least: 2,
    most: 64,
    type: ([type = "string"]) => type,
    of: (values) => values.find((value) => value !== null && value !== "") ?? null,
  },
};
