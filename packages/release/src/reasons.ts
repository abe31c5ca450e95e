/** What the engine tells people: what happened, why, and exactly what to do. */
import type { Hold, Identity, Lift, Place, Reason, ReasonCode, Rollout } from "./ledger-records.ts";
import type { SlotContent, SlotsObservation } from "./ports.ts";

export const nameOf = (identity: Identity): string => identity ?? "content without a release file";

export function describeContent(content: SlotContent): string {
  if (content.kind === "release") return content.release;
  return content.kind === "unlabelled" ? nameOf(null) : `not readable (${content.why})`;
}

/** The command that swaps by hand; the same one swaps back. */
export const swapCommand = ({ app, resourceGroup, slot }: Place): string =>
  `az webapp deployment slot swap -g ${resourceGroup} -n ${app} --slot ${slot} --target-slot production`;

/** Swaps back, or changes of the traffic, that are tried; each only after the one before has surely not taken place. */
export const MOST_ATTEMPTS = 3;

/** The command that takes every routing rule away: production's requests all go to production. */
export const clearRoutingCommand = ({ app, resourceGroup }: Place): string =>
  `az webapp traffic-routing clear -g ${resourceGroup} -n ${app}`;

const logCommand = ({ app, resourceGroup, slot }: Place, where: "production" | "staging"): string =>
  `az webapp log tail -g ${resourceGroup} -n ${app}${where === "staging" ? ` --slot ${slot}` : ""}`;

const ACCEPT = "run the workflow again with accept-live: <release>, naming the release that production is meant to run";

export function unhealthyStaging({ place, target }: Rollout, code: ReasonCode, why: string): Reason {
  return {
    code,
    what: `Release ${target.release} did not become healthy in slot ${place.slot}; production was not touched.`,
    why,
    fix: `${hintOf(why)}Read the slot's log (${logCommand(place, "staging")}), mend the release, and release again.`,
  };
}

/** What a status mostly means when the path, and not the release, is wrong. */
const HINTS: readonly (readonly [status: RegExp, hint: string])[] = [
  [/status 404/, "If the app has no such path, correct health-path. "],
  [/status 40[13]/, "If the path asks for a sign-in, set health-path to one that does not. "],
  [/status 30[1278]/, "Redirects are not followed: set health-path to where this one leads. "],
];

const hintOf = (why: string): string => HINTS.find(([status]) => status.test(why))?.[1] ?? "";

export function unhealthyProduction({ place, target, before }: Rollout, code: ReasonCode, why: string): Reason {
  return {
    code,
    what: `Release ${target.release} was not healthy in production; ${nameOf(before?.production ?? null)} is put back.`,
    why,
    fix: `It was healthy in the slot, so look first at what differs in production: sticky settings, connections, data. The release is in slot ${place.slot} now: read its log (${logCommand(place, "staging")}), mend it, and release again.`,
  };
}

export function unhealthyRollback({ place, target, before }: Rollout, why: string): Reason {
  return {
    code: "rollback-unhealthy",
    what: `${target.release} is live again and is not healthy either.`,
    why: `${why} It was left in production, because it replaced ${nameOf(before?.production ?? null)}, which was to be got rid of.`,
    fix: `Look at what both share (database, settings, a service they call) with ${logCommand(place, "production")}; to return to the other one: ${swapCommand(place)}. Then ${ACCEPT}.`,
  };
}

export function worse({ place, target, canary }: Rollout, why: string): Reason {
  return {
    code: "worse",
    what: `Release ${target.release} was worse than what it replaces at ${canary?.weight ?? 0} % of the requests; it gets none any more.`,
    why,
    fix: `The release is in slot ${place.slot}: read its log (${logCommand(place, "staging")}), mend it, and release again.`,
  };
}

export function unproved({ target, canary }: Rollout, why: string): Reason {
  return {
    code: "unproved",
    what: `Release ${target.release} could not be judged at ${canary?.weight ?? 0} % of the requests, so it gets none any more.`,
    why,
    fix: "Give the step more requests (a longer duration, a higher weight, or load), or say what to do when a verdict is missing, then release again.",
  };
}

