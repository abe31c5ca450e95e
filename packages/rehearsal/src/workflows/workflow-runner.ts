import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filteredOut } from "./event-filter.ts";
import { asText, type Contexts, interpolate, interpolateAll, type Scope, type Value } from "./expressions.ts";
import { inGroup } from "./in-group.ts";
import { RUN_NUMBER, refName } from "./machine.ts";
import { DEFAULT_PERMISSIONS } from "./permissions.ts";
import { readInputs } from "./run-called-workflow.ts";
import { conclusionOf, type Frame, type JobEnd, runJobs } from "./run-jobs.ts";
import { Artifacts } from "./stand-ins.ts";
import { optional, readWorkflow, type WorkflowFile } from "./workflow-file.ts";
import type { GitHubSetting, GraphJob, RunResult, RunState, Trigger, WaitingJob } from "./workflow-run.ts";

/** A run under way. */
export interface WorkflowRun {
  /** Jobs that wait for a reviewer. */
  readonly waiting: readonly WaitingJob[];
  readonly done: Promise<RunResult>;
  /** As the button does: jobs and steps are asked again, then signalled. */
  cancel(): void;
  /** As an eviction does: every process dies, nothing after it runs. */
  loseMachines(): void;
}

let nextRun = 1001;

/** Starts a workflow of the repository as an event would. Unknown syntax ends it as a startup failure that says why. */
export function startWorkflow(github: GitHubSetting, trigger: Trigger): WorkflowRun {
  const folder = mkdtempSync(join(tmpdir(), "augeo-run-"));
  const state: RunState = {
    github,
    trigger: { ...trigger, runId: trigger.runId ?? String(nextRun++) },
    artifacts: new Artifacts(folder),
    jobs: [],
    deployments: [],
    waiting: [],
    cancelled: new AbortController(),
    lost: new AbortController(),
  };
  const done = recorded(state).finally(() => rmSync(folder, { recursive: true, force: true }));
  return {
    waiting: state.waiting,
    done,
    cancel: () => state.cancelled.abort(),
    loseMachines: () => state.lost.abort(),
  };
}

async function run(state: RunState): Promise<RunResult> {
  const { github, trigger, jobs, deployments } = state;
  const graph: GraphJob[] = [];
  const shown = { jobs, deployments, graph };
  let name = trigger.workflow;
  try {
    const file = readWorkflow(join(github.repository.folder, trigger.workflow), trigger.workflow);
    const filter = filteredOut(file.on[trigger.event], trigger, github);
    if (filter !== undefined) return { conclusion: "not_triggered", error: filter, name: file.name, ...shown };
    const frame = topFrame(file, state);
    const scope: Scope = { contexts: frame.contexts, status: "success" };
    name = file.runName === undefined ? file.name : asText(interpolate(file.runName, scope));
    const group = file.concurrency === undefined ? undefined : interpolateAll(file.concurrency, scope);
    const ends = await inGroup<Readonly<Record<string, JobEnd>> | undefined>(
      state,
      group,
      () => runJobs(frame),
      () => undefined,
    );
    if (ends === undefined) return { conclusion: "cancelled", error: undefined, name, ...shown };
    for (const [id, { result }] of Object.entries(ends)) graph.push({ id, needs: file.jobs[id]?.needs ?? [], result });
    return { conclusion: conclusionOf(ends), error: undefined, name, ...shown };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { conclusion: "startup_failure", error: words, name, ...shown };
  }
}

/** The run as GitHub's API shows it, from its beginning to its end. */
async function recorded(state: RunState): Promise<RunResult> {
  const { github, trigger } = state;
  const id = trigger.runId ?? "";
  github.recordRun?.(id, { status: "in_progress", conclusion: null });
  const result = await run(state);
  github.recordRun?.(id, { status: "completed", conclusion: result.conclusion });
  return result;
}

function topFrame(file: WorkflowFile, state: RunState): Frame {
  const { github, trigger } = state;
  const event = file.on[trigger.event];
  if (event === undefined) throw new Error(`${file.path} is not triggered by ${trigger.event}`);
  const declared = trigger.event === "workflow_dispatch" ? optional(optional(event, "on").inputs, "inputs") : {};
  const inputs = readInputs(declared, trigger.inputs ?? {}, file.path);
  const secrets = { ...github.secrets, GITHUB_TOKEN: github.token };
  const contexts: Contexts = { github: githubContext(state, file, inputs), inputs, vars: github.vars, secrets };
  return {
    state,
    file,
    root: github.repository.folder,
    contexts,
    secrets,
    permissions: DEFAULT_PERMISSIONS,
    prefix: "",
    depth: 0,
  };
}

function githubContext(state: RunState, file: WorkflowFile, inputs: Readonly<Record<string, Value>>): Value {
  const { github, trigger } = state;
  const dispatched = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, asText(value)]));
  return {
    actor: trigger.actor,
    triggering_actor: trigger.actor,
    api_url: github.apiUrl,
    server_url: "https://github.com",
    base_ref: "",
    head_ref: "",
    event: { ...trigger.payload, ...(trigger.event === "workflow_dispatch" ? { inputs: dispatched } : {}) },
    event_name: trigger.event,
    ref: trigger.ref,
    ref_name: refName(trigger.ref),
    ref_type: trigger.ref.startsWith("refs/tags/") ? "tag" : "branch",
    repository: github.repository.name,
    repository_id: github.repository.id,
    repository_owner: github.repository.name.split("/")[0] ?? "",
    run_attempt: String(trigger.attempt ?? 1),
    run_id: trigger.runId ?? "",
    run_number: RUN_NUMBER,
    sha: trigger.sha,
    token: github.token,
    workflow: file.name,
    workflow_ref: `${github.repository.name}/${file.path}@${trigger.ref}`,
    workspace: "",
  };
}
