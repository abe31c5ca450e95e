import type { GitHubClient } from "./client.ts";
import { cutText, idOf } from "./decode.ts";

export type CheckConclusion =
  | "success"
  | "failure"
  | "neutral"
  | "cancelled"
  | "skipped"
  | "timed_out"
  | "action_required";

export interface CheckAnnotation {
  /** From the repository's root. */
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title?: string;
}

export interface CheckRun {
  readonly name: string;
  readonly headSha: string;
  readonly conclusion: CheckConclusion;
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly annotations?: readonly CheckAnnotation[];
  readonly detailsUrl?: string;
}

const PERMISSION = "checks: write";
/** GitHub takes this many annotations in one request; the rest follow by updates. */
const ANNOTATIONS_AT_ONCE = 50;
const SUMMARY_LIMIT = 65_535;

/** Writes a completed check run with all its annotations, and returns its id. */
export async function writeCheckRun(client: GitHubClient, run: CheckRun): Promise<number> {
  const annotations = (run.annotations ?? []).map(annotationBody);
  const output = { title: cutText(run.title, 255), summary: cutText(run.summary, SUMMARY_LIMIT) };
  const data = await client.call({
    operation: "create a check run",
    permission: PERMISSION,
    route: "POST /repos/{owner}/{repo}/check-runs",
    repeatable: false,
    parameters: {
      name: run.name,
      head_sha: run.headSha,
      status: "completed",
      conclusion: run.conclusion,
      output: { ...output, annotations: annotations.slice(0, ANNOTATIONS_AT_ONCE) },
      ...(run.detailsUrl === undefined ? {} : { details_url: run.detailsUrl }),
    },
  });
  const id = idOf(data);
  for (let from = ANNOTATIONS_AT_ONCE; from < annotations.length; from += ANNOTATIONS_AT_ONCE) {
    await addAnnotations(client, id, output, annotations.slice(from, from + ANNOTATIONS_AT_ONCE));
  }
  return id;
}

/** Updates append annotations, so a repeated one would show them twice. */
async function addAnnotations(
  client: GitHubClient,
  id: number,
  output: { title: string; summary: string },
  annotations: readonly object[],
): Promise<void> {
  await client.call({
    operation: "add annotations to a check run",
    permission: PERMISSION,
    route: "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
    repeatable: false,
    parameters: { check_run_id: id, output: { ...output, annotations } },
  });
}

function annotationBody({ path, startLine, endLine, level, message, title }: CheckAnnotation): object {
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    annotation_level: level,
    message: cutText(message, 16_000),
    ...(title === undefined ? {} : { title: cutText(title, 255) }),
  };
}
