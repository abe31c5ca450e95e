import {
  alembic,
  at,
  call,
  drops,
  EMPTY_REVISION,
  inRevision,
  isSchemaCall,
  listed,
  project,
  quiet,
  revision,
} from "./alembic-conditions.ts";
import { py, recipe, tableArgument } from "./recipe-text.ts";
import type { Rule } from "./rule.ts";

export const REVISION_RULES: readonly Rule[] = [
  {
    id: "no-downgrade",
    rows: [74],
    title: "No way back",
    hazard: "no_downgrade",
    ...alembic,
    severity: { lock: "none", oldCode: "info" },
    why: "downgrade() is missing, empty or raises. Rolling a release back never runs it, but development and the rehearsal's way back do.",
    recipe: () =>
      recipe("def downgrade():", `    raise NotImplementedError("…")  # say why, when there is no way back`),
    detectAlembic: inRevision(({ downgrade, downgradeRaises, downgradeIsEmpty, upgrade }) => {
      const changes = upgrade.some(isSchemaCall);
      if (!changes) return [];
      if (downgrade === null) return at(1, "", "downgrade() is missing");
      if (downgradeRaises) return at(1, "", "downgrade() raises");
      return downgradeIsEmpty ? at(1, "", "downgrade() does nothing") : [];
    }),
    examples: {
      fires: [revision({ upgrade: [call("add_column")], downgrade: null })],
      passes: [revision({ upgrade: [call("add_column")] })],
    },
  },
  {
    id: "unnamed-constraint-dropped",
    rows: [75],
    title: "drop_constraint(None)",
    hazard: "unnamed_constraint",
    ...alembic,
    severity: { lock: "warn", oldCode: "none" },
    why: "Autogenerate writes None for a constraint without a name. Running it raises CompileError: give the constraint a name, best by a naming_convention on the metadata.",
    recipe: () => `op.drop_constraint("account_team_id_fkey", "account", type_="foreignkey")`,
    detectAlembic: inRevision(({ upgrade, downgrade }) =>
      [...upgrade, ...(downgrade ?? [])].flatMap(({ call: name, name: target, line, table }) =>
        name === "drop_constraint" && target === null ? at(line, table) : [],
      ),
    ),
    examples: {
      fires: [revision({ downgrade: [call("drop_constraint", { name: null, table: "account" })] })],
      passes: [revision({ downgrade: [call("drop_constraint", { name: "a_fkey" })] })],
    },
  },
  {
    id: "downgrade-loses-data",
    rows: [76],
    title: "Downgrade does not come back, or loses data",
    hazard: "downgrade_lossy",
    ...alembic,
    severity: { lock: "warn", oldCode: "none" },
    why: "After upgrade, downgrade and upgrade the catalog differs, or the downgrade drops what the upgrade filled.",
    recipe: ({ relation }) =>
      `# keep the rows of ${relation === "" ? "what is dropped" : relation} in a side table, or declare the revision irreversible`,
    detectAlembic: (facts) => {
      const differences = facts.rehearsal?.notReversed ?? [];
      if (differences.length > 0) return at(1, "", `not restored: ${listed(differences)}`);
      const { upgrade = [], downgrade = [] } = facts.revision ?? {};
      const fills = upgrade.some(
        ({ call: name, sql }) => name === "bulk_insert" || /^\s*(insert|update)/i.test(sql ?? ""),
      );
      const dropped = fills ? downgrade?.find(({ call: name }) => drops.has(name)) : undefined;
      return dropped === undefined ? [] : at(dropped.line, dropped.table, "what the upgrade filled is dropped");
    },
    examples: {
      fires: [
        revision({
          upgrade: [call("add_column"), call("execute", { sql: "UPDATE a SET b = c" })],
          downgrade: [call("drop_column", { table: "a" })],
        }),
      ],
      passes: [revision({ upgrade: [call("add_column")], downgrade: [call("drop_column", { table: "a" })] })],
    },
  },
  {
    id: "imports-app-code",
    rows: [78],
    title: "Revision imports application code",
    hazard: "imports_app_code",
    ...alembic,
    severity: { lock: "warn", oldCode: "none" },
    why: "Models move on, revisions stay. A revision that imports them fails, or does something else, once they have changed, on every new database.",
    recipe: () =>
      recipe(
        "# tables as they are at this revision, in the revision itself",
        `account = sa.table("account", sa.column("id", sa.BigInteger))`,
      ),
    detectAlembic: inRevision(({ imports }, { project: facts }) =>
      imports.flatMap(({ module, line }) =>
        (facts?.appModules ?? []).some((name) => module === name || module.startsWith(`${name}.`))
          ? at(line, "", `imports ${module}`)
          : [],
      ),
    ),
    examples: {
      fires: [
        {
          alembic: {
            revision: { ...EMPTY_REVISION, imports: [{ module: "app.models", line: 3 }] },
            project: project({}),
          },
        },
      ],
      passes: [
        {
          alembic: {
            revision: { ...EMPTY_REVISION, imports: [{ module: "sqlalchemy", line: 3 }] },
            project: project({}),
          },
        },
      ],
    },
  },
  {
    id: "autocommit-mid-revision",
    rows: [79],
    title: "autocommit_block() among other operations",
    hazard: "autocommit_mid_revision",
    ...alembic,
    severity: { lock: "warn", oldCode: "none" },
    why: "Entering the block commits what came before. If the block or what follows fails, the database is between two revisions and running again fails on what is there already.",
    recipe: () => "# one revision for the operations before, one for the block, one for those after",
    detectAlembic: inRevision(({ upgrade }) => {
      const calls = upgrade.filter(isSchemaCall);
      const inside = calls.find(({ autocommitBlock }) => autocommitBlock !== null);
      const outside = calls.filter(
        ({ autocommitBlock, sql }) => autocommitBlock === null && !/^\s*set\b/i.test(sql ?? ""),
      );
      return inside !== undefined && outside.length > 0 ? at(inside.line, inside.table) : [];
    }),
    examples: {
      fires: [revision({ upgrade: [call("add_column"), call("create_index", { autocommitBlock: 0 })] })],
      passes: [quiet],
    },
  },
  {
    id: "autocommit-in-outer-transaction",
    rows: [80],
    title: "autocommit_block() while env.py holds a transaction",
    hazard: "autocommit_outer_transaction",
    ...alembic,
    severity: { lock: "block", oldCode: "none" },
    why: "With engine.begin() or an advisory lock in env.py the connection is in a transaction that Alembic did not open: autocommit_block() fails with an AssertionError.",
    recipe: () =>
      recipe(
        "with engine.connect() as connection:  # not engine.begin()",
        "    context.configure(connection=connection, transaction_per_migration=True)",
        "# and take the advisory lock on another connection",
      ),
    detectAlembic: inRevision(({ upgrade }, { project: facts }) => {
      const inside = upgrade.find(({ autocommitBlock }) => autocommitBlock !== null);
      return inside !== undefined && facts?.opensOwnTransaction === true ? at(inside.line) : [];
    }),
    examples: {
      fires: [
        {
          alembic: {
            revision: { ...EMPTY_REVISION, upgrade: [call("create_index", { autocommitBlock: 0 })] },
            project: project({ opensOwnTransaction: true }),
          },
        },
      ],
      passes: [
        {
          alembic: {
            revision: { ...EMPTY_REVISION, upgrade: [call("create_index", { autocommitBlock: 0 })] },
            project: project({}),
          },
        },
      ],
    },
  },
  {
    id: "untyped-bulk-insert",
    rows: [83],
    title: "bulk_insert into untyped columns",
    hazard: "untyped_bulk_insert",
    ...alembic,
    severity: { lock: "info", oldCode: "none" },
    why: "Without types on the columns of sa.table() the values cannot be printed as SQL (No literal value renderer).",
    recipe: ({ relation }) =>
      `sa.table(${py(relation)}, sa.column("id", sa.Integer), sa.column("name", sa.String))  # ${tableArgument(relation)}`,
    detectAlembic: (facts) => {
      const isCause = /literal value renderer/i.test(facts.rehearsal?.offlineError ?? "");
      const insert = facts.revision?.upgrade.find(({ call: name }) => name === "bulk_insert");
      return isCause ? at(insert?.line ?? 1, insert?.table) : [];
    },
    examples: {
      fires: [{ alembic: { rehearsal: { offlineError: "CompileError: No literal value renderer is available" } } }],
      passes: [{ alembic: { rehearsal: {} } }],
    },
  },
];
