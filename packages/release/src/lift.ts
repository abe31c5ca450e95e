/** How a person's word reaches a release on hold: another run writes it into the head, whoever leads the release reads it. */
import type { Explanation } from "./errors.ts";
import { type Author, advance } from "./head.ts";
import type { Head, Lift } from "./ledger-records.ts";

export type Lifting =
  | { kind: "lifted"; head: Head }
  /** The same was decided before. */
  | { kind: "already"; head: Head }
  | { kind: "refused"; explanation: Explanation };

/** Writes the decision into the hold; nothing is done here, so it is safe while another run leads the release. */
export function liftHold(head: Head, release: string, lift: Lift, by: Author): Lifting {
  const { rollout } = head;
  const hold = rollout?.hold;
  if (!rollout || !hold) return refused(head, `Release ${release} is not on hold.`, "No release is.");
  const { target } = rollout;
  if (target.release !== release)
    return refused(head, `Release ${release} is not on hold.`, `${target.release} is: ${hold.reason}`);
  if (hold.lift?.how === lift.how) return { kind: "already", head };
  if (hold.lift) return decidedOtherwise(release, hold.lift);
  if (hold.deadline !== null && lift.at >= hold.deadline && hold.onDeadline !== "stay")
    return refused(head, `The time to decide on release ${release} is over.`, `What follows is: ${hold.onDeadline}.`);
  const change = { rollout: { ...rollout, hold: { ...hold, lift } } };
  const details = { how: lift.how, by: lift.by, why: lift.why };
  return { kind: "lifted", head: advance(head, change, lift.at, "lifted", details, by) };
}

/** A word that a run may be carrying out already is not taken back; the way back is open all the same. */
const decidedOtherwise = (release: string, { how, by }: Lift): Lifting => ({
  kind: "refused",
  explanation: {
    what: `Release ${release} was decided on already: ${how}, by ${by}.`,
    why: "The run that leads the release, or the next one, carries that out.",
    fix: "To stop the release all the same, cancel its run; if that is over, run the rollback action.",
  },
});

function refused({ app, environment }: Head, what: string, why: string): Lifting {
  const fix = `See the release's own run, or the ledger of ${app} (${environment}), for what is under way.`;
  return { kind: "refused", explanation: { what, why, fix } };
}
