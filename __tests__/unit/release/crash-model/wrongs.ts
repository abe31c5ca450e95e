/** What must hold however a story ended. */
import { decideClaim, isOver } from "@augeo/release";
import type { World } from "./world.ts";

/** Everything that is wrong with how a story ended; empty when it ended right. The world is let settle first. */
export function wrongs(world: World): string[] {
  world.settle();
  const { at } = world;
  const { head, production } = at;
  const { rollout } = head;
  const found = [...at.violations];
  const must = (holds: boolean, what: string) => holds || found.push(what);
  must(isOver(rollout), `left in ${rollout?.phase}`);
  must(rollout?.phase !== "NEEDS_HUMAN", `a human is asked although nobody interfered: ${rollout?.reason?.code}`);
  must(head.holder === null, "the lock is held by nobody");
  must(head.live?.release === production, `the ledger says ${head.live?.release}, production runs ${production}`);
  must(at.weight === 0 || isLeftByHand(world), "traffic is still routed aside");
  must(!isOverruled(world), "a release is live that somebody had braked by hand");
  must(!isLive(world, "r2") || isFit(world), "a release that was not proved is live");
  must(rollout?.phase !== "COMPLETED" || production === rollout.target.release, "COMPLETED and not live");
  const logged = head.outbox.map(({ epoch, seq }) => `${epoch}-${seq}`);
  const lost = at.unlogged.filter((key) => !logged.includes(key));
  must(lost.length === 0, "events are lost");
  must(isTakeable(world), "a state that no run leaves");
  return found;
}

const isLive = ({ at }: World, release: string) => at.production === release;

/** Whether r2 may be live in the end. */
function isFit({ scenario, at }: World): boolean {
  if (scenario.way !== "release")
    return !at.landed.includes("r1") || at.landed.lastIndexOf("r2") < at.landed.indexOf("r1");
  if (scenario.staging !== "healthy" || scenario.production !== "healthy" || scenario.migration === "refused")
    return false;
  if (scenario.steps.length === 0) return true;
  if (scenario.verdicts.includes("fail") || scenario.verdicts.includes("inconclusive")) return false;
  return !scenario.verdicts.includes("insufficient") || scenario.person === "promote" || scenario.person === "judge";
}

/** What a person set stays: after a swap, before a release was in its slot, and when nobody looked any more. */
function isLeftByHand({ at: { hand, weight, head } }: World): boolean {
  return hand?.isLeft === true && weight === hand.weight && (head.rollout?.phase !== "ROLLED_BACK" || !hand.isSeen);
}

function isOverruled({ at: { hand, production } }: World): boolean {
  return hand?.isBefore === true && !hand.isPast && production === hand.release;
}

function isTakeable({ at }: World): boolean {
  const me = { claimId: "o/r/1000", repository: "o/r", runId: "1000", attempt: 1, actor: "", url: "", since: at.now };
  return decideClaim(at.head, { me, holderRun: "over", now: at.now }).kind === "claim";
}
