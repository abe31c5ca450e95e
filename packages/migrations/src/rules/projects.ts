import {
  alembic,
  at,
  call,
  EMPTY_REVISION,
  graph,
  inRevision,
  listed,
  needsResult,
  project,
  quiet,
  revision,
} from "./alembic-conditions.ts";
import { execute } from "./recipe-text.ts";
import type { Rule } from "./rule.ts";

export const PROJECT_RULES: readonly Rule[] = [
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
    why: "alembic upgrade head refuses to choose between heads. Two pull requests that are each fine make two heads together, so the graph is read on the merge result. Each branch that .augeo/migrations.yml names by its label may have a head of its own: the target head then stands for heads, and only heads beside those are told.",
    recipe: () =>
      `# rebase and set down_revision to the head of the base branch, or: alembic merge -m "merge heads" heads
# or, for branches that are meant to stay apart, in .augeo/migrations.yml, by their branch_labels:
#   branches: [core, billing]`,
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
      ...(facts?.behindBase ?? []).flatMap(({ revision: id, parent, heads, file }) =>
        at(
          1,
          "",
          `${id} comes after ${parent}, and the base branch has ${listed(heads)} after it now: merged, that makes several heads. Update the branch and set down_revision = "${heads[0]}", or join them: alembic merge -m "merge heads" ${[...heads, id].join(" ")}`,
          file,
        ),
      ),
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
    detectAlembic: ({ revision: facts }) => {
      const guard = facts?.upgrade.find(({ call: name }) => name.endsWith("is_offline_mode"));
      return guard === undefined ? [] : at(guard.line, "", "the revision asks for offline mode");
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
    id: "model-drift",
    rows: [77],
    title: "Models and migrated schema differ",
    hazard: "model_drift",
    ...alembic,
    severity: { lock: "warn", oldCode: "none" },
    why: "alembic check on the migrated database finds operations that autogenerate would still write. It does not see CHECK constraints or enum values, and server defaults only if configured. What the base's models differed in on the base's schema is taken for known, and told apart.",
    recipe: () => `# alembic revision --autogenerate -m "…"`,
    detectAlembic: ({ rehearsal }) =>
      (rehearsal?.drift ?? []).length > 0 ? at(1, "", listed(rehearsal?.drift ?? [])) : [],
    examples: {
      fires: [{ alembic: { rehearsal: { drift: ["add_column account.age"] } } }],
      passes: [{ alembic: { rehearsal: { drift: [] } } }],
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
    id: "unreadable-statement",
    rows: [71, 73],
    title: "Statement that could not be read, and was not judged",
    hazard: "unreadable",
    ...alembic,
    severity: { lock: "warn", oldCode: "none" },
    why: "The statement is not PostgreSQL's SQL, still holds unbound parameters, is put together as it runs, or calls a function whose text was not seen. It was not judged; the others were. Where a server runs it, it is measured instead.",
    recipe: () =>
      "# correct the statement, or bind its parameters; where only a server can tell, rehearse the migration",
    examples: {
      fires: [{ sql: "ALTER TABEL account ADD COLUMN a int;" }, { sql: "SELECT rebuild_totals();" }],
      passes: [{ sql: "ALTER TABLE account ADD COLUMN a int;" }, { sql: "SELECT setval('account_id_seq', 1000);" }],
    },
  },
];
