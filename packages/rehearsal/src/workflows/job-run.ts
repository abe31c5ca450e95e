import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contexts, Scope, Status, Value } from "./expressions.ts";
import { hashFiles } from "./hash-files.ts";
import { StepLog } from "./step-log.ts";
import type { Annotation, CancelBudget } from "./step-process.ts";

/** How a job that has begun stands. */
export type Running = Exclude<Status, "unmet">;

export type Result = "success" | "failure" | "cancelled" | "skipped";

export interface StepResult {
  readonly name: string;
  /** Milliseconds since 1970; both the same for a step that was skipped. */
  readonly began: number;
  readonly ended: number;
  readonly outcome: Result;
  readonly conclusion: Result;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** The `post` of a JavaScript action. */
  readonly post: boolean;
}

/** What every job of a run is given. */
export interface JobSetting {
  /** Values that must not be shown: secrets and the job's token. */
  readonly masks: readonly string[];
  /** Variables of the machine: PATH, HOME, GITHUB_*, the ID-token endpoint when the job may have it. */
  readonly machine: Readonly<Record<string, string>>;
  readonly budget: CancelBudget;
  readonly node: string;
  onLine(line: string): void;
  onStep(step: StepResult): void;
}

/** One job while it runs: its folders, its signals, what its steps have left behind. */
export class JobRun {
  readonly setting: JobSetting;
  readonly temp: string;
  readonly workspace: string;
  readonly cancelled = new AbortController();
  readonly lost: AbortSignal;
  readonly log: StepLog;
  readonly results: StepResult[] = [];
  /** What steps wrote to GITHUB_ENV and GITHUB_PATH. */
  readonly addedEnv: Record<string, string> = {};
  readonly addedPath: string[] = [];
  /** Posts of JavaScript actions, run last in, first out. */
  readonly posts: (() => Promise<void>)[] = [];
  status: Running = "success";

  constructor(setting: JobSetting, lost: AbortSignal) {
    this.setting = setting;
    this.lost = lost;
    this.temp = mkdtempSync(join(tmpdir(), "augeo-job-"));
    this.workspace = join(this.temp, "workspace");
    mkdirSync(this.workspace, { recursive: true });
    this.log = new StepLog(new Set(setting.masks), setting.onLine);
  }

  /** A scope of exactly these contexts: a composite's steps must not see those of the job around it. */
  scope(contexts: Contexts, status: Status = this.status): Scope {
    return {
      contexts,
      status: this.cancelled.signal.aborted ? "cancelled" : status,
      hashFiles: (patterns) => hashFiles(this.workspace, patterns),
    };
  }

  /** Notes how a step ended. */
  finished(step: StepResult): void {
    this.results.push(step);
    this.setting.onStep(step);
  }

  environment(more: Readonly<Record<string, string>>): Record<string, string> {
    const path = [...this.addedPath, this.setting.machine.PATH ?? ""].join(":");
    return {
      ...this.setting.machine,
      RUNNER_TEMP: this.temp,
      GITHUB_WORKSPACE: this.workspace,
      ...this.addedEnv,
      ...more,
      PATH: path,
    };
  }
}

/** Outputs and endings of the steps of one level: a job, or one use of a composite action. */
export type StepRecords = Record<string, { outputs: Record<string, string>; outcome: Result; conclusion: Result }>;

export function stepsContext(records: StepRecords): Value {
  return records as unknown as Value;
}
