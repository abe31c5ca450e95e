import type { Step } from "../engine/step.ts";
import { defaultOf } from "../physics/alter-table.ts";
import { isVolatile } from "../physics/volatility.ts";
import { domainsOf, isConstrained } from "../schema/schema.ts";
import type { ColumnDefinition } from "../sql/operation.ts";
import { isSerial } from "../sql/type-name.ts";
import { execute, py, recipe, saType, sqlName, tableArgument } from "./recipe-text.ts";
import { hit, onAction, type Rule, type Subject } from "./rule.ts";

const addInSteps = ({ relation, column, type }: Subject, value: string): string =>
  recipe(
    "# this release: nullable, and a default for new rows only",
    `op.add_column(${tableArgument(relation)}, sa.Column(${py(column)}, ${saType(type)}, nullable=True))`,
    `op.alter_column(${tableArgument(relation)}, ${py(column)}, server_default=sa.text(${py(value)}))`,
    "# a job outside the migration fills old rows in batches, committing each",
  );

/** The default that is most often meant for a type. */
const VOLATILE: Readonly<Record<string, string>> = {
  uuid: "gen_random_uuid()",
  timestamptz: "clock_timestamp()",
  float8: "random()",
};

const addNumbered = ({ relation, column }: Subject): string =>
  recipe(
    execute(`CREATE SEQUENCE ${sqlName(`${relation}_${column ?? "id"}_seq`)}`),
    `op.add_column(${tableArgument(relation)}, sa.Column(${py(column)}, sa.BigInteger(), nullable=True))`,
    `op.alter_column(${tableArgument(relation)}, ${py(column)}, server_default=sa.text("nextval('${relation}_${column ?? "id"}_seq')"))`,
    "# a job outside the migration numbers old rows in batches; NOT NULL and uniqueness come later, each online",
  );

const whenAdded = (isMine: (column: ColumnDefinition, step: Step) => boolean) =>
  onAction("add-column", ({ column, ifNotExists }, table, step) => {
    const isThere = ifNotExists && step.situation.schema.tables.get(table)?.columns.has(column.name);
    return !isThere && isMine(column, step) ? hit(table, { column: column.name, type: column.type.name }) : [];
  });

const rewriting = {
  scope: "lock",
  lock: "AccessExclusiveLock",
  severity: { lock: "block", oldCode: "none" },
  physical: true,
} as const;

