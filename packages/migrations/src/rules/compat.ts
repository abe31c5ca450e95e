import type { Run, Step } from "../engine/step.ts";
import { constraintName } from "../schema/fold-create-table.ts";
import type { Operation } from "../sql/operation.ts";
import { autocommit, execute, py, recipe, tableArgument } from "./recipe-text.ts";
import { any, hit, on, onAction, type Rule } from "./rule.ts";

const later = (...lines: readonly string[]): string =>
  recipe("# this release: ship code that no longer uses it; the release after:", ...lines);

/** The revision makes a relation of this name again after dropping it. */
const isMadeAgain = (name: string, { operations }: Run): boolean =>
  operations.some(
    (other) =>
      (other.kind === "create-view" && other.view === name) ||
      (other.kind === "create-table-as" && other.relation === name),
  );

const isTableMadeAgain = (name: string, { operations }: Run): boolean =>
  operations.some((other) => other.kind === "create-table" && other.table === name);

const isViewOf = (name: string, { operations }: Run): boolean =>
  operations.some((other) => other.kind === "create-view" && other.view === name);

const isNewTable = (step: Step, table: string): boolean => !step.situation.existed(table);

const alterations = ({ operations }: Run, table: string, column: string) =>
  operations.flatMap((operation) =>
    operation.kind === "alter-table" &&
    operation.table === table &&
    "column" in operation.action &&
    operation.action.column === column
      ? [operation.action]
      : [],
  );

/** Names that conventions give to primary keys, for tables that were not seen being created. */
const PRIMARY_KEY_NAME = /(^|_)(pkey|pk|primary_?key)(_|$)/i;

const droppedKey = (step: Step, table: string, name: string): boolean => {
  const known = step.situation.schema.tables.get(table)?.constraints.find((constraint) => constraint.name === name);
  return known === undefined ? PRIMARY_KEY_NAME.test(name) : known.kind === "primary";
};

const breaking = {
  scope: "compat",
  lock: "AccessExclusiveLock",
  severity: { lock: "warn", oldCode: "block" },
} as const;

