/** A repository of a few files on a GitHub of its own, without any cloud. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ConcurrencyGroups } from "../../packages/rehearsal/src/workflows/concurrency.ts";
import { REAL_CANCEL_BUDGET } from "../../packages/rehearsal/src/workflows/step-process.ts";
import type { GitHubSetting, Trigger } from "../../packages/rehearsal/src/workflows/workflow-run.ts";
import { startWorkflow, type WorkflowRun } from "../../packages/rehearsal/src/workflows/workflow-runner.ts";

const folders: string[] = [];

/** Removes every repository that was made. */
export function removeRepositories(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A repository with these files, committed once. */
export function repository(files: Record<string, string>): { folder: string; sha: string } {
  const folder = mkdtempSync(join(tmpdir(), "augeo-repository-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@localhost", ...args], {
      encoding: "utf8",
    });
  git("init", "--quiet", "--initial-branch=main");
  git("add", ".");
  git("commit", "--quiet", "--message=first");
  return { folder, sha: git("rev-parse", "HEAD").trim() };
}

export interface Started extends WorkflowRun {
  readonly lines: string[];
}

export function start(
  files: Record<string, string>,
  more: Partial<Trigger> = {},
  setting: Partial<GitHubSetting> = {},
): Started {
  const { folder, sha } = repository(files);
  const lines: string[] = [];
  const github: GitHubSetting = {
    repository: {
      folder,
      name: "octo-org/auction",
      id: "7",
      ownerId: "3",
      visibility: "private",
      immutableSubject: false,
    },
    environments: {},
    vars: { REGION: "westeurope" },
    secrets: { PASSWORD: "hunter2-secret" },
    uses: { repositories: {}, standIns: {} },
    apiUrl: "https://api.github.com",
    token: "ghs_token",
    issueFor: async (job) => ({
      requestUrl: `https://127.0.0.1/id?environment=${job.environment ?? ""}`,
      requestToken: "t",
    }),
    machine: {},
    node: process.execPath,
    budget: REAL_CANCEL_BUDGET,
    groups: new ConcurrencyGroups(),
    ...setting,
  };
  const trigger = {
    workflow: ".github/workflows/main.yml",
    event: "push",
    ref: "refs/heads/main",
    sha,
    actor: "octocat",
  };
  const run = startWorkflow(github, { ...trigger, ...more, onLine: (line) => lines.push(line) });
  return { ...run, lines };
}
