import { type Contexts, holds, interpolateAll, type Scope, type Status, type Value } from "./expressions.ts";
import { inGroup } from "./in-group.ts";
import type { Result } from "./job-run.ts";
import { expandMatrix, matrixName } from "./matrix.ts";
import { type Permissions, readPermissions, refuseWidening } from "./permissions.ts";
import { runCalledWorkflow } from "./run-called-workflow.ts";
import { runPlainJob } from "./run-plain-job.ts";
import { type JobFile, type Mapping, optional, type WorkflowFile } from "./workflow-file.ts";
import { passOver, type RunState } from "./workflow-run.ts";

/** One workflow file being run: the top one, or one that a job calls. */
export interface Frame {
  readonly state: RunState;
  readonly file: WorkflowFile;
  /** Root of the repository that the file belongs to. */
  readonly root: string;
  /** `github`, `inputs`, `vars`, `secrets`. */
  readonly contexts: Contexts;
  readonly secrets: Readonly<Record<string, string>>;
  /** The most that jobs of this file may ask for. */
  readonly permissions: Permissions;
  /** `caller / ` before the names of this file's checks. */
  readonly prefix: string;
  readonly depth: number;
}

export interface JobEnd {
  readonly result: Result;
  readonly outputs: Readonly<Record<string, string>>;
  /** Itself or one before it failed. */
  readonly failed: boolean;
}

/** One job about to run, its condition already met. */
export interface ReadyJob {
  readonly frame: Frame;
  readonly job: JobFile;
  readonly check: string;
  readonly permissions: Permissions;
  readonly contexts: Contexts;
  /** For its own `if`, when a cancel asks again. */
  readonly scope: (status: Status) => Scope;
}

/** Runs the jobs of a file as their needs allow, and gives how each ended. */
export async function runJobs(frame: Frame): Promise<Readonly<Record<string, JobEnd>>> {
  const ends = new Map<string, Promise<JobEnd>>();
  const pending = new Map(Object.entries(frame.file.jobs));
  while (pending.size > 0) {
    const ready = [...pending.values()].filter((job) => job.needs.every((need) => ends.has(need)));
    if (ready.length === 0)
      throw new Error(`${frame.file.path}: needs of ${[...pending.keys()].join(", ")} form a circle`);
    for (const job of ready) {
      pending.delete(job.id);
      ends.set(job.id, afterNeeds(job, frame, ends));
    }
  }
  const entries = [...ends].map(async ([id, end]) => [id, await end] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function afterNeeds(job: JobFile, frame: Frame, ends: ReadonlyMap<string, Promise<JobEnd>>): Promise<JobEnd> {
  const needs: Record<string, JobEnd> = {};
  for (const need of job.needs)
    needs[need] = (await ends.get(need)) ?? { result: "skipped", outputs: {}, failed: false };
  const contexts: Contexts = { ...withoutSecrets(frame.contexts), needs: needsContext(needs) };
  const before = (status: Status): Scope => ({ contexts, status });
  const failed = Object.values(needs).some((end) => end.failed);
  if (!holds(job.raw.if, before(statusOf(needs, frame)))) {
    const check = frame.prefix + nameOf(job, before("success"), {});
    passOver(frame.state, check, "skipped");
    return { result: "skipped", outputs: {}, failed };
  }
  const combinations = expandMatrix(optional(job.raw.strategy, "strategy"), before("success"));
  const runs = combinations.map((matrix, index) => {
    const own = { ...contexts, matrix, strategy: { "job-index": index, "job-total": combinations.length } };
    return runOne(job, frame, own, matrix);
  });
  const all = await Promise.all(runs);
  const result = worst(all.map((end) => end.result));
  return {
    result,
    outputs: Object.assign({}, ...all.map((end) => end.outputs)),
    failed: failed || result === "failure",
  };
}

async function runOne(job: JobFile, frame: Frame, contexts: Contexts, matrix: Mapping): Promise<JobEnd> {
  const scope = (status: Status): Scope => ({ contexts, status });
  const permissions = readPermissions(job.raw.permissions, readPermissions(frame.file.permissions, frame.permissions));
  const check = frame.prefix + nameOf(job, scope("success"), matrix);
  const ready: ReadyJob = { frame, job, check, permissions, contexts, scope };
  if (frame.depth > 0) refuseWidening(permissions, frame.permissions, check);
  const group = job.raw.concurrency === undefined ? undefined : interpolateAll(job.raw.concurrency, scope("success"));
  return inGroup(
    frame.state,
    group,
    () => (job.raw.uses === undefined ? runPlainJob(ready) : runCalledWorkflow(ready)),
    () => {
      passOver(frame.state, check, "cancelled");
      return { result: "cancelled", outputs: {}, failed: false };
    },
  );
}

/** The run is being cancelled · one before failed · all needs succeeded. Source: docs.github.com, status functions. */
function statusOf(needs: Readonly<Record<string, JobEnd>>, frame: Frame): Status {
  if (frame.state.cancelled.signal.aborted) return "cancelled";
  const ends = Object.values(needs);
  if (ends.some((end) => end.failed)) return "failure";
  return ends.every((end) => end.result === "success") ? "success" : "unmet";
}

const WORST: readonly Result[] = ["failure", "cancelled", "skipped", "success"];

/** How all jobs of a file ended together: those that were skipped do not spoil it. */
export function conclusionOf(ends: Readonly<Record<string, JobEnd>>): Result {
  const results = Object.values(ends).map((end) => end.result);
  return results.every((one) => one === "skipped") ? "skipped" : worst(results.filter((one) => one !== "skipped"));
}

function worst(results: readonly Result[]): Result {
  return WORST.find((result) => results.includes(result)) ?? "success";
}

function nameOf(job: JobFile, scope: Scope, matrix: Mapping): string {
  if (typeof job.raw.name !== "string") return matrixName(job.id, matrix);
  const name = String(interpolateAll(job.raw.name, scope));
  return name === job.raw.name ? matrixName(name, matrix) : name;
}

function needsContext(needs: Readonly<Record<string, JobEnd>>): Value {
  return Object.fromEntries(Object.entries(needs).map(([id, { result, outputs }]) => [id, { result, outputs }]));
}

/** `secrets` is not available in a job's `if`, `name`, `concurrency` or matrix. */
function withoutSecrets({ secrets: _, ...others }: Contexts): Contexts {
  return others;
}
