import { relative } from "node:path";
import { type ActionContext, type InputsOf, type Log, type Outcome, UsageError } from "@augeo/action-kit";
import {
  applyMigrations,
  type MigrationOptions,
  type MigrationOutcome,
  type MigrationPorts,
  readProject,
} from "@augeo/alembic";
import type { CheckAnnotation } from "@augeo/github";
import { isAtLeast, judgeGraph, type Objection, renderComment } from "@augeo/migrations";
import {
  changeMessage,
  changeReason,
  changeResult,
  failing,
  type GateFinding,
  gateReport,
  openFindings,
} from "./change-summary.ts";
import { type Judged, reportCheckRun, reportFailedCheckRun } from "./check-run.ts";
import { withDatabaseAccess } from "./database-access.ts";
import { databaseToken } from "./database-token.ts";
import { mergeGroupBase } from "./event.ts";
import { type ChangeVerdict, judgeChange } from "./judge-change.ts";
import { migrateExpand } from "./migrate-expand.ts";
import { commentOnPullRequest, writeReports } from "./publish-report.ts";
import type { spec } from "./spec.ts";
import { type Findings, findingsOf, messageOf, PHASES, summarise } from "./summary.ts";

type Context = ActionContext<typeof spec>;
type Inputs = InputsOf<typeof spec>;

export async function judgeMigrations(context: Context): Promise<Outcome<typeof spec>> {
  if (context.inputs.mode === "apply") return applyToDatabase(context);
  let judged: Judged;
  try {
    judged = await checkMigrations(withBase(context));
  } catch (error) {
    await reportFailedCheckRun(context, error);
    throw error;
  }
  await reportCheckRun(context, judged);
  return judged.outcome;
}

/** A merge group names its base in the event; of a pull request the checkout tells. */
function withBase(context: Context): Context {
  const since = context.inputs.since ?? mergeGroupBase(context.run);
  return { ...context, inputs: { ...context.inputs, since } };
}

async function checkMigrations(context: Context): Promise<Judged> {
  const { inputs, env, log, run } = context;
  const project = await readProject(
    { directory: inputs["working-directory"], config: inputs["alembic-config"], python: inputs.python },
    env,
  );
  const verdict = judgeGraph(project.revisions, project.faults, inputs.target);
  const objections = verdict.kind === "refused" ? verdict.objections : [];
  log.info(
    `${project.revisions.length} revisions in ${project.locations.join(", ")}; heads: ${verdict.graph.heads.join(", ") || "none"}.`,
  );
  const folder = relative(run.workspace, inputs["working-directory"]);
  annotate(objections, log, folder);
  const none = { from: null, to: null, planned: [], applied: [], held: [], session: null, attempts: 0, failure: null };
  const facts = { project, heads: verdict.graph.heads, objections, ...none };
  const plainly = { annotations: objections.map((objection) => checkAnnotation(objection, folder)), isUnsure: false };
  if (verdict.kind === "refused") return { ...plainly, outcome: outcomeOf(findingsOf(verdict.reason, facts), inputs) };
  const change = await judgeChange(context, project, verdict.graph);
  const outcome = outcomeOf(findingsOf("sound", facts), inputs);
  return change === undefined ? { ...plainly, outcome } : judgedChange(outcome, change, context, folder);
}

async function judgedChange(
  sound: Outcome<typeof spec>,
  change: ChangeVerdict,
  context: Context,
  folder: string,
): Promise<Judged> {
  const outcome = await changeOutcome(sound, change, context, folder);
  const annotations = openFindings(change).map((finding) => {
    const level = isAtLeast(finding.severity, "block") ? "failure" : "warning";
    return checkAnnotation(asObjection(finding), folder, level);
  });
  const wasRead = change.revisions.some(({ evidence }) => evidence !== "rehearsed");
  return { outcome, annotations, isUnsure: wasRead && context.inputs.rehearsal !== "off" };
}

async function changeOutcome(
  sound: Outcome<typeof spec>,
  change: ChangeVerdict,
  context: Context,
  folder: string,
): Promise<Outcome<typeof spec>> {
  const { inputs, log } = context;
  if (change.revisions.length === 0) return { ...sound, result: { ...sound.result, change: changeResult(change) } };
  const open = openFindings(change).sort(
    (a, b) => Number(isAtLeast(b.severity, "block")) - Number(isAtLeast(a.severity, "block")),
  );
  annotate(open.map(asObjection), log, folder, failing(change, inputs["fail-on"]).length > 0);
  const reason = changeReason(change, inputs["fail-on"], inputs.rehearsal);
  if (change.notRehearsed !== null && reason !== "not-rehearsed")
    log.warning(`The new revisions were read, not run: ${change.notRehearsed}.`);
  const message = changeMessage(change, inputs["fail-on"]);
  const report = gateReport(change, reason, message);
  const files = await writeReports(report, context);
  await commentOnPullRequest(report, context, folder === "" ? "default" : folder);
  const phase = PHASES.findLast((name) => change.revisions.some((revision) => revision.phase === name)) ?? "none";
  const ids = change.revisions.map(({ id }) => id).join(" ");
  return {
    reason,
    message,
    outputs: { ...sound.outputs, ...files, new: ids, findings: open.length, phase },
    result: { ...sound.result, change: changeResult(change) },
    // A job summary takes 1 MiB, and a reader far less.
    summary: renderComment(report, { key: folder === "" ? "default" : folder, limit: 250_000 }),
  };
}

