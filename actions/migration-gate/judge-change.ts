import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ActionContext, type InputsOf, type Log, type RunInfo, UsageError } from "@augeo/action-kit";
import {
  type AlembicProject,
  type Base,
  type Exercise,
  findBase,
  findServers,
  type NotRehearsed,
  printOffline,
  type Rehearsal,
  readProject,
  rehearse,
  startEphemeralServer,
} from "@augeo/alembic";
import {
  ancestors,
  behindBase,
  DEFAULT_VERSION,
  type GraphFacts,
  pathBetween,
  type Revision,
  type RevisionGraph,
  unexpectedHeads,
} from "@augeo/migrations";
import { judgeRevisions } from "./judge-revisions.ts";
import type { JudgedRevision } from "./judged-revision.ts";
import { readPolicyFile } from "./policy-file.ts";
import { projectFacts } from "./project-facts.ts";
import { runCommand } from "./run-command.ts";
import type { spec } from "./spec.ts";

/** What judging needs of a run: an action's context has it, and the command line makes one. */
export interface GateContext extends Pick<ActionContext, "env" | "log" | "signal" | "clock"> {
  readonly inputs: Pick<
    InputsOf<typeof spec>,
    | "working-directory"
    | "alembic-config"
    | "python"
    | "since"
    | "rehearsal"
    | "rehearsal-database-url"
    | "postgres-version"
    | "baseline-sql"
    | "database-url-env"
    | "sizes-file"
    | "size-database-url"
    | "old-code-command"
  >;
  readonly run: Pick<RunInfo, "workspace">;
}

type Context = GateContext;

/** What is new, and what it stands on. */
export interface Novelty {
  readonly added: readonly Revision[];
  readonly edited: readonly Revision[];
  /** Tips of what is already there. */
  readonly begins: readonly string[];
  /** The project before the change, where there is one. */
  readonly old: AlembicProject | undefined;
  readonly overtaken?: GraphFacts["behindBase"];
  /** The change touches code besides the revisions. */
  readonly codeChanged?: boolean;
}

/** What a change brings: its new revisions, judged on the best evidence there was. */
export interface ChangeVerdict {
  readonly base: string;
  readonly revisions: readonly JudgedRevision[];
  /** `15.18`; null where no server ran. */
  readonly serverVersion: string | null;
  /** Why the new revisions were not run; null when they were. */
  readonly notRehearsed: string | null;
  readonly drift: readonly string[];
  /** What the base had drifted already. */
  readonly knownDrift: readonly string[];
  /** What mapped code can no longer do: the base's code on the new schema, and the new code on it. */
  readonly oldCode: readonly string[];
  /** `old-code-command` failed on the new schema. */
  readonly oldCodeFails: boolean;
  /** Major version of PostgreSQL that was judged for. */
  readonly version: number;
  readonly milliseconds: number;
}

/** Judges what is new against the base. `undefined` when there is no base, as outside pull requests. */
export async function judgeChange(
  context: GateContext,
  project: AlembicProject,
  graph: RevisionGraph<Revision>,
): Promise<ChangeVerdict | undefined> {
  const { inputs, env } = context;
  const base = await findBase(inputs["working-directory"], inputs.since, env);
  if (base === undefined) return undefined;
  if (!touches(base, project)) return judgeNew(context, project, graph, NOTHING, base.commit);
  const { directory, remove } = await base.layOut();
  try {
    return await judgeAgainst(base, directory, context, project, graph);
  } finally {
    await remove();
  }
}

const NOTHING: Novelty = { added: [], edited: [], begins: [], old: undefined };

/** Application code, as far as names tell: neither revisions and their env.py nor tests. */
const changesCode = ({ changed }: Base, { scripts, locations }: AlembicProject): boolean =>
  changed.some(
    (name) =>
      /\.(py|[jt]sx?)$/.test(name) &&
      !/(^|\/)(tests?|__tests__)\/|(^|\/)(test_|conftest)|\.(test|spec)\./.test(name) &&
      ![scripts, ...locations].some((folder) => name.startsWith(`${folder}/`)),
  );

