import type { Job as TokenJob } from "../oidc.ts";
import type { ConcurrencyGroups } from "./concurrency.ts";
import type { Result, StepResult } from "./job-run.ts";
import type { Artifacts } from "./stand-ins.ts";
import type { CancelBudget } from "./step-process.ts";
import type { Uses } from "./use-action.ts";
import type { Mapping } from "./workflow-file.ts";

export interface RepositorySetting {
  /** A git repository on this machine. */
  readonly folder: string;
  /** `owner/name` */
  readonly name: string;
  readonly id: string;
  readonly ownerId: string;
  readonly visibility: "public" | "private" | "internal";
  /** Subjects of ID tokens carry ids: repositories made, renamed or moved after 2026-07-15. */
  readonly immutableSubject: boolean;
}

export interface EnvironmentSetting {
  readonly vars: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** A job waits until one of them approves. Not to be had for private repositories below Enterprise. */
  readonly reviewers?: readonly string[];
  /** Branch names that may deploy, `*` not crossing a slash; all when not given. */
  readonly branches?: readonly string[];
}

/** One repository on one GitHub, as far as its workflows see it. */
export interface GitHubSetting {
  readonly repository: RepositorySetting;
  readonly environments: Readonly<Record<string, EnvironmentSetting>>;
  readonly vars: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly uses: Uses;
  readonly apiUrl: string;
  /** The token of every job. */
  readonly token: string;
  /** Opens an ID-token endpoint for one job. */
  issueFor(job: Partial<TokenJob>): Promise<{ requestUrl: string; requestToken: string }>;
  /** Further variables of the machines: the CA, PATH of Python. */
  readonly machine: Readonly<Record<string, string>>;
  readonly node: string;
  readonly budget: CancelBudget;
  readonly groups: ConcurrencyGroups;
  /** Told of every run when it begins and when it is over, as GitHub's API shows it from then on. */
  recordRun?(runId: string, state: { status: "in_progress" | "completed"; conclusion: string | null }): void;
}

export interface Trigger {
  /** `.github/workflows/deploy.yml` */
  readonly workflow: string;
  readonly event: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly sha: string;
  readonly actor: string;
  /** `github.event` */
  readonly payload?: Mapping;
  /** Of `workflow_dispatch`; booleans stay booleans. */
  readonly inputs?: Mapping;
  readonly runId?: string;
  readonly attempt?: number;
  /** A pull request from a fork: read-only token, no ID token, no secrets. */
  readonly fork?: boolean;
  onLine?(line: string): void;
  onProgress?(progress: Progress): void;
}

/** What becomes of a run's jobs while it goes on. */
export type Progress =
  | { readonly kind: "job-began"; readonly check: string }
  | { readonly kind: "step-ended"; readonly check: string; readonly step: StepResult }
  | { readonly kind: "job-ended"; readonly check: string; readonly result: Result }
  | { readonly kind: "waiting"; readonly check: string; readonly why: string };

export interface JobResult {
  /** The name of its check: `<caller> / <called>` for jobs of called workflows. */
  readonly check: string;
  readonly result: Result;
  /** Milliseconds since 1970: on a machine, not waiting; both the same for a job that never ran. */
  readonly began: number;
  readonly ended: number;
  readonly steps: readonly StepResult[];
  readonly log: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** A job of the workflow file itself, for a picture of the run. */
export interface GraphJob {
  readonly id: string;
  readonly needs: readonly string[];
  readonly result: Result;
}

export interface DeploymentRecord {
  readonly environment: string;
  readonly check: string;
  readonly state: Result | "in_progress";
  readonly url: string | undefined;
}

export interface RunResult {
  /** `not_triggered`: a filter of `on:` kept the event from starting it, so that its checks never appear. */
  readonly conclusion: Result | "startup_failure" | "not_triggered";
  /** Why the run did not start. */
  readonly error: string | undefined;
  readonly name: string;
  readonly jobs: readonly JobResult[];
  readonly graph: readonly GraphJob[];
  readonly deployments: readonly DeploymentRecord[];
}

export interface WaitingJob {
  readonly check: string;
  readonly environment: string;
  readonly reviewers: readonly string[];
  approve(): void;
}

/** What all jobs of one run share while it goes on. */
export interface RunState {
  readonly github: GitHubSetting;
  readonly trigger: Trigger;
  readonly artifacts: Artifacts;
  readonly jobs: JobResult[];
  readonly deployments: DeploymentRecord[];
  readonly waiting: WaitingJob[];
  /** Aborted by a cancel of the run. */
  readonly cancelled: AbortController;
  /** Aborted when the machines are lost. */
  readonly lost: AbortController;
}

/** Notes how a job ended, and tells whoever watches. */
export function finishJob({ jobs, trigger }: RunState, job: JobResult): void {
  jobs.push(job);
  trigger.onProgress?.({ kind: "job-ended", check: job.check, result: job.result });
}

/** Notes a job that never ran. */
export function passOver(state: RunState, check: string, result: Result): void {
  const now = Date.now();
  finishJob(state, { check, result, began: now, ended: now, steps: [], log: [], outputs: {} });
}
