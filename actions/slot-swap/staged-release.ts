import { type Clock, identify, nameOf, type ReleaseRecord, type SlotsObservation, UsageError } from "@augeo/release";
import { giveBack, type Session, type SessionContext } from "./session.ts";
import { summarise } from "./summary.ts";

type Context = SessionContext & { readonly clock: Clock; readonly inputs: { readonly slot: string } };

export interface Staged {
  target: ReleaseRecord;
  /** SHA-256 of the package, or of the content where the ledger knows no package of it: what an approval is for. */
  sha256: string;
}

/** The slot's release, by its own release file: without one, no one could tell afterwards whether the swap took place. */
export async function stagedRelease(context: Context, session: Session): Promise<Staged> {
  const file = await session.connection.slots.releaseFile("staging");
  if (!file) {
    await giveBack(context, session);
    throw notLabelled(context.inputs.slot, session.slots);
  }
  const known = session.held.head.history.find(({ release }) => release === file.release);
  const artifact = known?.artifact ?? null;
  const target = {
    release: file.release,
    commit: file.commit === "" ? null : file.commit,
    artifact,
    schemaHead: file.schemaHead,
    at: context.clock.now(),
  };
  return { target, sha256: artifact ?? file.content };
}

function notLabelled(slot: string, { production }: SlotsObservation): UsageError {
  return new UsageError({
    what: `Slot ${slot} holds no release: there is no augeo-release.json in its content.`,
    why: `The release file travels with the swap and tells afterwards whether it took place; production runs ${nameOf(identify(production) ?? null)}.`,
    fix: "deploy to the slot with augeo/deploy-action/actions/slot-deploy, which puts the file in, and swap then.",
  });
}

/** Production runs the slot's release: the lock is given back, and nothing else is done. */
export async function alreadyLive(context: Context, session: Session, { release }: ReleaseRecord) {
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
  } as const;
}
