import type { GitHubClient } from "./client.ts";
import { cutText, fieldsOf, idOf, textOf } from "./decode.ts";

const PERMISSION = "pull-requests: write";
const BODY_LIMIT = 65_536;
const PAGE = 100;

/**
 * Writes the one comment that carries our marker on an issue or pull request: updates it where it exists, else adds it.
 * @param marker kebab-case name of what the comment shows; it becomes an invisible line of the body.
 * @returns the comment's id.
 */
export async function upsertComment(
  client: GitHubClient,
  issue: number,
  marker: string,
  body: string,
): Promise<number> {
  const line = `<!-- augeo:${marker} -->`;
  const text = `${line}\n${cutText(body, BODY_LIMIT - line.length - 1)}`;
  const known = await findComment(client, issue, line);
  if (known?.body === text) return known.id;
  return known === undefined ? addComment(client, issue, text) : updateComment(client, known.id, text);
}

async function findComment(
  client: GitHubClient,
  issue: number,
  line: string,
): Promise<{ id: number; body: string } | undefined> {
  for (let page = 1; ; page++) {
    const data = await client.call({
      operation: "list the comments",
      permission: "pull-requests: read",
      route: "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
      repeatable: true,
      parameters: { issue_number: issue, per_page: PAGE, page },
    });
    const comments: readonly unknown[] = Array.isArray(data) ? data : [];
    const found = comments.find((comment) => textOf(fieldsOf(comment).body)?.startsWith(line));
    if (found !== undefined) return { id: idOf(found), body: textOf(fieldsOf(found).body) ?? "" };
    if (comments.length < PAGE) return undefined;
  }
}

async function addComment(client: GitHubClient, issue: number, body: string): Promise<number> {
  const data = await client.call({
    operation: "add a comment",
    permission: PERMISSION,
    route: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    repeatable: false,
    parameters: { issue_number: issue, body },
  });
  return idOf(data);
}

async function updateComment(client: GitHubClient, id: number, body: string): Promise<number> {
  await client.call({
    operation: "update a comment",
    permission: PERMISSION,
    route: "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
    repeatable: true,
    parameters: { comment_id: id, body },
  });
  return id;
}