export function weightChanged({ place, target, canary }: Rollout, expected: number, found: number): Reason {
  return {
    code: "weight-changed",
    what: `Somebody else changed how much traffic release ${target.release} gets, so ${canary ? "its canary was ended" : "it was not swapped in"}.`,
    why: `It was set to ${expected} %, and is ${found} %; Azure does not say by whom. That can be an emergency brake, so it was not set again.`,
    fix: `Ask who did (az monitor activity-log list -g ${place.resourceGroup} --offset 1h), then release again.`,
  };
}

/** A change whose reply nobody got: what is there now may be it, or a person's. */
export function weightUnknown({ place, target, canary }: Rollout, asked: number, found: number): Reason {
  return {
    code: "weight-changed",
    what: `Whose share of the traffic release ${target.release} has could not be told, so ${canary ? "its canary was ended" : "it was not swapped in"}.`,
    why: `${asked} % was asked for and no reply was seen; it is ${found} %. To go on from there, or to ask again, could undo what a person set meanwhile.`,
    fix: `See who changed it (az monitor activity-log list -g ${place.resourceGroup} --offset 1h), then release again.`,
  };
}

export function routeRefused({ place, target }: Rollout, weight: number, why: string | undefined): Reason {
  return {
    code: "route-refused",
    what:
      weight === 0
        ? `The rule that sends a share of the requests to slot ${place.slot} could not be removed.`
        : `Azure did not send ${weight} % of the requests to release ${target.release} in slot ${place.slot}.`,
    why: why ?? `It was asked for ${MOST_ATTEMPTS} times, and Azure never showed the new weight.`,
    fix: `Look at the app's traffic (az webapp traffic-routing show -g ${place.resourceGroup} -n ${place.app}; to remove all rules: ${clearRoutingCommand(place)})${weight === 0 ? `, then ${ACCEPT}` : ", and release again"}.`,
  };
}

export function expired({ target }: Rollout, { reason, since, deadline }: Hold): Reason {
  return {
    code: "expired",
    what: `Nobody decided on release ${target.release} in time, so it was stopped.`,
    why: `It was on hold for ${minutes((deadline ?? since) - since)}: ${reason}`,
    fix: "Release again, and decide before the hold's deadline, or set what follows it.",
  };
}

export function aborted({ target }: Rollout, { by, why }: Lift): Reason {
  return {
    code: "aborted",
    what: `${by} stopped release ${target.release}.`,
    why: why === "" ? "No reason was given." : why,
    fix: "Release again when ready.",
  };
}

export function busy({ place, since }: Rollout, operation: string, now: number): Reason {
  return {
    code: "busy",
    what: `The swap was not begun: another operation on ${place.app} was under way all the time.`,
    why: `Azure works on one operation per app at a time; this one was still running after ${minutes(now - since)}: ${operation}`,
    fix: `Wait for it to end (az webapp show -g ${place.resourceGroup} -n ${place.app} --query inProgressOperationId), then run again. Production was not touched.`,
  };
}

export function swapRefused(
  { place }: Rollout,
  refusal: { status: number | null; code: string | null; message: string },
): Reason {
  const code = [refusal.status, refusal.code].filter((part) => part !== null).join(" ");
  return {
    code: "swap-refused",
    what: `Azure did not swap slot ${place.slot} into production; production is as it was.`,
    why: `${code}: ${refusal.message}`,
    fix: refusalFix(place, refusal.message),
  };
}

/** Known texts of `slotsswap` refusals (facts of the App Service provider); an unknown one is shown raw above. */
function refusalFix(place: Place, message: string): string {
  const target = `-g ${place.resourceGroup} -n ${place.app}`;
  if (/prepared for swap/i.test(message))
    return `A swap with preview is pending. Finish or cancel it (az webapp deployment slot swap ${target} --slot ${place.slot} --action reset), then run again.`;
  if (/http ping|initialization|could not be started/i.test(message))
    return `The release does not start with production's settings. Compare the sticky settings in this summary, read ${logCommand(place, "staging")}, and set WEBSITE_SWAP_WARMUP_PING_PATH to a path that answers quickly over HTTP.`;
  if (/allocation of VM instances/i.test(message)) return "Azure moved instances meanwhile; run again.";
  return "Mend what Azure names, then run again.";
}

export function swapLost({ place }: Rollout): Reason {
  return {
    code: "swap-lost",
    what: "The swap was asked for once, its reply was lost, and it did not take place; production is as it was.",
    why: "Neither slot changed, and no operation was under way on the app afterwards. It was not asked for again, because a swap that arrives twice undoes itself.",
    fix: `Run again. (What Azure noted: az webapp show -g ${place.resourceGroup} -n ${place.app} --query slotSwapStatus)`,
  };
}

