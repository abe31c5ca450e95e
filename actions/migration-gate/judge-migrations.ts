import { relative } from "node:path";
import type { ActionContext, Outcome } from "@augeo/action-kit";
import { readProject } from "@augeo/alembic";
import type { CheckAnnotation } from "@augeo/github";
import { isAtLeast, judgeGraph, type Objection, renderComment } from "@augeo/migrations";
import { annotate } from "./annotate.ts";
import { applyToDatabase } from "./apply-to-database.ts";
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
import { mergeGroupBase } from "./event.ts";
import { outcomeOf } from "./gate-outcome.ts";
import { type ChangeVerdict, judgeChange } from "./judge-change.ts";
import { readBranches } from "./policy-file.ts";
import { commentOnPullRequest, writeReports } from "./publish-report.ts";
import type { spec } from "./spec.ts";
import { findingsOf, PHASES } from "./summary.ts";

type Context = ActionContext<typeof spec>;

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
  const branches = await readBranches(inputs["working-directory"], run.workspace);
  const verdict = judgeGraph(project.revisions, project.faults, inputs.target, branches);
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
  const isOwn = change.notRehearsed === null && change.revisions.every(({ evidence }) => evidence === "rehearsed");
  return {
    outcome,
    annotations,
    isUnsure: !isOwn && change.revisions.length > 0 && context.inputs.rehearsal !== "off",
  };
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
    log.warning(`The new revisions were not run as they will be: ${change.notRehearsed}.`);
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

function checkAnnotation(
  { file, line, what, fix }: Objection,
  folder: string,
  level: CheckAnnotation["level"] = "failure",
): CheckAnnotation {
  const path = [folder, file ?? "alembic.ini"].filter((part) => part !== "").join("/");
  const at = Math.max(1, line ?? 1);
  return { path, startLine: at, endLine: at, level, message: `${what}\n\n${fix}`, title: "migration-gate" };
}
