import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ActionContext, ServiceError } from "@augeo/action-kit";
import { type GateReport, renderComment, renderSarif, reportJson } from "@augeo/migrations";
import { pullRequestOf } from "./event.ts";
import type { spec } from "./spec.ts";

type Context = ActionContext<typeof spec>;

/** Files for later steps: upload-sarif, and the whole report as an artifact. */
export interface ReportFiles {
  readonly sarif: string;
  readonly report: string;
  /** The same in words, uncut. */
  readonly "report-markdown": string;
}

export async function writeReports(report: GateReport, { run }: Context): Promise<ReportFiles> {
  const write = async (extension: string, text: string): Promise<string> => {
    const path = join(run.tempFolder, `migration-gate.${extension}`);
    await writeFile(path, text);
    return path;
  };
  return {
    sarif: await write("sarif", JSON.stringify(renderSarif(report, "1"))),
    report: await write("json", JSON.stringify(reportJson(report))),
    "report-markdown": await write("md", renderComment(report, { limit: Number.POSITIVE_INFINITY })),
  };
}

/** One comment on the pull request, written anew by each run. A fork's token may not write: the summary says the same. */
export async function commentOnPullRequest(report: GateReport, context: Context, key: string): Promise<void> {
  const { run, inputs, clock, signal, log } = context;
  const number = pullRequestOf(run);
  if (number === undefined || !inputs.comment || inputs["github-token"] === undefined) return;
  const { GitHubClient, upsertComment } = await import("@augeo/github");
  const { apiUrl, repository } = run;
  const client = new GitHubClient({
    apiUrl,
    repository,
    token: inputs["github-token"],
    clock,
    signal,
    patience: 15_000,
  });
  try {
    await upsertComment(client, number, `migration-gate ${key}`, renderComment(report, { key, limit: 65_000 }));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.info(`The pull request got no comment, the job summary says the same: ${error.what} ${error.why}`);
  }
}
