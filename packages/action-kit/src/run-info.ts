import { readFileSync } from "node:fs";
import type { Environment } from "./parse-inputs.ts";
import type { Json } from "./spec.ts";

/** The workflow run this action is part of, from the runner's variables. Empty texts and zeros outside a run. */
export interface RunInfo {
  /** `owner/name`. */
  readonly repository: string;
  readonly sha: string;
  readonly ref: string;
  readonly runId: string;
  readonly attempt: number;
  readonly actor: string;
  /** Who started this attempt: on a re-run it need not be who started the run. */
  readonly triggeringActor: string;
  readonly workflow: string;
  readonly job: string;
  readonly eventName: string;
  /** `https://github.com`. */
  readonly serverUrl: string;
  readonly apiUrl: string;
  /** Page of this attempt of the run. */
  readonly runUrl: string;
  readonly workspace: string;
  /** Emptied by the runner after the job. */
  readonly tempFolder: string;
  /** The ref under which this action was used: `v1`, a commit, `main`. Empty for a local action. */
  readonly actionRef: string;
  readonly debug: boolean;
  /** The event that started the run; null when there is no readable event file. */
  event(): Json;
}

export function readRunInfo(env: Environment): RunInfo {
  const text = (name: string, fallback = ""): string => env[name] ?? fallback;
  const serverUrl = text("GITHUB_SERVER_URL", "https://github.com");
  const attempt = Number(text("GITHUB_RUN_ATTEMPT", "1")) || 1;
  const run = `${serverUrl}/${text("GITHUB_REPOSITORY")}/actions/runs/${text("GITHUB_RUN_ID")}`;
  return {
    repository: text("GITHUB_REPOSITORY"),
    sha: text("GITHUB_SHA"),
    ref: text("GITHUB_REF"),
    runId: text("GITHUB_RUN_ID"),
    attempt,
    actor: text("GITHUB_ACTOR"),
    triggeringActor: text("GITHUB_TRIGGERING_ACTOR", text("GITHUB_ACTOR")),
    workflow: text("GITHUB_WORKFLOW"),
    job: text("GITHUB_JOB"),
    eventName: text("GITHUB_EVENT_NAME"),
    serverUrl,
    apiUrl: text("GITHUB_API_URL", "https://api.github.com"),
    runUrl: attempt > 1 ? `${run}/attempts/${attempt}` : run,
    workspace: text("GITHUB_WORKSPACE", process.cwd()),
    tempFolder: text("RUNNER_TEMP", process.env.TMPDIR ?? "/tmp"),
    actionRef: text("GITHUB_ACTION_REF"),
    debug: text("RUNNER_DEBUG") === "1",
    event: () => readEvent(text("GITHUB_EVENT_PATH")),
  };
}

function readEvent(path: string): Json {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Json;
  } catch {
    return null;
  }
}
