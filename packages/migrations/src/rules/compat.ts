import type { Step } from "../engine/step.ts";
import { constraintName } from "../schema/fold-create-table.ts";
import { addedHere, alterations, isNewTable, later } from "./conditions.ts";
import { execute, py, sqlName, tableArgument } from "./recipe-text.ts";
import { any, hit, on, onAction, type Rule } from "./rule.ts";

/**
 * Whether rows that old code writes may violate a key for the first time. They leave NULL in a new column without a
 * default, which equals nothing; and where fewer columns are or were unique, all of them are unique anyhow.
 */
function rejectsMore(step: Step, table: string, columns: readonly string[]): boolean {
  const { schema, formerKeys } = step.situation;
  const known = schema.tables.get(table);
  // A query fills it, and no code writes to it.
  if (known?.kind === "materialized-view") return false;
  const isLeftNull = (column: string) =>
    addedHere(step, table, column) && known?.columns.get(column)?.hasDefault !== true;
  const keys = [
    ...formerKeys.filter((key) => key.table === table),
    ...(known?.indexes ?? []).filter(({ unique, computed }) => unique && !computed),
  ];
  const wasUnique = keys.some((key) => key.columns.every((column) => columns.includes(column)));
  return !wasUnique && !columns.some(isLeftNull);
}

export const COMPAT_RULES: readonly Rule[] = [
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
      later(
        column === undefined
          ? execute(`ALTER DOMAIN ${sqlName(relation)} SET NOT NULL`)
          : `op.alter_column(${tableArgument(relation)}, ${py(column)}, nullable=False)`,
      ),
    detect: any(
      onAction("add-constraint", ({ constraint }, table, step) => {
        const columns = step.situation.schema.tables.get(table)?.columns;
        const nullable = constraint.columns.filter((column) => columns?.get(column)?.notNull === false);
        return constraint.kind === "primary" || (constraint.kind === "not-null" && !constraint.notValid)
          ? nullable.filter((column) => !addedHere(step, table, column)).flatMap((column) => hit(table, { column }))
          : [];
      }),
      onAction("set-not-null", ({ column }, table, step, run) => {
        const known = step.situation.schema.tables.get(table)?.columns.get(column);
        const isCovered = known?.hasDefault === true && alterations(run, table, column).at(-1)?.kind !== "drop-default";
        if (known?.notNull === true || (isCovered && addedHere(step, table, column))) return [];
        return [{ subject: { relation: table, column }, severity: isCovered ? { oldCode: "warn" } : undefined }];
      }),
      on("alter-domain", ({ type, change }) => (change === "set-not-null" ? hit(type) : [])),
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE account ALTER COLUMN email SET NOT NULL;" }],
      passes: [
        {
          preamble: "CREATE TABLE account (email text NOT NULL);",
          sql: "ALTER TABLE account ALTER COLUMN email SET NOT NULL;",
        },
        {
          sql: "ALTER TABLE account ADD COLUMN score int DEFAULT 0; ALTER TABLE account ALTER COLUMN score SET NOT NULL;",
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
      onAction("drop-expression", ({ column }, table) => [
        {
          subject: { relation: table, column },
          note: "rows that old code writes have no value in it from now on",
          severity: { oldCode: "warn" },
        },
      ]),
      on("alter-domain", ({ type, change }) =>
        change === "drop-default" ? [{ subject: { relation: type }, severity: { oldCode: "warn" } }] : [],
      ),
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
      on("alter-domain", ({ type, change }) => (change === "add-constraint" ? hit(type) : [])),
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
      on("create-index", ({ unique, table, index, columns, computed }, step) =>
        unique && !isNewTable(step, table) && (computed || rejectsMore(step, table, columns))
          ? hit(table, { name: index })
          : [],
      ),
      onAction("add-constraint", ({ constraint }, table, step) =>
        (constraint.kind === "unique" || constraint.kind === "primary") &&
        constraint.usingIndex === undefined &&
        rejectsMore(step, table, constraint.columns)
          ? hit(table, { name: constraintName(table, constraint) })
          : [],
      ),
      // Every row that old code writes gets the same value.
      onAction("add-column", ({ column }, table) => {
        const key = column.constraints.find(({ kind }) => kind === "unique" || kind === "primary");
        const isConstant = column.default?.isNull === false && column.default.functions.length === 0;
        return key !== undefined && isConstant ? hit(table, { name: constraintName(table, key) }) : [];
      }),
    ),
    examples: {
      fires: [
        { sql: "CREATE UNIQUE INDEX CONCURRENTLY account_email ON account (email);" },
        {
          sql: "ALTER TABLE account ADD COLUMN kind text DEFAULT 'x'; CREATE UNIQUE INDEX CONCURRENTLY a ON account (kind);",
        },
        { sql: "ALTER TABLE account ADD COLUMN kind text DEFAULT 'x' UNIQUE;" },
      ],
      passes: [
        { sql: "CREATE INDEX CONCURRENTLY account_email ON account (email);" },
        { sql: "ALTER TABLE account ADD COLUMN nick text; ALTER TABLE account ADD UNIQUE (nick);" },
        { sql: "ALTER TABLE account ADD COLUMN token uuid DEFAULT gen_random_uuid() UNIQUE;" },
        { sql: "CREATE UNIQUE INDEX CONCURRENTLY i ON account (id, email);" },
        { sql: "CREATE UNIQUE INDEX CONCURRENTLY i ON totals (one);" },
        {
          preamble: "CREATE TABLE account (email text CONSTRAINT one_email UNIQUE, age int);",
          sql: "ALTER TABLE account DROP CONSTRAINT one_email; ALTER TABLE account RENAME email TO mail; ALTER TABLE account ADD UNIQUE (mail, age);",
        },
      ],
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
      addedHere(step, table, column) || step.situation.schema.tables.get(table)?.columns.get(column)?.notNull === false
        ? []
        : hit(table, { column }),
    ),
    examples: {
      fires: [
        {
          preamble: "CREATE TABLE account (email text NOT NULL);",
          sql: "ALTER TABLE account ALTER COLUMN email DROP NOT NULL;",
        },
      ],
      passes: [
        { sql: "ALTER TABLE account ALTER COLUMN email DROP NOT NULL;" },
        {
          sql: "ALTER TABLE account ADD COLUMN score int NOT NULL DEFAULT 0; ALTER TABLE account ALTER COLUMN score DROP NOT NULL;",
        },
      ],
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
    detect: any(
      onAction("set-default", ({ column }, table, step) =>
        addedHere(step, table, column) ? [] : hit(table, { column }),
      ),
      on("alter-domain", ({ type, change }) => (change === "set-default" ? hit(type) : [])),
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE account ALTER COLUMN age SET DEFAULT 18;" }],
      passes: [
        { sql: "ALTER TABLE account ADD COLUMN score int; ALTER TABLE account ALTER COLUMN score SET DEFAULT 1;" },
      ],
    },
  },
];
