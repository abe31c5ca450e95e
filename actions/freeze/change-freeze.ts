import { type ActionContext, type Outcome, parseDuration, UsageError } from "@augeo/action-kit";
import {
  emptyHead,
  explainUnreadable,
  type Freeze,
  type FreezeChange,
  freezeInForce,
  type Head,
  liftFreeze,
  noteInHead,
  setFreeze,
} from "@augeo/release";
import { wordsOf } from "../slot-swap/ending.ts";
import { openNotes } from "./open-notes.ts";
import type { spec } from "./spec.ts";
import { type FreezeReport, summarise } from "./summary.ts";

type Context = ActionContext<typeof spec>;
type Done = Outcome<typeof spec>;

/** Sets or lifts the freeze, whoever holds the lock. */
export async function changeFreeze(context: Context): Promise<Done> {
  const { inputs } = context;
  const until = endOf(context);
  const ledger = openNotes(context, inputs);
  const fresh = emptyHead(inputs.app, inputs.environment);
  let told: Told = { change: { kind: "nothing" }, isNew: false };
  const noted = await noteInHead(ledger, fresh, (head) => {
    told = { change: decide(context, head, until), isNew: head === fresh };
    return told.change.kind === "write" ? told.change.head : undefined;
  });
  if (noted.kind === "unreadable") return unreadable(context, wordsOf(explainUnreadable(ledger.where, noted)));
  return report(context, told, freezeInForce(noted.head, context.clock.now()));
}

interface Told {
  change: FreezeChange;
  /** There was no ledger of this app and environment yet. */
  isNew: boolean;
}

/** The end in milliseconds, null without one. Throws `UsageError` for an end that is over or no moment at all. */
function endOf({ inputs, clock }: Context): number | null {
  const { until, mode } = inputs;
  if (until === undefined || mode === "lift") return null;
  const now = clock.now();
  const duration = parseDuration(until);
  const end = duration === undefined ? Date.parse(isoOf(until)) : now + duration;
  if (Number.isNaN(end))
    throw new UsageError({
      what: `until: ${until} is no moment.`,
      why: "Its month, day, hour or zone does not exist.",
      fix: "write it as 2026-12-27T08:00Z, or say how long: 4h.",
    });
  if (end > now) return end;
  throw new UsageError({
    what: `until: ${until} is over already.`,
    why: `It is ${new Date(now).toISOString()} now, so this freeze would hold nothing back.`,
    fix: "name a moment to come, or say how long: 4h.",
  });
}

/** `2026-12-27 08:00 +0100` as ISO 8601 writes it; the spec has checked its form. */
const isoOf = (moment: string): string =>
  moment
    .replace(/^(\S{10}) /, "$1T")
    .replace(/\s*UTC$/i, "Z")
    .replace(/\s+(?=[Z+-])/i, "")
    .replace(/([+-]\d\d)(\d\d)$/, "$1:$2");

function decide({ inputs, run, clock }: Context, head: Head, until: number | null): FreezeChange {
  const now = clock.now();
  const { runId, attempt, triggeringActor: actor, runUrl: url } = run;
  const by = { runId, attempt, actor };
  const { reason } = inputs;
  if (inputs.mode === "lift") return liftFreeze(head, reason, by, now);
  return setFreeze(head, { reason, by: actor, url, since: now, until }, by, now);
}

function report(context: Context, { change, isNew }: Told, freeze: Freeze | undefined): Done {
  const { inputs, run, clock } = context;
  const reason = reasonOf(change, inputs.mode);
  const before = change.kind === "write" ? change.before : undefined;
  const { app, environment, reason: why } = inputs;
  const facts = { reason, app, environment, by: run.triggeringActor, why, freeze, before, isNew, now: clock.now() };
  const { message, summary } = summarise(facts);
  const until = freeze?.until == null ? "" : new Date(freeze.until).toISOString();
  return {
    reason,
    message,
    outputs: { frozen: freeze !== undefined, until, by: freeze?.by ?? "" },
    result: { app, environment, freeze: freeze ? { ...freeze } : null, before: before ? { ...before } : null },
    summary,
  };
}

function reasonOf({ kind }: FreezeChange, mode: Context["inputs"]["mode"]): FreezeReport["reason"] {
  if (kind === "longer") return "frozen-longer";
  if (kind === "nothing") return "not-frozen";
  return mode === "lift" ? "lifted" : "frozen";
}

function unreadable({ inputs }: Context, words: { message: string; fix: string }): Done {
  const { app, environment } = inputs;
  const summary = `### ❌ Not changed\n\n${words.message}\n\n**Fix:** ${words.fix}\n`;
  return { reason: "ledger-unreadable", ...words, result: { app, environment }, summary };
}
