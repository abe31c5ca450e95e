import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "@augeo/action-kit";
import { readProject } from "@augeo/alembic";
import {
  judgeGraph,
  pathBetween,
  type Revision,
  type RevisionGraph,
  renderComment,
  reportJson,
  resolveTarget,
} from "@augeo/migrations";
import { UsageError } from "@augeo/release";
import { notUnderstood } from "../../cli/not-understood.ts";
import { changeMessage, changeReason, changeResult, gateReport } from "../change-summary.ts";
import { type ChangeVerdict, type GateContext, judgeChange, judgeNew } from "../judge-change.ts";
import { readBranches } from "../policy-file.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { renderReport } from "./render-report.ts";
import type { CommandResult } from "./sql-command.ts";
import { terminalLog } from "./terminal-log.ts";

const SHARED = `  --config FILE              alembic.ini or pyproject.toml, from DIR
  --python PATH              interpreter with the project's packages
  --postgres-version N       major version of production's server
  --server-url URL           an empty database to rehearse in, instead of a server started for it
  --no-rehearsal             read the SQL instead of running it
  --baseline-sql FILE        what an empty database holds before the first revision
  --sizes FILE               rows of production's tables, as sizes: in .augeo/migrations.yml
  --sizes-from URL           read them from a database instead, read-only
  --old-code-command LINE    proves the code of the base against the new schema, in a checkout of it
  --env NAME                 variable the project reads its address from (DATABASE_URL)
  --json                     print the report as JSON (schema 1)
  --markdown                 print it as the comment on a pull request
`;

export const CHECK_USAGE = `augeo-gate check [DIR] [options]

Judges what is new in the project in DIR (here) since a branch.

  --since REF                branch, tag or commit (default: main, else what origin calls so, else master)
${SHARED}
Exit code 0: nothing blocks; 1: something does; 2: the command was not understood; 3: nothing that was seen blocks, and
not all could be seen: neither safe nor unsafe.
`;

export const ALEMBIC_USAGE = `augeo-gate alembic DIR [options]

Judges a stretch of the project's chain of revisions.

  --from REV                 the last revision that is not judged (default: before the first)
  --to REV                   the last one that is (default: heads)
${SHARED}
Exit codes as for check.
`;

interface Request {
  readonly directory: string;
  readonly values: ReturnType<typeof readArguments>["values"];
  readonly context: GateContext;
}

const OPTIONS = {
  since: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  config: { type: "string" },
  python: { type: "string" },
  "postgres-version": { type: "string" },
  "server-url": { type: "string" },
  "no-rehearsal": { type: "boolean" },
  "baseline-sql": { type: "string" },
  sizes: { type: "string" },
  "sizes-from": { type: "string" },
  "old-code-command": { type: "string" },
  env: { type: "string" },
  json: { type: "boolean" },
  markdown: { type: "boolean" },
} as const;

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (cause) {
    throw notUnderstood("augeo-gate", Object.keys(OPTIONS), cause);
  }
}

function readRequest(args: readonly string[]): Request {
  const { values, positionals } = readArguments(args);
  const directory = resolve(positionals[0] ?? ".");
  const version = Number(values["postgres-version"]);
  const inputs = {
    "working-directory": directory,
    "alembic-config": values.config,
    python: values.python,
    since: values.since ?? mainBranch(directory),
    rehearsal: values["no-rehearsal"] === true ? "off" : "auto",
    "rehearsal-database-url": values["server-url"],
    "postgres-version": Number.isInteger(version) ? version : undefined,
    "baseline-sql": pathOf(values["baseline-sql"]),
    "database-url-env": values.env ?? "DATABASE_URL",
    "sizes-file": pathOf(values.sizes),
    "size-database-url": values["sizes-from"],
    "old-code-command": values["old-code-command"],
  } as const;
  const log = terminalLog();
  const signal = new AbortController().signal;
  return {
    directory,
    values,
    context: { inputs, env: process.env, log, signal, clock: systemClock, run: { workspace: directory } },
  };
}

const pathOf = (given: string | undefined): string | undefined => (given === undefined ? undefined : resolve(given));

/** What this clone calls its main branch; `main` where it has none, so that the error names it. */
function mainBranch(directory: string): string {
  const isHere = (ref: string): boolean =>
    spawnSync("git", ["-C", directory, "rev-parse", "--verify", "--quiet", `${ref}^{commit}`]).status === 0;
  return ["main", "origin/main", "master", "origin/master"].find(isHere) ?? "main";
}

async function soundProject({ directory, values, context }: Request) {
  const project = await readProject({ directory, config: values.config, python: values.python }, context.env);
  const branches = await readBranches(directory);
  const verdict = judgeGraph(project.revisions, project.faults, values.to ?? "heads", branches);
  if (verdict.kind === "sound") return { project, graph: verdict.graph };
  throw new UsageError({
    what: verdict.objections.map(({ what }) => what).join(" "),
    why: "The revisions do not make one chain.",
    fix: verdict.objections.map(({ fix }) => fix).join(" "),
  });
}

export async function checkCommand(args: readonly string[]): Promise<CommandResult> {
  const request = readRequest(args);
  const { project, graph } = await soundProject(request);
  const verdict = await judgeChange(request.context, project, graph);
  return verdict === undefined
    ? { stdout: "There is no base to compare with.\n", exitCode: 2 }
    : shown(verdict, request);
}

export async function alembicCommand(args: readonly string[]): Promise<CommandResult> {
  const request = readRequest(args);
  const { project, graph } = await soundProject(request);
  const { from, to } = request.values;
  const begins = from === undefined ? [] : idsOf(graph, from);
  const ids = pathBetween(graph, begins, idsOf(graph, to ?? "heads"));
  const added = ids.flatMap((id) => graph.nodes.get(id) ?? []);
  const verdict = await judgeNew(
    request.context,
    project,
    graph,
    { added, edited: [], begins, old: undefined },
    from ?? "base",
  );
  return shown(verdict, request);
}

function idsOf(graph: RevisionGraph<Revision>, name: string): readonly string[] {
  const target = resolveTarget(graph, name);
  if (target.kind === "revisions") return target.ids;
  throw new UsageError({ what: target.why, why: "", fix: `Name a revision: heads are ${graph.heads.join(", ")}.` });
}

function shown(verdict: ChangeVerdict, { values }: Request): CommandResult {
  const reason = changeReason(verdict, "block", "auto");
  const report = gateReport(verdict, reason, changeMessage(verdict, "block"));
  const exitCode = EXIT_CODES[report.conclusion];
  if (values.json === true) {
    const findings = verdict.revisions.flatMap(({ id, findings: own }) =>
      own.map((finding) => ({ ...finding, revision: id })),
    );
    const everything = { ...reportJson(report), findings, evidence: changeResult(verdict) };
    return { stdout: `${JSON.stringify(everything, null, 2)}\n`, exitCode };
  }
  if (values.markdown !== true) return { stdout: renderReport(report), exitCode };
  return { stdout: renderComment(report, { limit: Number.POSITIVE_INFINITY }), exitCode };
}
