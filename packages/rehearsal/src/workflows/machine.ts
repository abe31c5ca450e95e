import type { ReadyJob } from "./run-jobs.ts";
import type { RunState } from "./workflow-run.ts";

export const RUN_NUMBER = "1";

/** The variables a fresh machine gives to every step of a job. */
export async function machineOf(ready: ReadyJob, environment: string | undefined): Promise<Record<string, string>> {
  const { frame, permissions, job } = ready;
  const { github, trigger } = frame.state;
  return {
    PATH: process.env.PATH ?? "",
    HOME: "/tmp",
    LANG: "C.UTF-8",
    CI: "true",
    RUNNER_OS: "Linux",
    RUNNER_ARCH: "X64",
    GITHUB_ACTIONS: "true",
    GITHUB_ACTOR: trigger.actor,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_EVENT_NAME: trigger.event,
    GITHUB_JOB: job.id,
    GITHUB_REF: trigger.ref,
    GITHUB_REF_NAME: refName(trigger.ref),
    GITHUB_REF_TYPE: trigger.ref.startsWith("refs/tags/") ? "tag" : "branch",
    GITHUB_REPOSITORY: github.repository.name,
    GITHUB_REPOSITORY_ID: github.repository.id,
    GITHUB_REPOSITORY_OWNER: github.repository.name.split("/")[0] ?? "",
    GITHUB_RUN_ATTEMPT: String(trigger.attempt ?? 1),
    GITHUB_RUN_ID: runIdOf(frame.state),
    GITHUB_RUN_NUMBER: RUN_NUMBER,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_SHA: trigger.sha,
    GITHUB_WORKFLOW: frame.state.trigger.workflow,
    ...github.machine,
    ...(permissions["id-token"] === "write" && trigger.fork !== true ? await idToken(ready, environment) : {}),
  };
}

/** The ID-token endpoint is there only with `id-token: write`. Source: actions/runner. */
async function idToken(ready: ReadyJob, environment: string | undefined): Promise<Record<string, string>> {
  const { github, trigger } = ready.frame.state;
  const { requestUrl, requestToken } = await github.issueFor({
    repository: github.repository.name,
    repositoryId: github.repository.id,
    ownerId: github.repository.ownerId,
    visibility: github.repository.visibility,
    immutableSubject: github.repository.immutableSubject,
    environment,
    event: trigger.event,
    ref: trigger.ref,
    sha: trigger.sha,
    actor: trigger.actor,
    runId: runIdOf(ready.frame.state),
    runAttempt: String(trigger.attempt ?? 1),
    workflowRef: `${github.repository.name}/${trigger.workflow}@${trigger.ref}`,
    jobWorkflowRef: `${github.repository.name}/${ready.frame.file.path}@${trigger.ref}`,
  });
  return { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken };
}

export function refName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags|pull)\//, "");
}

export function runIdOf(state: RunState): string {
  return state.trigger.runId ?? "1001";
}
