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
import { keysOf, lookupsOf } from "./lookups.ts";
import type { Operation, OperationOf } from "./operation.ts";
import { columnsOf } from "./query-columns.ts";

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
    keys: keysOf(body.whereClause),
    lookups: lookupsOf(Object.values(rest)),
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
    lookups: lookupsOf({ SelectStmt: body }),
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
  return [{ kind: "select", reads, lookups: new Map(), literals: [], functions: [], calls: [] }];
}

/** CALL of a procedure. */
export function decodeCall(call: Node | undefined): Operation[] {
  const { functions, literals } = decodeExpression({ FuncCall: call });
  const name = nameOfParts(strings(items(call, "funcname")));
  return [{ kind: "select", reads: readsOf(call), lookups: lookupsOf(call), literals, functions, calls: [name] }];
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
    columns: columnsOf({ SelectStmt: query }),
    lookups: lookupsOf({ SelectStmt: query }),
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
