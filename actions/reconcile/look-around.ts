import { optionalText, readConfiguration, readStickyNames } from "@augeo/azure";
import {
  type Drift,
  driftOf,
  type Head,
  type Held,
  identify,
  moveHeld,
  noteSurroundings,
  type SlotsObservation,
  type Surroundings,
} from "@augeo/release";
import { refOf } from "../slot-swap/connection.ts";
import { capital, giveLockBack, takeLock, type Work, would } from "./act.ts";
import type { Finding } from "./finding.ts";

/** Looks at the app while nothing is open: a stray routing rule is removed, what differs from the ledger is reported. */
export async function lookAround(work: Work, held: Held, { mayAct }: { mayAct: boolean }): Promise<Held | undefined> {
  const { slots } = work.connection;
  const [seen, sites, around] = await Promise.all([slots.observe(), slots.sites(), surroundingsOf(work, held.head)]);
  const app = { production: sites.production.state, staging: sites.staging.state, surroundings: around };
  work.findings.push(...driftOf(held.head, seen, app).map(findingOf));
  const { weight } = seen;
  const why = mayAct ? whyKept(held.head, seen) : " until the release is decided on";
  if (weight !== 0 && why !== undefined) work.findings.push(ruleLeft(work, weight, why));
  const after = weight !== 0 && why === undefined ? await removeRule(work, held, weight) : held;
  const isRight = identify(seen.production) === held.head.live?.release;
  return after && mayAct && isRight ? remember(work, after, around) : after;
}

const findingOf = ({ isGrave, what, fix }: Drift): Finding => ({ kind: isGrave ? "person" : "note", what, fix });

/**
 * A rule that sends requests to the release before is somebody's brake on the live one: without it that would get more.
 * Any other one sends them to what is not live for a reason.
 */
function whyKept({ previous }: Head, { staging }: SlotsObservation): string | undefined {
  const isBrake = previous !== null && identify(staging) === previous.release;
  return isBrake
    ? `: it holds ${previous.release}, which was live before, so somebody may have set the rule as a brake`
    : undefined;
}

const ruleLeft = ({ inputs }: Work, weight: number, why: string): Finding => ({
  kind: "person",
  what: `${weight} % of production's requests go to slot ${inputs.slot}. It was left so${why}.`,
  fix: `To stop it now: az webapp traffic-routing clear -g ${inputs["resource-group"]} -n ${inputs.app}`,
});

/** What lies around the live release now. */
async function surroundingsOf({ connection, inputs }: Work, { live }: Head): Promise<Surroundings> {
  const { arm } = connection.slots;
  const ref = refOf(inputs);
  const [configuration, names] = await Promise.all([
    readConfiguration(arm, { ...ref, slot: "production" }),
    readStickyNames(arm, ref),
  ]);
  const sticky = [...names.appSettingNames, ...names.connectionStringNames, ...names.azureStorageConfigNames].sort();
  const healthCheckPath = optionalText(configuration.healthCheckPath) ?? null;
  return { release: live?.release ?? "", sticky, healthCheckPath };
}

/** Removes a rule that no open canary set. It is looked for again under the lock: it may have been a release's own. */
async function removeRule(work: Work, held: Held, weight: number): Promise<Held | undefined> {
  const { connection, inputs, findings } = work;
  const { slots, ledger } = connection;
  const what = `removed the rule that sent ${weight} % of production's requests to slot ${inputs.slot}: no canary is open`;
  if (inputs["dry-run"]) return would(work, held, what);
  const taken = await takeLock(work, held);
  if (!taken || !ledger) return undefined;
  try {
    const isThere = (await slots.observe()).weight !== 0;
    const guard = isThere ? await ledger.guard(taken.etag, () => slots.route(0, null)) : undefined;
    const isGone = (await slots.observe()).weight === 0;
    if (guard?.kind === "held" && isGone) findings.push({ kind: "done", what: `${capital(what)}.` });
    else if (!isGone) findings.push({ kind: "failed", what: `The routing rule of ${weight} % is still there.` });
    return await giveLockBack(work, taken, isGone ? what : NOT_REMOVED);
  } catch (error) {
    // Nothing is open: as long as this run goes on, its lock would only keep releases out.
    await giveLockBack(work, taken, NOT_REMOVED);
    throw error;
  }
}

const NOT_REMOVED = "a routing rule could not be removed";

/** Notes once for each live release what lies around it, so that a later change is seen. */
async function remember(work: Work, held: Held, around: Surroundings): Promise<Held> {
  const { connection, inputs, context } = work;
  const isKnown = held.head.surroundings?.release === around.release;
  if (isKnown || inputs["dry-run"] || around.release === "" || !connection.ledger) return held;
  const { runId, attempt, actor } = context.run;
  const next = (head: Head) => noteSurroundings(head, around, { runId, attempt, actor }, context.clock.now());
  const moved = await moveHeld(connection.ledger, held, next);
  // Not noted because somebody began something: the next reconciler does it.
  return moved.kind === "written" ? moved.held : held;
}