export function unreadable({ place }: Rollout, slots: SlotsObservation, productionChanged: boolean): Reason {
  const contents = `production: ${describeContent(slots.production)}; ${place.slot}: ${describeContent(slots.staging)}`;
  return {
    code: "unreadable",
    what: "Which release is in which slot could not be read, so nothing more was done.",
    why: contents,
    fix: productionChanged
      ? `See what is live, put the right release into production if needed (${swapCommand(place)}), then ${ACCEPT}.`
      : "Check that the SCM site of both slots answers and lets this identity in, then run again. Production was not touched.",
  };
}

export function drift(rollout: Rollout, slots: SlotsObservation): Reason {
  const { place, target, before } = rollout;
  const found = `production runs ${describeContent(slots.production)}, ${place.slot} runs ${describeContent(slots.staging)}`;
  const expected = `${nameOf(before?.production ?? null)} and ${target.release}`;
  return {
    code: "drift",
    what: `Somebody or something else changed ${place.app} meanwhile: ${found}.`,
    why: `This release knows of ${expected} only. Acting on an arrangement it does not know could put the wrong release into production.`,
    fix: `Make sure that production runs the right release (swap by hand: ${swapCommand(place)}), then ${ACCEPT}.`,
  };
}

export function notStaged({ place, target }: Rollout, slots: SlotsObservation): Reason {
  return {
    code: "stage-failed",
    what: `Slot ${place.slot} does not run release ${target.release}.`,
    why: `It runs ${describeContent(slots.staging)}.`,
    fix: `See who else deploys to the slot, or stage the release first (slot-deploy), then run again. Production was not touched.`,
  };
}

export function rollbackFailed(rollout: Rollout, why: string): Reason {
  const { place, target, before } = rollout;
  return {
    code: "rollback-failed",
    what: `${target.release} is still in production and ${nameOf(before?.production ?? null)} could not be put back.`,
    why,
    fix: `Put it back by hand now (${swapCommand(place)}), or release a good version; then ${ACCEPT}.`,
  };
}

export function stopped({ place, phase, hold }: Rollout, by: "cancelled" | "abandoned"): Reason {
  return {
    code: by,
    what: STOPPED[phase] ?? "The release was stopped before production was touched.",
    why: by === "cancelled" ? "The run was cancelled, or ended with an error." : abandoned(hold),
    fix: `Release again when ready; slot ${place.slot} may hold the stopped release until then.`,
  };
}

const SWAP_BEGUN = "The release was stopped after its swap had begun, so what ran before is put back.";
const STOPPED: Partial<Record<Rollout["phase"], string>> = {
  CANARY: "The release was stopped in its canary, so all requests go to what ran before again.",
  PROMOTING: SWAP_BEGUN,
  WATCHING: SWAP_BEGUN,
};

function abandoned(hold: Hold | null): string {
  if (!hold) return "The run that led this release is over and left it unfinished.";
  if (hold.onDeadline !== "proceed") return `It was on hold, and the run that led it is over: ${hold.reason}`;
  return `It was on hold, to go on at its deadline (on-hold-timeout: proceed). The run that led it is over, and what goes on has to be judged, so it was undone: ${hold.reason}`;
}

/** Stopped while its swap was open, and the swap turned out not to have taken place. */
export function stoppedInTime(rollout: Rollout): Reason {
  const by = rollout.reason?.code === "abandoned" ? "abandoned" : "cancelled";
  return {
    ...(rollout.reason ?? stopped(rollout, by)),
    what: "The release was stopped; its swap had not taken place, production is as it was.",
  };
}

export function swappedByHand({ place, target, before }: Rollout): Reason {
  return {
    code: "swapped-by-hand",
    what: `${nameOf(before?.production ?? null)} is live again: somebody else swapped ${target.release} out of production.`,
    why: `Both slots hold what they held before the swap, and this run did not swap back.`,
    fix: `Ask who did (az monitor activity-log list -g ${place.resourceGroup} --offset 1h), then release again.`,
  };
}

const minutes = (duration: number) => `${Math.round(duration / 6000) / 10} minutes`;
