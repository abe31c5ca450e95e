import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { asText, type Contexts, holds, interpolate, interpolateAll, type Scope, type Value } from "./expressions.ts";
import { type JobRun, type Result, type Running, type StepRecords, stepsContext } from "./job-run.ts";
import { runScript } from "./run-script.ts";
import { StepFiles } from "./step-process.ts";
import { type Uses, useAction } from "./use-action.ts";
import { type Mapping, optional, type StepFile } from "./workflow-file.ts";

/** One level of steps: a job's own, or those of one use of a composite action. */
export interface Level {
  readonly job: JobRun;
  /** The contexts steps of this level may name, without `env` and `steps`. */
  readonly contexts: Contexts;
  /** `env:` of workflow and job; in a composite the surrounding step's. */
  readonly env: Readonly<Record<string, string>>;
  readonly defaults: Mapping;
  /** Root of the repository whose file these steps stand in: `$/` resolves against it. */
  readonly root: string;
  readonly uses: Uses;
  readonly depth: number;
  readonly records: StepRecords;
  status: Running;
}

/** What one step gives to whatever runs it. */
export interface StepSetting {
  readonly level: Level;
  readonly step: Mapping;
  readonly name: string;
  readonly scope: Scope;
  readonly env: Readonly<Record<string, string>>;
  readonly files: StepFiles;
  /** Aborted when the runner cancels this very step. */
  readonly cancelled: AbortSignal;
  readonly timeout: number | undefined;
}

export async function runSteps(steps: readonly StepFile[], level: Level): Promise<void> {
  for (const [index, step] of steps.entries()) {
    if (level.job.lost.aborted) return;
    await runStep(step, index, level);
  }
}

async function runStep(step: StepFile, index: number, level: Level): Promise<void> {
  const { job } = level;
  const id = step.id ?? `__${index}`;
  const before = scopeOf(level, level.env);
  const name = nameOf(step, before);
  if (!holds(step.raw.if, before)) {
    finish(level, id, name, { outcome: "skipped", conclusion: "skipped", outputs: {} });
    return;
  }
  const files = new StepFiles(join(job.temp, `files-${randomUUID()}`));
  const env = { ...level.env, ...texts(optional(step.raw.env, "env"), before) };
  const scope = scopeOf(level, env);
  const cancel = cancellation(step, level);
  const timeout =
    step.raw["timeout-minutes"] === undefined
      ? undefined
      : Number(interpolateAll(step.raw["timeout-minutes"], scope)) * 60_000;
  const setting = { level, step: step.raw, name, scope, env, files, cancelled: cancel.signal, timeout };
  const ended = await attempt(setting);
  cancel.stop();
  const tolerated =
    step.raw["continue-on-error"] !== undefined && interpolateAll(step.raw["continue-on-error"], scope) === true;
  const conclusion = ended.outcome === "failure" && tolerated ? "success" : ended.outcome;
  finish(level, id, name, { outcome: ended.outcome, conclusion, outputs: ended.outputs });
}

async function attempt(setting: StepSetting): Promise<{ outcome: Result; outputs: Record<string, string> }> {
  const { level, step, name } = setting;
  const { job } = level;
  const from = job.log.annotations.length;
  const began = Date.now();
  job.log.write(`── ${name}`);
  let outcome: Result = "success";
  let outputs: Record<string, string> = {};
  try {
    const ran = step.uses === undefined ? await runScript(setting) : await useAction(setting);
    outputs = ran.outputs;
    if (!ran.ok) outcome = setting.cancelled.aborted ? "cancelled" : "failure";
  } catch (error) {
    outcome = "failure";
    job.log.take(`::error::${error instanceof Error ? error.message : String(error)}`.replaceAll("\n", "%0A"));
  }
  const summary = job.log.masked(setting.files.summary());
  const annotations = job.log.annotations.slice(from);
  const times = { began, ended: Date.now() };
  job.finished({ name, ...times, outcome, conclusion: outcome, summary, annotations, post: false });
  return { outcome, outputs: withoutMasked(outputs, job) };
}

/** A value that holds a secret is not set as an output. Source: docs.github.com. */
function withoutMasked(outputs: Record<string, string>, job: JobRun): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => job.log.masked(value) === value));
}

function finish(level: Level, id: string, name: string, record: StepRecords[string]): void {
  level.records[id] = record;
  if (record.outcome === "skipped") {
    const now = Date.now();
    const skipped = { outcome: "skipped", conclusion: "skipped" } as const;
    level.job.finished({ name, began: now, ended: now, ...skipped, summary: "", annotations: [], post: false });
    return;
  }
  if (record.conclusion === "failure" && level.status === "success") level.status = "failure";
  if (record.conclusion === "cancelled") level.status = "cancelled";
}

/** When the job is cancelled, the running step goes on only if its own condition still holds. */
function cancellation(step: StepFile, level: Level): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const decide = (): void => {
    if (!holds(step.raw.if, scopeOf(level, level.env))) controller.abort();
  };
  const job = level.job.cancelled.signal;
  job.addEventListener("abort", decide);
  return { signal: controller.signal, stop: () => job.removeEventListener("abort", decide) };
}

export function scopeOf(level: Level, env: Readonly<Record<string, string>>): Scope {
  const contexts = {
    ...level.contexts,
    env: { ...env, ...level.job.addedEnv },
    steps: stepsContext(level.records),
  };
  return level.job.scope(contexts, level.status);
}

export function texts(values: Mapping, scope: Scope): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, asText(interpolateAll(value, scope))]));
}

function nameOf(step: StepFile, scope: Scope): string {
  const given: Value = step.raw.name ?? step.raw.uses ?? step.raw.run ?? "step";
  const name = typeof given === "string" ? asText(interpolate(given, scope)) : "step";
  return step.raw.name === undefined ? `Run ${name.split("\n")[0]}` : name;
}
