import { at, firstStatement, listOf, type ParseSync, property, stringOf } from "./parse-sql.ts";

/** Stands in a text for what only the server will know. PostgreSQL reads it as a name, so that the rest can be parsed. */
export const UNKNOWN = "…";

/** What a variable of a routine may hold, by its name. One that is missing may hold anything. */
export type Variables = ReadonlyMap<string, readonly string[]>;

/** Texts that one expression may stand for at most: a loop over names, within a loop over names. */
const MAX_TEXTS = 50;

/** The texts that an expression may evaluate to, with `UNKNOWN` where the text alone does not tell. */
export function evaluateText(expression: string, variables: Variables, parse: ParseSync): readonly string[] {
  try {
    const target = listOf(at(firstStatement(parse(`SELECT ${expression}`)), "SelectStmt", "targetList"))[0];
    return valuesOf(at(target, "ResTarget", "val"), variables);
  } catch {
    return [UNKNOWN];
  }
}

/** The texts of an array's elements, such as FOREACH walks over. */
export function evaluateArray(expression: string, variables: Variables, parse: ParseSync): readonly string[] {
  try {
    const target = listOf(at(firstStatement(parse(`SELECT ${expression}`)), "SelectStmt", "targetList"))[0];
    const elements = elementsOf(at(target, "ResTarget", "val"));
    return elements === undefined ? [UNKNOWN] : elements.flatMap((one) => valuesOf(one, variables)).slice(0, MAX_TEXTS);
  } catch {
    return [UNKNOWN];
  }
}

/** `ARRAY['a', 'b']` or `'{a,b}'`, cast or not. */
function elementsOf(node: unknown): readonly unknown[] | undefined {
  const cast = property(node, "TypeCast");
  if (cast !== undefined) return elementsOf(property(cast, "arg"));
  const array = property(node, "A_ArrayExpr");
  if (array !== undefined) return listOf(property(array, "elements"));
  const text = stringOf(at(node, "A_Const", "sval", "sval"));
  const inside = /^\{([\w,\s]*)\}$/.exec(text ?? "")?.[1];
  return inside?.split(",").map((name) => ({ A_Const: { sval: { sval: name.trim() } } }));
}

function valuesOf(node: unknown, variables: Variables): readonly string[] {
  const constant = property(node, "A_Const");
  if (constant !== undefined) return [constantText(constant)];
  const cast = property(node, "TypeCast");
  if (cast !== undefined) return valuesOf(property(cast, "arg"), variables);
  const operation = property(node, "A_Expr");
  if (operation !== undefined && namesIn(property(operation, "name")).at(-1) === "||")
    return joined([
      valuesOf(property(operation, "lexpr"), variables),
      valuesOf(property(operation, "rexpr"), variables),
    ]);
  const column = namesIn(at(node, "ColumnRef", "fields"));
  if (column.length === 1) return variables.get(column[0] ?? "") ?? [UNKNOWN];
  const call = property(node, "FuncCall");
  if (call === undefined) return [UNKNOWN];
  const given = listOf(property(call, "args")).map((argument) => valuesOf(argument, variables));
  return FUNCTIONS[namesIn(property(call, "funcname")).at(-1) ?? ""]?.(given) ?? [UNKNOWN];
}

const namesIn = (list: unknown): string[] => listOf(list).flatMap((item) => stringOf(at(item, "String", "sval")) ?? []);

function constantText(constant: unknown): string {
  const text = stringOf(at(constant, "sval", "sval")) ?? stringOf(at(constant, "fval", "fval"));
  if (text !== undefined) return text;
  const number = property(constant, "ival");
  // PostgreSQL's JSON leaves out the number zero.
  return number === undefined ? UNKNOWN : String(property(number, "ival") ?? 0);
}

type Texts = readonly string[];

/** Every combination of one text of each, written one after the other. */
const joined = (parts: readonly Texts[]): Texts =>
  parts.reduce<Texts>(
    (before, part) => before.flatMap((head) => part.map((tail) => head + tail)).slice(0, MAX_TEXTS),
    [""],
  );

const quoteName = (name: string): string => (name.includes(UNKNOWN) ? UNKNOWN : `"${name.replaceAll('"', '""')}"`);
const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const FUNCTIONS: Readonly<Record<string, (given: readonly Texts[]) => Texts | undefined>> = {
  format: ([pattern, ...given]) => pattern?.flatMap((one) => formatted(one, given)).slice(0, MAX_TEXTS),
  concat: joined,
  concat_ws: ([separator = [UNKNOWN], ...given]) =>
    joined(given.flatMap((part, position) => (position === 0 ? [part] : [separator, part]))),
  quote_ident: ([name]) => name?.map(quoteName),
  quote_literal: ([text]) => text?.map(quoteText),
  lower: ([text]) => text?.map((one) => one.toLowerCase()),
  btrim: ([text]) => text?.map((one) => one.trim()),
  current_schema: () => ["public"],
};

/** `format()` of PostgreSQL: `%s`, `%I` and `%L`, with a position or without, and `%%`. */
function formatted(pattern: string, given: readonly Texts[]): Texts {
  let next = 0;
  const parts = pattern.split(/(%(?:\d+\$)?-?\d*[sIL%])/).map((part): Texts => {
    const found = /^%(?:(\d+)\$)?-?\d*([sIL%])$/.exec(part);
    if (found === null) return [part];
    if (found[2] === "%") return ["%"];
    next = found[1] === undefined ? next + 1 : Number(found[1]);
    const values = given[next - 1] ?? [UNKNOWN];
    if (found[2] === "I") return values.map(quoteName);
    return found[2] === "L" ? values.map(quoteText) : values;
  });
  return joined(parts);
}
