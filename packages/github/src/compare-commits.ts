import type { CommitRelation } from "@augeo/release";
import type { GitHubClient } from "./client.ts";
import { fieldsOf, textOf } from "./decode.ts";

const RELATIONS: readonly CommitRelation[] = ["ahead", "behind", "identical", "diverged"];

/** How `head` stands to `base`; `unknown` when GitHub does not know one of them. */
export async function compareCommits(client: GitHubClient, base: string, head: string): Promise<CommitRelation> {
  const data = await client.call({
    operation: "compare two commits",
    permission: "contents: read",
    route: "GET /repos/{owner}/{repo}/compare/{basehead}",
    repeatable: true,
    accept: [404],
    // Only the status is read: no page of commits, and no files after the first one.
    parameters: { basehead: `${base}...${head}`, per_page: 1, page: 2 },
  });
  const status = textOf(fieldsOf(data).status);
  return RELATIONS.find((relation) => relation === status) ?? "unknown";
}
