import { isNullable } from "../physics/alter-table.ts";
import { concurrentIndex, execute, recipe, sqlName } from "./recipe-text.ts";
import { any, hit, onAction, type Rule, type Subject } from "./rule.ts";

const uniqueUsingIndex = (subject: Subject, kind: "UNIQUE" | "PRIMARY KEY"): string =>
  recipe(
    "# revision 1",
    concurrentIndex(subject, "unique=True, "),
    "# revision 2",
    execute(
      `ALTER TABLE ${sqlName(subject.relation)} ADD CONSTRAINT ${sqlName(subject.name)} ${kind} USING INDEX ${sqlName(subject.name)}`,
    ),
  );

export const KEY_RULES: readonly Rule[] = [
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
          `ALTER TABLE ${sqlName(relation)} ADD CONSTRAINT ${sqlName(`${column ?? "column"}_present`)} CHECK (${sqlName(column)} IS NOT NULL) NOT VALID`,
        ),
        "# revision 2",
        execute(`ALTER TABLE ${sqlName(relation)} VALIDATE CONSTRAINT ${sqlName(`${column ?? "column"}_present`)}`),
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
];
