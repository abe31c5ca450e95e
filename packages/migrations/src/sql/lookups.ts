import { bodies, bodyOf, items, type Node, relationName, strings, tagged, text, walk } from "./ast.ts";
import { decodeExpression } from "./expression.ts";

/** Of each relation that a statement looks up in queries of its own: the columns by which each of them does. */
export type Lookups = ReadonlyMap<string, readonly (readonly string[])[]>;

/** The relations that are named nowhere but in queries which find them by a column: with an index on it, no scan follows. */
export function lookupsOf(statement: unknown): Lookups {
  const named = new Map<string, number>();
  const found = new Map<string, string[][]>();
  walk(statement, (tag, body) => {
    if (tag === "RangeVar") named.set(relationName(body), (named.get(relationName(body)) ?? 0) + 1);
    if (tag !== "SelectStmt") return;
    const [relation, ...more] = items(body, "fromClause").map((item) => bodyOf(item, "RangeVar"));
    if (relation === undefined || more.length > 0) return;
    const keys = body.whereClause === undefined ? extremesIn(body) : keysOf(body.whereClause);
    if (keys.length > 0) found.set(relationName(relation), [...(found.get(relationName(relation)) ?? []), keys]);
  });
  return new Map([...found].filter(([name, lookups]) => lookups.length === named.get(name)));
}

/** A query for nothing but the largest or smallest value of one column finds it at an end of the column's index. */
function extremesIn(query: Node): string[] {
  if (query.groupClause !== undefined) return [];
  const extremes: string[] = [];
  walk(query.targetList, (tag, call) => {
    if (tag !== "FuncCall" || !/^(max|min)$/.test(strings(items(call, "funcname")).at(-1) ?? "")) return;
    extremes.push(
      ...bodies(items(call, "args"), "ColumnRef").flatMap((column) => strings(items(column, "fields")).slice(-1)),
    );
  });
  const isAll = decodeExpression(query.targetList).columns.length === extremes.length;
  return isAll && new Set(extremes).size === 1 ? extremes.slice(0, 1) : [];
}

/** Columns that WHERE compares with a constant by `=`, IN, BETWEEN or IS NULL: with an index on them, no scan follows. */
export function keysOf(where: unknown): string[] {
  const keys: string[] = [];
  const visit = (condition: unknown): void => {
    const found = tagged(condition);
    if (found === undefined) return;
    const [tag, body] = found;
    if (tag === "BoolExpr" && text(body, "boolop") === "AND_EXPR") items(body, "args").forEach(visit);
    if (tag === "NullTest" && text(body, "nulltesttype") === "IS_NULL") keys.push(...columnOf(body.arg));
    const isBetween = text(body, "kind") === "AEXPR_BETWEEN";
    if (tag !== "A_Expr" || (!isBetween && strings(items(body, "name")).at(-1) !== "=")) return;
    if (decodeExpression(body.rexpr).columns.length === 0) keys.push(...columnOf(body.lexpr));
  };
  visit(where);
  return keys;
}

const columnOf = (value: unknown): string[] => strings(items(bodyOf(value, "ColumnRef"), "fields")).slice(-1);
