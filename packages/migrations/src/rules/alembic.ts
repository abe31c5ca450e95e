import type { AlembicCase, OperationFact, RevisionFacts } from "../revision-facts.ts";
import { execute, py, recipe, tableArgument } from "./recipe-text.ts";
import type { Rule } from "./rule.ts";

type AlembicHits = ReturnType<NonNullable<Rule["detectAlembic"]>>;

const at = (line: number, relation = "", note?: string, file?: string): AlembicHits => [
  { subject: { relation }, line, ...(note === undefined ? {} : { note }), ...(file === undefined ? {} : { file }) },
];

const inRevision =
  (detect: (revision: RevisionFacts, facts: AlembicCase) => AlembicHits): NonNullable<Rule["detectAlembic"]> =>
  (facts) =>
    facts.revision === undefined ? [] : detect(facts.revision, facts);

const listed = (names: readonly string[], most = 5): string =>
  names.length > most ? `${names.slice(0, most).join(", ")} and ${names.length - most} more` : names.join(", ");

/** Calls that change the database, not those that only build arguments. */
const isSchemaCall = ({ call }: OperationFact): boolean =>
  /^(create|drop|add|alter|rename|execute|bulk_insert|batch)/.test(call);

const needsResult = ({ call }: OperationFact): boolean =>
  /(^|\.)(fetchall|fetchone|scalar|scalar_one|scalars|first|rowcount|all|mappings|inspect|Session)$/.test(call);

const drops = new Set(["drop_column", "drop_table"]);

const EMPTY_REVISION: RevisionFacts = {
  revision: "a1",
  file: "versions/a1.py",
  downRevisions: [],
  imports: [],
  upgrade: [],
  downgrade: [{ call: "drop_index", line: 9, endLine: 9, name: "i", autocommitBlock: null, args: [] }],
  downgradeRaises: false,
  downgradeIsEmpty: false,
  comments: [],
};

const revision = (change: Partial<RevisionFacts>): { alembic: AlembicCase } => ({
  alembic: { revision: { ...EMPTY_REVISION, ...change } },
});
const call = (name: string, change: Partial<OperationFact> = {}): OperationFact => ({
  call: name,
  line: 5,
  endLine: 5,
  autocommitBlock: null,
  args: [],
  ...change,
});
const project = (change: Partial<NonNullable<AlembicCase["project"]>>) => ({
  transactionPerMigration: true,
  opensOwnTransaction: false,
  paramstyleNamed: true,
  appModules: ["app"],
  pending: 1,
  ...change,
});
const graph = (change: Partial<NonNullable<AlembicCase["graph"]>>): { alembic: AlembicCase } => ({
  alembic: { graph: { heads: ["a1"], orphans: [], duplicates: [], edited: [], behindBase: [], ...change } },
});
const quiet = revision({ upgrade: [call("create_index", { autocommitBlock: 0 })] });

const alembic = { scope: "alembic" } as const;

