import type { data as DataTypes } from "@actions/expressions";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";
import { expressions } from "./github-parser.ts";

const { Evaluator, Lexer, Parser, data } = expressions;

/** What a workflow's contexts hold. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };
export type Contexts = Readonly<Record<string, Value>>;

/**
 * How the job stands, for `success()`, `failure()`, `cancelled()`. `unmet`: a need was skipped, or cancelled without the
 * run being so: none of the three holds then.
 */
export type Status = "success" | "failure" | "cancelled" | "unmet";

export interface Scope {
  readonly contexts: Contexts;
  readonly status: Status;
  /** `hashFiles(...)`; throws where it is not available. */
  readonly hashFiles?: (patterns: readonly string[]) => string;
}

/** Evaluates one expression, without its `${{ }}`. Unknown contexts and functions throw. */
export function evaluate(expression: string, scope: Scope): Value {
  const functions = functionsOf(scope);
  const infos = [...functions.values()];
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(scope.contexts), infos).parse();
  const context = toData(scope.contexts);
  if (!(context instanceof data.Dictionary)) throw new Error("contexts are an object");
  return fromData(new Evaluator(tree, context, functions).evaluate());
}

/** Replaces every `${{ }}` in a text; a text that is one expression keeps its type. */
export function interpolate(text: string, scope: Scope): Value {
  const whole = /^\s*\$\{\{((?:(?!\}\}).)*)\}\}\s*$/s.exec(text);
  if (whole?.[1] !== undefined) return evaluate(whole[1], scope);
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => asText(evaluate(expression, scope)));
}

/** Interpolates all texts inside a value of YAML. */
export function interpolateAll(value: Value, scope: Scope): Value {
  if (typeof value === "string") return interpolate(value, scope);
  if (Array.isArray(value)) return value.map((item) => interpolateAll(item, scope));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolateAll(item, scope)]));
}

/** As the language turns values into text: null is empty, objects are named, not shown. */
export function asText(value: Value): string {
  return toData(value).coerceString();
}

/** An `if:`; without a status function in it, `success()` is meant as well. Source: docs.github.com, expressions. */
export function holds(condition: Value | undefined, scope: Scope): boolean {
  if (condition === undefined || condition === null) return scope.status === "success";
  const text = asText(condition);
  const expression = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(text)?.[1] ?? text;
  const mentionsStatus = /\b(success|failure|cancelled|always)\s*\(/.test(expression);
  return isTrue(evaluate(mentionsStatus ? expression : `success() && (${expression})`, scope));
}

function isTrue(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== "" && !Number.isNaN(value);
}

function functionsOf(scope: Scope): Map<string, FunctionDefinition> {
  const status = (name: string, holdsNow: boolean): [string, FunctionDefinition] => [
    name,
    { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(holdsNow) },
  ];
  const hash: FunctionDefinition = {
    name: "hashFiles",
    minArgs: 1,
    maxArgs: 255,
    call: (...patterns) => {
      if (!scope.hashFiles) throw new Error("hashFiles is not available here");
      return new data.StringData(scope.hashFiles(patterns.map((pattern) => pattern.coerceString())));
    },
  };
  return new Map([
    status("always", true),
    status("success", scope.status === "success"),
    status("failure", scope.status === "failure"),
    status("cancelled", scope.status === "cancelled"),
    ["hashfiles", hash],
  ]);
}

function toData(value: Value): DataTypes.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "string") return new data.StringData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: toData(item) })));
}

function fromData(value: DataTypes.ExpressionData): Value {
  if (value instanceof data.StringData || value instanceof data.BooleanData || value instanceof data.NumberData) {
    return value.value;
  }
  if (value instanceof data.Array) return value.values().map(fromData);
  if (value instanceof data.Dictionary) {
    return Object.fromEntries(value.pairs().map(({ key, value: item }) => [key, fromData(item)]));
  }
  return null;
}
