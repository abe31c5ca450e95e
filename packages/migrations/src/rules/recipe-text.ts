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
    `op.add_column(${tableArgument(relation)}, sa.Column(${py(`${column ?? "column"}_new`)}, …))  # ${type ?? "the new type"}`,
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