/** Whether a file among the revisions is new, changed or gone. */
const touches = ({ changed }: Base, project: AlembicProject): boolean => touchesAny(changed, project);

function touchesAny(names: readonly string[], { locations }: AlembicProject): boolean {
  return names.some(
    (name) => /(?<!__init__)\.py$/.test(name) && locations.some((location) => name.startsWith(`${location}/`)),
  );
}

async function judgeAgainst(
  base: Base,
  directory: string,
  context: Context,
  project: AlembicProject,
  graph: RevisionGraph<Revision>,
): Promise<ChangeVerdict> {
  const old = await baseProject(directory, context);
  const { added, edited, begins } = compare(project, graph, old?.revisions ?? []);
  if (added.length === 0 && edited.length === 0) throw nothingJudged(base, project);
  context.log.info(`New since ${base.commit.slice(0, 10)}: ${added.map(({ id }) => id).join(", ") || "no revision"}.`);
  const overtaken = await overtakenBy(base, context, project, added);
  return judgeNew(
    context,
    project,
    graph,
    { added, edited, begins, old, overtaken, codeChanged: changesCode(base, project) },
    base.commit,
  );
}

/** New revisions that the branch has overtaken since the base: seen where a branch alone is checked out, not its merge. */
async function overtakenBy(base: Base, context: Context, project: AlembicProject, added: readonly Revision[]) {
  if (!touchesAny(base.moved, project)) return [];
  const { directory, remove } = await base.layOut("tip");
  try {
    return behindBase(added, (await baseProject(directory, context))?.revisions ?? []);
  } finally {
    await remove();
  }
}

/** Judges given revisions on top of given others. @param base what to call what they stand on */
export async function judgeNew(
  context: GateContext,
  project: AlembicProject,
  graph: RevisionGraph<Revision>,
  { added, edited, begins, old, overtaken = [], codeChanged = false }: Novelty,
  base: string,
): Promise<ChangeVerdict> {
  const started = context.clock.now();
  const policy = await readPolicyFile(context);
  const supposed = context.inputs["postgres-version"] ?? policy.postgresVersion ?? DEFAULT_VERSION;
  const empty = { revisions: [], drift: [], knownDrift: [], oldCode: [], oldCodeFails: false, milliseconds: 0 };
  const none = { base, serverVersion: null, notRehearsed: null, version: supposed, ...empty };
  if (added.length === 0 && edited.length === 0) return none;
  const { rehearsal, why, oldCodeError, lacksBase } = await rehearseNew(context, {
    project,
    revisions: added,
    base: begins,
    oldCode: old,
  });
  const scenery = pathBetween(graph, [], begins).flatMap((id) => graph.nodes.get(id) ?? []);
  const { loadSqlParser } = await import("@augeo/sql-parser");
  const offline = await printWhatIsMissing(context, project, rehearsal, scenery, added, added.length > 0 ? [] : edited);
  const ran = rehearsal === null ? undefined : Number.parseInt(rehearsal.serverVersion, 10);
  const version = context.inputs["postgres-version"] ?? policy.postgresVersion ?? ran ?? DEFAULT_VERSION;
  const revisions = judgeRevisions({
    parser: await loadSqlParser(),
    // An edited one alone is judged too: a database that ran it before will never run it again.
    revisions: added.length > 0 ? added : edited,
    edited,
    behindBase: overtaken,
    rehearsal,
    offline,
    scene:
      rehearsal?.baseStatements ??
      offline.flatMap(({ pieces }, index) => (index < scenery.length ? pieces.map(({ sql }) => sql) : [])),
    project: await projectFacts(context.inputs["working-directory"], project, rehearsal, added.length),
    heads: unexpectedHeads(graph, policy.branches).length > 0 ? graph.heads : [],
    firstRevisionFails: lacksBase === true || (begins.length === 0 && isMissing(rehearsal?.revisions[0]?.failure)),
    codeChanged,
    policy,
    envFile: join(project.scripts, "env.py"),
    version,
    tracedVersion: ran ?? version,
  });
  const serverVersion = rehearsal?.serverVersion?.split(" ")[0] ?? null;
  const drift = [...(rehearsal?.drift ?? []), ...exerciseTexts("the new code", rehearsal?.newCode)];
  const oldCode = exerciseTexts("the code that is live", rehearsal?.oldCode);
  if (oldCodeError !== undefined) oldCode.push(oldCodeError);
  for (const text of oldCode) context.log.warning(`On the new schema, ${text}`);
  return {
    ...none,
    revisions,
    serverVersion,
    // By a plain environment it ran, and yet not as it will run in production.
    notRehearsed: why ?? rehearsal?.plain ?? null,
    drift,
    knownDrift: rehearsal?.knownDrift ?? [],
    oldCode,
    oldCodeFails: oldCodeError !== undefined,
    version,
    milliseconds: context.clock.now() - started,
  };
}

