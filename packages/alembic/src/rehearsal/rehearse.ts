import { type Catalog, type ContractChange, diffCatalogs, differences, type Revision } from "@augeo/migrations";
import type { Client } from "pg";
import type { Exercise, ProjectSession, PythonFailure } from "../alembic-events.ts";
import { readDatabaseUrl } from "../database-address.ts";
import type { Environment } from "../python-environment.ts";
import type { AlembicProject } from "../read-project.ts";
import { canGoPlain, settingsOf, whyPlain, withStandIns } from "./plain-environment.ts";
import { forCatalog, readCatalog } from "./read-catalog.ts";
import { TracedRun, type TracedStatement } from "./traced-run.ts";

export interface RehearsalRequest {
  project: AlembicProject;
  /** Revisions the rehearsal begins at: Alembic's target for what is applied without a trace; empty for none. */
  base: readonly string[];
  /** New revisions, parents first. */
  revisions: readonly Revision[];
  /** An empty database that may be changed at will; its role is a superuser. */
  databaseUrl: string;
  databaseUrlEnv: string;
  env: Environment;
  /** Brings the empty database to where the chain begins, for projects whose first revision expects tables. */
  baselineSql?: string | undefined;
  signal: AbortSignal;
  /** The project as it stands on the base: its models are tried on the schema before and after. */
  oldCode?: AlembicProject | undefined;
}

/** There and back: upgrade, downgrade, upgrade. */
export type Return =
  | { kind: "same" }
  | { kind: "differs"; differences: readonly string[] }
  | { kind: "irreversible"; why: string }
  | { kind: "failed"; failure: PythonFailure }
  /** Merge revisions change nothing, and a failed upgrade has no way back. */
  | { kind: "not-tried" };

export interface RehearsedRevision {
  id: string;
  statements: readonly TracedStatement[];
  /** What the code before this revision would notice. */
  changes: readonly ContractChange[];
  failure: PythonFailure | null;
  back: Return;
  /** Indexes that a failed concurrent build left. */
  invalidIndexes: readonly string[];
  milliseconds: number;
}

export interface Rehearsal {
  kind: "rehearsed";
  /** Why the revisions were run without the project's env.py; null where that was used. */
  plain: string | null;
  /** Of the server: `15.18`. */
  serverVersion: string;
  session: ProjectSession | null;
  /** Statements of the revisions before the new ones, in order: the scene. */
  baseStatements: readonly string[];
  revisions: readonly RehearsedRevision[];
  /** What models and migrated schema disagree on, and did not on the base; null where it could not be asked. */
  drift: readonly string[] | null;
  /** What they disagreed on before. */
  knownDrift: readonly string[];
  before: Catalog;
  after: Catalog;
  /** What the base's models could do before the new revisions and cannot after them; null where it was not tried. */
  oldCode: readonly Exercise[] | null;
  /** What the new models cannot do on the new schema, without what the base's could not before; null where it was not tried. */
  newCode: readonly Exercise[] | null;
}

/** Neither safe nor unsafe: it could not be tried, and why. */
export interface NotRehearsed {
  kind: "not-rehearsed";
  /** Which step failed. */
  at: "environment" | "baseline" | "base";
  failure: PythonFailure | null;
  message: string;
  output: string;
}

/**
 * Brings an empty database to the base revision, then runs each new revision traced, back, and again, with the
 * project's own Alembic. One that fails is passed over, so that it hides no other: those after it run without what it
 * would have made.
 */
