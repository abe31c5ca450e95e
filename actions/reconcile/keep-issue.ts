import { closeIssue, findIssue, GitHubClient, upsertIssue } from "@augeo/github";
import { plain } from "@augeo/migrations";
import type { RunContext } from "../slot-swap/connection.ts";
import type { Report } from "./finding.ts";

const LABEL = "release-needs-person";
const TITLE = "A release needs a person";

/** Opens or updates the one issue while a person is needed, and closes it once nobody is. Its number, if there is one. */
export async function keepIssue(
  { run, clock, signal }: RunContext,
  token: string,
  reports: readonly Report[],
): Promise<number | undefined> {
  const { apiUrl, repository, runUrl } = run;
  const client = new GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
  const isNeeded = reports.some(({ findings }) => findings.some(({ kind }) => kind === "person"));
  if (isNeeded) return upsertIssue(client, { label: LABEL, title: TITLE, body: issueBody(reports, runUrl) });
  const open = await findIssue(client, LABEL);
  if (open) await closeIssue(client, open.number);
  return open?.number;
}

/** Text of the ledger and of Azure may hold anything: as `plain` it can name nobody and link nowhere. */
export function issueBody(reports: readonly Report[], runUrl: string): string {
  const parts = reports.flatMap(({ name, findings }) => {
    const grave = findings.filter(({ kind }) => kind === "person");
    if (grave.length === 0) return [];
    const lines = grave.map(
      ({ what, fix }) => `- ${plain(what)}${fix === undefined ? "" : `\n  **Fix:** ${plain(fix)}`}`,
    );
    return [`### ${plain(name)}`, ...lines];
  });
  return [...parts, `Seen by ${runUrl}. This issue is updated by every run, and closed once nobody is needed.`].join(
    "\n\n",
  );
}
