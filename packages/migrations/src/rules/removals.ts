import type { Step } from "../engine/step.ts";
import type { Operation } from "../sql/operation.ts";
import {
  addedHere,
  breaking,
  droppedKey,
  isMadeAgain,
  isMadeHere,
  isNewTable,
  isTableMadeAgain,
  isTypeNew,
  later,
} from "./conditions.ts";
import { execute, py, recipe, sqlName, tableArgument } from "./recipe-text.ts";
import { any, type Hit, hit, on, onAction, type Rule, type Subject } from "./rule.ts";
import { lostIn } from "./shapes.ts";

/** Dropped for good, the view goes a release later; made again, it keeps what old code reads until then. */
const viewRecipe =
  (kind: string) =>
  ({ relation, column, columns = column === undefined ? undefined : [column] }: Subject): string =>
    columns === undefined
      ? later(execute(`DROP ${kind} ${sqlName(relation)}`))
      : recipe(
          `# keep ${columns.join(", ")} in it as before, new columns at the end; the release after next may leave out what no code reads:`,
          execute(`CREATE ${kind === "VIEW" ? "OR REPLACE " : ""}${kind} ${sqlName(relation)} AS SELECT …`),
        );

function lessened(name: string, operation: Operation, step: Step): Hit[] {
  const lost = lostIn(operation, step);
  return lost === undefined ? [] : hit(name, { columns: lost.columns }, lost.note);
}

