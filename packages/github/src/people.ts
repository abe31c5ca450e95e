import type { GitHubClient } from "./client.ts";
import { fieldsOf, textOf } from "./decode.ts";

/** Whether somebody may write to the repository: `write`, `maintain` and `admin` may. */
export async function mayWrite(client: GitHubClient, login: string): Promise<boolean> {
  const data = await client.call({
    operation: "read the access of a person",
    permission: "metadata: read",
    route: "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
    repeatable: true,
    accept: [404],
    parameters: { username: login },
  });
  const word = textOf(fieldsOf(data).permission);
  return word === "admin" || word === "write";
}

/** Login of a commit's author; undefined when GitHub knows no account for it. */
export async function readCommitAuthor(client: GitHubClient, sha: string): Promise<string | undefined> {
  const data = await client.call({
    operation: "read a commit",
    permission: "contents: read",
    route: "GET /repos/{owner}/{repo}/commits/{ref}",
    repeatable: true,
    accept: [404, 422],
    parameters: { ref: sha, per_page: 1, page: 2 },
  });
  return textOf(fieldsOf(fieldsOf(data).author).login);
}
