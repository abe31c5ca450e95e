import { EVERY_TABLE } from "../sql/operation.ts";
import { autocommit, execute, recipe, sqlName } from "./recipe-text.ts";
import { any, hit, on, onAction, type Rule } from "./rule.ts";

const timeoutFirst = (): string =>
  recipe(execute("SET LOCAL lock_timeout = '2s'"), "# and run again when it times out");

export const TABLE_RULES: readonly Rule[] = [
  {
    id: "storage-change-rewrites",
    rows: [28],
    title: "Storage change rewrites the table",
    hazard: "table_rewrite",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "none" },
    why: "SET LOGGED, SET UNLOGGED, SET TABLESPACE and SET ACCESS METHOD copy the whole table under ACCESS EXCLUSIVE.",
    physical: true,
    recipe: ({ relation }) => `# move ${relation} outside a release, with pg_repack or in a maintenance window`,
    detect: any(
      onAction("set-persistence", ({ logged }, table, step) =>
        step.situation.schema.tables.get(table)?.logged === logged ? [] : hit(table),
      ),
      onAction("set-tablespace", (_, table) => hit(table)),
      onAction("set-access-method", (_, table) => hit(table)),
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE account SET UNLOGGED;" }, { sql: "ALTER TABLE account SET TABLESPACE fast;" }],
      passes: [{ sql: "ALTER TABLE account SET LOGGED;" }],
    },
  },
  {
    id: "cluster-or-vacuum-full",
    rows: [29],
    title: "CLUSTER and VACUUM FULL rewrite the table",
    hazard: "cluster_vacuum_full",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "none" },
    why: "Both write the table anew under ACCESS EXCLUSIVE.",
    physical: true,
    recipe: ({ relation }) => `# pg_repack --table=${relation}, outside any migration`,
    detect: any(
      on("cluster", ({ table }, step) =>
        table !== undefined && !step.situation.existed(table) ? [] : hit(table ?? EVERY_TABLE),
      ),
      on("vacuum", ({ full, tables }, step) => {
        const old = tables.filter((table) => step.situation.existed(table));
        return full && (tables.length === 0 || old.length > 0) ? hit(old[0] ?? EVERY_TABLE) : [];
      }),
    ),
    examples: {
      fires: [{ sql: "CLUSTER account USING account_pkey;" }, { sql: "VACUUM FULL account;" }],
      passes: [{ sql: "VACUUM (FULL false) account;" }],
    },
  },
  {
    id: "refresh-materialized-view",
    rows: [30],
    title: "REFRESH MATERIALIZED VIEW stops its readers",
    hazard: "refresh_matview",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "warn", oldCode: "none" },
    why: "A plain REFRESH holds ACCESS EXCLUSIVE on the view while its query runs.",
    physical: true,
    recipe: ({ relation }) =>
      recipe(
        "# with a unique index on the view, and outside the migration",
        execute(`REFRESH MATERIALIZED VIEW CONCURRENTLY ${sqlName(relation)}`),
      ),
    detect: on("refresh-view", ({ view, concurrently, withData }, step) =>
      !concurrently && step.situation.existed(view)
        ? hit(view, {}, withData ? undefined : "WITH NO DATA leaves the view unreadable")
        : [],
    ),
    examples: {
      fires: [{ sql: "REFRESH MATERIALIZED VIEW totals;" }],
      passes: [{ sql: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;" }],
    },
  },
  {
    id: "detach-partition",
    rows: [31],
    title: "DETACH PARTITION locks the whole table",
    hazard: "detach_not_concurrent",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "none" },
    why: "A plain DETACH takes ACCESS EXCLUSIVE on the parent and on the partition, so every query on any partition waits. DETACH … CONCURRENTLY exists since PostgreSQL 14.",
    recipe: ({ relation, name }) =>
      autocommit(execute(`ALTER TABLE ${sqlName(relation)} DETACH PARTITION ${sqlName(name)} CONCURRENTLY`)),
    detect: onAction("detach-partition", ({ concurrently, finalize, partition }, table) =>
      concurrently || finalize ? [] : hit(table, { name: partition }),
    ),
    examples: {
      fires: [{ sql: "ALTER TABLE event DETACH PARTITION event_1;" }],
      passes: [{ sql: "ALTER TABLE event DETACH PARTITION event_1 CONCURRENTLY;" }],
    },
  },
  {
    id: "attach-partition-scans",
    rows: [32],
    title: "ATTACH PARTITION reads the partition under an exclusive lock",
    hazard: "attach_partition_scan",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "warn", oldCode: "none" },
    why: "Unless a valid CHECK proves that all rows fit the bounds, ATTACH reads the whole partition (and the default partition) under ACCESS EXCLUSIVE, and builds the indexes that it lacks.",
    physical: true,
    recipe: ({ name }) =>
      recipe(
        "# revision 1",
        execute(`ALTER TABLE ${sqlName(name)} ADD CONSTRAINT bounds CHECK (… the bounds …) NOT VALID`),
        "# revision 2",
        execute(`ALTER TABLE ${sqlName(name)} VALIDATE CONSTRAINT bounds`),
        "# revision 3: ATTACH, then drop the CHECK",
      ),
    detect: any(
      // A new partition takes rows from the default one, which is read for them.
      on("create-table", ({ isPartition, parents }, step) =>
        isPartition && step.effects.scans.length > 0 ? hit(parents[0] ?? "") : [],
      ),
      on("alter-table", ({ action, table }, step) => {
        if (action.kind !== "attach-partition") return [];
        const isOld =
          step.situation.existed(action.partition) || (step.situation.existed(table) && step.effects.scans.length > 0);
        return isOld ? hit(action.partition, { name: action.partition }) : [];
      }),
    ),
    examples: {
      fires: [
        {
          preamble:
            "CREATE TABLE event (day date NOT NULL) PARTITION BY RANGE (day); CREATE TABLE event_1 (day date NOT NULL);",
          sql: "ALTER TABLE event ATTACH PARTITION event_1 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
        },
      ],
      passes: [
        {
          preamble:
            "CREATE TABLE event (day date NOT NULL) PARTITION BY RANGE (day); CREATE TABLE event_1 (day date NOT NULL CHECK (day >= '2026-01-01' AND day < '2026-02-01'));",
          sql: "ALTER TABLE event ATTACH PARTITION event_1 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
        },
      ],
    },
  },
  {
    id: "trigger-rule-or-policy",
    rows: [41],
    title: "Trigger, rule or row policy on an existing table",
    hazard: "trigger_or_policy",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "info", oldCode: "warn" },
    why: "CREATE TRIGGER takes SHARE ROW EXCLUSIVE, rules, policies and row-level security ACCESS EXCLUSIVE. Quick once granted, but the old code meets behaviour it was not tested with.",
    recipe: timeoutFirst,
    detect: any(
      on("create-trigger", ({ table, name }, step) => (step.situation.existed(table) ? hit(table, { name }) : [])),
      on("create-rule", ({ table, name }, step) => (step.situation.existed(table) ? hit(table, { name }) : [])),
      on("create-policy", ({ table, name }, step) => (step.situation.existed(table) ? hit(table, { name }) : [])),
      on("drop", ({ object, names, on: table = "" }, step) =>
        /^(trigger|rule|policy)$/.test(object) && step.situation.existed(table) ? hit(table, { name: names[0] }) : [],
      ),
      on("rename", ({ object, name, from }, step) =>
        object === "trigger" && step.situation.existed(name) ? hit(name, { name: from }) : [],
      ),
      onAction("row-security", (_, table) => hit(table)),
      onAction("trigger-state", (_, table) => hit(table)),
    ),
    examples: {
      fires: [{ sql: "CREATE TRIGGER touch BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION touch();" }],
      passes: [
        {
          sql: "CREATE TABLE note (id int); CREATE TRIGGER touch BEFORE UPDATE ON note FOR EACH ROW EXECUTE FUNCTION touch();",
        },
      ],
    },
  },
  {
    id: "several-alter-table",
    rows: [39],
    title: "One table altered in several statements",
    hazard: "multiple_alter_table",
    scope: "lock",
    severity: { lock: "info", oldCode: "none" },
    why: "Alembic writes one statement for each attribute. Each takes the lock anew, and each that reads or rewrites the table does so again; one ALTER TABLE with a comma list does it once.",
    recipe: ({ relation }) => execute(`ALTER TABLE ${sqlName(relation)} …, …`),
    detectRun: ({ steps }) => {
      const first = new Map<string, number>();
      const told = new Set<string>();
      return steps.flatMap((step) => {
        const { operation, statement } = step;
        if (operation.kind !== "alter-table" || !step.situation.existed(operation.table)) return [];
        const known = first.get(operation.table);
        if (known === undefined) first.set(operation.table, statement.index);
        if (known === undefined || known === statement.index || told.has(operation.table)) return [];
        told.add(operation.table);
        return [{ subject: { relation: operation.table }, step }];
      });
    },
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD COLUMN a int; ALTER TABLE account ADD COLUMN b int;" }],
      passes: [{ sql: "ALTER TABLE account ADD COLUMN a int, ADD COLUMN b int;" }],
    },
  },
];
