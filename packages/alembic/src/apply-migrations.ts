import {
  judgeGraph,
  type PlannedRevision,
  pathBetween,
  planUpgrade,
  type Revision,
  type RevisionGraph,
  type UpgradePlan,
} from "@augeo/migrations";
import { Interrupted, UsageError } from "@augeo/release";
import type { ProjectSession, PythonFailure } from "./alembic-events.ts";
import { type DatabaseAddress, readDatabaseUrl } from "./database-address.ts";
import { assertHeld, type DatabaseSession, lockKey, openSession } from "./database-session.ts";
import { explainFailure } from "./explain-failure.ts";
import { continueCommand, reportFailure } from "./failure-report.ts";
import type { AppliedRevision, MigrationOptions, MigrationOutcome, MigrationPorts } from "./migration-outcome.ts";
import { type AlembicProject, readProject } from "./read-project.ts";
import { redactor } from "./redact.ts";
import { isLockFailure, UpgradeRun } from "./upgrade-run.ts";
import { waitForLock } from "./wait-for-lock.ts";

/** First and longest pause before an upgrade that met a lock is tried again; it doubles in between. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

interface Job {
  ports: MigrationPorts;
  options: MigrationOptions;
  project: AlembicProject;
  graph: RevisionGraph<Revision>;
  address: DatabaseAddress;
  session: DatabaseSession;
  clean: (text: string) => string;
  deadline: number;
  stop: AbortSignal;
}

/**
 * Brings a database to the target with the project's own Alembic: under an advisory lock, with a lock timeout and
 * retries, showing what runs. Refusals and failures of a migration are outcomes.
 * @throws UsageError, ServiceError before anything was changed; Interrupted on cancellation.
 */
export async function applyMigrations(ports: MigrationPorts, options: MigrationOptions): Promise<MigrationOutcome> {
  const project = await readProject(options, ports.env);
  const verdict = judgeGraph(project.revisions, project.faults, options.target, options.branches);
  const base = emptyOutcome(project, verdict.graph.heads);
  if (verdict.kind === "refused") return { ...base, reason: verdict.reason, objections: verdict.objections };
  const address = readDatabaseUrl(options.databaseUrl, await ports.token?.());
  for (const secret of address.secrets) ports.log.mask(secret);
  const deadline = ports.clock.now() + options.timeout;
  const session = await openSession(address);
  try {
    ports.log.info(`Connected to ${address.shown} (PostgreSQL ${session.version}).`);
    if (!(await waitForLock(session, address, ports, deadline))) return { ...base, reason: "locked" };
    const stop = AbortSignal.any([ports.signal, AbortSignal.timeout(Math.max(1, deadline - ports.clock.now()))]);
    const clean = redactor(address.secrets);
    return await migrate(
      {
        ports,
        options: { ...options, target: verdict.target },
        project,
        graph: verdict.graph,
        address,
        session,
        clean,
        deadline,
        stop,
      },
      base,
    );
  } finally {
    await session.close();
  }
}

function emptyOutcome(project: AlembicProject, heads: readonly string[]): Omit<MigrationOutcome, "reason"> {
  const none = { planned: [], applied: [], held: [], objections: [] };
  return { project, heads, from: null, to: null, ...none, session: null, attempts: 0, failure: null };
}

async function migrate(job: Job, base: Omit<MigrationOutcome, "reason">): Promise<MigrationOutcome> {
  const run = startAlembic(job);
  try {
    const observed = await observe(job, run);
    const from = await job.session.revisions(observed.versionTable, observed.versionSchema);
    const plan = planUpgrade(job.graph, from, job.options.target, job.options.expandOnly ?? false);
    const known = { ...base, from, to: from, session: observed };
    if (plan.kind !== "run") return withoutRunning(plan, known, job);
    announce(plan, from, job);
    return await upgrade(job, run, plan, known, observed);
  } finally {
    await run.close();
  }
}

function startAlembic({ ports, options, project, address, session, clean, stop }: Job): UpgradeRun {
  const env = { ...ports.env, [options.databaseUrlEnv]: address.url };
  const settings = {
    lock_timeout: options.lockTimeout,
    statement_timeout: options.statementTimeout,
    url: address.url,
    lock_key: lockKey,
    options: project.options,
  };
  return new UpgradeRun({ project, env, settings, session, ports, stop, clean });
}