function asObjection({ file, line, title, note, rule, recipe }: GateFinding): Objection {
  return { file, line, what: `${title}${note === undefined ? "" : `: ${note}`} (${rule})`, fix: recipe };
}

async function applyToDatabase(context: Context): Promise<Outcome<typeof spec>> {
  const { inputs, log, run } = context;
  const { ports, options } = requestOf(context);
  const apply = inputs["expand-only"] ? migrateExpand : applyMigrations;
  const outcome = await withDatabaseAccess(context, inputs, options.databaseUrl, () =>
    log.group("Apply migrations", () => apply(ports, options)),
  );
  const folder = relative(run.workspace, inputs["working-directory"]);
  annotate([...outcome.objections, ...failureObjection(outcome)], log, folder);
  return outcomeOf(findingsOf(outcome.reason, outcome), inputs);
}

function requestOf(context: Context): { ports: MigrationPorts; options: MigrationOptions } {
  const { inputs, log, signal, clock, env } = context;
  const url = inputs["database-url"];
  if (url === undefined) {
    throw new UsageError({
      what: "There is no database to apply migrations to.",
      why: "mode is apply, and the input database-url is empty. A secret that does not exist, or that a fork may not read, is empty too.",
      fix: "set database-url from a secret, or mode: check, which needs no database.",
    });
  }
  const identity = { clientId: inputs["client-id"], tenantId: inputs["tenant-id"], cloud: inputs.cloud };
  const token = databaseToken(inputs["database-auth"], identity, context);
  const options = {
    directory: inputs["working-directory"],
    config: inputs["alembic-config"],
    python: inputs.python,
    target: inputs.target,
    databaseUrl: url,
    databaseUrlEnv: inputs["database-url-env"],
    lockTimeout: inputs["lock-timeout"],
    statementTimeout: inputs["statement-timeout"],
    lockRetries: inputs["lock-retries"],
    timeout: inputs.timeout,
  };
  return { ports: { log, signal, clock, env, token }, options };
}

/** The failed revision as a place in the code, so that the annotation stands on its line. */
function failureObjection({ failure }: MigrationOutcome): Objection[] {
  if (failure?.file == null) return [];
  const code = failure.sqlstate === null ? "" : ` (${failure.sqlstate})`;
  return [{ file: failure.file, line: failure.line ?? 1, what: `${failure.message}${code}`, fix: failure.state }];
}

function checkAnnotation(
  { file, line, what, fix }: Objection,
  folder: string,
  level: CheckAnnotation["level"] = "failure",
): CheckAnnotation {
  const path = [folder, file ?? "alembic.ini"].filter((part) => part !== "").join("/");
  const at = Math.max(1, line ?? 1);
  return { path, startLine: at, endLine: at, level, message: `${what}\n\n${fix}`, title: "migration-gate" };
}

/** The first one is the step's error; the runner shows ten warnings at most. */
function annotate(objections: readonly Objection[], log: Log, folder: string, fails = true): void {
  for (const [index, { file, line, what, fix }] of objections.entries()) {
    const place = file === undefined ? {} : { file: folder === "" ? file : `${folder}/${file}`, line: line ?? 1 };
    const show = index === 0 && fails ? log.error : log.warning;
    show(`${what}\nFix: ${fix}`, { title: "migration-gate", ...place });
  }
}

function outcomeOf(findings: Findings, inputs: Inputs): Outcome<typeof spec> {
  const { reason, heads, from, to, applied, held, phase } = findings;
  return {
    reason,
    outputs: {
      heads: heads.join(" "),
      from: (from ?? []).join(" "),
      to: (to ?? []).join(" "),
      applied: applied.map(({ id }) => id).join(" "),
      pending: held.map(({ id }) => id).join(" "),
      new: "",
      findings: 0,
      sarif: "",
      report: "",
      "report-markdown": "",
      phase,
    },
    result: { mode: inputs.mode, target: inputs.target, ...findings.result },
    summary: summarise(findings, inputs.mode),
    message: messageOf(findings, inputs.target),
    ...(findings.fix === undefined ? {} : { fix: findings.fix }),
  };
}
