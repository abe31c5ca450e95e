import { bodies, bodyOf, items, type Node, node, relationName, strings, tagged, text } from "./ast.ts";
import { decodeType, type TypeName } from "./type-name.ts";

/** A column that a query gives, or all that some relation has (`*`). */
export type QueryColumn =
  | {
      readonly name: string;
      /** Where the query casts it. */
      readonly type: TypeName | undefined;
      /** The column that it is, where it is just one. */
      readonly of: string | undefined;
    }
  | { readonly every: string };

/** The columns of each query that has a name; `undefined` for those that could not be told. */
type Named = ReadonlyMap<string, readonly QueryColumn[] | undefined>;

/**
 * The columns that a query gives, named as PostgreSQL names them (FigureColname, parse_target.c). `undefined` where the
 * text alone does not tell.
 */
export function columnsOf(query: unknown, aliases: readonly string[] = []): readonly QueryColumn[] | undefined {
  return renamed(columnsOfSelect(bodyOf(query, "SelectStmt"), new Map()), aliases);
}

/** Clauses that keep a view from taking writes (CREATE VIEW, "Updatable Views"). */
const ONE_WAY = [
  "withClause",
  "distinctClause",
  "groupClause",
  "havingClause",
  "limitCount",
  "limitOffset",
  "larg",
  "valuesLists",
];

/** Whether a view of this query takes writes; aggregates without GROUP BY are not looked for. */
export function isUpdatable(query: unknown): boolean {
  const select = bodyOf(query, "SelectStmt");
  const [source, ...others] = items(select, "fromClause");
  const isOne = bodyOf(source, "RangeVar") !== undefined && others.length === 0;
  return select !== undefined && isOne && !ONE_WAY.some((clause) => clause in select);
}

function columnsOfSelect(select: Node | undefined, outer: Named): readonly QueryColumn[] | undefined {
  if (select === undefined) return undefined;
  const named = withQueries(select, outer);
  // Of a UNION, the first query names the columns.
  const first = node(select, "larg");
  if (first !== undefined) return columnsOfSelect(first, named);
  const [values] = items(select, "valuesLists");
  if (values !== undefined)
    return items(bodyOf(values, "List"), "items").map((_, index) => plain(`column${index + 1}`));
  const columns: QueryColumn[] = [];
  for (const target of bodies(items(select, "targetList"), "ResTarget")) {
    const found = isStar(target.val) ? allOf(target.val, select, named) : columnOf(target, named);
    if (found === undefined) return undefined;
    columns.push(...found);
  }
  return columns;
}

const plain = (name: string): QueryColumn => ({ name, type: undefined, of: undefined });

function withQueries(select: Node, outer: Named): Named {
  const named = new Map(outer);
  for (const query of bodies(items(node(select, "withClause"), "ctes"), "CommonTableExpr")) {
    const columns = columnsOfSelect(bodyOf(query.ctequery, "SelectStmt"), named);
    named.set(text(query, "ctename") ?? "", renamed(columns, strings(items(query, "aliascolnames"))));
  }
  return named;
}

/** `(a, b)` after a name goes for the first columns. */
function renamed(
  columns: readonly QueryColumn[] | undefined,
  aliases: readonly string[],
): readonly QueryColumn[] | undefined {
  if (aliases.length === 0) return columns;
  const open = columns === undefined || columns.slice(0, aliases.length).some((column) => "every" in column);
  if (open) return undefined;
  return columns.map((column, index) =>
    "every" in column ? column : { ...column, name: aliases[index] ?? column.name },
  );
}

const fieldsOf = (value: unknown): readonly unknown[] => items(bodyOf(value, "ColumnRef"), "fields");
const isStar = (value: unknown): boolean => bodyOf(fieldsOf(value).at(-1), "A_Star") !== undefined;

interface Source {
  readonly name: string;
  readonly columns: readonly QueryColumn[] | undefined;
}

