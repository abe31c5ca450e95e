import { rmSync } from "node:fs";
import { enterEnvironment } from "./environment-gate.ts";
import { type Contexts, holds, interpolateAll, type Scope } from "./expressions.ts";
import { JobRun, type JobSetting, type StepRecords } from "./job-run.ts";
import { machineOf } from "./machine.ts";
import type { JobEnd, ReadyJob } from "./run-jobs.ts";
import { type Level, runSteps, scopeOf, texts } from "./run-steps.ts";
import { alreadyThere, checkout } from "./stand-ins.ts";
import type { Uses } from "./use-action.ts";
import { optional } from "./workflow-file.ts";
import { finishJob, passOver } from "./workflow-run.ts";

/** GitHub's limit for a job on its own machines. */
const LONGEST_JOB_MINUTES = 360;

/** A job with steps of its own: waits for its environment, then runs on a fresh machine. */
export async function runPlainJob(ready: ReadyJob): Promise<JobEnd> {
  const { frame, check } = ready;
  const { state } = frame;
  const environment = await enterEnvironment(ready);
  if (environment === "refused" || environment === "cancelled") {
    const result = environment === "refused" ? "failure" : "cancelled";
    passOver(state, check, result);
    return { result, outputs: {}, failed: result === "failure" };
  }
  const fork = state.trigger.fork === true;
  const secrets = fork ? {} : { ...frame.secrets, ...environment.secrets };
  const setting: JobSetting = {
    masks: [...Object.values(secrets), state.github.token].filter((secret) => secret.length > 3),
    machine: await machineOf(ready, environment.name),
    budget: state.github.budget,
    node: state.github.node,
    onLine: (line) => state.trigger.onLine?.(`${check} │ ${line}`),
    onStep: (step) => state.trigger.onProgress?.({ kind: "step-ended", check, step }),
  };
  const run = new JobRun(setting, state.lost.signal);
  const contexts: Contexts = {
    ...ready.contexts,
    vars: { ...optional(frame.contexts.vars, "vars"), ...environment.vars },
    secrets: { ...secrets, GITHUB_TOKEN: state.github.token },
    job: { status: "success" },
    runner: { os: "Linux", arch: "X64", name: "local", environment: "github-hosted", temp: run.temp },
  };
  try {
    const end = await runOnMachine(ready, run, contexts);
    environment.finish(end.result, scopeOf(levelOf(ready, run, contexts, {}, {}), {}));
    return end;
  } finally {
    rmSync(run.temp, { recursive: true, force: true });
  }
}

async function runOnMachine(ready: ReadyJob, run: JobRun, contexts: Contexts): Promise<JobEnd> {
  const { job, frame, check } = ready;
  const began = Date.now();
  frame.state.trigger.onProgress?.({ kind: "job-began", check });
  const env = texts({ ...frame.file.env, ...optional(job.raw.env, "env") }, run.scope(contexts));
  const records: StepRecords = {};
  const level = levelOf(ready, run, contexts, env, records);
  const release = cancelWithRun(ready, run);
  const minutes = Number(interpolateAll(job.raw["timeout-minutes"] ?? LONGEST_JOB_MINUTES, run.scope(contexts)));
  const timer = setTimeout(() => run.cancelled.abort(), minutes * 60_000);
  try {
    await runSteps(job.steps, level);
    run.status = level.status;
    for (const post of run.posts.reverse()) await post();
  } finally {
    clearTimeout(timer);
    release();
  }
  if (run.lost.aborted || run.cancelled.signal.aborted)
    run.status = run.status === "success" ? "cancelled" : run.status;
  const tolerated = interpolateAll(job.raw["continue-on-error"] ?? false, run.scope(contexts)) === true;
  const outputs = texts(optional(job.raw.outputs, "outputs"), scopeOf(level, env));
  const result = run.status === "failure" && tolerated ? "success" : run.status;
  const { results: steps, log } = run;
  finishJob(frame.state, { check, result, began, ended: Date.now(), steps, log: log.lines, outputs });
  return { result, outputs, failed: result === "failure" };
}

function levelOf(
  ready: ReadyJob,
  run: JobRun,
  contexts: Contexts,
  env: Record<string, string>,
  records: StepRecords,
): Level {
  const { frame, job } = ready;
  const defaults = { ...frame.file.defaults, ...optional(job.raw.defaults, "defaults") };
  return {
    job: run,
    contexts,
    env,
    defaults,
    root: frame.root,
    uses: usesOf(ready),
    depth: 0,
    records,
    status: "success",
  };
}

function usesOf({ frame: { state } }: ReadyJob): Uses {
  const { github, trigger, artifacts } = state;
  const standIns = {
    "actions/checkout": checkout(github.repository.folder, trigger.sha),
    "actions/upload-artifact": artifacts.upload,
    "actions/download-artifact": artifacts.download,
    "actions/setup-python": alreadyThere,
    "actions/setup-node": alreadyThere,
    ...github.uses.standIns,
  };
  return { ...github.uses, standIns };
}

/** A cancelled run first asks each job's `if` again: one that still holds lets the job go on. */
function cancelWithRun({ frame, job, scope }: ReadyJob, run: JobRun): () => void {
  const signal = frame.state.cancelled.signal;
  const decide = (): void => {
    if (job.raw.if === undefined || !holds(job.raw.if, scope("cancelled") as Scope)) run.cancelled.abort();
  };
  if (signal.aborted) decide();
  signal.addEventListener("abort", decide);
  return () => signal.removeEventListener("abort", decide);
}
