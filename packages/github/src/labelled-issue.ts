import type { GitHubClient } from "./client.ts";
import { cutText, fieldsOf, textOf } from "./decode.ts";

const WRITE = "issues: write";
const BODY_LIMIT = 65_536;

export interface LabelledIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
}

export interface IssueText {
  /** By it the issue is found again. Only those who may triage can set it, so nobody else can pose as ours. */
  readonly label: string;
  readonly title: string;
  readonly body: string;
}

/** Writes the one open issue that carries our label: updates it where it exists, else opens it. Its number. */
export async function upsertIssue(client: GitHubClient, { label, title, body }: IssueText): Promise<number> {
  const text = cutText(body, BODY_LIMIT);
  const known = await findIssue(client, label);
  if (known?.body === text && known.title === title) return known.number;
  const data = await client.call({
    operation: known ? "update the issue" : "open an issue",
    permission: WRITE,
    route: known ? "PATCH /repos/{owner}/{repo}/issues/{issue_number}" : "POST /repos/{owner}/{repo}/issues",
    repeatable: known !== undefined,
    parameters: { title, body: text, ...(known ? { issue_number: known.number } : { labels: [label] }) },
  });
  return issueOf(data).number;
}

/** The oldest open issue that carries our label. */
export async function findIssue(client: GitHubClient, label: string): Promise<LabelledIssue | undefined> {
  const data = await client.call({
    operation: "look for the issue",
    permission: "issues: read",
    route: "GET /repos/{owner}/{repo}/issues",
    repeatable: true,
    parameters: { state: "open", labels: label, sort: "created", direction: "asc", per_page: 20 },
  });
  const issues: readonly unknown[] = Array.isArray(data) ? data : [];
  // GitHub lists pull requests among the issues.
  const found = issues.find((issue) => fieldsOf(issue).pull_request === undefined);
  return found === undefined ? undefined : issueOf(found);
}

export async function closeIssue(client: GitHubClient, number: number): Promise<void> {
  await client.call({
    operation: "close the issue",
    permission: WRITE,
    route: "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
    repeatable: true,
    parameters: { issue_number: number, state: "closed", state_reason: "completed" },
  });
}

/** @throws TypeError when GitHub's answer has no number: its API has changed. */
function issueOf(data: unknown): LabelledIssue {
  const { number, title, body } = fieldsOf(data);
  if (typeof number !== "number") throw new TypeError("GitHub's answer carries no issue number");
  return { number, title: textOf(title) ?? "", body: textOf(body) ?? "" };
}