export const COMPAT_RULES: readonly Rule[] = [
  {
    id: "drop-column",
    rows: [47],
    title: "Column dropped while old code may name it",
    hazard: "drop_column",
    ...breaking,
    why: "SQLAlchemy lists every mapped column in each SELECT. As long as the old release runs, a dropped column makes all its queries on the table fail, even if no code ever used the column.",
    recipe: ({ relation, column }) => later(`op.drop_column(${tableArgument(relation)}, ${py(column)})`),
    detect: onAction("drop-column", ({ column }, table, step) =>
      addedHere(step, table, column) ? [] : hit(table, { column }),
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE account DROP COLUMN age;" }],
      passes: [{ sql: "CREATE TABLE note (id int, body text); ALTER TABLE note DROP COLUMN body;" }],
    },
  },
  {
    id: "drop-table",
    rows: [48],
    title: "Table dropped while old code may use it",
    hazard: "drop_table",
    ...breaking,
    why: "Every query of the old release on the table fails, and the rows are gone.",
    recipe: ({ relation }) => later(`op.drop_table(${tableArgument(relation)})`),
    detect: on("drop", (operation, step, run) =>
      operation.object !== "table"
        ? []
        : operation.names.flatMap((name) => (isNewTable(step, name) || isTableMadeAgain(name, run) ? [] : hit(name))),
    ),
    examples: {
      fires: [{ sql: "DROP TABLE account;" }],
      passes: [{ sql: "CREATE TABLE note (id int); DROP TABLE note;" }],
    },
  },
  {
    id: "drop-view",
    rows: [48],
    title: "View dropped while old code may use it",
    hazard: "drop_view",
    ...breaking,
    why: "Every query of the old release on the view fails. Dropped and made again in one transaction, it is only replaced.",
    recipe: ({ relation }) => later(execute(`DROP VIEW ${relation}`)),
    detect: on("drop", (operation, step, run) =>
      operation.object !== "view"
        ? []
        : operation.names.flatMap((name) => (isNewTable(step, name) || isMadeAgain(name, run) ? [] : hit(name))),
    ),
    examples: {
      fires: [{ sql: "DROP VIEW adults;" }],
      passes: [{ sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one;" }],
    },
  },
  {
    id: "drop-materialized-view",
    rows: [48],
    title: "Materialized view dropped while old code may use it",
    hazard: "backward_incompatible",
    ...breaking,
    why: "Every query of the old release on the view fails, and its contents must be computed again to bring it back.",
    recipe: ({ relation }) => later(execute(`DROP MATERIALIZED VIEW ${relation}`)),
    detect: on("drop", (operation, step, run) =>
      operation.object !== "materialized-view"
        ? []
        : operation.names.flatMap((name) => (isNewTable(step, name) || isMadeAgain(name, run) ? [] : hit(name))),
    ),
    examples: {
      fires: [{ sql: "DROP MATERIALIZED VIEW totals;" }],
      passes: [{ sql: "DROP MATERIALIZED VIEW totals; CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one;" }],
    },
  },
  {
    id: "recreated-table",
    rows: [48, 66],
    title: "Table dropped and made again",
    hazard: "create_table_force",
    ...breaking,
    severity: { lock: "block", oldCode: "block" },
    why: "DROP TABLE followed by CREATE TABLE of the same name deletes all rows if the table was there, with IF EXISTS without a word.",
    recipe: ({ relation }) => `op.create_table(${tableArgument(relation)}, …)  # without dropping it first`,
    detect: on("drop", (operation, step, run) =>
      operation.object !== "table"
        ? []
        : operation.names.flatMap((name) => (!isNewTable(step, name) && isTableMadeAgain(name, run) ? hit(name) : [])),
    ),
    examples: {
      fires: [{ sql: "DROP TABLE IF EXISTS account; CREATE TABLE account (id int);" }],
      passes: [{ sql: "DROP TABLE IF EXISTS account;" }],
    },
  },
  {
    id: "drop-database",
    rows: [48, 66],
    title: "Database or schema dropped",
    hazard: "drop_database",
    ...breaking,
    severity: { lock: "block", oldCode: "block" },
    why: "Everything in it is gone, and no downgrade brings it back.",
    recipe: ({ name }) => `# drop ${name ?? "it"} by hand, once nothing uses it and a backup is proven`,
    detect: on("drop", (operation) =>
      operation.object === "database" || operation.object === "schema"
        ? hit(operation.names[0] ?? "", { name: operation.names[0] })
        : [],
    ),
    examples: {
      fires: [{ sql: "DROP DATABASE shop;" }, { sql: "DROP SCHEMA shop CASCADE;" }],
      passes: [{ sql: "DROP TABLE account;" }],
    },
  },
  {
    id: "rename-column",
    rows: [49],
    title: "Column renamed while old code uses its name",
    hazard: "rename_column",
    ...breaking,
    why: "All queries of the old release on the table fail from the moment of the rename, and those of the new release until then.",
    recipe: ({ relation, to }) =>
      recipe(
        `op.add_column(${tableArgument(relation)}, sa.Column(${py(to)}, …))`,
        "# write both, backfill in batches, read the new one, drop the old one a release later",
      ),
    detect: on("rename", (operation, step) =>
      operation.object === "column" &&
      !isNewTable(step, operation.name) &&
      !addedHere(step, operation.name, operation.from)
        ? hit(operation.name, { column: operation.from, to: operation.to })
        : [],
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE account RENAME COLUMN email TO mail;" }],
      passes: [{ sql: "CREATE TABLE note (a int); ALTER TABLE note RENAME COLUMN a TO b;" }],
    },
  },
  {
    id: "rename-table",
    rows: [50],
    title: "Table renamed while old code uses its name",
    hazard: "rename_table",
    ...breaking,
    why: "The old release finds no table of that name. An updatable view under the old name, made in the same transaction, lets it read and write.",
    recipe: ({ relation, to }) =>
      recipe(
        `op.rename_table(${tableArgument(relation)}, ${py(to)})`,
        execute(`CREATE VIEW ${relation} AS SELECT * FROM ${to ?? "…"}`),
      ),
    detect: on("rename", (operation, step, run) => {
      if ((operation.object !== "table" && operation.object !== "view") || isNewTable(step, operation.name)) return [];
      if (step.situation.schema.tables.get(operation.name) === undefined && /_seq$/.test(operation.name)) return [];
      const isBridged = isViewOf(operation.name, run);
      const subject = { relation: operation.name, to: operation.to };
      return [
        {
          subject,
          severity: isBridged ? { oldCode: "info" } : undefined,
          note: isBridged ? "a view keeps the old name" : undefined,
        },
      ];
    }),
    examples: {
      fires: [{ sql: "ALTER TABLE account RENAME TO customer;" }],
      passes: [{ sql: "CREATE TABLE note (a int); ALTER TABLE note RENAME TO remark;" }],
    },
  },
  {
    id: "rename-schema",
    rows: [51],
    title: "Schema renamed",
    hazard: "rename_schema",
    ...breaking,
    why: "Every name the old release uses is wrong at once.",
    recipe: ({ to }) =>
      `# create schema ${to ?? "…"} beside the old one and move one table at a time, each behind a view`,
    detect: on("rename", (operation) =>
      operation.object === "schema" ? hit(operation.from, { to: operation.to }) : [],
    ),
    examples: { fires: [{ sql: "ALTER SCHEMA shop RENAME TO store;" }], passes: [{ sql: "CREATE SCHEMA store;" }] },
  },
  {
    id: "default-dropped-again",
    rows: [53],
    title: "Default added for the migration and dropped in it",
    hazard: "not_null_compat",
    scope: "compat",
    severity: { lock: "none", oldCode: "block" },
    why: "The default fills old rows, but once it is gone the old code's INSERT, which does not name the column, violates NOT NULL. Frameworks do this by habit.",
    recipe: ({ relation, column }) =>
      later(`op.alter_column(${tableArgument(relation)}, ${py(column)}, server_default=None)`),
    detect: onAction("drop-default", ({ column }, table, step, run) => {
      const actions = alterations(run, table, column);
      const isSetHere = actions.some(({ kind }) => kind === "set-default") || addedHere(step, table, column);
      const isRequired =
        step.situation.schema.tables.get(table)?.columns.get(column)?.notNull === true ||
        actions.some(({ kind }) => kind === "set-not-null");
      const isSetAgain = actions.at(-1)?.kind === "set-default";
      return isSetHere && isRequired && !isSetAgain ? hit(table, { column }) : [];
    }),
    examples: {
      fires: [
        {
          sql: "ALTER TABLE account ADD COLUMN country text DEFAULT 'x' NOT NULL; ALTER TABLE account ALTER COLUMN country DROP DEFAULT;",
        },
      ],
      passes: [{ sql: "ALTER TABLE account ADD COLUMN country text DEFAULT 'x' NOT NULL;" }],
    },
  },
  {
    id: "column-becomes-required",
    rows: [54],
    title: "Column no longer takes NULL",
    hazard: "not_null_compat",
    scope: "compat",
    lock: "AccessExclusiveLock",
    severity: { lock: "none", oldCode: "block" },
    why: "Old code may still write NULL, or leave the column out, and fails on it. A default covers the second case only.",
    recipe: ({ relation, column }) =>
      later(`op.alter_column(${tableArgument(relation)}, ${py(column)}, nullable=False)`),
    detect: onAction("set-not-null", ({ column }, table, step, run) => {
      const known = step.situation.schema.tables.get(table)?.columns.get(column);
      const isCovered = known?.hasDefault === true && alterations(run, table, column).at(-1)?.kind !== "drop-default";
      if (known?.notNull === true) return [];
      return [{ subject: { relation: table, column }, severity: isCovered ? { oldCode: "warn" } : undefined }];
    }),
    examples: {
      fires: [{ sql: "ALTER TABLE account ALTER COLUMN email SET NOT NULL;" }],
      passes: [
        {
          preamble: "CREATE TABLE account (email text NOT NULL);",
          sql: "ALTER TABLE account ALTER COLUMN email SET NOT NULL;",
        },
      ],
    },
  },
  {
    id: "drop-default",
    rows: [55],
    title: "Default dropped from a required column",
    hazard: "drop_default",
    scope: "compat",
    severity: { lock: "none", oldCode: "block" },
    why: "Old code that leaves the column out relied on the default or identity: its INSERT now violates NOT NULL.",
    recipe: ({ relation, column }) =>
      later(`op.alter_column(${tableArgument(relation)}, ${py(column)}, server_default=None)`),
    detect: any(
      onAction("drop-default", ({ column }, table, step) => {
        const known = step.situation.schema.tables.get(table)?.columns.get(column);
        if (known?.hasDefault === false || addedHere(step, table, column)) return [];
        const severity =
          known?.notNull === true ? undefined : ({ oldCode: known === undefined ? "warn" : "info" } as const);
        return [{ subject: { relation: table, column }, severity }];
      }),
      onAction("drop-identity", ({ column }, table) => hit(table, { column })),
    ),
    examples: {
      fires: [
        {
          preamble: "CREATE TABLE account (age int NOT NULL DEFAULT 0);",
          sql: "ALTER TABLE account ALTER COLUMN age DROP DEFAULT;",
        },
      ],
      passes: [
        { preamble: "CREATE TABLE account (age int);", sql: "ALTER TABLE account ALTER COLUMN age DROP DEFAULT;" },
      ],
    },
  },
  {
    id: "new-constraint-rejects-writes",
    rows: [57],
    title: "New constraint may reject what old code writes",
    hazard: "new_constraint",
    scope: "compat",
    severity: { lock: "none", oldCode: "warn" },
    why: "A CHECK, foreign key or exclusion constraint applies to new rows at once, NOT VALID or not. The old code was not written for it.",
    recipe: () => "# ship code that keeps the rule first; add the constraint a release later",
    detect: any(
      onAction("add-constraint", ({ constraint }, table) =>
        constraint.kind === "check" || constraint.kind === "foreign" || constraint.kind === "exclusion"
          ? hit(table, { name: constraintName(table, constraint) })
          : [],
      ),
      on("alter-domain", ({ type, change }) =>
        change === "add-constraint" || change === "set-not-null" ? hit(type) : [],
      ),
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD CONSTRAINT adult CHECK (age > 17) NOT VALID;" }],
      passes: [{ sql: "CREATE TABLE note (id int CHECK (id > 0));" }],
    },
  },
  {
    id: "new-unique-rejects-writes",
    rows: [57],
    title: "New uniqueness may reject what old code writes",
    hazard: "unique_index_on_existing",
    scope: "compat",
    severity: { lock: "none", oldCode: "warn" },
    why: "Duplicates that the old code still writes fail from now on, and duplicates that exist make the migration itself fail.",
    recipe: () =>
      "# find duplicates first (GROUP BY … HAVING count(*) > 1), ship code that makes none, then add the index",
    detect: any(
      on("create-index", ({ unique, table, index, columns }, step) =>
        unique && !isNewTable(step, table) && !columns.some((column) => addedHere(step, table, column))
          ? hit(table, { name: index })
          : [],
      ),
      onAction("add-constraint", ({ constraint }, table) =>
        (constraint.kind === "unique" || constraint.kind === "primary") && constraint.usingIndex === undefined
          ? hit(table, { name: constraintName(table, constraint) })
          : [],
      ),
    ),
    examples: {
      fires: [{ sql: "CREATE UNIQUE INDEX CONCURRENTLY account_email ON account (email);" }],
      passes: [{ sql: "CREATE INDEX CONCURRENTLY account_email ON account (email);" }],
    },
  },
  {
    id: "enum-value-added",
    rows: [58],
    title: "Enum value that old code does not know",
    hazard: "enum_value_added",
    scope: "compat",
    severity: { lock: "none", oldCode: "warn" },
    why: "Once new code writes the value, SQLAlchemy's Enum in the old release raises LookupError on reading such a row, before the swap and after a rollback.",
    recipe: ({ relation, name }) =>
      recipe(
        "# ship code that reads the value before any code writes it",
        autocommit(execute(`ALTER TYPE ${relation} ADD VALUE IF NOT EXISTS '${name ?? "…"}'`)),
      ),
    detect: on("add-enum-value", ({ type, value }, _, run) =>
      isTypeNew(type, run.operations) ? [] : hit(type, { name: value }),
    ),
    examples: {
      fires: [{ sql: "ALTER TYPE mood ADD VALUE 'calm';" }],
      passes: [{ sql: "CREATE TYPE weather AS ENUM ('rain'); ALTER TYPE weather ADD VALUE 'sun';" }],
    },
  },
  {
    id: "enum-value-renamed",
    rows: [59],
    title: "Enum value renamed",
    hazard: "enum_value_renamed",
    scope: "compat",
    severity: { lock: "none", oldCode: "block" },
    why: "The old code can neither read rows with the new name nor write the old one.",
    recipe: ({ relation, to }) =>
      recipe(
        autocommit(execute(`ALTER TYPE ${relation} ADD VALUE '${to ?? "…"}'`)),
        "# move rows in batches, stop writing the old value, leave it in the type",
      ),
    detect: on("rename-enum-value", ({ type, to }) => hit(type, { to })),
    examples: {
      fires: [{ sql: "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';" }],
      passes: [{ sql: "ALTER TYPE mood ADD VALUE 'fine';" }],
    },
  },
  {
    id: "enum-value-used-early",
    rows: [60],
    title: "Enum value used in the transaction that adds it",
    hazard: "enum_value_used_early",
    scope: "txn",
    severity: { lock: "block", oldCode: "none" },
    since: 12,
    why: `PostgreSQL refuses to use a value before the transaction that added it is committed ("unsafe use of new value"). Before PostgreSQL 12 ADD VALUE itself is refused in a transaction.`,
    recipe: ({ relation, name }) =>
      autocommit(execute(`ALTER TYPE ${relation} ADD VALUE IF NOT EXISTS '${name ?? "…"}'`)),
    detect: (step, run) => {
      const used = literalsOf(step.operation);
      if (step.transaction === undefined || used.length === 0) return [];
      return run.enumAdditions.flatMap(({ operation, transaction }) =>
        operation.kind === "add-enum-value" && transaction === step.transaction && used.includes(operation.value)
          ? hit(operation.type, { name: operation.value })
          : [],
      );
    },
    examples: {
      fires: [
        {
          transaction: true,
          sql: "ALTER TYPE mood ADD VALUE 'calm'; UPDATE account SET feeling = 'calm' WHERE id = 1;",
        },
      ],
      passes: [{ sql: "ALTER TYPE mood ADD VALUE 'calm'; UPDATE account SET feeling = 'calm' WHERE id = 1;" }],
    },
  },
  {
    id: "enum-value-irreversible",
    rows: [61],
    title: "Enum value that cannot be taken back",
    hazard: "enum_value_irreversible",
    scope: "compat",
    severity: { lock: "none", oldCode: "info" },
    why: "There is no ALTER TYPE … DROP VALUE: a downgrade must make a new type and rewrite every column of the old one.",
    recipe: () => `# def downgrade(): raise NotImplementedError("an enum value cannot be dropped")`,
    detect: on("add-enum-value", ({ type, value }, _, run) =>
      isTypeNew(type, run.operations) ? [] : hit(type, { name: value }),
    ),
    examples: {
      fires: [{ sql: "ALTER TYPE mood ADD VALUE 'calm';" }],
      passes: [{ sql: "CREATE TYPE weather AS ENUM ('rain');" }],
    },
  },
  {
    id: "drop-not-null",
    rows: [62],
    title: "Column may now be NULL",
    hazard: "drop_not_null",
    scope: "compat",
    lock: "AccessExclusiveLock",
    severity: { lock: "none", oldCode: "warn" },
    why: "New code may write NULL, and old code that reads it gets None where it never did.",
    recipe: () => "# ship code that bears NULL first; the new code writes NULL a release later",
    detect: onAction("drop-not-null", ({ column }, table, step) =>
      step.situation.schema.tables.get(table)?.columns.get(column)?.notNull === false ? [] : hit(table, { column }),
    ),
    examples: {
      fires: [
        {
          preamble: "CREATE TABLE account (email text NOT NULL);",
          sql: "ALTER TABLE account ALTER COLUMN email DROP NOT NULL;",
        },
      ],
      passes: [{ sql: "ALTER TABLE account ALTER COLUMN email DROP NOT NULL;" }],
    },
  },
  {
    id: "default-changed",
    rows: [63],
    title: "Default changed",
    hazard: "change_default",
    scope: "compat",
    severity: { lock: "none", oldCode: "info" },
    why: "Rows that old code inserts get the new default, which it does not expect; SQLAlchemy versions with partial inserts may send the old one.",
    recipe: () => "# ship code that bears both values first",
    detect: onAction("set-default", ({ column }, table, step) =>
      addedHere(step, table, column) ? [] : hit(table, { column }),
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE account ALTER COLUMN age SET DEFAULT 18;" }],
      passes: [
        { sql: "ALTER TABLE account ADD COLUMN score int; ALTER TABLE account ALTER COLUMN score SET DEFAULT 1;" },
      ],
    },
  },
  {
    id: "routine-replaced",
    rows: [64],
    title: "Function, view or trigger replaced under old code",
    hazard: "routine_replaced",
    scope: "compat",
    severity: { lock: "none", oldCode: "info" },
    why: "The old release calls the new definition at once.",
    recipe: ({ name }) => `# add ${name ?? "it"} under a new name (…_v2), and drop the old one a release later`,
    detect: any(
      on("create-function", ({ name, replace }) => (replace ? hit(name, { name }) : [])),
      on("create-view", ({ view, replace }, step, run) =>
        (replace || run.steps.some(({ operation }) => operation.kind === "drop" && operation.names.includes(view))) &&
        !isNewTable(step, view)
          ? hit(view, { name: view })
          : [],
      ),
      on("drop", ({ object, names, on: table }) =>
        object === "function" || object === "trigger" ? hit(table ?? names[0] ?? "", { name: names[0] }) : [],
      ),
    ),
    examples: {
      fires: [{ sql: "CREATE OR REPLACE FUNCTION touch() RETURNS int LANGUAGE sql AS 'SELECT 1';" }],
      passes: [{ sql: "CREATE FUNCTION touch_v2() RETURNS int LANGUAGE sql AS 'SELECT 1';" }],
    },
  },
  {
    id: "truncate",
    rows: [66],
    title: "TRUNCATE deletes all rows",
    hazard: "truncate",
    ...breaking,
    severity: { lock: "block", oldCode: "block" },
    why: "Every row is gone at once, under ACCESS EXCLUSIVE, and the old code meets an empty table.",
    recipe: ({ relation }) => `# delete rows of ${relation} in batches, outside the migration`,
    detect: on("truncate", ({ tables }, step) =>
      tables.flatMap((table) => [
        {
          subject: { relation: table },
          severity: isNewTable(step, table) ? ({ lock: "info", oldCode: "none" } as const) : undefined,
          note: isNewTable(step, table) ? "the table is new, so nothing is lost" : undefined,
        },
      ]),
    ),
    examples: { fires: [{ sql: "TRUNCATE account;" }], passes: [{ sql: "DELETE FROM account WHERE id = 1;" }] },
  },
  {
    id: "drop-cascade",
    rows: [66],
    title: "CASCADE drops what was not named",
    hazard: "drop_cascade",
    ...breaking,
    severity: { lock: "block", oldCode: "block" },
    why: "CASCADE takes along views, foreign keys and, for TRUNCATE, the rows of other tables: whatever depends on the object on that server, seen or not.",
    recipe: () => "# drop each dependent object by name, so that an unexpected one stops the migration",
    detect: any(
      on("drop", ({ cascade, names, object }, step) => {
        const old = names.filter((name) => !isNewTable(step, name));
        return cascade && (object !== "table" || old.length > 0) ? hit(old[0] ?? names[0] ?? "") : [];
      }),
      on("truncate", ({ cascade, tables }) => (cascade ? hit(tables[0] ?? "") : [])),
      onAction("drop-column", ({ cascade, column }, table) => (cascade ? hit(table, { column }) : [])),
      onAction("drop-constraint", ({ cascade, constraint }, table) =>
        cascade ? hit(table, { name: constraint }) : [],
      ),
    ),
    examples: { fires: [{ sql: "DROP TABLE account CASCADE;" }], passes: [{ sql: "DROP TABLE account;" }] },
  },
  {
    id: "drop-type-or-sequence",
    rows: [48],
    title: "Type or sequence dropped while old code may use it",
    hazard: "drop_type",
    ...breaking,
    why: "Old code that casts to the type, or asks the sequence for a number, fails. A label taken out of an enum by making the type anew fails the same way.",
    recipe: ({ relation }) => later(execute(`DROP TYPE ${relation}  -- or DROP SEQUENCE`)),
    detect: on("drop", (operation) =>
      /^(type|domain|sequence)$/.test(operation.object) ? operation.names.flatMap((name) => hit(name)) : [],
    ),
    examples: {
      fires: [{ sql: "DROP TYPE mood;" }, { sql: "DROP SEQUENCE account_number;" }],
      passes: [{ sql: "CREATE TYPE weather AS ENUM ('rain');" }],
    },
  },
  {
    id: "drop-primary-key",
    rows: [66],
    title: "Primary key dropped",
    hazard: "drop_primary_key",
    ...breaking,
    why: "Old code that upserts by the key (ON CONFLICT), replication and foreign keys to the table lose what they stand on.",
    recipe: ({ relation }) =>
      recipe(
        "# build the new key's index concurrently first, then in one statement:",
        execute(`ALTER TABLE ${relation} DROP CONSTRAINT …, ADD CONSTRAINT … PRIMARY KEY USING INDEX …`),
      ),
    detect: onAction("drop-constraint", ({ constraint }, table, step) =>
      droppedKey(step, table, constraint) ? hit(table, { name: constraint }) : [],
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE account DROP CONSTRAINT account_pkey;" }],
      passes: [
        {
          preamble: "CREATE TABLE account (age int CONSTRAINT odd_pk CHECK (age > 1));",
          sql: "ALTER TABLE account DROP CONSTRAINT odd_pk;",
        },
      ],
    },
  },
];

/** The column was added by an earlier statement of this revision. */
function addedHere({ situation }: Step, table: string, column: string): boolean {
  return situation.addedColumns.has(`${table}.${column}`);
}

const isTypeNew = (type: string, operations: readonly Operation[]): boolean =>
  operations.some((operation) => operation.kind === "create-enum" && operation.type === type);

function literalsOf(operation: Operation): readonly string[] {
  if (operation.kind === "change-rows" || operation.kind === "select") return operation.literals;
  if (operation.kind !== "alter-table") return [];
  if (operation.action.kind === "set-default") return operation.action.default.literals;
  if (operation.action.kind === "add-column") return operation.action.column.default?.literals ?? [];
  return operation.action.kind === "add-constraint" ? (operation.action.constraint.expression?.literals ?? []) : [];
}