export async function rehearse(request: RehearsalRequest): Promise<Rehearsal | NotRehearsed> {
  const { databaseUrl, baselineSql } = request;
  const { Client: PgClient } = (await import("pg")).default;
  const [reader, helper] = [0, 1].map(() => new PgClient({ connectionString: databaseUrl })) as [Client, Client];
  for (const client of [reader, helper]) client.on("error", () => undefined);
  await Promise.all([reader.connect(), helper.connect()]);
  let run = startRun(request, helper);
  const onAbort = (): void => run.kill();
  request.signal.addEventListener("abort", onAbort, { once: true });
  try {
    await forCatalog(reader);
    if (baselineSql !== undefined && baselineSql.trim() !== "") {
      const problem = await runBaseline(reader, baselineSql);
      if (problem !== undefined) return problem;
    }
    const observed = await run.request({ do: "observe" });
    if (observed.kind === "done") return await rehearseRevisions(request, run, reader, null);
    if (!canGoPlain(observed.failure)) return notRehearsed("environment", observed.failure, run);
    const own = run;
    await own.close();
    run = startRun(request, helper, true);
    const again = await run.request({ do: "observe" });
    if (again.kind === "failed") return notRehearsed("environment", observed.failure, own);
    return await rehearseRevisions(request, run, reader, whyPlain(observed.failure));
  } finally {
    request.signal.removeEventListener("abort", onAbort);
    await run.close();
    await Promise.all([reader.end(), helper.end()]);
    request.signal.throwIfAborted();
  }
}

function startRun(
  {
    project,
    databaseUrl,
    databaseUrlEnv,
    env,
  }: Pick<RehearsalRequest, "project" | "databaseUrl" | "databaseUrlEnv" | "env">,
  helper: Client,
  plain = false,
): TracedRun {
  const address = readDatabaseUrl(databaseUrl);
  const settings = { url: address.url, single: false, ...settingsOf(project, plain) };
  const { python, directory, config } = project;
  return new TracedRun({ python, directory, config, env: { ...env, [databaseUrlEnv]: address.url }, settings }, helper);
}

async function runBaseline(reader: Client, sql: string): Promise<NotRehearsed | undefined> {
  try {
    await reader.query(sql);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "not-rehearsed", at: "baseline", failure: null, message, output: "" };
  }
}

async function rehearseRevisions(
  request: RehearsalRequest,
  run: TracedRun,
  reader: Client,
  plain: string | null,
): Promise<Rehearsal | NotRehearsed> {
  for (const target of request.base) {
    const answer = await run.request({ do: "upgrade", target });
    if (answer.kind === "failed") return notRehearsed("base", answer.failure, run);
  }
  const table = run.session?.versionTable ?? "alembic_version";
  const before = await readCatalog(reader, table);
  const baseStatements = [...run.plain];
  const { rows } = await reader.query<{ v: string }>("select current_setting('server_version') as v");
  // What the base's models can do, and where they differ from its schema: what has drifted already.
  const base = await withOld(request, reader, async (oldRun) => ({
    exercises: await exercise(oldRun),
    drift: await driftOf(oldRun),
  }));
  const old = base?.exercises ?? null;
  const knownDrift = base?.drift ?? [];
  const revisions = await rehearseEach(request, run, reader, before);
  const complete = revisions.every(({ failure }) => failure === null);
  const drift = complete ? await driftOf(run) : null;
  const now = complete ? await withOld(request, reader, exercise) : null;
  const newCode = complete ? await exercise(run) : null;
  return {
    kind: "rehearsed",
    plain: plain === null ? null : withStandIns(plain, run.standIns),
    serverVersion: rows[0]?.v ?? "?",
    session: run.session ?? null,
    baseStatements,
    revisions,
    drift: drift?.filter((item) => !knownDrift.includes(item)) ?? null,
    knownDrift,
    before,
    after: await readCatalog(reader, table),
    oldCode: old === null || now === null ? null : newlyBroken(old, now),
    newCode: newCode === null ? null : newlyBroken(old ?? [], newCode.filter(isStructural)),
  };
}

/** Undefined table or column, NULL where none may be, and a type that does not fit: not what an example row ran into. */
const isStructural = ({ sqlstate }: Exercise): boolean =>
  sqlstate !== null && /^(42P01|42703|23502|42804|22P02)$/.test(sqlstate);

/** Asks the base's code, on the schema as it stands; null where there is none. */
async function withOld<T>(
  request: RehearsalRequest,
  helper: Client,
  ask: (run: TracedRun) => Promise<T>,
): Promise<T | null> {
  if (request.oldCode === undefined) return null;
  const run = startRun({ ...request, project: request.oldCode }, helper);
  try {
    return await ask(run);
  } finally {
    await run.close();
  }
}

