import type { GitHubClient } from "./client.ts";
import { cutText, fieldsOf, idOf, textOf } from "./decode.ts";

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
  /** Tells the check runs of several projects with one name apart. */
  readonly key: string;
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

/** Which of a commit's check runs of this name is ours: two projects of a repository may share a name. */
interface Known {
  readonly id: number;
  readonly url: string | undefined;
}

/**
 * Writes a completed check run with all its annotations: over that of an earlier run on the same commit, whose
 * annotations it keeps, or, when some of those no longer hold, as a new one that takes its place. GitHub can add
 * annotations to a check run, and take none away.
 * @returns its id and its page
 */
export async function upsertCheckRun(client: GitHubClient, run: CheckRun): Promise<Known> {
  const known = await findCheckRun(client, run);
  const shown = known === undefined ? [] : await listAnnotations(client, known.id);
  const wanted = (run.annotations ?? []).map(annotationBody);
  const keys = new Set(wanted.map(keyOf));
  const isStale = shown.some((one) => !keys.has(keyOf(one)));
  if (known === undefined || isStale) return writeAll(client, run, undefined, wanted);
  const old = new Set(shown.map(keyOf));
  const added = wanted.filter((one) => !old.has(keyOf(one)));
  return writeAll(client, run, known.id, added);
}

type Annotation = Readonly<Record<string, unknown>>;

const keyOf = ({ path, start_line, annotation_level, message }: Annotation): string =>
  JSON.stringify([path, start_line, annotation_level, message]);

async function findCheckRun(client: GitHubClient, { headSha, name, key }: CheckRun): Promise<Known | undefined> {
  const data = await client.call({
    operation: "list the check runs of a commit",
    permission: "checks: read",
    route: "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
    repeatable: true,
    parameters: { ref: headSha, check_name: name, filter: "all", per_page: 100 },
  });
  const { check_runs: runs } = fieldsOf(data);
  const found = (Array.isArray(runs) ? runs : []).find((one) => fieldsOf(one).external_id === key);
  return found === undefined ? undefined : knownOf(found);
}

async function listAnnotations(client: GitHubClient, id: number): Promise<Annotation[]> {
  const found: Annotation[] = [];
  for (let page = 1; ; page++) {
    const data = await client.call({
      operation: "list the annotations of a check run",
      permission: "checks: read",
      route: "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations",
      repeatable: true,
      parameters: { check_run_id: id, per_page: 100, page },
    });
    const part: readonly unknown[] = Array.isArray(data) ? data : [];
    found.push(...part.map(fieldsOf));
    if (part.length < 100) return found;
  }
}

/** The first request completes it; annotations beyond the first 50 follow by updates. */
async function writeAll(
  client: GitHubClient,
  run: CheckRun,
  id: number | undefined,
  annotations: readonly Annotation[],
): Promise<Known> {
  const output = { title: cutText(run.title, 255), summary: cutText(run.summary, SUMMARY_LIMIT) };
  const completed = {
    status: "completed",
    conclusion: run.conclusion,
    output: { ...output, annotations: annotations.slice(0, ANNOTATIONS_AT_ONCE) },
    ...(run.detailsUrl === undefined ? {} : { details_url: run.detailsUrl }),
  };
  const known = id === undefined ? await create(client, run, completed) : await update(client, id, completed);
  for (let from = ANNOTATIONS_AT_ONCE; from < annotations.length; from += ANNOTATIONS_AT_ONCE) {
    const part = annotations.slice(from, from + ANNOTATIONS_AT_ONCE);
    await update(client, known.id, { output: { ...output, annotations: part } });
  }
  return known;
}

async function create(client: GitHubClient, { name, headSha, key }: CheckRun, completed: object): Promise<Known> {
  const data = await client.call({
    operation: "create a check run",
    permission: PERMISSION,
    route: "POST /repos/{owner}/{repo}/check-runs",
    repeatable: false,
    parameters: { name, head_sha: headSha, external_id: key, ...completed },
  });
  return knownOf(data);
}

/** Updates append annotations, so a repeated one would show them twice. */
async function update(client: GitHubClient, id: number, change: object): Promise<Known> {
  const data = await client.call({
    operation: "update a check run",
    permission: PERMISSION,
    route: "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
    repeatable: false,
    parameters: { check_run_id: id, ...change },
  });
  return knownOf(data);
}

const knownOf = (value: unknown): Known => ({ id: idOf(value), url: textOf(fieldsOf(value).html_url) });

function annotationBody({ path, startLine, endLine, level, message, title }: CheckAnnotation): Annotation {
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    annotation_level: level,
    message: cutText(message, 16_000),
    ...(title === undefined ? {} : { title: cutText(title, 255) }),
  };
}
