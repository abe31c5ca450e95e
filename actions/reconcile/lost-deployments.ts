import { ServiceError } from "@augeo/action-kit";
import { findOpenDeployments, GitHubClient, setDeploymentStatus } from "@augeo/github";
import { askRun } from "../slot-swap/hold-lock.ts";
import type { Work } from "./act.ts";

const DESCRIPTION = "Its run ended without a word; the reconciler looked after what it left";

/**
 * Ends what GitHub shows as under way of runs that are over. It needs no lock, since each one's run is asked about; and
 * it is not what is released: a token that may not do it earns a warning.
 */
export async function endLostDeployments({ context, inputs, findings }: Work): Promise<void> {
  const { run, clock, signal, log } = context;
  const { "github-token": token, app, environment, "dry-run": isDry } = inputs;
  if (token === "") return;
  const { apiUrl, repository, runUrl: logUrl } = run;
  const client = new GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
  try {
    for (const { id, release, runId, attempt } of await findOpenDeployments(client, { environment, app })) {
      if (runId === "" || (await askRun(context, { repository, runId, attempt }, token)) !== "over") continue;
      const what = `ended the GitHub deployment ${id} of ${release}: its run is over`;
      if (!isDry) await setDeploymentStatus(client, id, { state: "error", description: DESCRIPTION, logUrl });
      findings.push(
        isDry ? { kind: "would", what: `Would have ${what}.` } : { kind: "done", what: `E${what.slice(1)}.` },
      );
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof ServiceError)) throw error;
    log.warning(`GitHub deployments of lost runs were not ended. ${error.what} ${error.why} Fix: ${error.fix}`);
  }
}
