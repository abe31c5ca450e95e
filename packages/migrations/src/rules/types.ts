import type { Step } from "../engine/step.ts";
import { typeRewrites } from "../physics/alter-table.ts";
import { isZonePair } from "../physics/type-change.ts";
import { type Column, isConstrained, referencing } from "../schema/schema.ts";
import type { ActionOf } from "../sql/operation.ts";
import { sameType, spellType, type TypeName } from "../sql/type-name.ts";
import { isMadeHere } from "./conditions.ts";
import { execute, newColumnRecipe, recipe, sqlName } from "./recipe-text.ts";
import { any, type Hit, hit, on, onAction, type Rule } from "./rule.ts";

type TypeChange = ActionOf<"alter-type">;

interface Change {
  readonly action: TypeChange;
  readonly table: string;
  readonly step: Step;
  readonly column: Column | undefined;
  readonly rewrite: boolean;
  readonly build: boolean;
  readonly scan: boolean;
  readonly isZone: boolean;
  readonly isForeignKey: () => boolean;
}

const whenChanged = (isMine: (change: Change) => boolean, note?: (change: Change) => string | undefined) =>
  onAction("alter-type", (action, table, step): Hit[] => {
    const change = changeOf(action, table, step);
    if (!isMine(change)) return [];
    return hit(table, { column: action.column, type: spellType(action.type) }, note?.(change));
  });

function changeOf(action: TypeChange, table: string, step: Step): Change {
  const known = step.situation.schema.tables.get(table);
  const column = known?.columns.get(action.column);
  const { effects } = step;
  const build = effects.indexBuilds.some(({ relation }) => relation === table);
  return {
    action,
    table,
    step,
    column,
    rewrite: effects.rewrites.includes(table),
    build,
    scan: effects.scans.includes(table),
    isZone: isZonePair(column?.type, action.type),
    isForeignKey: () => isForeignKey(step, table, action.column),
  };
}

function isForeignKey({ situation }: Step, table: string, column: string): boolean {
  const own = situation.schema.tables.get(table)?.constraints ?? [];
  const isChild = own.some(({ references, columns }) => references !== undefined && columns.includes(column));
  return isChild || referencing(situation.schema, table, column).length > 0;
}

const wasKnown = ({ column, action }: Change): string | undefined =>
  column?.type === undefined
    ? "the type before the change is not known, so the worst is assumed"
    : `${spellType(column.type)} becomes ${spellType(action.type)}`;

const TEXT_LIKE = new Set(["text", "varchar"]);

/** Old code reads and writes the new type as it did the old one. */
export function isInvisible(written: TypeName | undefined, asked: TypeName, step: Step): boolean {
  const { domains } = step.situation.schema;
  const domain = domains.get(asked.name);
  if (written === undefined || (domain !== undefined && isConstrained(domain))) return false;
  // A domain is its base type to those who read and write; what it forbade may be written now.
  const [from, to] = [domains.get(written.name)?.base ?? written, domains.get(asked.name)?.base ?? asked];
  if (sameType(from, to) || (TEXT_LIKE.has(from.name) && TEXT_LIKE.has(to.name)) || from.name === to.name) {
    return !typeRewrites(
      { type: from, notNull: false, hasDefault: false, identity: false, generated: undefined, collation: undefined },
      { kind: "alter-type", column: "", type: to, collation: undefined, using: undefined },
      step.situation,
    );
  }
  return (
    (from.name === "cidr" && to.name === "inet") ||
    from.name === "citext" ||
    to.name === "citext" ||
    (from.name === "bit" && to.name === "varbit")
  );
}

const locking = { scope: "lock", lock: "AccessExclusiveLock", physical: true, hazard: "alter_column_type" } as const;

/** Before it, a table is rewritten between timestamp and timestamptz whatever the time zone. */
const ZONE_SINCE = 12;

