import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "@augeo/release";
import type { Environment } from "./python-environment.ts";

/** The project as it stands on the branch that a change goes to. */
export interface Base {
  commit: string;
  /** Files of the work tree that are not as in the base, new ones included, from the given directory. */
  changed: readonly string[];
  /** Files that the branch itself changed since, from the given directory: empty where it has not moved. */
  moved: readonly string[];
  /** Lays the base (or the branch as it stands now) out beside the work tree, and says where the project's folder is in it; it may not exist there. */
  layOut(which?: "base" | "tip"): Promise<{ directory: string; remove(): Promise<void> }>;
}

/** The standard output of a program. Rejects with what it wrote to its standard error. */
async function run(program: string, args: string[]): Promise<string> {
  const { getExecOutput } = await import("@actions/exec");
  const { exitCode, stdout, stderr } = await getExecOutput(program, args, { silent: true, ignoreReturnCode: true });
  if (exitCode !== 0) throw new Error(stderr.trim() || `${program} ended with ${exitCode}`);
  return stdout;
}

/**
 * Finds the merge base of HEAD and `since`. Without `since`: of a pull request its base branch, and otherwise nothing,
 * for then there is no base.
 * @throws UsageError when the base is not in the clone.
 */
export async function findBase(
  directory: string,
  since: string | undefined,
  env: Environment,
): Promise<Base | undefined> {
  const git = async (...args: string[]): Promise<string> => (await run("git", ["-C", directory, ...args])).trim();
  const ref = since ?? (await pullRequestBase(env, git));
  if (ref === undefined) return undefined;
  const commit = await mergeBase(ref, git);
  const [changed, untracked, tip] = await Promise.all([
    git("diff", "--name-only", "--relative", commit),
    git("ls-files", "--others", "--exclude-standard"),
    git("rev-parse", `${ref}^{commit}`),
  ]);
  const moved = tip === commit ? "" : await git("diff", "--name-only", "--relative", commit, tip);
  return {
    commit,
    changed: [...lines(changed), ...lines(untracked)],
    moved: lines(moved),
    layOut: (which = "base") => layOut(which === "base" ? commit : tip, git),
  };
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

async function layOut(commit: string, git: Git): Promise<{ directory: string; remove(): Promise<void> }> {
  const prefix = await git("rev-parse", "--show-prefix");
  const top = await git("rev-parse", "--show-toplevel");
  const folder = await mkdtemp(join(tmpdir(), "augeo-base-"));
  const archive = join(folder, "base.tar");
  await run("git", ["-C", top, "archive", "--format=tar", "-o", archive, commit]);
  await run("tar", ["-xf", archive, "-C", folder]);
  return { directory: join(folder, prefix), remove: () => rm(folder, { recursive: true, force: true }) };
}

type Git = (...args: string[]) => Promise<string>;

/** actions/checkout checks out the merge of a pull request: its first parent is the base branch. */
async function pullRequestBase(env: Environment, git: Git): Promise<string | undefined> {
  const branch = env.GITHUB_BASE_REF;
  if (branch === undefined || branch === "") return undefined;
  const parents = await git("log", "-1", "--format=%P").catch(() => "");
  return parents.split(" ").length === 2 ? "HEAD^1" : `origin/${branch}`;
}

async function mergeBase(ref: string, git: Git): Promise<string> {
  try {
    return await git("merge-base", ref, "HEAD");
  } catch (cause) {
    throw new UsageError({
      what: `The base ${ref} is not in this clone, so the new revisions cannot be told from the old ones.`,
      why: cause instanceof Error ? (cause.message.split("\n")[0] ?? cause.message) : String(cause),
      fix: "Give actions/checkout fetch-depth: 0, or set since to a branch, tag or commit that is there.",
      cause,
    });
  }
}
