import type { GitHubClient } from "./client.ts";
import { fieldsOf, textOf } from "./decode.ts";

/**
 * Whether the run that holds a lock still works: `gone` when GitHub no longer knows it, `hidden` when the token may not
 * see the repository at all, which GitHub answers in the same way.
 */
export type RunLiveness =
  | { readonly kind: "running"; readonly status: string; readonly url: string | undefined }
  | { readonly kind: "ended"; readonly conclusion: string; readonly url: string | undefined }
  | { readonly kind: "gone" }
  | { readonly kind: "hidden" };

/** Looks up one attempt of a run: a re-run has the same id, so the attempt decides. */
export async function readRunLiveness(client: GitHubClient, runId: string, attempt: number): Promise<RunLiveness> {
  const data = await client.call({
    operation: "read a workflow run",
    permission: "actions: read",
    route: "GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}",
    repeatable: true,
    accept: [404],
    parameters: { run_id: Number(runId), attempt_number: attempt },
  });
  if (data === undefined) return { kind: (await isVisible(client)) ? "gone" : "hidden" };
  const { status, conclusion, html_url: url } = fieldsOf(data);
  const words = textOf(status) ?? "unknown";
  if (words !== "completed") return { kind: "running", status: words, url: textOf(url) };
  return { kind: "ended", conclusion: textOf(conclusion) ?? "unknown", url: textOf(url) };
}

async function isVisible(client: GitHubClient): Promise<boolean> {
  const repository = await client.call({
    operation: "read the repository",
    permission: "metadata: read",
    route: "GET /repos/{owner}/{repo}",
    repeatable: true,
    accept: [404],
  });
  return repository !== undefined;
}
