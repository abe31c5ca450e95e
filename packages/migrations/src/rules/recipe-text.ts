import type { Subject } from "./rule.ts";

/** A Python string literal. */
export const py = (value: string | undefined, placeholder = "…"): string => JSON.stringify(value ?? placeholder);

export const pyList = (values: readonly string[] | undefined): string =>
  `[${(values !== undefined && values.length > 0 ? values : ["…"]).map((value) => py(value)).join(", ")}]`;

/** A table as the positional name and, outside the default schema, its keyword. */
export function tableArgument(relation: string): string {
  const dot = relation.lastIndexOf(".");
  return dot < 0 ? py(relation) : `${py(relation.slice(dot + 1))}, schema=${py(relation.slice(0, dot))}`;
}

/** A foreign key that is not checked yet, between tables of any schema. */
export function uncheckedKey(
  name: string | undefined,
  table: string,
  references: string | undefined,
  columns: readonly string[] | undefined,
): string {
  const [from, to] = [schemaOf(table), schemaOf(references ?? "")];
  const schemas = [
    ...(from === undefined ? [] : [`source_schema=${py(from)}`]),
    ...(to === undefined ? [] : [`referent_schema=${py(to)}`]),
  ];
  const tables = [table, references].map((relation) => py(relation?.slice(relation.lastIndexOf(".") + 1)));
  const options = [...schemas, "postgresql_not_valid=True"].join(", ");
  return `op.create_foreign_key(${py(name)}, ${tables.join(", ")}, ${pyList(columns)}, ["id"], ${options})`;
}

const schemaOf = (relation: string): string | undefined =>
  relation.includes(".") ? relation.slice(0, relation.lastIndexOf(".")) : undefined;

const SA_TYPES: Readonly<Record<string, string>> = {
  int2: "sa.SmallInteger()",
  smallint: "sa.SmallInteger()",
  int4: "sa.Integer()",
  integer: "sa.Integer()",
  int8: "sa.BigInteger()",
  bigint: "sa.BigInteger()",
  text: "sa.Text()",
  varchar: "sa.String()",
  bool: "sa.Boolean()",
  boolean: "sa.Boolean()",
  float8: "sa.Float()",
  "double precision": "sa.Float()",
  date: "sa.Date()",
  timestamp: "sa.DateTime()",
  timestamptz: "sa.DateTime(timezone=True)",
  uuid: "sa.Uuid()",
  bytea: "sa.LargeBinary()",
  json: "sa.JSON()",
  jsonb: "postgresql.JSONB()",
};

/** A type of SQL as SQLAlchemy spells it; `…` where that is for the reader to say. */
export function saType(type: string | undefined): string {
  const sized = /^(?:varchar|numeric)\(([\d, ]+)\)$/.exec(type ?? "");
  if (sized !== null) return `sa.${type?.startsWith("varchar") ? "String" : "Numeric"}(${sized[1] ?? ""})`;
  return SA_TYPES[type ?? ""] ?? "…";
}

/** An identifier as SQL must spell it; `…` where none is known. */
export const sqlName = (name: string | undefined): string =>
  name === undefined
    ? "…"
    : name
        .split(".")
        .map((part) => (/^[a-z_][a-z0-9_$]*$/.test(part) ? part : `"${part.replace(/"/g, '""')}"`))
        .join(".");

/** Statements outside the migration's transaction. */
export const autocommit = (...lines: readonly string[]): string =>
  ["with op.get_context().autocommit_block():", ...lines.map((line) => `    ${line}`)].join("\n");

export const execute = (sql: string): string => `op.execute(${JSON.stringify(sql)})`;

export const recipe = (...lines: readonly string[]): string => lines.join("\n");

/** How a column changes its type without holding anyone up. */
export const newColumnRecipe = (relation: string, column: string | undefined, type: string | undefined): string =>
  recipe(
    `# 1. this release: a second column, filled by the new code on every write`,
    `op.add_column(${tableArgument(relation)}, sa.Column(${py(`${column ?? "column"}_new`)}, ${saType(type)}))  # ${type ?? "the new type"}`,
    `# 2. a job outside the migration fills old rows in batches, committing each`,
    `# 3. next release: read from the new column; the release after it drops the old one`,
  );

/** VALIDATE CONSTRAINT, in its own revision. */
export const validateLater = (relation: string, name: string | undefined): string[] => [
  "# a later revision, in a transaction of its own (transaction_per_migration=True)",
  execute(`ALTER TABLE ${sqlName(relation)} VALIDATE CONSTRAINT ${sqlName(name)}`),
];

/** An index built outside the transaction. */
export const concurrentIndex = (subject: Subject, extra = ""): string =>
  autocommit(
    `op.create_index(${py(subject.name)}, ${tableArgument(subject.relation)}, ${pyList(subject.columns)}, ${extra}postgresql_concurrently=True, if_not_exists=True)`,
  );
