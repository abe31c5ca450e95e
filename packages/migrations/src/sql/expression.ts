import { bodyOf, isNode, items, type Node, nameOfParts, node, strings, tagged, text, walk } from "./ast.ts";

/** What a rule wants to know of an expression, without the expression. */
export interface Expression {
  /** Functions called, as relations are: without `pg_catalog.` and `public.`. */
  readonly functions: readonly string[];
  readonly columns: readonly string[];
  /** Columns that the expression proves to be not null: `a IS NOT NULL` alone or among ANDed conditions. */
  readonly provesNotNull: readonly string[];
  /** A bare NULL constant. */
  readonly isNull: boolean;
  /** String constants, for enum values in use. */
  readonly literals: readonly string[];
}

export function decodeExpression(raw: unknown): Expression {
  const functions: string[] = [];
  const columns: string[] = [];
  const literals: string[] = [];
  walk(raw, (tag, body) => {
    if (tag === "FuncCall") functions.push(nameOfParts(strings(items(body, "funcname"))));
    if (tag === "ColumnRef") columns.push(...strings(items(body, "fields")).slice(-1));
    if (tag === "A_Const")
      literals.push(
        ...(text(node(body, "sval"), "sval") !== undefined ? [text(node(body, "sval"), "sval") ?? ""] : []),
      );
  });
  return { functions, columns, literals, provesNotNull: proven(raw), isNull: isNullConstant(raw) };
}

function proven(raw: unknown): string[] {
  const found = tagged(raw);
  if (found === undefined) return [];
  const [tag, body] = found;
  if (tag === "NullTest" && text(body, "nulltesttype") === "IS_NOT_NULL") return columnOf(body.arg);
  if (tag === "BoolExpr" && text(body, "boolop") === "AND_EXPR") return items(body, "args").flatMap(proven);
  if (tag === "BoolExpr" && text(body, "boolop") === "NOT_EXPR") return items(body, "args").flatMap(denied);
  return [];
}

/** NOT (a IS NULL), which PostgreSQL simplifies. */
function denied(raw: unknown): string[] {
  const test = bodyOf(raw, "NullTest");
  return text(test, "nulltesttype") === "IS_NULL" ? columnOf(test?.arg) : [];
}

const columnOf = (raw: unknown): string[] => strings(items(bodyOf(raw, "ColumnRef"), "fields")).slice(-1);

const isNullConstant = (raw: unknown): boolean => {
  const constant = bodyOf(raw, "A_Const");
  if (constant !== undefined) return constant.isnull === true;
  const cast = bodyOf(raw, "TypeCast");
  return cast !== undefined && isNullConstant(cast.arg);
};

/** `a::text::jsonb` as its column and the types it passes through; `undefined` for any other expression. */
export function castChain(raw: unknown): { column: string; types: Node[] } | undefined {
  const types: Node[] = [];
  let current: unknown = raw;
  for (let cast = bodyOf(current, "TypeCast"); cast !== undefined; cast = bodyOf(current, "TypeCast")) {
    const type = cast.typeName;
    if (isNode(type)) types.unshift(type);
    current = cast.arg;
  }
  const [column] = columnOf(current);
  return column === undefined ? undefined : { column, types };
}