export const TYPE_RULES: readonly Rule[] = [
  {
    id: "type-change-rewrites",
    rows: [22],
    title: "Type change rewrites the table",
    ...locking,
    severity: { lock: "block", oldCode: "block" },
    why: "Where stored values do not fit the new type as they are (integer to bigint, a shorter varchar, another numeric scale, json to jsonb), the table and all its indexes are written anew under ACCESS EXCLUSIVE.",
    recipe: ({ relation, column, type }) => newColumnRecipe(relation, column, type),
    detect: whenChanged(
      (change) =>
        change.rewrite && !change.isForeignKey() && (!change.isZone || change.step.situation.version < ZONE_SINCE),
      wasKnown,
    ),
    examples: {
      fires: [
        { sql: "ALTER TABLE account ALTER COLUMN age TYPE bigint;" },
        { sql: "ALTER TABLE account ALTER COLUMN email TYPE varchar(50);" },
      ],
      passes: [
        { sql: "ALTER TABLE account ALTER COLUMN email TYPE varchar(200);" },
        { sql: "ALTER TABLE account ALTER COLUMN email TYPE text;" },
      ],
    },
  },
  {
    id: "safe-type-change",
    rows: [23],
    title: "Type change that writes nothing",
    hazard: "safe_type_change",
    scope: "lock",
    lock: "AccessExclusiveLock",
    severity: { lock: "info", oldCode: "info" },
    why: "Wider varchar, text, a larger numeric precision, cidr to inet, a wider varbit and citext without an index keep every stored value: only the catalog changes. The lock is exclusive but short.",
    recipe: () => execute("SET LOCAL lock_timeout = '2s'"),
    detect: whenChanged((change) => !change.rewrite && !change.build && !change.scan && !change.isZone, wasKnown),
    examples: {
      fires: [{ sql: "ALTER TABLE account ALTER COLUMN email TYPE varchar(200);" }],
      passes: [{ sql: "ALTER TABLE account ALTER COLUMN age TYPE bigint;" }],
    },
  },
  {
    id: "time-zone-type-change",
    rows: [24],
    title: "timestamp and timestamptz differ by the session's time zone",
    ...locking,
    severity: { lock: "warn", oldCode: "warn" },
    since: ZONE_SINCE,
    why: "Between timestamp and timestamptz the table is rewritten unless the session's TimeZone is UTC; a USING expression rewrites it even then. Values move by the offset when the zone is another.",
    recipe: ({ relation, column, type }) =>
      recipe(
        execute("SET LOCAL timezone = 'UTC'"),
        execute(`ALTER TABLE ${sqlName(relation)} ALTER COLUMN ${sqlName(column)} TYPE ${type ?? "timestamptz"}`),
        "# no USING clause",
      ),
    detect: whenChanged((change) => change.rewrite && change.isZone, wasKnown),
    examples: {
      fires: [
        { sql: "ALTER TABLE account ALTER COLUMN created_at TYPE timestamptz;", timeZone: "Europe/Berlin" },
        { sql: "ALTER TABLE account ALTER COLUMN created_at TYPE timestamptz USING created_at AT TIME ZONE 'UTC';" },
      ],
      passes: [
        {
          sql: "SET timezone = 'UTC'; ALTER TABLE account ALTER COLUMN created_at TYPE timestamptz;",
          timeZone: "Europe/Berlin",
        },
      ],
    },
  },
  {
    id: "type-change-rechecks",
    rows: [25],
    title: "Type change checks every row again",
    ...locking,
    severity: { lock: "warn", oldCode: "none" },
    why: "Even a type change that writes nothing re-adds the CHECK constraints on the column, and reads the whole table for them under ACCESS EXCLUSIVE.",
    recipe: ({ relation, name }) =>
      recipe(
        `# drop the CHECK, change the type, add the CHECK again as NOT VALID`,
        "# a later revision",
        execute(`ALTER TABLE ${sqlName(relation)} VALIDATE CONSTRAINT ${sqlName(name)}`),
      ),
    detect: whenChanged((change) => !change.rewrite && !change.build && change.scan),
    examples: {
      fires: [
        {
          preamble: "CREATE TABLE account (email varchar(20) CHECK (length(email) > 3));",
          sql: "ALTER TABLE account ALTER COLUMN email TYPE text;",
        },
      ],
      passes: [{ sql: "ALTER TABLE account ALTER COLUMN email TYPE text;" }],
    },
  },
  {
    id: "foreign-key-type-change",
    rows: [26],
    title: "Type change of a foreign key rewrites and locks two tables",
    ...locking,
    severity: { lock: "block", oldCode: "warn" },
    why: "Changing the type of a column in a foreign key rewrites its table under ACCESS EXCLUSIVE, takes ACCESS EXCLUSIVE on the table at the other end and checks the key again.",
    recipe: ({ relation, column, type }) => newColumnRecipe(relation, column, type),
    detect: whenChanged((change) => change.rewrite && !change.isZone && change.isForeignKey(), wasKnown),
    examples: {
      fires: [
        {
          preamble:
            "CREATE TABLE team (id bigint PRIMARY KEY); CREATE TABLE member (team_id integer REFERENCES team (id));",
          sql: "ALTER TABLE member ALTER COLUMN team_id TYPE bigint;",
        },
      ],
      passes: [{ sql: "ALTER TABLE account ALTER COLUMN age TYPE bigint;" }],
    },
  },
  {
    id: "type-change-rebuilds-index",
    rows: [27],
    title: "Type or collation change rebuilds indexes",
    ...locking,
    severity: { lock: "warn", oldCode: "warn" },
    why: "Where values stay but sort otherwise (another collation, text to citext) or the index has expressions or WHERE, the indexes on the column are built anew under ACCESS EXCLUSIVE.",
    recipe: ({ relation, column }) =>
      recipe(
        `# drop the index on ${relation} (${column ?? "…"}) concurrently, change the type, build the index again concurrently`,
      ),
    detect: whenChanged((change) => !change.rewrite && change.build, wasKnown),
    examples: {
      fires: [
        {
          preamble: "CREATE TABLE account (email text); CREATE INDEX email_idx ON account (email);",
          sql: `ALTER TABLE account ALTER COLUMN email TYPE text COLLATE "C";`,
        },
      ],
      passes: [
        {
          preamble: "CREATE TABLE account (email varchar(9)); CREATE INDEX email_idx ON account (email);",
          sql: "ALTER TABLE account ALTER COLUMN email TYPE text;",
        },
      ],
    },
  },
  {
    id: "type-change-breaks-code",
    rows: [56],
    title: "Type change breaks the code that is running",
    hazard: "backward_incompatible",
    scope: "compat",
    severity: { lock: "none", oldCode: "block" },
    why: "The old code binds and reads values of the old type: writes fail with a data error or reads give values it does not expect.",
    recipe: ({ relation, column, type }) => newColumnRecipe(relation, column, type),
    detect: any(
      whenChanged(({ column, action, step }) => !isInvisible(column?.type, action.type, step), wasKnown),
      on("change-attribute", ({ type, attribute, change }, _, run) =>
        change === "type" && !isMadeHere("type", type, run) ? hit(type, { column: attribute }) : [],
      ),
    ),
    examples: {
      fires: [
        { sql: "ALTER TABLE account ALTER COLUMN age TYPE text;" },
        { sql: "ALTER TYPE address ALTER ATTRIBUTE number TYPE int CASCADE;" },
      ],
      passes: [
        { sql: "ALTER TABLE account ALTER COLUMN email TYPE varchar(200);" },
        { sql: "CREATE TYPE address AS (number text); ALTER TYPE address ALTER ATTRIBUTE number TYPE int;" },
      ],
    },
  },
];
