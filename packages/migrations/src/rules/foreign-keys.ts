import { constraintName } from "../schema/fold-create-table.ts";
import type { Table } from "../schema/schema.ts";
import type { ConstraintDefinition, Operation } from "../sql/operation.ts";
import { concurrentIndex, execute, py, recipe, tableArgument, uncheckedKey, validateLater } from "./recipe-text.ts";
import { any, hit, on, onAction, type Rule } from "./rule.ts";

/** Foreign keys that a CREATE TABLE declares. */
const declaredKeys = (operation: {
  columns: readonly { constraints: readonly ConstraintDefinition[] }[];
  constraints: readonly ConstraintDefinition[];
}) =>
  [...operation.columns.flatMap((column) => column.constraints), ...operation.constraints].filter(
    ({ kind }) => kind === "foreign",
  );

export const FOREIGN_KEY_RULES: readonly Rule[] = [
  {
    id: "foreign-key-validates",
    rows: [9],
    title: "Foreign key checks every row under locks on two tables",
    hazard: "fk_validating",
    scope: "lock",
    lock: "ShareRowExclusiveLock",
    severity: { lock: "block", oldCode: "warn" },
    why: "ADD FOREIGN KEY holds SHARE ROW EXCLUSIVE on both tables, which stops writes on both, while it reads the whole child table. On partitioned tables NOT VALID is allowed since PostgreSQL 18.",
    physical: true,
    recipe: ({ relation, name, columns, references }) =>
      recipe(uncheckedKey(name, relation, references, columns), ...validateLater(relation, name)),
    detect: any(
      onAction("add-constraint", ({ constraint }, table) =>
        constraint.kind === "foreign" && !constraint.notValid
          ? hit(table, {
              name: constraintName(table, constraint),
              columns: constraint.columns,
              references: constraint.references,
            })
          : [],
      ),
      onAction("add-column", ({ column }, table) => {
        const key = column.constraints.find(({ kind }) => kind === "foreign");
        return key !== undefined && column.default !== undefined
          ? hit(table, { name: constraintName(table, key), columns: [column.name], references: key.references })
          : [];
      }),
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD CONSTRAINT account_team FOREIGN KEY (team_id) REFERENCES team (id);" }],
      passes: [
        {
          sql: "ALTER TABLE account ADD CONSTRAINT account_team FOREIGN KEY (team_id) REFERENCES team (id) NOT VALID;",
        },
      ],
    },
  },
  {
    id: "foreign-key-locks-referenced",
    rows: [10],
    title: "Foreign key locks the table it points to",
    hazard: "fk_locks_referenced",
    scope: "lock",
    lock: "ShareRowExclusiveLock",
    severity: { lock: "warn", oldCode: "none" },
    why: "A foreign key in CREATE TABLE takes SHARE ROW EXCLUSIVE on the referenced table until commit. Nothing is read, but a busy table stops taking writes as long as the lock waits or is held.",
    recipe: ({ relation }) =>
      recipe(
        execute("SET LOCAL lock_timeout = '2s'"),
        `# and keep this alone in its revision, so that the lock on ${relation} is short; run again when it times out`,
      ),
    detect: on("create-table", (operation, step) =>
      declaredKeys(operation).flatMap(({ references, name }) =>
        references !== undefined && references !== operation.table && step.situation.existed(references)
          ? hit(references, { name })
          : [],
      ),
    ),
    examples: {
      fires: [{ sql: "CREATE TABLE note (id bigint PRIMARY KEY, account_id bigint REFERENCES account (id));" }],
      passes: [
        {
          sql: "CREATE TABLE folder (id bigint PRIMARY KEY); CREATE TABLE note (id bigint, folder_id bigint REFERENCES folder (id));",
        },
      ],
    },
  },
  {
    id: "foreign-key-column",
    rows: [10],
    title: "Column with a foreign key locks two tables",
    hazard: "fk_validating",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "warn", oldCode: "none" },
    why: "ADD COLUMN … REFERENCES takes ACCESS EXCLUSIVE on its table and SHARE ROW EXCLUSIVE on the referenced one, both until commit. Without a default no row is read, so it is short once both are granted; waiting for the second, it holds the first.",
    recipe: ({ relation, column, references, name }) =>
      recipe(
        `op.add_column(${tableArgument(relation)}, sa.Column(${py(column)}, sa.BigInteger()))`,
        "# a later revision",
        uncheckedKey(name, relation, references, column === undefined ? undefined : [column]),
        ...validateLater(relation, name),
      ),
    detect: onAction("add-column", ({ column }, table, step) =>
      column.constraints.flatMap((key) =>
        key.kind === "foreign" &&
        key.references !== undefined &&
        key.references !== table &&
        step.situation.existed(key.references)
          ? hit(table, { column: column.name, name: constraintName(table, key), references: key.references })
          : [],
      ),
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD COLUMN plan_id bigint REFERENCES plan (id);" }],
      passes: [{ sql: "ALTER TABLE account ADD COLUMN plan_id bigint;" }],
    },
  },
  {
    id: "several-foreign-keys",
    rows: [11],
    title: "Several foreign keys lock several tables at once",
    hazard: "multiple_fk",
    scope: "lock",
    lock: "ShareRowExclusiveLock",
    severity: { lock: "warn", oldCode: "none" },
    why: "Each foreign key locks the table it points to until commit. Several in one transaction stop writes on all of them, and two migrations or jobs that take them in another order deadlock.",
    recipe: () => "# one foreign key for each revision, with transaction_per_migration=True",
    detectRun: ({ steps }) => {
      const seen = new Map<number, Set<string>>();
      return steps.flatMap((step) => {
        if (step.transaction === undefined) return [];
        const tables = seen.get(step.transaction) ?? new Set<string>();
        seen.set(step.transaction, tables);
        const before = tables.size;
        for (const table of referencedBy(step.operation)) if (step.situation.existed(table)) tables.add(table);
        return tables.size >= 2 && tables.size > before
          ? [
              {
                subject: { relation: [...tables].at(-1) ?? "" },
                note: `locks ${[...tables].join(", ")} together`,
                step,
              },
            ]
          : [];
      });
    },
    examples: {
      fires: [
        {
          transaction: true,
          sql: "ALTER TABLE account ADD CONSTRAINT a FOREIGN KEY (team_id) REFERENCES team (id) NOT VALID; ALTER TABLE account ADD CONSTRAINT b FOREIGN KEY (age) REFERENCES plan (id) NOT VALID;",
        },
      ],
      passes: [
        {
          transaction: true,
          sql: "ALTER TABLE account ADD CONSTRAINT a FOREIGN KEY (team_id) REFERENCES team (id) NOT VALID;",
        },
      ],
    },
  },
  {
    id: "drop-foreign-key-locks-both",
    rows: [12],
    title: "Dropping a foreign key locks both tables",
    hazard: "fk_drop_locks_both",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "warn", oldCode: "none" },
    why: "Dropping a foreign key, or a table that has one, takes ACCESS EXCLUSIVE on the referenced table too: reads of a table that the migration does not name stop.",
    recipe: ({ relation, name, references }) =>
      recipe(
        "# a revision of its own",
        execute("SET LOCAL lock_timeout = '2s'"),
        `op.drop_constraint(${py(name)}, ${tableArgument(relation)}, type_="foreignkey")  # also locks ${references ?? "the referenced table"}`,
      ),
    detect: any(
      onAction("drop-column", ({ column }, table, step) =>
        keysOf(step.situation.schema.tables.get(table)).flatMap((key) =>
          key.columns.includes(column) ? hit(table, { name: key.name, references: key.references }) : [],
        ),
      ),
      onAction("drop-constraint", ({ constraint }, table, step) =>
        keysOf(step.situation.schema.tables.get(table)).flatMap((key) =>
          key.name === constraint ? hit(table, { name: constraint, references: key.references }) : [],
        ),
      ),
      on("drop", (operation, step) =>
        operation.object !== "table"
          ? []
          : operation.names.flatMap((name) =>
              keysOf(step.situation.schema.tables.get(name)).flatMap((key) =>
                key.references !== name && step.situation.existed(key.references ?? "")
                  ? hit(name, { name: key.name, references: key.references })
                  : [],
              ),
            ),
      ),
    ),
    examples: {
      fires: [
        {
          preamble:
            "CREATE TABLE team (id bigint PRIMARY KEY); CREATE TABLE member (team_id bigint CONSTRAINT member_team REFERENCES team (id));",
          sql: "ALTER TABLE member DROP CONSTRAINT member_team;",
        },
      ],
      passes: [
        {
          preamble: "CREATE TABLE member (age int CONSTRAINT adult CHECK (age > 17));",
          sql: "ALTER TABLE member DROP CONSTRAINT adult;",
        },
      ],
    },
  },
  {
    id: "foreign-key-without-index",
    rows: [45],
    title: "Foreign key without an index on the child",
    hazard: "fk_without_index",
    scope: "lock",
    severity: { lock: "info", oldCode: "none" },
    why: "Deleting or re-keying a parent row looks for its children. Without an index on the child's column it reads the whole child table each time.",
    recipe: ({ relation, columns }) => {
      const name =
        columns === undefined
          ? undefined
          : [relation.slice(relation.lastIndexOf(".") + 1), ...columns, "idx"].join("_");
      return recipe("# in a revision before the foreign key", concurrentIndex({ relation, columns, name }));
    },
    detectRun: ({ steps }) =>
      steps.flatMap((step) => {
        const { operation } = step;
        if (operation.kind !== "alter-table" || operation.action.kind !== "add-constraint") return [];
        const { constraint } = operation.action;
        const table = step.situation.schema.tables.get(operation.table);
        const isIndexed = table?.indexes.some((index) => index.columns[0] === constraint.columns[0]);
        return constraint.kind === "foreign" && table?.complete && !isIndexed
          ? [{ subject: { relation: operation.table, columns: constraint.columns }, step }]
          : [];
      }),
    examples: {
      fires: [
        {
          sql: "ALTER TABLE account ADD CONSTRAINT account_team FOREIGN KEY (team_id) REFERENCES team (id) NOT VALID;",
        },
      ],
      passes: [
        {
          sql: "CREATE INDEX CONCURRENTLY account_team_idx ON account (team_id); ALTER TABLE account ADD CONSTRAINT account_team FOREIGN KEY (team_id) REFERENCES team (id) NOT VALID;",
        },
      ],
    },
  },
];

const keysOf = (table: Table | undefined) =>
  table?.constraints.filter((constraint) => constraint.references !== undefined) ?? [];

/** Tables that the foreign keys which an operation adds point to. */
function referencedBy(operation: Operation): string[] {
  const added = operation.kind === "create-table" ? declaredKeys(operation) : [];
  const action = operation.kind === "alter-table" ? operation.action : undefined;
  if (action?.kind === "add-constraint") added.push(action.constraint);
  if (action?.kind === "add-column") added.push(...action.column.constraints);
  return added.flatMap(({ references }) => references ?? []);
}
