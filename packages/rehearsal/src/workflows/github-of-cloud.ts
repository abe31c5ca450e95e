import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import type { Cloud } from "../cloud.ts";
import { pythonCommands } from "../python.ts";
import { ConcurrencyGroups } from "./concurrency.ts";
import { type CancelBudget, REAL_CANCEL_BUDGET } from "./step-process.ts";
import type { EnvironmentSetting, GitHubSetting, Trigger } from "./workflow-run.ts";

export interface AppRepository {
  /** A git repository of the app. */
  readonly folder: string;
  readonly environments: Readonly<Record<string, EnvironmentSetting>>;
  readonly immutableSubject?: boolean;
  readonly budget?: CancelBudget;
  /** Of the toolkit's actions, instead of those they declare. */
  readonly defaults?: Readonly<Record<string, string>>;
}

const toolkit = resolve(import.meta.dirname, "../../../..");

/** The GitHub around an app's repository whose workflows reach a rehearsal cloud: with this toolkit, as it is checked out. */
export function githubOf(
  cloud: Cloud,
  { folder, environments, immutableSubject, budget, defaults = {} }: AppRepository,
): GitHubSetting {
  const { repository, repositoryId, ownerId } = cloud.oidc.job;
  cloud.github.state.gitFolder = folder;
  return {
    repository: {
      folder,
      name: repository,
      id: repositoryId,
      ownerId,
      visibility: "private",
      immutableSubject: immutableSubject ?? false,
    },
    environments,
    vars: {},
    secrets: {},
    uses: { repositories: { "augeo/deploy-action": toolkit }, standIns: {}, defaults },
    apiUrl: cloud.endpoints.github,
    token: cloud.github.token,
    issueFor: (job) => cloud.oidc.issueFor(job),
    // Python is the rehearsal's own, with everything installed: pip finds it there and asks nobody.
    machine: {
      NODE_EXTRA_CA_CERTS: cloud.tls.files.ca,
      PATH: `${pythonCommands()}:${process.env.PATH ?? ""}`,
      PIP_NO_INDEX: "1",
      PIP_DISABLE_PIP_VERSION_CHECK: "1",
    },
    node: process.execPath,
    budget: budget ?? REAL_CANCEL_BUDGET,
    groups: new ConcurrencyGroups(),
    recordRun: (runId, state) => cloud.github.state.runs.set(runId, state),
  };
}

/** What a push of the repository's head to main starts. */
export function pushOf({ repository }: GitHubSetting, workflow: string): Trigger {
  const sha = execFileSync("git", ["-C", repository.folder, "rev-parse", "HEAD"], { encoding: "utf8" }).trim();
  return { workflow, event: "push", ref: "refs/heads/main", sha, actor: "octocat" };
}
