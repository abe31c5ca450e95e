import { isIndexName } from "../schema/schema.ts";
import { addedHere, breaking, isMadeHere, isNewTable, viewNamed } from "./conditions.ts";
import { execute, py, recipe, sqlName, tableArgument } from "./recipe-text.ts";
import { hit, on, type Rule } from "./rule.ts";

export const RENAME_RULES: readonly Rule[] = [
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
    detect: on("rename", (operation, step, run) => {
      const { object, name, from, to } = operation;
      const isOfTable = object === "column" && !isNewTable(step, name) && !addedHere(step, name, from);
      const isOfType = object === "attribute" && !isMadeHere("type", name, run);
      return isOfTable || isOfType ? hit(name, { column: from, to }) : [];
    }),
    examples: {
      fires: [
        { sql: "ALTER TABLE account RENAME COLUMN email TO mail;" },
        { sql: "ALTER TYPE address RENAME ATTRIBUTE street TO road CASCADE;" },
      ],
      passes: [
        { sql: "CREATE TABLE note (a int); ALTER TABLE note RENAME COLUMN a TO b;" },
        { sql: "CREATE TYPE address AS (street text); ALTER TYPE address RENAME ATTRIBUTE street TO road;" },
      ],
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
        execute(`CREATE VIEW ${sqlName(relation)} AS SELECT * FROM ${sqlName(to)}`),
      ),
    detect: on("rename", (operation, step, run) => {
      if ((operation.object !== "table" && operation.object !== "view") || isNewTable(step, operation.name)) return [];
      const { schema } = step.situation;
      if (isIndexName(schema, operation.name) || (!schema.tables.has(operation.name) && /_seq$/.test(operation.name)))
        return [];
      const bridge = viewNamed(operation.name, run);
      const isReadOnly = operation.object === "view" || schema.tables.get(operation.name)?.kind === "view";
      const hasTrigger = run.operations.some(
        (other) => (other.kind === "create-trigger" || other.kind === "create-rule") && other.table === operation.name,
      );
      // What such a view lacks, and that it is there at all, is told where it is made.
      if (bridge !== undefined && (bridge.updatable || isReadOnly || hasTrigger)) return [];
      return hit(
        operation.name,
        { to: operation.to },
        bridge && "the view that keeps the old name may not take what old code writes",
      );
    }),
    examples: {
      fires: [
        { sql: "ALTER TABLE account RENAME TO customer;" },
        {
          sql: "ALTER TABLE account RENAME TO customer; CREATE VIEW account AS SELECT c.* FROM customer c JOIN team t ON t.id = c.team_id;",
        },
        { sql: "ALTER TABLE account RENAME TO customer; CREATE VIEW account AS SELECT DISTINCT * FROM customer;" },
        { sql: "ALTER TABLE account RENAME TO customer; CREATE VIEW account AS SELECT c.* FROM customer c, team;" },
      ],
      passes: [
        { sql: "CREATE TABLE note (a int); ALTER TABLE note RENAME TO remark;" },
        { sql: "ALTER TABLE account RENAME TO customer; CREATE VIEW account AS SELECT * FROM customer;" },
        { sql: "ALTER VIEW adults RENAME TO grown; CREATE VIEW adults AS SELECT DISTINCT * FROM grown;" },
        {
          sql: "ALTER TABLE account RENAME TO customer; CREATE VIEW account AS SELECT DISTINCT * FROM customer; CREATE TRIGGER w INSTEAD OF INSERT ON account FOR EACH ROW EXECUTE FUNCTION w();",
        },
      ],
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
    detect: on("rename", (operation, _, run) =>
      operation.object === "schema" && !isMadeHere("schema", operation.from, run)
        ? hit(operation.from, { to: operation.to })
        : [],
    ),
    examples: { fires: [{ sql: "ALTER SCHEMA shop RENAME TO store;" }], passes: [{ sql: "CREATE SCHEMA store;" }] },
  },
];
