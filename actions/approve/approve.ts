import { type ActionContext, type Outcome, ServiceError, UsageError } from "@augeo/action-kit";
import { GitHubClient, mayWrite } from "@augeo/github";
import {
  type Deciding,
  decideApproval,
  type Explanation,
  emptyHead,
  explainUnreadable,
  type Head,
  type Lift,
  type Lifting,
  liftHold,
  noteInHead,
} from "@augeo/release";
import { openNotes } from "../freeze/open-notes.ts";
import { wordsOf } from "../slot-swap/ending.ts";
import type { spec } from "./spec.ts";
import { refusalSummary, summarise, summariseHold } from "./summary.ts";

type Context = ActionContext<typeof spec>;
type Done = Outcome<typeof spec>;

/** Records what a person decided; whoever leads the release, or takes it up, reads it in the ledger. */
export async function approve(context: Context): Promise<Done> {
  const { inputs } = context;
  demandDispatch(context);
  const refusal = await accessRefusal(context);
  if (refusal) return refused(context, "no-access", refusal);
  const { decision } = inputs;
  return decision === "approve" || decision === "reject"
    ? decideOnApproval(context, decision)
    : decideOnHold(context, decision);
}

async function decideOnApproval(context: Context, how: "approve" | "reject"): Promise<Done> {
  let deciding: Deciding | undefined;
  const unreadable = await note(context, (head) => {
    deciding = decideApproval(head, wordOf(context, how), authorOf(context), context.clock.now());
    return deciding.kind === "decided" ? deciding.head : undefined;
  });
  if (unreadable) return unreadable;
  if (!deciding) throw new Error("the ledger was read and nothing decided");
  if (deciding.kind === "refused") return refused(context, deciding.code, deciding.explanation);
  return decided(context, deciding, how);
}

/** What becomes of a canary on hold: the engine's word for it, and the reason of this action. */
const HOLDS = {
  promote: { how: "promote", reason: "promoted" },
  abort: { how: "abort", reason: "aborted" },
  "judge-again": { how: "judge", reason: "judged-again" },
} as const;

async function decideOnHold(context: Context, decision: keyof typeof HOLDS): Promise<Done> {
  const { inputs, run, clock } = context;
  const { how, reason } = HOLDS[decision];
  let lifting: Lifting | undefined;
  const unreadable = await note(context, (head) => {
    const lift: Lift = { how, by: run.triggeringActor, at: clock.now(), why: inputs.why ?? "" };
    lifting = liftHold(head, inputs.release, lift, authorOf(context));
    return lifting.kind === "lifted" ? lifting.head : undefined;
  });
  if (unreadable) return unreadable;
  if (!lifting) throw new Error("the ledger was read and nothing decided");
  if (lifting.kind === "refused") return refused(context, "not-on-hold", lifting.explanation);
  const { head, kind } = lifting;
  const hold = head.rollout?.hold;
  return {
    reason: kind === "already" ? "already-decided" : reason,
    ...summariseHold(head, kind === "lifted"),
    outputs: { by: hold?.lift?.by ?? "", artifact: head.rollout?.target.artifact ?? "" },
    result: { ...placeOf(context), hold: hold ? { ...hold, lift: hold.lift && { ...hold.lift } } : null },
  };
}

/** Writes into the ledger what `move` makes of its head; how it ended where the ledger cannot be read. */
async function note(context: Context, move: (head: Head) => Head | undefined): Promise<Done | undefined> {
  const { inputs } = context;
  const ledger = openNotes(context, inputs);
  const noted = await noteInHead(ledger, emptyHead(inputs.app, inputs.environment), move);
  if (noted.kind !== "unreadable") return undefined;
  return refused(context, "ledger-unreadable", explainUnreadable(ledger.where, noted));
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

const wordOf = ({ inputs, run }: Context, how: "approve" | "reject") => ({
  release: inputs.release,
  how,
  by: run.triggeringActor,
  why: inputs.why ?? "",
  url: run.runUrl,
  package: inputs.package,
});

const authorOf = ({ run: { runId, attempt, triggeringActor: actor } }: Context) => ({ runId, attempt, actor });

const placeOf = ({ inputs: { app, environment, release } }: Context) => ({ app, environment, release });

function decided(
  { inputs, run }: Context,
  { kind, approval }: Exclude<Deciding, { kind: "refused" }>,
  how: "approve" | "reject",
): Done {
  const by = approval.decision?.by ?? run.triggeringActor;
  const word = how === "approve" ? "approved" : "rejected";
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

function refused(context: Context, reason: Done["reason"], explanation: Explanation): Done {
  return {
    reason,
    ...wordsOf(explanation),
    result: placeOf(context),
    summary: refusalSummary(explanation),
  };
}
