import {
  bodies,
  bodyOf,
  isNode,
  items,
  type Node,
  nameOfParts,
  node,
  relationName,
  strings,
  tagged,
  text,
  walk,
} from "./ast.ts";
import { decodeExpression } from "./expression.ts";
import type { Operation, OperationOf } from "./operation.ts";

type Verb = OperationOf<"change-rows">["verb"];

const VERBS: Readonly<Record<string, Verb>> = {
  InsertStmt: "insert",
  UpdateStmt: "update",
  DeleteStmt: "delete",
  MergeStmt: "merge",
};

/** INSERT, UPDATE, DELETE, MERGE and COPY FROM, after those that their WITH clause holds. */
export const decodeRowChanges = (verb: Verb, body: Node): Operation[] => [
  ...decodeWith(body),
  decodeRowChange(verb, body),
];

/** `WITH gone AS (DELETE …)` changes rows whatever it stands before. */
const decodeWith = (body: Node): Operation[] =>
  bodies(items(node(body, "withClause"), "ctes"), "CommonTableExpr").flatMap(({ ctequery }) => {
    const found = tagged(ctequery);
    const verb = VERBS[found?.[0] ?? ""];
    return found === undefined || verb === undefined ? [] : decodeRowChanges(verb, found[1]);
  });

function decodeRowChange(verb: Verb, body: Node): Operation {
  const table = relationName(node(body, "relation"));
  const { relation: _target, ...rest } = body;
  return {
    kind: "change-rows",
    verb,
    table,
    only: node(body, "relation")?.inh !== true,
    hasWhere: isCondition(body.whereClause) || verb === "insert" || verb === "copy",
    reads: readsOf(rest),
    keys: keysOf(verb === "insert" ? bodyOf(body.selectStmt, "SelectStmt")?.whereClause : body.whereClause),
    literals: decodeExpression(rest).literals,
  };
}

/** WHERE TRUE and WHERE 1 = 1 choose nothing. */
const isCondition = (where: unknown): boolean => {
  if (where === undefined) return false;
  let chooses = false;
  walk(where, (tag) => {
    chooses ||= tag !== "A_Const" && tag !== "A_Expr" && tag !== "String";
  });
  return chooses;
};

/** A SELECT; `SELECT set_config('lock_timeout', …)` is a SET in other words. */
export function decodeSelect(body: Node): Operation[] {
  const into = node(node(body, "intoClause"), "rel");
  if (into !== undefined) return [...decodeWith(body), selectInto(into, body)];
  const { functions, literals } = decodeExpression(body);
  const settings = items(body, "targetList").flatMap((target) => decodeSetting(bodyOf(target, "ResTarget")?.val));
  const calls = body.fromClause === undefined ? callsIn(items(body, "targetList")) : [];
  const query = {
    kind: "select",
    reads: readsOf(body),
    keys: [...keysOf(body.whereClause), ...keysWithin(body)],
    literals,
    functions,
    calls,
  } as const;
  return [...decodeWith(body), query, ...settings];
}

/** COPY … TO reads what it writes out. */
export function decodeCopyOut(body: Node): Operation[] {
  const query = bodyOf(body.query, "SelectStmt");
  if (query !== undefined) return decodeSelect(query);
  const reads = [relationName(node(body, "relation"))];
  return [{ kind: "select", reads, keys: [], literals: [], functions: [], calls: [] }];
}

/** CALL of a procedure. */
export function decodeCall(call: Node | undefined): Operation[] {
  const { functions, literals } = decodeExpression({ FuncCall: call });
  const name = nameOfParts(strings(items(call, "funcname")));
  return [{ kind: "select", reads: readsOf(call), keys: [], literals, functions, calls: [name] }];
}

/**
 * Columns by which a query without tables of its own reads others: `SELECT EXISTS (SELECT … WHERE id = 1)`. The largest
 * or smallest value of a column is found at an end of its index.
 */
