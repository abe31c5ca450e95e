import type { Situation } from "../physics/predict.ts";
import { type Schema, tableOfIndex } from "../schema/schema.ts";
import type { Operation, OperationOf } from "../sql/operation.ts";
import { STANDING_ALONE } from "../sql/quiet-statements.ts";
import { isConcurrent, relationOf } from "./indexes.ts";
import { autocommit, recipe } from "./recipe-text.ts";
import { hit, on, type Rule } from "./rule.ts";

/** Statements that PostgreSQL runs outside transaction blocks only, besides those with CONCURRENTLY. */
const standsAlone = (operation: Operation, { schema, version }: Situation): boolean =>
  (operation.kind === "add-enum-value" && version < 12) ||
  (operation.kind === "reindex" && isPartitioned(operation, schema)) ||
  operation.kind === "vacuum" ||
  (operation.kind === "cluster" && operation.table === undefined) ||
  (operation.kind === "reindex" &&
    (operation.object === "schema" || operation.object === "database" || operation.object === "system")) ||
  (operation.kind === "drop" && operation.object === "database") ||
  (operation.kind === "cluster" && schema.tables.get(operation.table ?? "")?.partitioned === true) ||
  (operation.kind === "other" && STANDING_ALONE.has(operation.tag));

const isPartitioned = ({ object, name }: OperationOf<"reindex">, schema: Schema): boolean =>
  (object === "index" ? tableOfIndex(schema, name) : schema.tables.get(name))?.partitioned === true;

export const TRANSACTION_RULES: readonly Rule[] = [
  {
    id: "statement-outside-transaction",
    rows: [3],
    title: "Statement that no transaction may hold",
    hazard: "non_transactional",
    scope: "txn",
    severity: { lock: "info", oldCode: "none" },
    why: "VACUUM, CREATE DATABASE, REINDEX SCHEMA and everything CONCURRENTLY run outside transactions only: in Alembic inside autocommit_block(). They cannot be rolled back with the rest of the revision.",
    recipe: () => recipe("# alone in its revision", autocommit("…")),
    detect: (step) => {
      const { operation, transaction } = step;
      if (standsAlone(operation, step.situation)) {
        return [
          {
            subject: { relation: relationOf(operation) },
            severity: transaction === undefined ? undefined : { lock: "block" },
            note: transaction === undefined ? undefined : "the statement runs inside a transaction and fails",
          },
        ];
      }
      return isConcurrent(operation) && transaction === undefined ? hit(relationOf(operation)) : [];
    },
    examples: {
      fires: [
        { sql: "VACUUM account;", transaction: true },
        { sql: "CREATE INDEX CONCURRENTLY i ON account (email);" },
      ],
      passes: [{ sql: "ALTER TABLE account ADD COLUMN a int;" }],
    },
  },
  {
    id: "transaction-left-open",
    rows: [40],
    title: "Transaction begun and not ended",
    hazard: "uncommitted_tx",
    scope: "txn",
    severity: { lock: "block", oldCode: "none" },
    why: "What a script does after BEGIN is lost, with its locks held until then, unless COMMIT follows.",
    recipe: () => "# leave BEGIN and COMMIT to Alembic",
    detectRun: ({ transactions }) =>
      transactions.leftOpen === undefined ? [] : [{ subject: { relation: "" }, step: transactions.leftOpen }],
    examples: {
      fires: [{ sql: "BEGIN; CREATE TABLE note (id int);" }],
      passes: [{ sql: "BEGIN; CREATE TABLE note (id int); COMMIT;" }],
    },
  },
  {
    id: "transaction-nesting",
    rows: [40],
    title: "BEGIN or COMMIT that does not match",
    hazard: "tx_nesting",
    scope: "txn",
    severity: { lock: "warn", oldCode: "none" },
    why: "BEGIN inside a transaction and COMMIT outside one do nothing but warn; COMMIT ends the transaction that Alembic opened, and what follows runs without one.",
    recipe: () => autocommit("…  # instead of COMMIT and BEGIN in op.execute()"),
    detectRun: ({ transactions }) =>
      [...transactions.nested, ...transactions.ended, ...transactions.stray].map((step) => ({
        subject: { relation: "" },
        step,
      })),
    examples: {
      fires: [
        { sql: "BEGIN; BEGIN; SELECT 1; COMMIT;" },
        { sql: "BEGIN; SELECT 1; COMMIT; COMMIT;" },
        { sql: "SELECT 1; COMMIT;", transaction: true },
      ],
      passes: [{ sql: "BEGIN; SELECT 1; COMMIT;" }, { sql: "SELECT 1;", transaction: true }],
    },
  },
  {
    id: "explicit-commit",
    rows: [40],
    title: "Script ends a transaction itself",
    hazard: "explicit_commit",
    scope: "txn",
    severity: { lock: "info", oldCode: "none" },
    why: "A COMMIT within a revision makes it impossible to roll the revision back as a whole: a failure after it leaves a schema between two revisions.",
    recipe: () => "# one revision for what must be committed first, with transaction_per_migration=True",
    detect: on("transaction", ({ action }) => (action === "commit" ? hit("") : [])),
    examples: {
      fires: [{ sql: "BEGIN; CREATE TABLE note (id int); COMMIT;" }],
      passes: [{ sql: "CREATE TABLE note (id int);" }],
    },
  },
];
