import { FIRST_TRANSACTION, type Step } from "../engine/step.ts";
import { validatesDomain } from "../physics/predict.ts";
import { constraintName } from "../schema/fold-create-table.ts";
import { tableOfIndex } from "../schema/schema.ts";
import { execute, py, recipe, sqlName, tableArgument, validateLater } from "./recipe-text.ts";
import { any, hit, on, onAction, type Rule } from "./rule.ts";

export const CONSTRAINT_RULES: readonly Rule[] = [
  {
    id: "check-validates",
    rows: [13],
    title: "Check constraint reads every row under an exclusive lock",
    hazard: "constraint_validating",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "warn" },
    why: "ADD CHECK reads the whole table while it holds ACCESS EXCLUSIVE. Added as NOT VALID it applies to new rows at once, and VALIDATE CONSTRAINT reads the old ones later under a lock that lets reads and writes pass.",
    physical: true,
    recipe: ({ relation, name }) =>
      recipe(
        `op.create_check_constraint(${py(name)}, ${tableArgument(relation)}, "…", postgresql_not_valid=True)`,
        ...validateLater(relation, name),
      ),
    detect: any(
      onAction("add-constraint", ({ constraint }, table) =>
        (constraint.kind === "check" || constraint.kind === "not-null") && !constraint.notValid
          ? hit(table, { name: constraintName(table, constraint) })
          : [],
      ),
      onAction("add-column", ({ column }, table) => {
        const check = column.constraints.find(({ kind }) => kind === "check");
        return check === undefined || check.notValid
          ? []
          : hit(table, { name: constraintName(table, check), column: column.name });
      }),
    ),
    examples: {
      fires: [
        { sql: "ALTER TABLE account ADD CONSTRAINT adult CHECK (age > 17);" },
        { sql: "ALTER TABLE account ADD COLUMN score integer CHECK (score > 0);" },
      ],
      passes: [{ sql: "ALTER TABLE account ADD CONSTRAINT adult CHECK (age > 17) NOT VALID;" }],
    },
  },
  {
    id: "validate-in-same-transaction",
    rows: [14],
    title: "NOT VALID and VALIDATE in one transaction gain nothing",
    hazard: "constraint_validating",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "none" },
    why: "The lock of ADD CONSTRAINT … NOT VALID is held until commit. A VALIDATE in the same transaction reads the table under it, so the two steps block as long as one; two revisions gain nothing either where they share one.",
    physical: true,
    recipe: ({ relation, name }) => recipe("# leave the constraint NOT VALID here", ...validateLater(relation, name)),
    detect: onAction("validate-constraint", ({ constraint }, table, step, { steps, options }) => {
      const earlier = step.transaction === FIRST_TRANSACTION ? (options.earlier ?? []) : [];
      const isTogether = (other: Step) =>
        other.statement === step.statement ||
        (step.transaction !== undefined && other.transaction === step.transaction);
      const isFresh = [...earlier, ...steps.filter(isTogether)].some(
        (other) =>
          other.operation.kind === "alter-table" &&
          other.operation.table === table &&
          other.operation.action.kind === "add-constraint" &&
          constraintName(table, other.operation.action.constraint) === constraint,
      );
      return isFresh ? hit(table, { name: constraint }) : [];
    }),
    examples: {
      fires: [
        {
          transaction: true,
          sql: "ALTER TABLE account ADD CONSTRAINT adult CHECK (age > 17) NOT VALID; ALTER TABLE account VALIDATE CONSTRAINT adult;",
        },
      ],
      passes: [
        {
          sql: "ALTER TABLE account ADD CONSTRAINT adult CHECK (age > 17) NOT VALID; ALTER TABLE account VALIDATE CONSTRAINT adult;",
        },
      ],
    },
  },
  {
    id: "set-not-null-scans",
    rows: [15],
    title: "SET NOT NULL reads every row under an exclusive lock",
    hazard: "set_not_null_scan",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "block" },
    why: "SET NOT NULL reads the whole table under ACCESS EXCLUSIVE, unless (since PostgreSQL 12) a valid CHECK already proves that no row is NULL. PostgreSQL 18 can add NOT NULL as NOT VALID.",
    physical: true,
    recipe: ({ relation, column }) =>
      recipe(
        "# revision 1",
        `op.create_check_constraint(${py(`${column ?? "column"}_present`)}, ${tableArgument(relation)}, ${py(`${sqlName(column ?? "column")} IS NOT NULL`)}, postgresql_not_valid=True)`,
        "# revision 2",
        execute(`ALTER TABLE ${sqlName(relation)} VALIDATE CONSTRAINT ${sqlName(`${column ?? "column"}_present`)}`),
        "# revision 3",
        `op.alter_column(${tableArgument(relation)}, ${py(column)}, nullable=False)`,
        `op.drop_constraint(${py(`${column ?? "column"}_present`)}, ${tableArgument(relation)})`,
      ),
    detect: onAction("set-not-null", ({ column }, table) => hit(table, { column })),
    examples: {
      fires: [{ sql: "ALTER TABLE account ALTER COLUMN email SET NOT NULL;" }],
      passes: [
        {
          preamble: "CREATE TABLE account (email text CONSTRAINT present CHECK (email IS NOT NULL));",
          sql: "ALTER TABLE account ALTER COLUMN email SET NOT NULL;",
        },
      ],
    },
  },
  {
    id: "domain-check-validates",
    rows: [42],
    title: "Domain constraint reads every table that uses the domain",
    hazard: "domain_constraint",
    scope: "lock",
    lock: "ShareLock",
    severity: { lock: "warn", oldCode: "warn" },
    why: "ALTER DOMAIN ADD CONSTRAINT takes SHARE on each table with a column of the domain and reads them all, and VALIDATE CONSTRAINT does the same. NOT VALID reads none.",
    physical: true,
    recipe: ({ relation, name }) =>
      recipe(
        execute(`ALTER DOMAIN ${sqlName(relation)} ADD CONSTRAINT ${sqlName(name)} CHECK (…) NOT VALID`),
        "# it holds for new values at once; VALIDATE CONSTRAINT would read the old ones under the same lock, so leave that for a",
        "# quiet hour, outside any release",
      ),
    detect: on("alter-domain", (operation, step) => {
      if (operation.notValid || !validatesDomain(operation.change)) return [];
      const isKnown = step.situation.schema.domains.has(operation.type);
      return isKnown && step.effects.scans.length === 0 ? [] : hit(operation.type);
    }),
    examples: {
      fires: [{ sql: "ALTER DOMAIN percent ADD CONSTRAINT whole CHECK (VALUE <= 100);" }],
      passes: [{ sql: "ALTER DOMAIN percent ADD CONSTRAINT whole CHECK (VALUE <= 100) NOT VALID;" }],
    },
  },
  {
    id: "rename-constraint-or-index",
    rows: [46],
    title: "Renaming a constraint or index takes a lock",
    hazard: "rename_constraint",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "info", oldCode: "none" },
    why: "RENAME CONSTRAINT takes ACCESS EXCLUSIVE for a moment, ALTER INDEX RENAME only SHARE UPDATE EXCLUSIVE. Both wait behind long queries.",
    recipe: () => execute("SET LOCAL lock_timeout = '2s'"),
    detect: on("rename", ({ object, name, from, to }, { situation }) => {
      const table = object === "index" ? tableOfIndex(situation.schema, name)?.name : name;
      const isOld = table === undefined || situation.existed(table);
      return isOld && (object === "constraint" || object === "index") ? hit(name, { name: from, to }) : [];
    }),
    examples: {
      fires: [{ sql: "ALTER TABLE account RENAME CONSTRAINT a TO b;" }],
      passes: [
        { sql: "CREATE TABLE note (id int CONSTRAINT a CHECK (id > 0)); ALTER TABLE note RENAME CONSTRAINT a TO b;" },
      ],
    },
  },
];