export const ALEMBIC_RULES: readonly Rule[] = [
  {
    id: "revisions-share-transaction",
    rows: [40],
    title: "Pending revisions share one transaction",
    hazard: "revisions_share_transaction",
    ...alembic,
    severity: { lock: "warn", oldCode: "none" },
    why: "Without transaction_per_migration=True Alembic runs all pending revisions in one transaction: locks of the first are held through the last, and NOT VALID in one with VALIDATE in the next gains nothing.",
    recipe: () => "context.configure(…, transaction_per_migration=True)  # in env.py",
    detectAlembic: ({ project: facts }) =>
      facts !== undefined && facts.transactionPerMigration !== true && facts.pending > 1
        ? at(1, "", `${facts.pending} revisions run in one transaction`, "env.py")
        : [],
    examples: {
      fires: [{ alembic: { project: project({ transactionPerMigration: false, pending: 3 }) } }],
      passes: [{ alembic: { project: project({ pending: 3 }) } }],
    },
  },
  {
    id: "contract-with-code",
    rows: [67],
    title: "Contract migration in the same change as the code that needs it",
    hazard: "contract_with_code",
    ...alembic,
    severity: { lock: "none", oldCode: "warn" },
    why: "Both slots run for a while, and a rollback brings the old code back: a schema change that the old code does not survive needs a release of its own after the code that no longer needs the old form.",
    recipe: () => "# move the contract revision to a pull request of its own, released after this one",
    detectAlembic: ({ rehearsal }) =>
      rehearsal?.contractRevision === true && rehearsal.codeChanged === true ? at(1) : [],
    examples: {
      fires: [{ alembic: { rehearsal: { contractRevision: true, codeChanged: true } } }],
      passes: [{ alembic: { rehearsal: { contractRevision: true, codeChanged: false } } }],
    },
  },
  {
    id: "several-heads",
    rows: [68],
    title: "Several heads",
    hazard: "several_heads",
    ...alembic,
    severity: { lock: "block", oldCode: "none" },
    why: "alembic upgrade head refuses to choose between heads. Two pull requests that are each fine make two heads together, so the graph is read on the merge result.",
    recipe: () =>
      `# rebase and set down_revision to the head of the base branch, or: alembic merge -m "merge heads" heads`,
    detectAlembic: ({ graph: facts }) =>
      facts !== undefined && facts.heads.length > 1 ? at(1, "", `heads: ${listed(facts.heads)}`) : [],
    examples: { fires: [graph({ heads: ["a1", "b2"] })], passes: [graph({ heads: ["b2"] })] },
  },
  {
    id: "broken-graph",
    rows: [69],
    title: "Revision without its parent, with another's id, or beside the base's tip",
    hazard: "broken_graph",
    ...alembic,
    severity: { lock: "block", oldCode: "none" },
    why: "A down_revision that does not exist or an id that two files share stops Alembic at once; one that is not the base's tip makes a second head once merged.",
    recipe: () => "down_revision = …  # the head of the base branch",
    detectAlembic: ({ graph: facts }) => [
      ...(facts?.orphans ?? []).flatMap(({ missing, file }) =>
        at(1, "", `down_revision ${missing} does not exist`, file),
      ),
      ...(facts?.duplicates ?? []).flatMap(({ revision: id, files }) =>
        at(1, "", `revision id ${id} is used by ${listed(files)}`, files[0]),
      ),
      ...(facts?.behindBase ?? []).flatMap(({ file }) => at(1, "", "does not follow the base branch's head", file)),
    ],
    examples: {
      fires: [graph({ orphans: [{ revision: "b2", missing: "zz", file: "versions/b2.py" }] })],
      passes: [graph({})],
    },
  },
  {
    id: "edited-revision",
    rows: [70],
    title: "Applied revision edited",
    hazard: "edited_revision",
    ...alembic,
    severity: { lock: "block", oldCode: "none" },
    why: "Databases that have run the revision will not run it again: they and new ones end with different schemas.",
    recipe: () => `# restore the file and make a new revision: alembic revision -m "…"`,
    detectAlembic: ({ graph: facts }) =>
      (facts?.edited ?? []).flatMap(({ revision: id, file }) => at(1, "", `${id} is on the base branch already`, file)),
    examples: { fires: [graph({ edited: [{ revision: "a1", file: "versions/a1.py" }] })], passes: [graph({})] },
  },
  {
    id: "offline-unsafe",
    rows: [71],
    title: "Operation that needs a live connection",
    hazard: "offline_unsafe",
    ...alembic,
    severity: { lock: "info", oldCode: "none" },
    why: "Code that reads results or inspects the database cannot be printed as SQL (alembic upgrade --sql): this revision can only be judged by running it.",
    recipe: () => execute("INSERT INTO … SELECT … FROM …"),
    detectAlembic: (facts) => {
      const { rehearsal } = facts;
      if (rehearsal?.offlineError !== undefined) return at(1, "", rehearsal.offlineError);
      const reading = facts.revision?.upgrade.find(needsResult);
      return reading === undefined ? [] : at(reading.line, "", `${reading.call} reads from the database`);
    },
    examples: { fires: [revision({ upgrade: [call("get_bind"), call("conn.execute.fetchall")] })], passes: [quiet] },
  },
  {
    id: "offline-output-differs",
    rows: [72],
    title: "SQL printed offline is not the SQL that runs",
    hazard: "offline_differs",
    ...alembic,
    severity: { lock: "warn", oldCode: "none" },
    why: "A guard such as context.is_offline_mode() makes --sql print less than an upgrade does, often only the version number's update.",
    recipe: () => "# leave the guard out, or review the SQL of the rehearsal instead of alembic upgrade --sql",
    detectAlembic: (facts) => {
      const guard = facts.revision?.upgrade.find(({ call: name }) => name.endsWith("is_offline_mode"));
      if (guard !== undefined) return at(guard.line, "", "the revision asks for offline mode");
      return facts.rehearsal?.offlineDiffers === true ? at(1) : [];
    },
    examples: { fires: [revision({ upgrade: [call("context.is_offline_mode")] })], passes: [quiet] },
  },
  {
    id: "doubled-percent",
    rows: [73],
    title: "Percent signs doubled in printed SQL",
    hazard: "doubled_percent",
    ...alembic,
    severity: { lock: "warn", oldCode: "none" },
    why: `op.execute("… LIKE 'a%'") is printed as 'a%%' unless env.py sets dialect_opts={"paramstyle": "named"}: SQL that a person then runs by hand matches something else.`,
    recipe: () => `context.configure(…, dialect_opts={"paramstyle": "named"})  # in run_migrations_offline()`,
    detectAlembic: inRevision(({ upgrade }, { project: facts }) => {
      const percent = upgrade.find(({ sql }) => sql?.includes("%"));
      return percent !== undefined && facts?.paramstyleNamed === false ? at(percent.line) : [];
    }),
    examples: {
      fires: [
        {
          alembic: {
            revision: { ...EMPTY_REVISION, upgrade: [call("execute", { sql: "DELETE FROM a WHERE b LIKE 'x%'" })] },
            project: project({ paramstyleNamed: false }),
          },
        },
      ],
      passes: [
        {
          alembic: {
            revision: { ...EMPTY_REVISION, upgrade: [call("execute", { sql: "DELETE FROM a WHERE b LIKE 'x%'" })] },
            project: project({}),
          },
        },
      ],
    },
  },
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
    id: "model-drift",
    rows: [77],
    title: "Models and migrated schema differ",
    hazard: "model_drift",
    ...alembic,
    severity: { lock: "warn", oldCode: "none" },
    why: "alembic check on the migrated database finds operations that autogenerate would still write. It does not see CHECK constraints or enum values, and server defaults only if configured.",
    recipe: () => `# alembic revision --autogenerate -m "…"`,
    detectAlembic: ({ rehearsal }) =>
      (rehearsal?.drift ?? []).length > 0 ? at(1, "", listed(rehearsal?.drift ?? [])) : [],
    examples: {
      fires: [{ alembic: { rehearsal: { drift: ["add_column account.age"] } } }],
      passes: [{ alembic: { rehearsal: { drift: [] } } }],
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
    id: "no-bootstrap",
    rows: [81],
    title: "Revisions do not build the schema from nothing",
    hazard: "no_bootstrap",
    ...alembic,
    severity: { lock: "info", oldCode: "none" },
    why: "The first revision expects tables that no revision creates: the project once began with create_all() and stamp. A rehearsal needs that first schema.",
    recipe: () => "# pg_dump --schema-only of the state before the first revision, given to the gate as its baseline",
    detectAlembic: ({ rehearsal }) => (rehearsal?.firstRevisionFails === true ? at(1) : []),
    examples: {
      fires: [{ alembic: { rehearsal: { firstRevisionFails: true } } }],
      passes: [{ alembic: { rehearsal: {} } }],
    },
  },
  {
    id: "partial-offline-output",
    rows: [82],
    title: "SQL printed although Alembic failed",
    hazard: "partial_offline_output",
    ...alembic,
    severity: { lock: "info", oldCode: "none" },
    why: "alembic upgrade --sql prints before it fails: what it printed is not the migration, and was not judged.",
    recipe: () =>
      "alembic upgrade head --sql > migration.sql && psql -f migration.sql  # never a pipe, which loses the exit code",
    detectAlembic: ({ rehearsal }) => (rehearsal?.offlinePrintedOnFailure === true ? at(1) : []),
    examples: {
      fires: [{ alembic: { rehearsal: { offlinePrintedOnFailure: true } } }],
      passes: [{ alembic: { rehearsal: {} } }],
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
  {
    id: "unreadable-statement",
    rows: [71, 73],
    title: "Statement that PostgreSQL's parser cannot read",
    hazard: "unreadable",
    ...alembic,
    severity: { lock: "warn", oldCode: "none" },
    why: "The statement is not PostgreSQL's SQL, or it still holds unbound parameters. It was not judged; the others were.",
    recipe: () =>
      "# correct the statement, or bind its parameters; where only a server can tell, rehearse the migration",
    examples: {
      fires: [{ sql: "ALTER TABEL account ADD COLUMN a int;" }],
      passes: [{ sql: "ALTER TABLE account ADD COLUMN a int;" }],
    },
  },
];