function keysWithin(body: Node): string[] {
  const keys: string[] = [];
  walk({ SelectStmt: body }, (tag, query) => {
    if (tag !== "SelectStmt" || query.whereClause !== undefined) {
      if (tag === "SelectStmt" && body.fromClause === undefined) keys.push(...keysOf(query.whereClause));
      return;
    }
    const [target, ...more] = bodies(items(query, "targetList"), "ResTarget");
    if (more.length === 0 && query.groupClause === undefined) keys.push(...extremeOf(target?.val));
  });
  return keys;
}

/** `max(column)` or `min(column)`, also with a COALESCE around it. */
function extremeOf(value: unknown): string[] {
  const fallback = bodyOf(value, "CoalesceExpr");
  if (fallback !== undefined) return extremeOf(items(fallback, "args")[0]);
  const call = bodyOf(value, "FuncCall");
  if (!/^(max|min)$/.test(strings(items(call, "funcname")).at(-1) ?? "")) return [];
  return strings(items(bodyOf(items(call, "args")[0], "ColumnRef"), "fields")).slice(-1);
}

const callsIn = (targets: readonly unknown[]): string[] =>
  bodies(targets, "ResTarget").flatMap(({ val }) => {
    const call = bodyOf(val, "FuncCall");
    return call === undefined ? [] : [nameOfParts(strings(items(call, "funcname")))];
  });

/** CREATE TABLE AS in other words. */
function selectInto(into: Node, body: Node): Operation {
  const { intoClause: _, ...query } = body;
  return {
    kind: "create-table-as",
    relation: relationName(into),
    view: false,
    reads: readsOf(query),
    temporary: text(into, "relpersistence") === "t",
    withData: true,
    keys: keysOf(body.whereClause),
    literals: decodeExpression(body).literals,
  };
}

function decodeSetting(value: unknown): Operation[] {
  const call = bodyOf(value, "FuncCall");
  if (strings(items(call, "funcname")).at(-1) !== "set_config") return [];
  const [name, setting, local] = items(call, "args").map((argument) => bodyOf(argument, "A_Const"));
  const isLocal = node(local, "boolval")?.boolval === true;
  return [
    {
      kind: "set",
      name: (text(node(name, "sval"), "sval") ?? "").toLowerCase(),
      value: text(node(setting, "sval"), "sval"),
      local: isLocal,
    },
  ];
}

/** Relations that a query reads, without the names its WITH clauses define. */
export function readsOf(query: unknown): string[] {
  const reads = new Set<string>();
  const defined = new Set<string>();
  const wrapped = isNode(query) && tagged(query) === undefined ? Object.values(query) : query;
  walk(wrapped, (tag, body) => {
    if (tag === "RangeVar") reads.add(relationName(body));
    if (tag === "CommonTableExpr") defined.add(text(body, "ctename") ?? "");
  });
  return [...reads].filter((name) => name !== "" && !defined.has(name));
}

/** Columns that WHERE compares with a constant by `=`, IN or IS NULL: with an index on them, no scan follows. */
export function keysOf(where: unknown): string[] {
  const keys: string[] = [];
  const visit = (condition: unknown): void => {
    const found = tagged(condition);
    if (found?.[0] === "BoolExpr" && text(found[1], "boolop") === "AND_EXPR") items(found[1], "args").forEach(visit);
    if (found?.[0] === "BoolExpr" && text(found[1], "boolop") === "NOT_EXPR") items(found[1], "args").forEach(visit);
    if (found?.[0] === "SubLink" && text(found[1], "subLinkType") === "EXISTS_SUBLINK")
      visit(bodyOf(found[1].subselect, "SelectStmt")?.whereClause);
    if (found?.[0] === "NullTest" && text(found[1], "nulltesttype") === "IS_NULL") {
      keys.push(...strings(items(bodyOf(found[1].arg, "ColumnRef"), "fields")).slice(-1));
    }
    if (found?.[0] !== "A_Expr") return;
    const [, comparison] = found;
    if (strings(items(comparison, "name")).at(-1) !== "=") return;
    const column = bodyOf(comparison.lexpr, "ColumnRef");
    const isConstant = decodeExpression(comparison.rexpr).columns.length === 0;
    if (column !== undefined && isConstant) keys.push(...strings(items(column, "fields")).slice(-1));
  };
  visit(where);
  return keys;
}