export const COLUMN_RULES: readonly Rule[] = [
  {
    id: "volatile-default",
    rows: [16],
    title: "Volatile default rewrites the table",
    hazard: "add_column_rewrite",
    ...rewriting,
    why: "A default such as random() or gen_random_uuid() must be computed for every row, so PostgreSQL writes the whole table and all its indexes anew under ACCESS EXCLUSIVE. Constants and now() do not (since 11).",
    recipe: (subject) => addInSteps(subject, VOLATILE[subject.type ?? ""] ?? "…"),
    detect: whenAdded((column, { situation, source }) => {
      const { type } = column;
      const value = defaultOf(column, situation.schema);
      if (value === undefined || isSerial(type) || column.generated !== undefined) return false;
      const isUnexplained = source === "trace" && situation.version >= 11 && !situation.schema.domains.has(type.name);
      return isVolatile(value, situation.schema) || (isUnexplained && value.functions.length > 0);
    }),
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD COLUMN token uuid DEFAULT gen_random_uuid();" }],
      passes: [
        { sql: "ALTER TABLE account ADD COLUMN since timestamptz DEFAULT now();" },
        { sql: "ALTER TABLE account ADD COLUMN hint text DEFAULT 'random()';" },
      ],
    },
  },
  {
    id: "default-before-11",
    rows: [17],
    title: "Any default rewrites the table before PostgreSQL 11",
    hazard: "add_column_rewrite",
    ...rewriting,
    until: 10,
    why: "Until PostgreSQL 10 even a constant default is written into every row under ACCESS EXCLUSIVE.",
    recipe: (subject) => addInSteps(subject, "0"),
    detect: whenAdded((column) => column.default !== undefined && !column.default.isNull),
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD COLUMN points integer DEFAULT 0;", version: 10 }],
      passes: [{ sql: "ALTER TABLE account ADD COLUMN points integer DEFAULT 0;", version: 11 }],
    },
  },
  {
    id: "serial-column",
    rows: [18],
    title: "SERIAL column rewrites the table",
    hazard: "add_column_rewrite",
    ...rewriting,
    why: "serial and bigserial mean a default of nextval(), which is volatile: every row is numbered while ACCESS EXCLUSIVE is held.",
    recipe: addNumbered,
    detect: whenAdded((column) => isSerial(column.type)),
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD COLUMN number bigserial;" }],
      passes: [{ sql: "CREATE TABLE note (id bigserial PRIMARY KEY);" }],
    },
  },
  {
    id: "identity-column",
    rows: [19],
    title: "Identity column rewrites the table",
    hazard: "add_identity_column",
    ...rewriting,
    why: "GENERATED … AS IDENTITY numbers every existing row while ACCESS EXCLUSIVE is held.",
    recipe: addNumbered,
    detect: whenAdded((column) => column.identity),
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;" }],
      passes: [{ sql: "CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY);" }],
    },
  },
  {
    id: "stored-generated-column",
    rows: [20],
    title: "Stored generated column rewrites the table",
    hazard: "add_column_rewrite",
    ...rewriting,
    why: "GENERATED … STORED computes and writes every row under ACCESS EXCLUSIVE. A VIRTUAL column (PostgreSQL 18) writes nothing.",
    recipe: ({ relation, column }) =>
      recipe(
        `# PostgreSQL 18: sa.Column(${py(column)}, …, sa.Computed("…", persisted=False))`,
        `# before: a plain column of ${relation}, a trigger that fills it, and a batched job for old rows`,
      ),
    detect: whenAdded((column) => column.generated === "stored"),
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD COLUMN next_age integer GENERATED ALWAYS AS (age + 1) STORED;" }],
      passes: [
        { sql: "ALTER TABLE account ADD COLUMN next_age integer GENERATED ALWAYS AS (age + 1) VIRTUAL;", version: 18 },
      ],
    },
  },
  {
    id: "constrained-domain-column",
    rows: [21],
    title: "Column of a constrained domain rewrites the table",
    hazard: "add_column_rewrite",
    ...rewriting,
    why: "A column whose domain has a CHECK or NOT NULL is checked row by row: the table is rewritten even without a default (measured on PostgreSQL 15).",
    recipe: ({ relation, column }) =>
      recipe(
        `op.add_column(${tableArgument(relation)}, sa.Column(${py(column)}, …))  # the domain's base type`,
        `op.create_check_constraint("…", ${tableArgument(relation)}, "…", postgresql_not_valid=True)`,
      ),
    detect: whenAdded((column, { situation }) => domainsOf(situation.schema, column.type).some(isConstrained)),
    examples: {
      fires: [
        {
          preamble: "CREATE DOMAIN percent AS integer CHECK (VALUE <= 100); CREATE TABLE account (id bigint);",
          sql: "ALTER TABLE account ADD COLUMN share percent;",
        },
      ],
      passes: [
        {
          preamble: "CREATE DOMAIN note AS text; CREATE TABLE account (id bigint);",
          sql: "ALTER TABLE account ADD COLUMN remark note;",
        },
      ],
    },
  },
  {
    id: "required-column",
    rows: [52],
    title: "Required column without a default",
    hazard: "add_required_column",
    scope: "compat",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "block" },
    why: "A NOT NULL column without server_default fails at once if the table has rows, and it makes every INSERT of the old code fail, since that code does not know the column. default= in Python does not help the old code.",
    recipe: ({ relation, column, type }) =>
      `op.add_column(${tableArgument(relation)}, sa.Column(${py(column)}, ${saType(type)}, nullable=False, server_default=sa.text("…")))`,
    detect: whenAdded(
      (column, { situation }) =>
        (column.notNull || domainsOf(situation.schema, column.type).some(({ notNull }) => notNull)) &&
        defaultOf(column, situation.schema) === undefined &&
        !isSerial(column.type) &&
        !column.identity &&
        column.generated === undefined,
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD COLUMN country text NOT NULL;" }],
      passes: [
        { sql: "ALTER TABLE account ADD COLUMN country text NOT NULL DEFAULT 'unknown';" },
        { sql: "ALTER TABLE account ADD COLUMN country text;" },
      ],
    },
  },
  {
    id: "json-column",
    rows: [65],
    title: "json has no equality",
    hazard: "json_column",
    scope: "compat",
    severity: { lock: "none", oldCode: "info" },
    why: "A json column makes SELECT DISTINCT, UNION and GROUP BY over the row fail. jsonb compares.",
    recipe: ({ relation, column }) =>
      `op.add_column(${tableArgument(relation)}, sa.Column(${py(column)}, postgresql.JSONB()))`,
    detect: whenAdded((column) => column.type.name === "json"),
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD COLUMN extra json;" }],
      passes: [{ sql: "ALTER TABLE account ADD COLUMN extra jsonb;" }],
    },
  },
];