/** Where the database is, as the project's own env.py sees it; changes nothing. */
async function observe(job: Job, run: UpgradeRun): Promise<ProjectSession> {
  const answer = await run.request({ do: "observe" });
  throwIfCancelled(job, [], []);
  if (answer.kind === "failed") {
    const { project, address, options, clean } = job;
    const { python, directory } = project;
    throw explainFailure(answer.failure, { python, directory, address, databaseUrlEnv: options.databaseUrlEnv, clean });
  }
  if (run.observed === undefined) throw new Error("Alembic answered without saying where the database is");
  if (!run.observed.sameDatabase) throw otherDatabase(job, run.observed);
  return run.observed;
}

function otherDatabase({ address, options }: Job, { database }: ProjectSession): UsageError {
  return new UsageError({
    what: `env.py connects to another database (${database}) than database-url names (${address.shown}).`,
    why: "The connection that env.py opens does not see the lock that the gate holds on its own.",
    fix: `Let env.py take its address from ${options.databaseUrlEnv} or from sqlalchemy.url, which this action sets; set database-url-env if the project reads another variable.`,
  });
}

type Known = Omit<MigrationOutcome, "reason">;

function withoutRunning(plan: Exclude<UpgradePlan, { kind: "run" }>, known: Known, { options }: Job): MigrationOutcome {
  switch (plan.kind) {
    case "nothing":
      return { ...known, reason: "up-to-date" };
    case "contract-only":
      return { ...known, reason: "contract-pending", held: plan.held };
    case "unresolved":
      throw new UsageError({
        what: `The target ${options.target} is not a revision of this project.`,
        why: plan.why,
        fix: `Set target to head, heads, a branch label with @head, or one of: ${known.heads.join(", ")}.`,
      });
    case "ahead":
      return { ...known, reason: "database-ahead", objections: [explainAhead(plan, options.target)] };
  }
}

function explainAhead({ unknown, beyond }: { unknown: readonly string[]; beyond: readonly string[] }, target: string) {
  if (unknown.length === 0) {
    return {
      what: `The database is at ${beyond.join(", ")}, which comes after the target ${target}.`,
      fix: "Choose a target at or after it. Going back is never done by a release: it runs no downgrade.",
    };
  }
  return {
    what: `The database is at ${unknown.join(", ")}, which no revision file of this code declares.`,
    fix: "The database was migrated by newer code or by another branch. Release that code, or merge the branch that has the revision; never downgrade to make it fit.",
  };
}

function announce(
  { revisions, held }: Extract<UpgradePlan, { kind: "run" }>,
  from: readonly string[],
  { ports, options }: Job,
): void {
  const count = revisions.length === 1 ? "1 revision" : `${revisions.length} revisions`;
  ports.log.info(`From ${from.join(", ") || "an empty database"} to ${options.target}: ${count} to apply.`);
  if (held.length > 0) {
    ports.log.info(
      `Held for a release of their own (contract): ${held.map(({ revision }) => revision.id).join(", ")}.`,
    );
  }
}

async function upgrade(
  job: Job,
  run: UpgradeRun,
  plan: Extract<UpgradePlan, { kind: "run" }>,
  known: Known,
  observed: ProjectSession,
): Promise<MigrationOutcome> {
  const invalidBefore = new Set((await job.session.invalidIndexes()).map(({ index }) => index));
  const { failure, attempts } = await tryUpgrade(job, run, plan);
  const to = await job.session.revisions(observed.versionTable, observed.versionSchema);
  const applied = appliedBetween(job, run, known.from ?? [], to, plan.revisions);
  const outcome = {
    ...known,
    to,
    applied,
    attempts,
    planned: plan.revisions,
    held: plan.held,
    session: run.session ?? observed,
  };
  throwIfCancelled(job, applied, plan.revisions);
  const real = failure ?? lostCommit(job, plan, to, run);
  if (real === undefined) return { ...outcome, reason: "migrated" };
  const invalidIndexes = (await job.session.invalidIndexes()).filter(({ index }) => !invalidBefore.has(index));
  const { project, options, clean } = job;
  const report = reportFailure({
    failure: real,
    project,
    targets: plan.targets,
    databaseUrlEnv: options.databaseUrlEnv,
    now: to,
    committed: applied.map(({ id }) => id),
    seen: run.seen,
    invalidIndexes,
    clean,
  });
  return { ...outcome, reason: isLockFailure(real) ? "lock-timeout" : "migration-failed", failure: report };
}

