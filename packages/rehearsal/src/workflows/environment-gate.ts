import { matchesGlob } from "node:path";
import { asText, interpolateAll, type Scope, type Value } from "./expressions.ts";
import type { Result } from "./job-run.ts";
import type { ReadyJob } from "./run-jobs.ts";
import { mapping } from "./workflow-file.ts";
import type { DeploymentRecord, EnvironmentSetting } from "./workflow-run.ts";

export interface Entered {
  readonly name: string | undefined;
  readonly vars: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Completes the deployment that the job's environment made; `scope` evaluates its `url`. */
  finish(result: Result, scope: Scope): void;
}

const NOWHERE: Entered = { name: undefined, vars: {}, secrets: {}, finish: () => {} };

/** A job's `environment:`: its rules are asked before it starts, its vars and secrets are its own. */
export async function enterEnvironment(ready: ReadyJob): Promise<Entered | "refused" | "cancelled"> {
  const raw = ready.job.raw.environment;
  if (raw === undefined) return NOWHERE;
  const { state } = ready.frame;
  const name = nameOf(raw, ready.scope("success"));
  if (name === "") return NOWHERE;
  // An environment nobody configured is made on first use, without rules. Source: docs.github.com.
  const setting: EnvironmentSetting = state.github.environments[name] ?? { vars: {} };
  if (!mayDeploy(setting, state.trigger.ref)) return "refused";
  if ((setting.reviewers ?? []).length > 0 && !(await approved(ready, name, setting))) return "cancelled";
  const recorded = !(typeof raw === "object" && raw !== null && mapping(raw, "environment").deployment === false);
  const url = typeof raw === "object" && raw !== null ? mapping(raw, "environment").url : undefined;
  return {
    name,
    vars: setting.vars,
    secrets: setting.secrets ?? {},
    finish: (result, scope) => {
      if (recorded) state.deployments.push(recordOf(ready, name, result, url, scope));
    },
  };
}

function nameOf(raw: Value, scope: Scope): string {
  const name = typeof raw === "object" && raw !== null ? mapping(raw, "environment").name : raw;
  return asText(interpolateAll(name ?? "", scope));
}

function mayDeploy({ branches }: EnvironmentSetting, ref: string): boolean {
  const short = ref.replace(/^refs\/(heads|tags)\//, "");
  return branches === undefined || branches.some((pattern) => matchesGlob(short, pattern));
}

/** Waits for a reviewer; false when the run is cancelled first. */
function approved({ frame, check }: ReadyJob, environment: string, setting: EnvironmentSetting): Promise<boolean> {
  const { state } = frame;
  return new Promise((resolve) => {
    const leave = (answer: boolean): void => {
      state.waiting.splice(state.waiting.indexOf(waiting), 1);
      resolve(answer);
    };
    const waiting = { check, environment, reviewers: setting.reviewers ?? [], approve: () => leave(true) };
    state.waiting.push(waiting);
    state.trigger.onProgress?.({ kind: "waiting", check, why: `for a reviewer of ${environment}` });
    state.cancelled.signal.addEventListener("abort", () => leave(false), { once: true });
  });
}

function recordOf(
  { check }: ReadyJob,
  environment: string,
  state: Result,
  url: Value | undefined,
  scope: Scope,
): DeploymentRecord {
  return { environment, check, state, url: url === undefined ? undefined : asText(interpolateAll(url, scope)) };
}
