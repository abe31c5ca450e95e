import type { Step } from "../engine/step.ts";
import { isMadeHere, isTypeNew, literalsOf } from "./conditions.ts";
import { autocommit, execute, recipe, sqlName } from "./recipe-text.ts";
import { hit, on, type Rule } from "./rule.ts";

/** Whether the table of a statement may have a column of the type: a table of which every column is known has it or not. */
function mayHold(type: string, { operation, situation }: Step): boolean {
  const table =
    "table" in operation && operation.table !== undefined ? situation.schema.tables.get(operation.table) : undefined;
  const isKnown = table?.complete === true && (operation.kind === "change-rows" || operation.kind === "alter-table");
  return (
    !isKnown || [...table.columns.values()].some((column) => column.type === undefined || column.type.name === type)
  );
}

export const ENUM_RULES: readonly Rule[] = [
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
        autocommit(execute(`ALTER TYPE ${sqlName(relation)} ADD VALUE IF NOT EXISTS '${sqlName(name)}'`)),
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
        autocommit(execute(`ALTER TYPE ${sqlName(relation)} ADD VALUE '${sqlName(to)}'`)),
        "# move rows in batches, stop writing the old value, leave it in the type",
      ),
    detect: on("rename-enum-value", ({ type, to }, _, run) => (isMadeHere("type", type, run) ? [] : hit(type, { to }))),
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
    why: `PostgreSQL refuses to use a value before the transaction that added it is committed ("unsafe use of new value"), since 17 unless the type is of that transaction too. Before PostgreSQL 12 ADD VALUE itself is refused in a transaction.`,
    recipe: ({ relation, name }) =>
      autocommit(execute(`ALTER TYPE ${sqlName(relation)} ADD VALUE IF NOT EXISTS '${sqlName(name)}'`)),
    detect: (step, run) => {
      const used = literalsOf(step.operation);
      if (step.transaction === undefined || used.length === 0) return [];
      return run.enumAdditions.flatMap(({ operation, transaction }) =>
        operation.kind === "add-enum-value" &&
        transaction === step.transaction &&
        used.includes(operation.value) &&
        !(step.situation.version >= 17 && isMadeHere("type", operation.type, run)) &&
        mayHold(operation.type, step)
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
];
