import { tableOfIndex } from "../schema/schema.ts";
import type { Operation } from "../sql/operation.ts";
import { autocommit, concurrentIndex, execute, py, pyList, recipe, sqlName, tableArgument } from "./recipe-text.ts";
import { hit, on, type Rule } from "./rule.ts";

export const INDEX_RULES: readonly Rule[] = [
  {
    id: "index-not-concurrent",
    rows: [1],
    title: "Index built while writes wait",
    hazard: "index_not_concurrent",
    scope: "lock",
    lock: "ShareLock",
    severity: { lock: "block", oldCode: "none" },
    why: "CREATE INDEX holds a SHARE lock on the table until the index is built: every INSERT, UPDATE and DELETE waits for as long as the table is large.",
    physical: true,
    recipe: (subject) => recipe("# alone in its revision", concurrentIndex(subject)),
    detect: on("create-index", (operation, step) => {
      const table = step.situation.schema.tables.get(operation.table);
      if (operation.concurrently || !step.situation.existed(operation.table) || table?.partitioned) return [];
      return hit(operation.table, { name: operation.index, columns: operation.columns });
    }),
    examples: {
      fires: [{ sql: "CREATE INDEX account_email_idx ON account (email);" }],
      passes: [
        { sql: "CREATE INDEX CONCURRENTLY account_email_idx ON account (email);" },
        { sql: "CREATE TABLE note (id bigint PRIMARY KEY, body text); CREATE INDEX note_body_idx ON note (body);" },
      ],
    },
  },
  {
    id: "drop-index-not-concurrent",
    rows: [2],
    title: "Index dropped under an exclusive lock",
    hazard: "drop_index_not_concurrent",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "warn", oldCode: "none" },
    why: "DROP INDEX takes ACCESS EXCLUSIVE on the table. It is quick once it has the lock, but it waits behind every running query, and everything else waits behind it.",
    recipe: ({ name, relation }) =>
      autocommit(`op.drop_index(${py(name)}, ${tableArgument(relation)}, postgresql_concurrently=True)`),
    detect: on("drop", (operation, step) => {
      if (operation.object !== "index" || operation.concurrently) return [];
      return operation.names.flatMap((name) => {
        const table = tableOfIndex(step.situation.schema, name)?.name;
        return table !== undefined && !step.situation.existed(table) ? [] : hit(table ?? name, { name });
      });
    }),
    examples: {
      fires: [{ sql: "DROP INDEX account_email_idx;" }],
      passes: [{ sql: "DROP INDEX CONCURRENTLY account_email_idx;" }],
    },
  },
  {
    id: "concurrently-in-transaction",
    rows: [3],
    title: "CONCURRENTLY inside a transaction fails",
    hazard: "concurrently_in_tx",
    scope: "txn",
    severity: { lock: "block", oldCode: "none" },
    why: "PostgreSQL refuses CREATE INDEX, DROP INDEX, REINDEX and DETACH PARTITION with CONCURRENTLY inside a transaction block, and Alembic opens one for every run.",
    recipe: ({ relation, name, columns }) =>
      recipe(
        "# alone in its revision, and env.py must not open a transaction of its own",
        autocommit(
          `op.create_index(${py(name)}, ${tableArgument(relation)}, ${pyList(columns)}, postgresql_concurrently=True)  # or what it was`,
        ),
      ),
    detect: (step) => {
      const { operation, transaction } = step;
      if (transaction === undefined || !isConcurrent(operation)) return [];
      return hit(relationOf(operation), {}, "the statement runs inside a transaction");
    },
    examples: {
      fires: [{ sql: "CREATE INDEX CONCURRENTLY account_email_idx ON account (email);", transaction: true }],
      passes: [
        {
          sql: "COMMIT; CREATE INDEX CONCURRENTLY account_email_idx ON account (email); BEGIN; SELECT 1;",
          transaction: true,
        },
      ],
    },
  },
  {
    id: "reindex-not-concurrent",
    rows: [4],
    title: "Index rebuilt while writes wait",
    hazard: "reindex_not_concurrent",
    scope: "lock",
    lock: "ShareLock",
    severity: { lock: "block", oldCode: "none" },
    why: "REINDEX holds a SHARE lock on the table, and ACCESS EXCLUSIVE on the index, so that queries which would use the index wait too. REINDEX CONCURRENTLY exists since PostgreSQL 12.",
    physical: true,
    recipe: ({ relation }) => autocommit(execute(`REINDEX TABLE CONCURRENTLY ${sqlName(relation)}`)),
    detect: on("reindex", (operation, step) => {
      if (operation.concurrently || operation.object === "system") return [];
      const owner =
        operation.object === "index" ? tableOfIndex(step.situation.schema, operation.name)?.name : undefined;
      const name = owner ?? operation.name;
      const isNamed = operation.object === "table" || operation.object === "index";
      return isNamed && !step.situation.existed(name) ? [] : hit(name, { name: operation.name });
    }),
    examples: {
      fires: [{ sql: "REINDEX TABLE account;" }],
      passes: [{ sql: "REINDEX TABLE CONCURRENTLY account;" }],
    },
  },
  {
    id: "index-on-partitioned-table",
    rows: [33],
    title: "Index on a partitioned table builds on every partition",
    hazard: "index_not_concurrent",
    scope: "lock",
    lock: "ShareLock",
    severity: { lock: "block", oldCode: "none" },
    why: "CREATE INDEX on a partitioned table locks every partition against writes while it builds one index after the other, and it refuses CONCURRENTLY.",
    physical: true,
    recipe: (subject) =>
      recipe(
        "# revision 1: the index of the parent alone, still invalid",
        execute(
          `CREATE INDEX ${sqlName(subject.name)} ON ONLY ${sqlName(subject.relation)} (${(subject.columns ?? ["…"]).join(", ")})`,
        ),
        "# revision 2, for each partition",
        autocommit(
          `op.create_index("…_partition", "partition", ${pyList(subject.columns)}, postgresql_concurrently=True)`,
        ),
        "# revision 3",
        execute(`ALTER INDEX ${sqlName(subject.name)} ATTACH PARTITION …_partition`),
      ),
    detect: on("create-index", (operation, step) => {
      const table = step.situation.schema.tables.get(operation.table);
      return table?.partitioned && step.situation.existed(operation.table) && !operation.only
        ? hit(operation.table, { name: operation.index, columns: operation.columns })
        : [];
    }),
    examples: {
      fires: [
        {
          preamble:
            "CREATE TABLE event (id bigint, day date) PARTITION BY RANGE (day); CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
          sql: "CREATE INDEX event_day ON event (day);",
        },
      ],
      passes: [
        {
          preamble:
            "CREATE TABLE event (id bigint, day date) PARTITION BY RANGE (day); CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
          sql: "CREATE INDEX event_day ON ONLY event (day);",
        },
      ],
    },
  },
  {
    id: "invalid-index-kept",
    rows: [43],
    title: "IF NOT EXISTS keeps a broken index",
    hazard: "invalid_index",
    scope: "lock",
    severity: { lock: "info", oldCode: "none" },
    why: "A concurrent build that fails leaves an INVALID index, which costs every write and serves no read. A second run with IF NOT EXISTS finds the name taken and passes over it.",
    recipe: ({ name, relation, columns }) =>
      autocommit(
        execute(`DROP INDEX CONCURRENTLY IF EXISTS ${sqlName(name)}`),
        `op.create_index(${py(name)}, ${tableArgument(relation)}, ${pyList(columns)}, postgresql_concurrently=True)`,
      ),
    detect: on("create-index", (operation, _, run) => {
      const isDropped = run.operations.some(
        (other) => other.kind === "drop" && other.object === "index" && other.names.includes(operation.index ?? ""),
      );
      return operation.concurrently && operation.ifNotExists && !isDropped
        ? hit(operation.table, { name: operation.index, columns: operation.columns })
        : [];
    }),
    detectAlembic: ({ rehearsal }) =>
      (rehearsal?.invalidIndexes ?? []).map((name) => ({
        subject: { relation: name, name },
        note: `index ${name} is INVALID after the migration`,
        severity: { lock: "block" },
        line: 1,
      })),
    examples: {
      fires: [{ sql: "CREATE INDEX CONCURRENTLY IF NOT EXISTS account_email_idx ON account (email);" }],
      passes: [
        {
          sql: "DROP INDEX CONCURRENTLY IF EXISTS account_email_idx; CREATE INDEX CONCURRENTLY account_email_idx ON account (email);",
        },
      ],
    },
  },
  {
    id: "concurrent-index-corruption",
    rows: [44],
    title: "PostgreSQL 14.0 to 14.3 corrupts concurrent indexes",
    hazard: "concurrent_index_corruption",
    scope: "lock",
    severity: { lock: "info", oldCode: "none" },
    since: 14,
    until: 14,
    why: "Before 14.4, CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY could miss rows on PostgreSQL 14. Later minor versions are sound.",
    recipe: () => "# upgrade the server to 14.4 or later, then reindex what was built before",
    detect: (step) =>
      /^(create-index|reindex)$/.test(step.operation.kind) && isConcurrent(step.operation)
        ? hit(relationOf(step.operation))
        : [],
    examples: {
      fires: [{ sql: "CREATE INDEX CONCURRENTLY account_email_idx ON account (email);", version: 14 }],
      passes: [{ sql: "CREATE INDEX CONCURRENTLY account_email_idx ON account (email);", version: 15 }],
    },
  },
];

export function isConcurrent(operation: Operation): boolean {
  if (operation.kind === "alter-table")
    return operation.action.kind === "detach-partition" && operation.action.concurrently;
  if (operation.kind === "drop") return operation.object === "index" && operation.concurrently;
  return (operation.kind === "create-index" || operation.kind === "reindex") && operation.concurrently;
}

/** The relation that an operation names first. */
export function relationOf(operation: Operation): string {
  if ("table" in operation && operation.table !== undefined) return operation.table;
  if ("names" in operation) return operation.names[0] ?? "";
  if ("tables" in operation) return operation.tables[0] ?? "";
  if ("name" in operation) return operation.name;
  return "";
}
