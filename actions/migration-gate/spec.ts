import { databaseInputs, defineAction, optionalAzureInputs } from "@augeo/action-kit";

export const spec = defineAction({
  name: "migration-gate",
  title: "Judge and apply Alembic migrations",
  description:
    "Refuses a broken revision graph, and applies Alembic migrations under a lock, with a lock timeout and retries.",
  inputs: {
    mode: {
      kind: "choice",
      options: ["check", "apply"],
      default: "check",
      doc: "`check`: read the revision files only, needs no database. `apply`: that, and then upgrade the database.",
    },
    "working-directory": {
      kind: "path",
      default: ".",
      doc: "Folder of the Python project, from the workspace.",
    },
    "alembic-config": {
      kind: "string",
      doc: "`alembic.ini`, or a `pyproject.toml` with `[tool.alembic]`, from `working-directory`. Without it, looked for there.",
    },
    python: {
      kind: "string",
      doc: "Interpreter with the project's packages. Without it: the active virtual environment, `.venv` or `venv` in `working-directory`, or the `PATH`'s.",
    },
    target: {
      kind: "string",
      default: "head",
      pattern: /^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/,
      hint: "head, heads, a branch label with @head, or a revision id",
      doc: "Where to upgrade to, in Alembic's words: `head`, `heads`, `label@head` or a revision id.",
    },
    "expand-only": {
      kind: "boolean",
      default: false,
      doc: "Stop before the first contract revision (one that drops, renames or tightens something the running code uses).",
    },
    "database-url": {
      ...databaseInputs["database-url"],
      required: false,
      doc: `${databaseInputs["database-url"].doc} Required to apply.`,
    },
    "database-auth": databaseInputs["database-auth"],
    "database-url-env": {
      kind: "string",
      default: "DATABASE_URL",
      pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
      hint: "the name of an environment variable, such as DATABASE_URL",
      doc: "Environment variable from which the project reads its address. The action sets it, and `sqlalchemy.url`.",
    },
    "lock-timeout": {
      kind: "duration",
      default: "5s",
      min: "10ms",
      max: "10m",
      doc: "How long a statement may wait for a lock: everyone who comes after it waits as long.",
    },
    "lock-retries": {
      kind: "integer",
      default: 5,
      min: 0,
      max: 100,
      doc: "How often an upgrade that ran into the lock timeout is tried again, after 1, 2, 4 … and at most 30 seconds.",
    },
    "statement-timeout": {
      kind: "duration",
      default: "10m",
      max: "6h",
      doc: "How long one statement may run. `0s`: as long as it takes.",
    },
    timeout: {
      kind: "duration",
      default: "30m",
      min: "1s",
      max: "6h",
      doc: "For all of it, waiting for another gate included.",
    },
    since: {
      kind: "string",
      pattern: /^[A-Za-z0-9][A-Za-z0-9._/@^~-]*$/,
      hint: "a branch, tag or commit, such as origin/main",
      doc: "For `check`: judge the revisions that are new since the merge base with this branch, tag or commit. In a pull request, its base branch. Needs that history in the clone (`fetch-depth: 0`).",
    },
    rehearsal: {
      kind: "choice",
      options: ["auto", "required", "off"],
      default: "auto",
      doc: "For `check`: run the new revisions on a throw-away PostgreSQL and look at what they do. `auto`: where that cannot be done, their SQL is read, and a warning says so. `required`: then the check fails.",
    },
    "rehearsal-database-url": {
      kind: "secret",
      pattern: databaseInputs["database-url"].pattern,
      hint: databaseInputs["database-url"].hint,
      doc: "An empty database to rehearse in, of a superuser; it is changed. Without it, a PostgreSQL server installed on the runner is started for the time.",
    },
    "postgres-version": {
      kind: "integer",
      min: 11,
      max: 30,
      doc: "Major version of production's PostgreSQL: chooses among the servers installed, and what the rules know.",
    },
    "baseline-sql": {
      kind: "path",
      doc: "SQL that brings an empty database to where the first revision begins, for projects whose tables were not made by Alembic.",
    },
    "fail-on": {
      kind: "choice",
      options: ["block", "warn", "never"],
      default: "block",
      doc: "For `check`: the least severity of a finding that fails the step.",
    },
    ...optionalAzureInputs,
  },
  outputs: {
    heads: { doc: "Heads of the revision files, separated by spaces." },
    from: { doc: "Revisions the database was at before. Empty for an empty database, and in `check`." },
    to: { doc: "Revisions the database is at now." },
    applied: { doc: "Revisions applied by this run, in order, separated by spaces." },
    pending: { doc: "Contract revisions that `expand-only` left for a release of their own." },
    new: { doc: "Revisions that are new since the base and were judged, separated by spaces." },
    findings: { doc: "How many findings count, those accepted with a reason left out." },
    phase: {
      doc: "The furthest phase among the applied or new revisions: `none`, `expand`, `backfill` or `contract`.",
    },
  },
  permissions: {
    "id-token": {
      level: "write",
      optional: true,
      why: "To sign in to the database without a password, when `database-auth` is `entra`.",
    },
  },
  reasons: {
    sound: { decision: "proceed", doc: "The revision files make one sound chain." },
    safe: { decision: "proceed", doc: "The new revisions were judged; nothing in them is as severe as `fail-on`." },
    unsafe: {
      decision: "hold",
      fails: true,
      doc: "A new revision would hold up the running app, break its code, or fail.",
      fix: "Follow the recipe of each finding, or accept it with a reason: # migration-gate: ignore RULE reason=…",
    },
    "not-rehearsed": {
      decision: "hold",
      fails: true,
      doc: "The new revisions could not be run while `rehearsal` is `required`, or their SQL could not be seen at all. This says neither that they are safe nor that they are not.",
      fix: "Remove the cause named above: install the project's packages and PostgreSQL before this step, or set rehearsal-database-url.",
    },
    migrated: { decision: "proceed", doc: "The database was upgraded to the target." },
    "up-to-date": { decision: "nothing-to-do", doc: "The database is at the target already." },
    "contract-pending": {
      decision: "proceed",
      doc: "Only contract revisions are left; `expand-only` holds them for a release of their own.",
    },
    "several-heads": {
      decision: "hold",
      fails: true,
      doc: "The revision files have several heads. Nothing was changed.",
      fix: "Rebase one branch onto the other, or join them with alembic merge.",
    },
    "broken-chain": {
      decision: "hold",
      fails: true,
      doc: "A revision file is unreadable, missing, duplicated or part of a circle. Nothing was changed.",
      fix: "Mend the files named above.",
    },
    "database-ahead": {
      decision: "hold",
      fails: true,
      doc: "The database is at a revision that this code does not have, or that comes after the target. Nothing was changed.",
      fix: "Release the code that has it; never downgrade to make it fit.",
    },
    locked: {
      decision: "hold",
      fails: true,
      doc: "Another gate was migrating this database until the time ran out. Nothing was changed.",
      fix: "Wait for the other run to end, then start this one again; raise timeout if its migrations take that long.",
    },
    "lock-timeout": {
      decision: "hold",
      fails: true,
      doc: "A statement could not get its lock within `lock-timeout`, in any of the tries. PostgreSQL rolled it back.",
      fix: "End the long transaction that holds the table (pg_stat_activity shows it), or run again at a quieter time with more lock-retries.",
    },
    "migration-failed": {
      decision: "hold",
      fails: true,
      doc: "A revision failed. The message says what state the database is in and how to go on.",
      fix: "Correct the revision and start again.",
    },
  },
});