export const REMOVAL_RULES: readonly Rule[] = [
  {
    id: "drop-column",
    rows: [47],
    title: "Column dropped while old code may name it",
    hazard: "drop_column",
    ...breaking,
    why: "SQLAlchemy lists every mapped column in each SELECT. As long as the old release runs, a dropped column makes all its queries on the table fail, even if no code ever used the column.",
    recipe: ({ relation, column }) => later(`op.drop_column(${tableArgument(relation)}, ${py(column)})`),
    detect: any(
      onAction("drop-column", ({ column }, table, step) =>
        addedHere(step, table, column) ? [] : hit(table, { column }),
      ),
      on("change-attribute", ({ type, attribute, change }, _, run) =>
        change === "drop" && !isMadeHere("type", type, run) ? hit(type, { column: attribute }) : [],
      ),
    ),
    examples: {
      fires: [
        { sql: "ALTER TABLE account DROP COLUMN age;" },
        { sql: "ALTER TYPE address DROP ATTRIBUTE street, ADD ATTRIBUTE road text CASCADE;" },
      ],
      passes: [
        { sql: "CREATE TABLE note (id int, body text); ALTER TABLE note DROP COLUMN body;" },
        {
          sql: "ALTER TABLE account ADD COLUMN a int; ALTER TABLE account RENAME a TO b; ALTER TABLE account RENAME TO customer; ALTER TABLE customer DROP COLUMN b;",
        },
        { sql: "CREATE TYPE address AS (street text); ALTER TYPE address DROP ATTRIBUTE street;" },
        { sql: "ALTER TYPE address ADD ATTRIBUTE road text CASCADE;" },
      ],
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
    title: "View dropped, or made again without what old code reads in it",
    hazard: "drop_view",
    ...breaking,
    why: "Every query of the old release on the view fails. Dropped and made again in one transaction, with every column under its name and of its type, it is only replaced; a column that it lacks from then on is a column dropped.",
    recipe: viewRecipe("VIEW"),
    detect: any(
      on("drop", (operation, step, run) =>
        operation.object !== "view"
          ? []
          : operation.names.flatMap((name) => (isNewTable(step, name) || isMadeAgain(name, run) ? [] : hit(name))),
      ),
      on("create-view", (operation, step) => lessened(operation.view, operation, step)),
    ),
    examples: {
      fires: [
        { sql: "DROP VIEW adults;" },
        { sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 2 AS two;" },
        {
          preamble: "CREATE TABLE person (id int, age int); CREATE VIEW people AS SELECT * FROM person;",
          sql: "DROP VIEW people; CREATE VIEW people AS SELECT id, age::text FROM person;",
        },
        {
          preamble: "CREATE TABLE person (id int, age int);",
          sql: "ALTER TABLE person RENAME TO human; CREATE VIEW person AS SELECT id FROM human;",
        },
      ],
      passes: [
        { sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one;" },
        { sql: "DROP VIEW adults; CREATE VIEW adults AS SELECT 1 AS one, 2 AS two;" },
        { sql: "CREATE OR REPLACE VIEW adults AS SELECT 1 AS one, 2 AS two;" },
        {
          preamble: "CREATE TABLE person (id int, age int); CREATE VIEW people AS SELECT id, age FROM person;",
          sql: "DROP VIEW people; CREATE VIEW people AS SELECT p.* FROM person AS p;",
        },
      ],
    },
  },
  {
    id: "drop-materialized-view",
    rows: [48],
    title: "Materialized view dropped, or made again without what old code reads in it",
    hazard: "backward_incompatible",
    ...breaking,
    why: "Every query of the old release on the view fails, and its contents must be computed again to bring it back. A column that it lacks once it is made again is a column dropped.",
    recipe: viewRecipe("MATERIALIZED VIEW"),
    detect: any(
      on("drop", (operation, step, run) =>
        operation.object !== "materialized-view"
          ? []
          : operation.names.flatMap((name) => (isNewTable(step, name) || isMadeAgain(name, run) ? [] : hit(name))),
      ),
      on("create-table-as", (operation, step) => lessened(operation.relation, operation, step)),
    ),
    examples: {
      fires: [
        { sql: "DROP MATERIALIZED VIEW totals;" },
        { sql: "DROP MATERIALIZED VIEW totals; CREATE MATERIALIZED VIEW totals AS SELECT 2 AS two;" },
      ],
      passes: [
        { sql: "DROP MATERIALIZED VIEW totals; CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one;" },
        { sql: "DROP MATERIALIZED VIEW totals; CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one, now() AS at;" },
      ],
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
    title: "Database, schema or all that a role owns dropped",
    hazard: "drop_database",
    ...breaking,
    severity: { lock: "block", oldCode: "block" },
    why: "Everything in it is gone, and no downgrade brings it back.",
    recipe: ({ name }) => `# drop ${name ?? "it"} by hand, once nothing uses it and a backup is proven`,
    detect: on("drop", ({ object, names }, _, run) =>
      object === "database" ||
      object === "owned" ||
      (object === "schema" && !names.every((name) => isMadeHere("schema", name, run)))
        ? hit(names[0] ?? "", { name: names[0] })
        : [],
    ),
    examples: {
      fires: [{ sql: "DROP DATABASE shop;" }, { sql: "DROP SCHEMA shop CASCADE;" }],
      passes: [{ sql: "DROP TABLE account;" }],
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
        const isRelation = /^(table|view|materialized-view)$/.test(object);
        return cascade && (!isRelation || old.length > 0) ? hit(old[0] ?? names[0] ?? "") : [];
      }),
      on("truncate", ({ cascade, tables }) => (cascade ? hit(tables[0] ?? "") : [])),
      // What depends on a column or relation made here was made here too.
      onAction("drop-column", ({ cascade, column }, table, step) =>
        cascade && !addedHere(step, table, column) ? hit(table, { column }) : [],
      ),
      onAction("drop-constraint", ({ cascade, constraint }, table) =>
        cascade ? hit(table, { name: constraint }) : [],
      ),
    ),
    examples: {
      fires: [{ sql: "DROP TABLE account CASCADE;" }, { sql: "DROP VIEW adults CASCADE;" }],
      passes: [
        { sql: "DROP TABLE account;" },
        { sql: "CREATE VIEW young AS SELECT 1 AS one; DROP VIEW young CASCADE;" },
        { sql: "ALTER TABLE account ADD COLUMN score int; ALTER TABLE account DROP COLUMN score CASCADE;" },
      ],
    },
  },
  {
    id: "drop-type-or-sequence",
    rows: [48],
    title: "Type or sequence dropped or renamed while old code may use it",
    hazard: "drop_type",
    ...breaking,
    why: "Old code that casts to the type, or asks the sequence for a number, fails. A label taken out of an enum by making the type anew fails the same way.",
    recipe: ({ relation }) => later(execute(`DROP TYPE ${sqlName(relation)}  -- or DROP SEQUENCE`)),
    detect: any(
      on("rename", ({ object, name, to }, step, run) => {
        const isNamed = object === "type" || object === "sequence";
        const isNew = isNewTable(step, name) || isMadeHere("type", name, run) || isMadeHere("domain", name, run);
        return isNamed && !isNew && !isTypeNew(name, run.operations) ? hit(name, { to }) : [];
      }),
      on("drop", ({ object, names }, step, run) =>
        /^(type|domain|sequence)$/.test(object)
          ? names
              .filter((name) => !isMadeHere(object, name, run) && (object !== "sequence" || !isNewTable(step, name)))
              .flatMap((name) => hit(name))
          : [],
      ),
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
        execute(`ALTER TABLE ${sqlName(relation)} DROP CONSTRAINT …, ADD CONSTRAINT … PRIMARY KEY USING INDEX …`),
      ),
    detect: any(
      onAction("drop-constraint", ({ constraint }, table, step) =>
        droppedKey(step, table, constraint) ? hit(table, { name: constraint }) : [],
      ),
      onAction("drop-column", ({ column }, table, step) => {
        const key = step.situation.schema.tables.get(table)?.constraints.find(({ kind }) => kind === "primary");
        return key?.columns.includes(column) ? hit(table, { name: key.name }, "it goes with its column") : [];
      }),
    ),
    examples: {
      fires: [
        { sql: "ALTER TABLE account DROP CONSTRAINT account_pkey;" },
        { sql: "ALTER TABLE account DROP COLUMN id;" },
      ],
      passes: [
        {
          preamble: "CREATE TABLE account (age int CONSTRAINT odd_pk CHECK (age > 1));",
          sql: "ALTER TABLE account DROP CONSTRAINT odd_pk;",
        },
      ],
    },
  },
];
