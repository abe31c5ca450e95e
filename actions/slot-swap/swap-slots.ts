import { type ActionContext, type Outcome, UsageError } from "@augeo/action-kit";
import {
  carryOutPlan,
  type DriveResult,
  identify,
  nameOf,
  type Plan,
  type ReleaseRecord,
  type SlotsObservation,
} from "@augeo/release";
import { type Ending, endingOf, liveAfter } from "./ending.ts";
import { policyOf } from "./engine.ts";
import { giveBack, markEnded, openSession, type Session, undoUnfinished } from "./session.ts";
import { type Differences, differencesMarkdown, readDifferences } from "./settings-differences.ts";
import type { spec } from "./spec.ts";
import { summarise } from "./summary.ts";

type Context = ActionContext<typeof spec>;
type Done = Outcome<typeof spec>;

/** Brings what is in the slot into production, once, and back when production is not healthy with it. */
export async function swapSlots(context: Context): Promise<Done> {
  const { inputs } = context;
  const opened = await openSession(context, inputs);
  if (opened.kind === "ended") {
    await markEnded(context);
    return outcome(context, { ending: opened.ending, result: opened.result, opened });
  }
  const { session } = opened;
  const ref = { app: inputs.app, resourceGroup: inputs["resource-group"], slot: inputs.slot };
  const differences = await readDifferences(context.log, session.connection.slots, ref);
  const target = await targetOf(context, session);
  if (target.release === identify(session.slots.production)) return alreadyLive(context, session, target);
  const result = await carryOutPlan(session.engine, session.held, planOf(context, target));
  const ending = endingOf(result);
  await markEnded(context);
  return outcome(context, { ending, result, opened: session, differences });
}

export const undoSwap = async (context: Context): Promise<void> => {
  await undoUnfinished(context, context.inputs);
};

function planOf({ inputs }: Context, target: ReleaseRecord): Plan {
  const place = { app: inputs.app, resourceGroup: inputs["resource-group"], slot: inputs.slot };
  return { kind: "swap", from: "STAGED", place, policy: policyOf(inputs), target };
}

/** The slot's release, by its own release file: without one, no one could tell afterwards whether the swap took place. */
async function targetOf(context: Context, session: Session): Promise<ReleaseRecord> {
  const file = await session.connection.slots.releaseFile("staging");
  if (file) {
    const known = session.held.head.history.find(({ release }) => release === file.release);
    return {
      release: file.release,
      commit: file.commit === "" ? null : file.commit,
      artifact: known?.artifact ?? null,
      schemaHead: file.schemaHead,
      at: context.clock.now(),
    };
  }
  await giveBack(context, session);
  await markEnded(context);
  throw notLabelled(context.inputs.slot, session.slots);
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
  await markEnded(context);
  const host = (await session.connection.slots.sites()).production.defaultHostName;
  const message = `Production runs ${release} already, and so does slot ${context.inputs.slot}.`;
  return {
    reason: "already-live",
    message,
    outputs: { "live-release": release, url: `https://${host}` },
    result: { release, live: release },
    summary: summarise({ ...emptyReport(context), heading: "Nothing to swap", isGood: true, message }),
  };
}

const emptyReport = ({ clock }: Context) => ({ facts: [], moments: [], end: clock.now(), sessions: [], parts: [] });

interface Report {
  ending: Ending;
  result?: DriveResult | undefined;
  opened: Pick<Session, "timeline" | "health"> & Partial<Session>;
  differences?: Differences | undefined;
}

async function outcome(context: Context, { ending, result, opened, differences }: Report): Promise<Done> {
  const { inputs, clock } = context;
  const rollout = result?.rollout;
  const live = rollout ? liveAfter(rollout) : undefined;
  const previous = rollout?.before?.production ?? null;
  const isGood = ending.reason === "completed";
  const message = isGood
    ? `${rollout?.target.release} is live; ${nameOf(previous)} is in slot ${inputs.slot}.`
    : ending.message;
  const heading = isGood ? `${rollout?.target.release} is live` : headingOf(ending);
  const host = opened.connection ? (await opened.connection.slots.sites()).production.defaultHostName : undefined;
  return {
    reason: ending.reason === "completed" ? "swapped" : ending.reason,
    message,
    ...(ending.fix === undefined ? {} : { fix: ending.fix }),
    outputs: {
      "live-release": live ?? "",
      "previous-release": previous ?? "",
      ...(host === undefined ? {} : { url: `https://${host}` }),
    },
    result: {
      release: rollout?.target.release ?? null,
      phase: rollout?.phase ?? null,
      live: live ?? null,
      previous,
      reason: rollout?.reason ? { ...rollout.reason } : null,
      timeline: opened.timeline.moments.map((moment) => ({ ...moment })),
    },
    summary: summarise({
      heading,
      isGood,
      message,
      fix: ending.fix,
      facts: [
        ["App", inputs.app],
        ["Live now", live === undefined ? "look: not certain" : nameOf(live)],
        ["Before", nameOf(previous)],
      ],
      moments: opened.timeline.moments,
      end: clock.now(),
      sessions: opened.health.sessions,
      parts: [differencesMarkdown(differences)],
    }),
  };
}

const HEADINGS: Partial<Record<Ending["reason"], string>> = {
  unhealthy: "Unhealthy in production: swapped back",
  "unhealthy-slot": "Unhealthy in the slot: not swapped",
  "needs-human": "A person has to look",
  locked: "Locked by another run",
  "swap-refused": "Azure refused the swap",
};

const headingOf = ({ reason }: Ending) => HEADINGS[reason] ?? `Not swapped: ${reason}`;
