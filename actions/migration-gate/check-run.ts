import { type ActionContext, explain, type Outcome, ServiceError, stripControls, UsageError } from "@augeo/action-kit";
import type { CheckAnnotation, CheckConclusion } from "@augeo/github";
import { headOf } from "./event.ts";
import type { spec } from "./spec.ts";

type Context = ActionContext<typeof spec>;

/** What judging ended with, and what it means for a check run. */
export interface Judged {
  readonly outcome: Outcome<typeof spec>;
  readonly annotations: readonly CheckAnnotation[];
  /** The SQL was read, or run without the project's env.py: found harmless, that is neither a yes nor a no. */
  readonly isUnsure: boolean;
}

/** Reasons that say no whatever the step's colour. */
const conclusionOf = ({ outcome: { reason }, isUnsure }: Judged): CheckConclusion => {
  if (reason !== "sound" && reason !== "safe") return "failure";
  return isUnsure ? "neutral" : "success";
};

const TITLES: Readonly<Partial<Record<CheckConclusion, string>>> = {
  success: "Safe to release",
  failure: "Not safe to release",
  neutral: "Could not be rehearsed as it will run: nothing was found all the same",
};

/** The verdict as a check run of its own, which a branch rule can require. */
export async function reportCheckRun(context: Context, judged: Judged): Promise<void> {
  const conclusion = conclusionOf(judged);
  const { outcome, annotations } = judged;
  const title = outcome.reason === "not-rehearsed" ? "Could not be rehearsed" : (TITLES[conclusion] ?? conclusion);
  await write(context, { conclusion, title, summary: outcome.summary, annotations });
}

/** An error says no too: a required check that never comes would wait for ever. */
export async function reportFailedCheckRun(context: Context, error: unknown): Promise<void> {
  if (context.signal.aborted) return;
  const isOurs = error instanceof UsageError || error instanceof ServiceError;
  const text = isOurs ? explain(error) : String(error);
  const summary = `The migrations could not be judged.\n\n\`\`\`text\n${stripControls(text).replaceAll("```", "'''")}\n\`\`\`\n`;
  await write(context, { conclusion: "failure", title: "Could not be judged", summary, annotations: [] });
}

interface Content {
  readonly conclusion: CheckConclusion;
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
}

/** A token that may not write (a fork's) is no failure of the gate: the log says so, and the job summary says the same. */
async function write(context: Context, content: Content): Promise<void> {
  const { inputs, run, clock, signal, log } = context;
  const name = inputs["check-run-name"];
  if (!inputs["check-run"] || inputs["github-token"] === "") return;
  const { GitHubClient, upsertCheckRun } = await import("@augeo/github");
  const { apiUrl, repository, runUrl } = run;
  const client = new GitHubClient({
    apiUrl,
    repository,
    token: inputs["github-token"],
    clock,
    signal,
    patience: 30_000,
  });
  const key = `augeo migration-gate ${inputs["working-directory"].slice(run.workspace.length)}`;
  try {
    const { url } = await upsertCheckRun(client, { name, key, headSha: headOf(run), detailsUrl: runUrl, ...content });
    log.info(`Check run "${name}": ${content.conclusion}${url === undefined ? "" : ` (${url})`}.`);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.warning(
      `The check run "${name}" was not written; the job summary and this job's own check say the same. ${error.what} ${error.why} Fix: ${error.fix}`,
    );
  }
}
