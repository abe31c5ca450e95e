import { ServiceError } from "@augeo/action-kit";
import { findOpenDeployments, GitHubClient, setDeploymentStatus } from "@augeo/github";
import { type Head, isOver } from "@augeo/release";
import { lostStatus } from "../release/github-deployment.ts";
import { askRun } from "../slot-swap/hold-lock.ts";
import type { Work } from "./act.ts";

/**
 * Ends what GitHub shows as under way of runs that are over. It needs no lock, since each one's run is asked about; and
 * it is not what is released: a token that may not do it earns a warning. `head`: the ledger as it was left.
 */
export async function endLostDeployments({ context, inputs, findings }: Work, head: Head | undefined): Promise<void> {
  const { run, clock, signal, log } = context;
  const { "github-token": token, app, environment, "dry-run": isDry } = inputs;
  if (token === "") return;
  const { apiUrl, repository, runUrl: logUrl } = run;
  const isSettled = head !== undefined && isOver(head.rollout) && head.rollout?.phase !== "NEEDS_HUMAN";
  const client = new GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
  try {
    for (const { id, release, runId, attempt } of await findOpenDeployments(client, { environment, app })) {
      if (runId === "" || (await askRun(context, { repository, runId, attempt }, token)) !== "over") continue;
      const what = `ended the GitHub deployment ${id} of ${release}: its run is over`;
      const status = lostStatus(isSettled && head.live?.release === release);
      if (!isDry) await setDeploymentStatus(client, id, { ...status, logUrl });
      findings.push(
        isDry ? { kind: "would", what: `Would have ${what}.` } : { kind: "done", what: `E${what.slice(1)}.` },
      );
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof ServiceError)) throw error;
    log.warning(`GitHub deployments of lost runs were not ended. ${error.what} ${error.why} Fix: ${error.fix}`);
  }
}
