import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UsageError } from "@augeo/release";
import type { Terminal } from "./terminal.ts";

/** The person's token for GitHub: a variable's, else that of the gh command line. */
export async function githubToken({ env, signal }: Terminal): Promise<string> {
  const given = env.GH_TOKEN || env.GITHUB_TOKEN;
  if (given) return given;
  try {
    const { stdout } = await promisify(execFile)("gh", ["auth", "token"], { env: { ...env }, signal });
    if (stdout.trim() !== "") return stdout.trim();
  } catch (cause) {
    throw notSignedIn(cause);
  }
  throw notSignedIn(undefined);
}

function notSignedIn(cause: unknown): UsageError {
  const isThere = !(cause instanceof Error && "code" in cause && cause.code === "ENOENT");
  return new UsageError({
    what: "You are not signed in to GitHub on this machine.",
    why: isThere
      ? "Neither GH_TOKEN nor the gh command line gave a token."
      : "There is no GH_TOKEN, and the gh command line is not installed, or not on PATH.",
    fix: `${isThere ? "" : "Install it (https://cli.github.com), then: "}gh auth login, or GH_TOKEN with a token that may administer the repository and its environments.`,
    cause,
  });
}