function allOf(star: unknown, select: Node, named: Named): readonly QueryColumn[] | undefined {
  const owner = strings(fieldsOf(star)).at(-1);
  const sources = items(select, "fromClause").flatMap((item) => sourcesOf(item, named));
  const meant = owner === undefined ? sources : sources.filter(({ name }) => name === owner);
  if (meant.length === 0) return undefined;
  const columns: QueryColumn[] = [];
  for (const source of meant) {
    if (source.columns === undefined) return undefined;
    columns.push(...source.columns);
  }
  return columns;
}

function sourcesOf(item: unknown, named: Named): Source[] {
  const [tag, body] = tagged(item) ?? ["", {}];
  if (tag === "JoinExpr") return [...sourcesOf(body.larg, named), ...sourcesOf(body.rarg, named)];
  const alias = node(body, "alias");
  const names = strings(items(alias, "colnames"));
  if (tag === "RangeVar") {
    const own = text(body, "relname") ?? "";
    const columns = named.has(own) ? named.get(own) : [{ every: relationName(body) }];
    return [{ name: text(alias, "aliasname") ?? own, columns: renamed(columns, names) }];
  }
  const columns = tag === "RangeSubselect" ? columnsOfSelect(bodyOf(body.subquery, "SelectStmt"), named) : undefined;
  return [{ name: text(alias, "aliasname") ?? "", columns: renamed(columns, names) }];
}

function columnOf(target: Node, named: Named): QueryColumn[] | undefined {
  const { val } = target;
  const name = text(target, "name") ?? figured(val, named)?.name;
  if (name === undefined) return undefined;
  const cast = node(bodyOf(val, "TypeCast"), "typeName");
  return [{ name, type: cast && decodeType(cast), of: strings(fieldsOf(val)).at(-1) }];
}

interface Figured {
  readonly name: string;
  /** What stands within may name the column better. */
  readonly weak?: true;
}

const NAMELESS = /^(A_Const|A_Expr|BoolExpr|NullTest|BooleanTest|ParamRef)$/;
const FIXED: Readonly<Record<string, string>> = {
  CoalesceExpr: "coalesce",
  A_ArrayExpr: "array",
  RowExpr: "row",
  GroupingFunc: "grouping",
};

function figured(value: unknown, named: Named): Figured | undefined {
  const [tag, body] = tagged(value) ?? ["", {}];
  const fixed = FIXED[tag];
  if (fixed !== undefined) return { name: fixed };
  if (tag === "ColumnRef") return { name: strings(items(body, "fields")).at(-1) ?? "" };
  if (tag === "FuncCall") return { name: strings(items(body, "funcname")).at(-1) ?? "" };
  if (tag === "CollateClause") return figured(body.arg, named);
  if (tag === "TypeCast")
    return strongly(body.arg, named) ?? weakly(strings(items(node(body, "typeName"), "names")).at(-1));
  if (tag === "CaseExpr") return strongly(body.defresult, named) ?? weakly("case");
  if (tag === "MinMaxExpr") return { name: text(body, "op") === "IS_LEAST" ? "least" : "greatest" };
  if (tag === "SubLink") return figuredOfSubquery(body, named);
  if (text(body, "kind") === "AEXPR_NULLIF") return { name: "nullif" };
  return NAMELESS.test(tag) ? weakly("?column?") : undefined;
}

const weakly = (name: string | undefined): Figured | undefined =>
  name === undefined ? undefined : { name, weak: true };

function strongly(value: unknown, named: Named): Figured | undefined {
  const found = value === undefined ? undefined : figured(value, named);
  return found?.weak === true ? undefined : found;
}

function figuredOfSubquery(link: Node, named: Named): Figured | undefined {
  const kind = text(link, "subLinkType");
  if (kind === "EXISTS_SUBLINK") return { name: "exists" };
  if (kind === "ARRAY_SUBLINK") return { name: "array" };
  if (kind !== "EXPR_SUBLINK") return weakly("?column?");
  const [first] = columnsOfSelect(bodyOf(link.subselect, "SelectStmt"), named) ?? [];
  return first === undefined || "every" in first ? undefined : { name: first.name };
}