async function driftOf(run: TracedRun): Promise<readonly string[] | null> {
  await run.request({ do: "check" });
  return run.drift ?? null;
}

async function exercise(run: TracedRun): Promise<readonly Exercise[] | null> {
  const answer = await run.request({ do: "exercise" });
  return answer.kind === "done" ? run.exercises : null;
}

function newlyBroken(before: readonly Exercise[], after: readonly Exercise[]): Exercise[] {
  const broken = new Set(
    before.filter(({ sqlstate }) => sqlstate !== null).map(({ table, does }) => `${does} ${table}`),
  );
  return after.filter(({ sqlstate, table, does }) => sqlstate !== null && !broken.has(`${does} ${table}`));
}

function notRehearsed(at: NotRehearsed["at"], failure: PythonFailure, run: TracedRun): NotRehearsed {
  const message = failure.primary ?? `${failure.type}: ${failure.message.split("\n")[0] ?? ""}`;
  return { kind: "not-rehearsed", at, failure, message, output: run.output.join("\n") };
}

async function rehearseEach(
  { revisions }: RehearsalRequest,
  run: TracedRun,
  reader: Client,
  before: Catalog,
): Promise<RehearsedRevision[]> {
  const table = run.session?.versionTable ?? "alembic_version";
  const done: RehearsedRevision[] = [];
  let catalog = before;
  for (const revision of revisions) {
    const started = performance.now();
    const { answer, statements } = await run.trace(revision.id);
    const milliseconds = Math.round(performance.now() - started);
    const now = await readCatalog(reader, table);
    const failure = answer.kind === "failed" ? answer.failure : null;
    const changes = diffCatalogs(catalog, now);
    const back: Return =
      failure === null
        ? await thereAndBack(revision, run, reader, { before: catalog, after: now, table })
        : { kind: "not-tried" };
    const invalidIndexes = Object.keys(now.indexes).filter(
      (name) => now.indexes[name]?.valid === false && catalog.indexes[name]?.valid !== false,
    );
    done.push({ id: revision.id, statements, changes, failure, back, invalidIndexes, milliseconds });
    const stands = failure === null && (back.kind !== "failed" || (await isAt(run, reader, table, revision.id)));
    if (!stands && (await run.request({ do: "stamp", target: revision.id })).kind === "failed") break;
    catalog = stands ? now : await readCatalog(reader, table);
  }
  const end = await run.release();
  const last = done.at(-1);
  // An env.py that fails only once its revisions are in would fail every upgrade.
  if (end.kind === "failed" && last !== undefined) last.failure ??= end.failure;
  return done;
}

interface Around {
  before: Catalog;
  after: Catalog;
  table: string;
}

async function thereAndBack(
  { downRevisions, downgrade, id }: Revision,
  run: TracedRun,
  reader: Client,
  { before, after, table }: Around,
): Promise<Return> {
  if (downgrade === null) return { kind: "irreversible", why: "it has no downgrade()" };
  if (downgrade.raises) return { kind: "irreversible", why: "its downgrade() raises" };
  if (downRevisions.length > 1) return { kind: "not-tried" };
  const down = await run.step("downgrade", id);
  if (down.kind === "failed") return { kind: "failed", failure: down.failure };
  const back = differences(before, await readCatalog(reader, table));
  const up = await run.step("upgrade", id);
  if (up.kind === "failed") return { kind: "failed", failure: up.failure };
  const again = differences(after, await readCatalog(reader, table));
  const found = [
    ...back.map((line) => `after downgrade: ${line}`),
    ...again.map((line) => `after upgrade again: ${line}`),
  ];
  return found.length === 0 ? { kind: "same" } : { kind: "differs", differences: found };
}

/** A downgrade that failed rolled back: the next revision can go on only from where this one is applied. */
async function isAt(run: TracedRun, reader: Client, table: string, id: string): Promise<boolean> {
  const { rows } = await reader.query<{ version_num: string }>(
    `select version_num from ${reader.escapeIdentifier(table)}`,
  );
  return run.session !== undefined && rows.some((row) => row.version_num === id);
}
