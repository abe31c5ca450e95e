import type { ActionContext } from "@augeo/action-kit";
import { compareCommits, GitHubClient } from "@augeo/github";
import { commitsToCompare, isStale, type ReleaseRecord, ServiceError } from "@augeo/release";
import type { RunContext } from "../slot-swap/connection.ts";
import type { spec } from "./spec.ts";

/**
 * The live release whose commit contains this run's, if there is one: letting the older commit out would take the newer
 * one back. Asked under the lock, so that what is live stays live meanwhile.
 */
export async function findNewerLive(
  context: ActionContext<typeof spec>,
  live: ReleaseRecord | null,
  commit: string,
): Promise<ReleaseRecord | undefined> {
  const { inputs, run } = context;
  if (inputs["allow-stale"] || inputs["github-token"] === "") return undefined;
  const pair = commitsToCompare(live, { commit, event: run.eventName, attempt: run.attempt });
  if (pair === undefined || live === null) return undefined;
  return isStale(await relationOf(context, inputs["github-token"], pair)) ? live : undefined;
}

/** Whoever may not ask, or gets no answer, releases: a guard that cannot see must not stop a release. */
async function relationOf(
  { log, run, clock, signal }: RunContext,
  token: string,
  { live, ours }: { live: string; ours: string },
): ReturnType<typeof compareCommits> {
  const { apiUrl, repository } = run;
  const client = new GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
  try {
    return await compareCommits(client, live, ours);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.notice(`Whether production runs a newer commit could not be asked. ${error.why} Fix: ${error.fix}`);
    return "unknown";
  }
}