function exerciseTexts(who: string, exercises: readonly Exercise[] | null | undefined): string[] {
  return (exercises ?? []).map(
    ({ table, does, message }) => `${who} cannot ${does === "select" ? "read" : "insert into"} ${table}: ${message}`,
  );
}

/** A base without this project has no revisions yet. */
async function baseProject(directory: string, { inputs, env }: Context): Promise<AlembicProject | undefined> {
  const options = { directory, config: inputs["alembic-config"], python: inputs.python };
  try {
    return await readProject(options, env);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function compare(project: AlembicProject, graph: RevisionGraph<Revision>, old: readonly Revision[]) {
  const known = new Map(old.map((revision) => [revision.id, revision.contentHash]));
  const order = pathBetween(graph, [], graph.heads).flatMap((id) => graph.nodes.get(id) ?? []);
  const added = order.filter(({ id }) => !known.has(id));
  const edited = project.revisions.filter(({ id, contentHash }) => known.has(id) && known.get(id) !== contentHash);
  // The rehearsal begins at the tips of what both have.
  const common = old.map(({ id }) => id).filter((id) => graph.nodes.has(id));
  const inner = new Set(common.flatMap((id) => [...ancestors(graph, graph.parents.get(id) ?? [])]));
  return { added, edited, begins: common.filter((id) => !inner.has(id)) };
}

/** A gate that looks at nothing while migrations change would be green for ever. */
function nothingJudged({ changed }: Base, { locations }: AlembicProject): UsageError {
  const file = changed.find((name) => locations.some((location) => name.startsWith(`${location}/`))) ?? "?";
  return new UsageError({
    what: `The change touches ${file}, and no new or edited revision was found.`,
    why: `Revisions are looked for in ${locations.join(", ")}; a revision that was removed, or a file that is no revision, is not judged.`,
    fix: "Put a removed revision back (a database may have it), or keep other files out of the versions folder.",
  });
}

type RehearsalOf = Pick<Parameters<typeof rehearse>[0], "project" | "revisions" | "base" | "oldCode">;

async function rehearseNew(
  context: Context,
  request: RehearsalOf,
): Promise<{ rehearsal: Rehearsal | null; why: string | null; oldCodeError?: string; lacksBase?: boolean }> {
  const { inputs, log } = context;
  if (inputs.rehearsal === "off") return { rehearsal: null, why: "rehearsal is off" };
  if (request.revisions.length === 0) return { rehearsal: null, why: "there is no new revision to run" };
  const server = await rehearsalServer(context);
  if (typeof server === "string") return { rehearsal: null, why: server };
  try {
    const found = await log.group(
      `Rehearse ${request.revisions.length} new revisions on PostgreSQL ${server.version}`,
      () => runRehearsal(context, request, server.url),
    );
    if (found.kind === "rehearsed")
      return { rehearsal: found, why: null, ...(await runOldCode(context, request, server.url)) };
    showNotRehearsed(found, log);
    return { rehearsal: null, why: sentenceFor(found), lacksBase: found.at === "base" && isMissing(found.failure) };
  } finally {
    await server.close();
  }
}

/** A table, a schema, a type or a function that no revision made (SQLSTATE). */
const isMissing = (failure: { readonly sqlstate: string | null } | null | undefined): boolean =>
  /^(42P01|3F000|42704|42883)$/.test(failure?.sqlstate ?? "");

function sentenceFor({ at, message }: NotRehearsed): string {
  const places = {
    environment: "the migration environment does not load",
    baseline: "baseline-sql failed",
    base: "the revisions that are already there do not run on an empty database",
  } as const;
  const missing = /No module named '([^']+)'/.exec(message)?.[1];
  const cure = `; install the project's packages, or name its interpreter: python (augeo-gate: --python)`;
  return `${places[at]}: ${message}${missing === undefined ? "" : cure}`;
}

