import { type ActionContext, type Outcome, ServiceError, UsageError } from "@augeo/action-kit";
import { GitHubClient, mayWrite } from "@augeo/github";
import {
  type Deciding,
  decideApproval,
  type Explanation,
  emptyHead,
  explainUnreadable,
  noteInHead,
} from "@augeo/release";
import { openNotes } from "../freeze/open-notes.ts";
import { wordsOf } from "../slot-swap/ending.ts";
import type { spec } from "./spec.ts";
import { refusalSummary, summarise } from "./summary.ts";

type Context = ActionContext<typeof spec>;
type Done = Outcome<typeof spec>;

/** Records what a person decided; whoever leads the release, or takes it up, reads it in the ledger. */
export async function approve(context: Context): Promise<Done> {
  const { inputs } = context;
  demandDispatch(context);
  const refusal = await accessRefusal(context);
  if (refusal) return refused(context, "no-access", refusal);
  const ledger = openNotes(context, inputs);
  let deciding: Deciding | undefined;
  const noted = await noteInHead(ledger, emptyHead(inputs.app, inputs.environment), (head) => {
    deciding = decideApproval(head, wordOf(context), authorOf(context), context.clock.now());
    return deciding.kind === "decided" ? deciding.head : undefined;
  });
  if (noted.kind === "unreadable") return refused(context, "ledger-unreadable", explainUnreadable(ledger.where, noted));
  if (!deciding) throw new Error("the ledger was read and nothing decided");
  if (deciding.kind === "refused") return refused(context, deciding.code, deciding.explanation);
  return decided(context, deciding);
}

/** Only a person who starts a workflow by hand can be taken to have decided something. */
function demandDispatch({ run }: Context): void {
  if (run.eventName === "workflow_dispatch") return;
  throw new UsageError({
    what: `An approval cannot come from a ${run.eventName || "run without an event"}.`,
    why: "Whoever started this run need not have meant to approve anything.",
    fix: "run this action in a workflow with on: workflow_dispatch, and start it by hand.",
  });
}

/** Why this actor may not decide; GitHub lets only those start a workflow who may write, so silence is no refusal. */
async function accessRefusal({ run, inputs, clock, signal, log }: Context): Promise<Explanation | undefined> {
  const { apiUrl, repository, triggeringActor: login } = run;
  if (login.endsWith("[bot]"))
    return {
      what: `${login} is no person, and may not decide on a release.`,
      why: "An approval says that a human being looked.",
      fix: "Start the workflow by hand.",
    };
  const client = new GitHubClient({
    apiUrl,
    token: inputs["github-token"],
    repository,
    clock,
    signal,
    patience: 15_000,
  });
  try {
    if (inputs["github-token"] === "" || (await mayWrite(client, login))) return undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.notice(`Whether ${login} may write to ${repository} could not be asked. ${error.why}`);
    return undefined;
  }
  return {
    what: `${login} may not write to ${repository}, and so may not decide on its releases.`,
    why: "GitHub says so.",
    fix: "Ask somebody with write access to start the workflow.",
  };
}

const wordOf = ({ inputs, run }: Context) => ({
  release: inputs.release,
  how: inputs.decision,
  by: run.triggeringActor,
  why: inputs.why ?? "",
  url: run.runUrl,
  package: inputs.package,
});

const authorOf = ({ run: { runId, attempt, triggeringActor: actor } }: Context) => ({ runId, attempt, actor });

function decided({ inputs, run }: Context, { kind, approval }: Exclude<Deciding, { kind: "refused" }>): Done {
  const by = approval.decision?.by ?? run.triggeringActor;
  const word = inputs.decision === "approve" ? "approved" : "rejected";
  const { app, environment } = inputs;
  const { message, summary } = summarise({ app, environment, word, isNew: kind === "decided", approval });
  return {
    reason: kind === "already" ? "already-decided" : word,
    message,
    outputs: { by, artifact: approval.artifact ?? "" },
    result: { app, environment, approval: { ...approval, decision: approval.decision && { ...approval.decision } } },
    summary,
  };
}

function refused({ inputs }: Context, reason: Done["reason"], explanation: Explanation): Done {
  const { app, environment, release } = inputs;
  return {
    reason,
    ...wordsOf(explanation),
    result: { app, environment, release },
    summary: refusalSummary(explanation),
  };
}
