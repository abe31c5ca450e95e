import { type ActionContext, type Outcome, UsageError } from "@augeo/action-kit";
import {
  carryOutPlan,
  type DriveResult,
  identify,
  nameOf,
  type ReleaseRecord,
  type SlotsObservation,
} from "@augeo/release";
import { refOf } from "./connection.ts";
import { type Ending, endingOf } from "./ending.ts";
import { policyOf } from "./engine.ts";
import { reportOf } from "./report.ts";
import { bearingsOf, beginRun, giveBack, markEnded, type Session, undoUnfinished } from "./session.ts";
import { type Differences, differencesMarkdown, readDifferences } from "./settings-differences.ts";
import type { spec } from "./spec.ts";
import { summarise } from "./summary.ts";

type Context = ActionContext<typeof spec>;
type Done = Outcome<typeof spec>;

/** Brings what is in the slot into production, once, and back when production is not healthy with it. */
export async function swapSlots(context: Context): Promise<Done> {
  const { inputs, log } = context;
  const opened = await beginRun(context, inputs);
  if (opened.kind === "ended") return outcome(context, opened.ending, opened.result, opened);
  const { session } = opened;
  const differences = await readDifferences(log, session.connection.slots, refOf(inputs));
  const target = await targetOf(context, session);
  if (target.release === identify(session.slots.production)) return alreadyLive(context, session, target);
  const plan = {
    kind: "swap",
    from: "STAGED",
    place: refOf(inputs),
    policy: policyOf(inputs),
    target,
    before: bearingsOf(session),
  } as const;
  const result = await carryOutPlan(session.engine, session.held, plan);
  const ending = endingOf(result);
  await markEnded(context);
  return outcome(context, ending, result, session, differences);
}

export const undoSwap = async (context: Context): Promise<void> => {
  await undoUnfinished(context, context.inputs);
};

/** The slot's release, by its own release file: without one, no one could tell afterwards whether the swap took place. */
async function targetOf(context: Context, session: Session): Promise<ReleaseRecord> {
  const file = await session.connection.slots.releaseFile("staging");
  if (!file) {
    await giveBack(context, session);
    throw notLabelled(context.inputs.slot, session.slots);
  }
  const known = session.held.head.history.find(({ release }) => release === file.release);
  return {
    release: file.release,
    commit: file.commit === "" ? null : file.commit,
    artifact: known?.artifact ?? null,
    schemaHead: file.schemaHead,
    at: context.clock.now(),
  };
}

function notLabelled(slot: string, { production }: SlotsObservation): UsageError {
  return new UsageError({
    what: `Slot ${slot} holds no release: there is no augeo-release.json in its content.`,
    why: `The release file travels with the swap and tells afterwards whether it took place; production runs ${nameOf(identify(production) ?? null)}.`,
    fix: "deploy to the slot with augeo/deploy-action/actions/slot-deploy, which puts the file in, and swap then.",
  });
}

async function alreadyLive(context: Context, session: Session, { release }: ReleaseRecord): Promise<Done> {
  await giveBack(context, session);
  const host = (await session.connection.slots.sites()).production.defaultHostName;
  const message = `Production runs ${release} already, and so does slot ${context.inputs.slot}.`;
  const empty = { facts: [], moments: [], end: context.clock.now(), sessions: [], parts: [] };
  return {
    reason: "already-live",
    message,
    outputs: { "live-release": release, url: `https://${host}` },
    result: { release, live: release },
    summary: summarise({ ...empty, heading: "Nothing to swap", isGood: true, message }),
  };
}

async function outcome(
  context: Context,
  ending: Ending,
  result: DriveResult | undefined,
  run: Pick<Session, "timeline" | "health" | "connection">,
  differences?: Differences,
): Promise<Done> {
  const { app, slot } = context.inputs;
  const report = await reportOf({
    context,
    app,
    ending,
    result,
    run,
    completed: ({ target, before }) => ({
      heading: `${target.release} is live`,
      message: `${target.release} is live; ${nameOf(before?.production ?? null)} is in slot ${slot}.`,
    }),
    parts: [differencesMarkdown(differences)],
  });
  const { reason } = ending;
  if (reason === "completed") return { reason: "swapped", ...report };
  // A leftover of another action can end in its migrations.
  return { reason: reason === "gate" ? "stopped" : reason, ...report };
}