function showNotRehearsed({ output, failure }: NotRehearsed, log: Log): void {
  const lines = [output, ...(failure?.traceback ?? [])].filter((line) => line !== "");
  if (lines.length > 0) log.quote(lines.join("\n"));
}

async function runRehearsal({ inputs, env, signal }: Context, request: RehearsalOf, databaseUrl: string) {
  const path = inputs["baseline-sql"];
  return rehearse({
    ...request,
    databaseUrl,
    databaseUrlEnv: inputs["database-url-env"],
    env,
    baselineSql: path === undefined ? undefined : await readFile(path, "utf8"),
    signal,
  });
}

interface Server {
  url: string;
  version: string;
  close(): Promise<void>;
}

/** The project's own check of the live code, in its own checkout, against the migrated schema. */
async function runOldCode(
  { inputs, env, log }: Context,
  { oldCode }: RehearsalOf,
  url: string,
): Promise<{ oldCodeError?: string }> {
  const command = inputs["old-code-command"];
  if (command === undefined || oldCode === undefined) return {};
  log.info(`On the new schema, with the code of the base: ${command}`);
  const { code, output } = await runCommand(command, oldCode.directory, { ...env, [inputs["database-url-env"]]: url });
  log.quote(output);
  return code === 0
    ? {}
    : { oldCodeError: `old-code-command ended with exit code ${code}: ${output.trim().split("\n").at(-1) ?? ""}` };
}

/** A server, or why there is none. */
async function rehearsalServer({ inputs, env }: Context): Promise<Server | string> {
  const given = inputs["rehearsal-database-url"];
  if (given !== undefined)
    return { url: given, version: "given by rehearsal-database-url", close: async () => undefined };
  const servers = await findServers(env);
  const wanted = inputs["postgres-version"];
  const binaries =
    servers.find(({ version }) => wanted === undefined || Number.parseInt(version, 10) === wanted) ?? servers[0];
  if (binaries === undefined)
    return "no PostgreSQL server is installed here, and rehearsal-database-url (augeo-gate: --server-url) names none";
  try {
    const { url, version, close } = await startEphemeralServer(binaries);
    return { url: withDriver(url, env[inputs["database-url-env"]]), version, close };
  } catch (error) {
    return `PostgreSQL did not start: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The project's own driver, where its environment names one. */
function withDriver(url: string, configured: string | undefined): string {
  const scheme = /^postgresql\+[a-z0-9_]+(?=:)/.exec(configured ?? "")?.[0];
  return scheme === undefined ? url : url.replace(/^postgresql(?=:)/, scheme);
}

/** The SQL of what no server ran, and of the scene where no server set it. */
async function printWhatIsMissing(
  { inputs, env }: Context,
  project: AlembicProject,
  rehearsal: Rehearsal | null,
  scenery: readonly Revision[],
  added: readonly Revision[],
  edited: readonly Revision[],
) {
  // One that failed is printed too, for what it did not get to.
  const ran = new Set(rehearsal?.revisions.filter(({ failure }) => failure === null).map(({ id }) => id));
  const wanted = rehearsal === null ? [...scenery, ...added, ...edited] : added.filter(({ id }) => !ran.has(id));
  return wanted.length === 0 ? [] : printOffline(project, wanted, inputs["database-url-env"], env);
}