async function tryUpgrade(
  job: Job,
  run: UpgradeRun,
  { targets, revisions }: Extract<UpgradePlan, { kind: "run" }>,
): Promise<{ failure: PythonFailure | undefined; attempts: number }> {
  for (let attempts = 1; ; attempts += 1) {
    assertHeld(job.session, job.address);
    const answer = await run.request({ do: "upgrade", target: targets });
    if (answer.kind === "done") return { failure: undefined, attempts };
    const { failure } = answer;
    const pause = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts - 1));
    if (attempts > job.options.lockRetries || !mayRetry(failure, revisions, job, pause)) return { failure, attempts };
    job.ports.log.info(
      `PostgreSQL waited ${run.session?.lockTimeout ?? "?"} for a lock in vain and rolled revision ${failure.revision} back. Trying again in ${pause / 1000} s (${attempts} of ${job.options.lockRetries}).`,
    );
    await job.ports.clock.sleep(pause, job.stop).catch(() => undefined);
  }
}

/** A revision that commits in between cannot be started over: what it did before the failure is still there. */
function mayRetry(
  failure: PythonFailure,
  revisions: readonly PlannedRevision[],
  { stop, ports, deadline }: Job,
  pause: number,
): boolean {
  if (!isLockFailure(failure) || stop.aborted || ports.clock.now() + pause >= deadline) return false;
  const failed = revisions.find(({ revision }) => revision.id === failure.revision)?.revision;
  return failed?.operations.some(({ autocommit, function: name }) => autocommit && name !== "downgrade") === false;
}

/** Only the version table says what was committed. */
function appliedBetween(
  { graph }: Job,
  run: UpgradeRun,
  from: readonly string[],
  to: readonly string[],
  planned: readonly PlannedRevision[],
): AppliedRevision[] {
  const committed = new Set(pathBetween(graph, from, to));
  const order = [...run.seen.keys()];
  return planned
    .filter(({ revision }) => committed.has(revision.id))
    .sort((a, b) => order.indexOf(a.revision.id) - order.indexOf(b.revision.id))
    .map(({ revision: { id, message, file }, phase }) => {
      const seen = run.seen.get(id);
      return { id, message, file, phase, milliseconds: seen?.milliseconds ?? 0, statements: seen?.statements ?? 0 };
    });
}

/** Alembic leaves the commit to env.py when env.py had a transaction open: then all of it may vanish without an error. */
function lostCommit(
  { graph }: Job,
  plan: Extract<UpgradePlan, { kind: "run" }>,
  to: readonly string[],
  run: UpgradeRun,
): PythonFailure | undefined {
  const committed = new Set(pathBetween(graph, [], to));
  const missing = plan.revisions.find(({ revision }) => !committed.has(revision.id));
  if (missing === undefined) return undefined;
  const why =
    run.session?.external === true
      ? "env.py had begun a transaction before context.configure, so Alembic left the commit to it, and it did not commit"
      : "the version table does not show it";
  return {
    during: "upgrade",
    type: "NotCommitted",
    module: "",
    parents: [],
    message: `Alembic ran to its end, and ${missing.revision.id} is not in the database: ${why}.`,
    missing: null,
    sqlstate: null,
    primary: null,
    detail: null,
    hint: null,
    revision: missing.revision.id,
    statement: null,
    traceback: [],
    frame: null,
  };
}

function throwIfCancelled(
  { ports, options, project, address }: Job,
  applied: readonly AppliedRevision[],
  planned: readonly PlannedRevision[],
): void {
  if (!ports.signal.aborted) return;
  const done = new Set(applied.map(({ id }) => id));
  const open = planned.map(({ revision }) => revision.id).filter((id) => !done.has(id));
  throw new Interrupted({
    what: `The upgrade of ${address.shown} was cancelled.`,
    done: applied.map(({ id, message }) => `revision ${id} (${message}) is applied and committed`),
    undone:
      open.length === 0
        ? []
        : [
            `not applied, and rolled back where begun: ${open.join(", ")} (go on with: ${continueCommand(project, [options.target], options.databaseUrlEnv)})`,
          ],
  });
}
