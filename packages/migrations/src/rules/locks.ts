import { blockingLock, type Step, workOf } from "../engine/step.ts";
import { type LockMode, lockRank, strongest } from "../trace.ts";
import { relationOf } from "./indexes.ts";
import { execute, recipe, sqlName } from "./recipe-text.ts";
import { hit, on, type Rule } from "./rule.ts";

const rankOf = (mode: LockMode | undefined): number => (mode === undefined ? 0 : lockRank(mode));

/** A lock that others can be made to wait for: on a table that was there, stronger than those of plain queries. */
const contended = (step: Step): string | undefined => {
  const { operation } = step;
  if (operation.kind === "lock-table") return operation.tables.find((table) => step.situation.existed(table));
  const lock = strongest(step.effects.locks.filter((candidate) => candidate.preexisting));
  return lock !== undefined && rankOf(lock.mode) >= rankOf("ShareUpdateExclusiveLock") ? lock.relation : undefined;
};

const isUnset = (value: string | undefined): boolean => value === undefined || /^0(ms|s|min)?$/.test(value.trim());

const firstWithout = (setting: string): NonNullable<Rule["detect"]> => {
  return (step, run) => {
    const relation = contended(step);
    if (relation === undefined || !isUnset(step.setting(setting))) return [];
    const isFirst = !run.steps.some((earlier) => contended(earlier) !== undefined && isUnset(earlier.setting(setting)));
    return isFirst ? hit(relation) : [];
  };
};

const changesSchema = ({ operation, effects }: Step): boolean =>
  operation.kind !== "change-rows" &&
  effects.locks.some((lock) => lock.preexisting && rankOf(lock.mode) >= rankOf("ShareLock"));

const isDataChange = (step: Step): boolean =>
  step.operation.kind === "change-rows" &&
  step.situation.existed(step.operation.table) &&
  (step.operation.verb !== "insert" || step.operation.reads.length > 0);

