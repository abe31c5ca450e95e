import { isNullable } from "../physics/alter-table.ts";
import { tableOfIndex } from "../schema/schema.ts";
import type { Operation } from "../sql/operation.ts";
import { autocommit, execute, py, pyList, recipe, tableArgument } from "./recipe-text.ts";
import { any, hit, on, onAction, type Rule, type Subject } from "./rule.ts";

const concurrentIndex = (subject: Subject, extra = ""): string =>
  autocommit(
    `op.create_index(${py(subject.name)}, ${tableArgument(subject.relation)}, ${pyList(subject.columns)}, ${extra}postgresql_concurrently=True, if_not_exists=True)`,
  );

const uniqueUsingIndex = (subject: Subject, kind: "UNIQUE" | "PRIMARY KEY"): string =>
  recipe(
    "# revision 1",
    concurrentIndex(subject, "unique=True, "),
    "# revision 2",
    execute(
      `ALTER TABLE ${subject.relation} ADD CONSTRAINT ${subject.name ?? "…"} ${kind} USING INDEX ${subject.name ?? "…"}`,
    ),
  );

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
    recipe: () => autocommit("# the CONCURRENTLY operation alone, and env.py must not open a transaction of its own"),
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
    recipe: ({ relation }) => autocommit(execute(`REINDEX TABLE CONCURRENTLY ${relation}`)),
    detect: on("reindex", (operation, step) => {
      if (operation.concurrently || operation.object === "system") return [];
      const isNamed = operation.object === "table" || operation.object === "index";
      return isNamed && !step.situation.existed(operation.name) ? [] : hit(operation.name);
    }),
    examples: {
      fires: [{ sql: "REINDEX TABLE account;" }],
      passes: [{ sql: "REINDEX TABLE CONCURRENTLY account;" }],
    },
  },
  {
    id: "unique-builds-index",
    rows: [5],
    title: "Unique constraint builds its index under an exclusive lock",
    hazard: "unique_builds_index",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "warn" },
    why: "ADD CONSTRAINT … UNIQUE builds an index while it holds ACCESS EXCLUSIVE: reads and writes wait. Built concurrently beforehand, the index is only adopted, which takes a moment.",
    physical: true,
    recipe: (subject) => uniqueUsingIndex(subject, "UNIQUE"),
    detect: any(
      onAction("add-constraint", ({ constraint }, table) =>
        constraint.kind === "unique" && constraint.usingIndex === undefined
          ? hit(table, { name: constraint.name, columns: constraint.columns })
          : [],
      ),
      onAction("add-column", ({ column }, table) =>
        column.constraints.some(({ kind }) => kind === "unique")
          ? hit(table, { column: column.name, columns: [column.name] })
          : [],
      ),
    ),
    examples: {
      fires: [
        { sql: "ALTER TABLE account ADD CONSTRAINT account_email_key UNIQUE (email);" },
        { sql: "ALTER TABLE account ADD COLUMN code text UNIQUE;" },
      ],
      passes: [
        {
          sql: "CREATE UNIQUE INDEX CONCURRENTLY email_key ON account (email); ALTER TABLE account ADD CONSTRAINT email_key UNIQUE USING INDEX email_key;",
        },
      ],
    },
  },
  {
    id: "primary-key-builds-index",
    rows: [6],
    title: "Primary key builds its index under an exclusive lock",
    hazard: "pk_builds_index",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "warn" },
    why: "ADD PRIMARY KEY builds a unique index and checks every row for NULL while it holds ACCESS EXCLUSIVE.",
    physical: true,
    recipe: (subject) => uniqueUsingIndex(subject, "PRIMARY KEY"),
    detect: any(
      onAction("add-constraint", ({ constraint }, table) =>
        constraint.kind === "primary" && constraint.usingIndex === undefined
          ? hit(table, { name: constraint.name, columns: constraint.columns })
          : [],
      ),
      onAction("add-column", ({ column }, table) =>
        column.constraints.some(({ kind }) => kind === "primary")
          ? hit(table, { column: column.name, columns: [column.name] })
          : [],
      ),
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE member ADD PRIMARY KEY (team_id, account_id);" }],
      passes: [
        {
          sql: "CREATE UNIQUE INDEX CONCURRENTLY member_pkey ON member (team_id); ALTER TABLE member ADD CONSTRAINT member_pkey PRIMARY KEY USING INDEX member_pkey;",
        },
      ],
    },
  },
  {
    id: "primary-key-on-nullable",
    rows: [7],
    title: "Primary key over a nullable column reads the whole table",
    hazard: "pk_using_index_nullable",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "warn", oldCode: "warn" },
    why: "PRIMARY KEY USING INDEX also makes the columns NOT NULL. Without a valid CHECK that proves it, the whole table is read under ACCESS EXCLUSIVE.",
    physical: true,
    recipe: ({ relation, column }) =>
      recipe(
        "# revision 1",
        execute(
          `ALTER TABLE ${relation} ADD CONSTRAINT ${column ?? "key"}_present CHECK (${column ?? "key"} IS NOT NULL) NOT VALID`,
        ),
        "# revision 2",
        execute(`ALTER TABLE ${relation} VALIDATE CONSTRAINT ${column ?? "key"}_present`),
        "# revision 3: PRIMARY KEY USING INDEX, then drop the CHECK",
      ),
    detect: onAction("add-constraint", ({ constraint }, table, step) => {
      if (constraint.kind !== "primary" || constraint.usingIndex === undefined) return [];
      return step.source === "trace" || isNullable(table, constraint.usingIndex, step.situation)
        ? hit(table, { name: constraint.name, column: constraint.columns[0] })
        : [];
    }),
    examples: {
      fires: [
        {
          preamble: "CREATE TABLE tag (slug text); CREATE UNIQUE INDEX tag_slug ON tag (slug);",
          sql: "ALTER TABLE tag ADD CONSTRAINT tag_pkey PRIMARY KEY USING INDEX tag_slug;",
        },
      ],
      passes: [
        {
          preamble: "CREATE TABLE tag (slug text NOT NULL); CREATE UNIQUE INDEX tag_slug ON tag (slug);",
          sql: "ALTER TABLE tag ADD CONSTRAINT tag_pkey PRIMARY KEY USING INDEX tag_slug;",
        },
      ],
    },
  },
  {
    id: "exclusion-constraint",
    rows: [8],
    title: "Exclusion constraint builds its index under an exclusive lock",
    hazard: "exclusion_constraint",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "warn" },
    why: "An exclusion constraint can neither be NOT VALID nor adopt an index: adding one reads the table and builds an index under ACCESS EXCLUSIVE.",
    physical: true,
    recipe: ({ relation }) =>
      recipe(
        `# no online form exists: create a new table with the constraint, copy ${relation} in batches and swap the names,`,
        "# or add it in a maintenance window",
      ),
    detect: onAction("add-constraint", ({ constraint }, table) =>
      constraint.kind === "exclusion" ? hit(table, { name: constraint.name, columns: constraint.columns }) : [],
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD CONSTRAINT one_each EXCLUDE USING gist (age WITH =);" }],
      passes: [{ sql: "CREATE TABLE slot (during tsrange, EXCLUDE USING gist (during WITH &&));" }],
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
          `CREATE INDEX ${subject.name ?? "…"} ON ONLY ${subject.relation} (${(subject.columns ?? ["…"]).join(", ")})`,
        ),
        "# revision 2, for each partition",
        autocommit(
          `op.create_index("…_partition", "partition", ${pyList(subject.columns)}, postgresql_concurrently=True)`,
        ),
        execute(`ALTER INDEX ${subject.name ?? "…"} ATTACH PARTITION …_partition`),
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
        execute(`DROP INDEX CONCURRENTLY IF EXISTS ${name ?? "…"}`),
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
