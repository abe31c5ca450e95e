import { bodies, bodyOf, flag, items, type Node, nameOfParts, node, strings, text, walk } from "./ast.ts";
import { decodeExpression, type Expression } from "./expression.ts";
import type { Argument, Operation, OperationOf } from "./operation.ts";
import { decodeType, spellType } from "./type-name.ts";

/** CREATE FUNCTION and CREATE PROCEDURE, with what a call of it does. */
export function decodeCreateFunction(body: Node, inner: readonly unknown[], does: readonly Operation[]): Operation {
  const volatile = volatilityIn(body, "options") ?? true;
  return {
    kind: "create-function",
    name: nameOfParts(strings(items(body, "funcname"))),
    replace: flag(body, "replace"),
    ...signatureOf(body),
    volatile,
    result: isTransparent(body) && inner.length === 1 ? soleResult(inner[0], body) : undefined,
    body: does,
  };
}

/** What a caller gives and gets. */
function signatureOf(routine: Node): Pick<OperationOf<"create-function">, "arguments" | "returns"> {
  const given: Argument[] = [];
  const columns: Record<string, string> = {};
  for (const [position, parameter] of bodies(items(routine, "parameters"), "FunctionParameter").entries()) {
    const mode = text(parameter, "mode");
    const type = typeWord(node(parameter, "argType"));
    if (mode !== "FUNC_PARAM_OUT" && mode !== "FUNC_PARAM_TABLE")
      given.push({ type, hasDefault: parameter.defexpr !== undefined || mode === "FUNC_PARAM_VARIADIC" });
    if (/_(OUT|INOUT|TABLE)$/.test(mode ?? "")) columns[text(parameter, "name") ?? `column${position + 1}`] = type;
  }
  const returned = node(routine, "returnType");
  // Without RETURNS, OUT arguments are the result.
  const type = returned === undefined ? "" : `${flag(returned, "setof") ? "setof " : ""}${typeWord(returned)}`;
  return { arguments: given, returns: { type, columns } };
}

/** A type as people write it, without a size: routines have none. */
export const typeWord = (raw: Node | undefined): string => spellType({ ...decodeType(raw), modifiers: [] });

export const decodeAlterFunction = (body: Node): OperationOf<"alter-function"> => ({
  kind: "alter-function",
  name: nameOfParts(strings(items(node(body, "func"), "objname"))),
  volatile: volatilityIn(body, "actions"),
});

/** Whether a routine's options call it volatile; `undefined` where they say nothing of it. */
function volatilityIn(body: Node, list: string): boolean | undefined {
  const option = optionsOf(body, list).find((candidate) => text(candidate, "defname") === "volatility");
  return option === undefined ? undefined : text(bodyOf(option.arg, "String"), "sval") === "volatile";
}

const optionsOf = (body: Node, list: string): Node[] => bodies(items(body, list), "DefElem");

/** PostgreSQL puts the body of such a function in the place of its call, and never learns how volatile it was declared. */
function isTransparent(body: Node): boolean {
  const options = optionsOf(body, "options");
  const language = text(bodyOf(options.find((one) => text(one, "defname") === "language")?.arg, "String"), "sval");
  const isOpaque = options.some((one) => /^(security|set)$/.test(text(one, "defname") ?? ""));
  const isSql = language === undefined ? body.sql_body !== undefined : language.toLowerCase() === "sql";
  return isSql && !isOpaque && !flag(body, "is_procedure") && node(body, "returnType")?.setof !== true;
}

/** `SELECT expression` and nothing else. */
function soleResult(statement: unknown, routine: Node): Expression | undefined {
  const { targetList, limitOption: _limit, op: _op, ...more } = bodyOf(statement, "SelectStmt") ?? { none: true };
  const targets = Array.isArray(targetList) ? targetList : [];
  if (targets.length !== 1 || Object.keys(more).length > 0) return undefined;
  const value = bodyOf(targets[0], "ResTarget")?.val;
  return isStrict(routine) && !answersStrictly(value, routine) ? undefined : decodeExpression(value);
}

const isStrict = (routine: Node): boolean =>
  optionsOf(routine, "options").some(
    (one) => text(one, "defname") === "strict" && bodyOf(one.arg, "Boolean")?.boolval === true,
  );

/** What may answer something for NULL. */
const LENIENT = /^(CoalesceExpr|CaseExpr|NullTest|BooleanTest|MinMaxExpr|A_ArrayExpr|RowExpr|BoolExpr|SubLink)$/;

/** A strict function is looked into only if every argument counts and none of what it holds bears NULL. */
function answersStrictly(value: unknown, routine: Node): boolean {
  const used = new Set<string>();
  let isLenient = false;
  walk(value, (tag, body) => {
    isLenient ||= LENIENT.test(tag);
    if (tag === "ColumnRef") for (const name of strings(items(body, "fields")).slice(-1)) used.add(name);
    if (tag === "ParamRef") used.add(`$${String(body.number)}`);
  });
  const names = bodies(items(routine, "parameters"), "FunctionParameter").map((one) => text(one, "name") ?? "");
  return !isLenient && names.every((name, position) => used.has(name) || used.has(`$${position + 1}`));
}