export const LOCK_RULES: readonly Rule[] = [
  {
    id: "no-lock-timeout",
    rows: [34],
    title: "No lock_timeout",
    hazard: "missing_lock_timeout",
    scope: "lock",
    severity: { lock: "warn", oldCode: "none" },
    why: "A statement that waits for its lock makes every later query on the table wait behind it, even if the statement itself would be instant. lock_timeout makes it give up instead.",
    recipe: () =>
      recipe(
        "# in env.py, for every migration",
        `connectable = create_engine(url, connect_args={"options": "-c lock_timeout=2000"})`,
        "# or in this revision",
        execute("SET lock_timeout = '2s'"),
      ),
    detect: firstWithout("lock_timeout"),
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD COLUMN a int;" }],
      passes: [
        { sql: "SET lock_timeout = '2s'; ALTER TABLE account ADD COLUMN a int;" },
        { sql: "CREATE TABLE branch (id int PRIMARY KEY, parent_id int REFERENCES branch (id));" },
      ],
    },
  },
  {
    id: "no-statement-timeout",
    rows: [35],
    title: "No statement_timeout",
    hazard: "missing_statement_timeout",
    scope: "lock",
    severity: { lock: "info", oldCode: "none" },
    why: "Nothing bounds how long a statement may hold its lock. PostgreSQL 17 can also bound the whole transaction, with transaction_timeout.",
    recipe: () =>
      `connectable = create_engine(url, connect_args={"options": "-c statement_timeout=30000"})  # in env.py`,
    detect: (step, run) =>
      isUnset(step.setting("transaction_timeout")) ? firstWithout("statement_timeout")(step, run) : [],
    examples: {
      fires: [{ sql: "ALTER TABLE account ADD COLUMN a int;" }],
      passes: [{ sql: "SET statement_timeout = '30s'; ALTER TABLE account ADD COLUMN a int;" }],
    },
  },
  {
    id: "work-under-lock",
    rows: [36],
    title: "Work while an earlier statement's lock is held",
    hazard: "stmts_while_access_exclusive",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "none" },
    why: "Locks last until commit. Whatever reads or builds after an ALTER TABLE in the same transaction prolongs its lock, whichever table the work is on.",
    physical: true,
    recipe: () => "# move the work into a revision of its own, with transaction_per_migration=True in env.py",
    detect: (step) => {
      const lock = strongest(step.held);
      const [worked] = workOf(step.effects);
      if (worked === undefined || rankOf(lock?.mode) < rankOf("ShareLock") || blockingLock(step) === undefined)
        return [];
      const note = `${lock?.mode ?? "a lock"} on ${lock?.relation ?? "a table"} is held meanwhile`;
      return [{ subject: { relation: worked }, note, lock }];
    },
    examples: {
      fires: [
        { transaction: true, sql: "ALTER TABLE account ADD COLUMN a int; CREATE INDEX team_name ON team (name);" },
      ],
      passes: [{ sql: "ALTER TABLE account ADD COLUMN a int; CREATE INDEX team_name ON team (name);" }],
    },
  },
  {
    id: "backfill-in-ddl-transaction",
    rows: [37],
    title: "Rows changed in the transaction that changes the schema",
    hazard: "mixed_ddl_dml",
    scope: "txn",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "none" },
    why: "A backfill after an ALTER TABLE holds the table's lock until the last row is written; before it, every row it touched stays locked until commit.",
    recipe: ({ relation }) =>
      recipe(
        "# the schema change here; the backfill as a revision or a job of its own, in committed batches",
        "with op.get_context().autocommit_block():",
        `    while op.get_bind().execute(sa.text("UPDATE ${sqlName(relation)} SET … WHERE id IN (SELECT id FROM ${sqlName(relation)} WHERE … LIMIT 5000)")).rowcount:`,
        "        pass",
      ),
    detectRun: ({ steps }) => {
      const changing = new Set(steps.filter(changesSchema).map(({ transaction }) => transaction));
      return steps
        .filter((step) => isDataChange(step) && changing.has(step.transaction))
        .map((step) => ({
          subject: { relation: relationOf(step.operation) },
          step,
          severity: step.transaction === undefined ? { lock: "info" } : undefined,
        }));
    },
    examples: {
      fires: [
        {
          transaction: true,
          sql: "ALTER TABLE account ADD COLUMN country text; UPDATE account SET country = 'unknown';",
        },
      ],
      passes: [{ transaction: true, sql: "ALTER TABLE account ADD COLUMN country text;" }],
    },
  },
  {
    id: "data-change-in-migration",
    rows: [37],
    title: "Migration changes rows",
    hazard: "mixed_ddl_dml",
    scope: "txn",
    severity: { lock: "info", oldCode: "none" },
    why: "A data change belongs to the backfill phase: it runs between expanding and contracting, best outside the migration's transaction and in batches.",
    recipe: ({ relation }) =>
      `# move it to a job that updates ${relation} in batches, or give it a revision of its own`,
    detect: (step) => (isDataChange(step) ? hit(relationOf(step.operation)) : []),
    examples: {
      fires: [{ sql: "UPDATE account SET age = 0 WHERE age IS NULL;" }],
      passes: [{ sql: "INSERT INTO team (id, name) VALUES (1, 'core');" }],
    },
  },
  {
    id: "change-without-where",
    rows: [38],
    title: "UPDATE or DELETE of every row",
    hazard: "dml_without_where",
    scope: "lock",
    lock: "RowExclusiveLock",
    severity: { lock: "warn", oldCode: "none" },
    why: "One statement over the whole table locks every row until commit, doubles the table and keeps a transaction open that vacuum must wait for.",
    recipe: ({ relation }) =>
      `op.execute(sa.text(${JSON.stringify(`UPDATE ${sqlName(relation)} SET … WHERE id BETWEEN :first AND :last`)}).bindparams(first=1, last=5000))  # one batch of many`,
    detect: on("change-rows", ({ verb, table, hasWhere }, step) =>
      (verb === "update" || verb === "delete") && !hasWhere && step.situation.existed(table) ? hit(table) : [],
    ),
    examples: {
      fires: [{ sql: "UPDATE account SET age = 0;" }],
      passes: [{ sql: "UPDATE account SET age = 0 WHERE age IS NULL;" }],
    },
  },
  {
    id: "blocking-work",
    rows: [36],
    title: "Work on a table while others wait for it",
    hazard: "blocking_work",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "block", oldCode: "none" },
    why: "The table is read, rewritten or indexed under a lock that others wait for, for a reason that no other rule names.",
    recipe: () => "# split the statement so that the long work runs under a weaker lock",
    examples: {
      fires: [{ sql: "ALTER TABLE account ALTER COLUMN age SET EXPRESSION AS (1);", version: 17 }],
      passes: [{ sql: "ALTER TABLE account ADD COLUMN a int;" }],
    },
  },
  {
    id: "extension-updated",
    rows: [],
    title: "Extension updated by a script that the migration does not show",
    hazard: "extension_updated",
    scope: "lock",
    severity: { lock: "warn", oldCode: "warn" },
    why: "ALTER EXTENSION … UPDATE runs a script that lies on the server, for the version that is installed there. It may lock or rewrite tables that use the extension's types, and replace functions that the old release calls. No text tells: a rehearsal shows its locks only where it goes between the same two versions.",
    recipe: ({ name, to }) =>
      recipe(
        "# read what the extension says of this update, and run it by itself, in a quiet hour:",
        execute("SET LOCAL lock_timeout = '2s'"),
        execute(`ALTER EXTENSION ${sqlName(name)} UPDATE${to === undefined ? "" : ` TO '${to.replace(/'/g, "''")}'`}`),
      ),
    detect: on("update-extension", ({ name, version }, { source }) =>
      hit(
        "",
        { name, to: version },
        source === "trace"
          ? `${name}: what it did on the rehearsal's server is what is told of it; production may come from another version`
          : `${name}: what its script locks, rewrites and replaces was not seen`,
      ),
    ),
    examples: {
      fires: [{ sql: "ALTER EXTENSION postgis UPDATE TO '3.4.0';" }],
      passes: [{ sql: "CREATE EXTENSION IF NOT EXISTS postgis;" }],
    },
  },
];
