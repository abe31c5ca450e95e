/** What people are told while another run's short lease on the head is waited out. A lease carries no name; the head does. */
import { utcClock } from "./freeze.ts";
import type { Head } from "./ledger-records.ts";
import type { Milliseconds } from "./ports.ts";

/** `head` as it is stored meanwhile, undefined when it cannot be read; `until`: when the lease is over at the latest. */
export function describeLease(head: Head | undefined, until: Milliseconds): string {
  const { holder, rollout } = head ?? {};
  const who = holder
    ? `Run ${holder.url}, attempt ${holder.attempt}, started by ${holder.actor},`
    : "A run that the ledger does not name";
  const { intent, target, phase } = rollout ?? {};
  const act =
    intent && intent.endedAt === null
      ? `, since ${utcClock(intent.startedAt)}: the ${intent.op === "swap" ? "swap" : "change of the traffic"} of ${target?.release} (${phase})`
      : "";
  return `${who} has a short lease on the ledger, to change what is live${act}. If it is dead, its request may still be on its way, so the lease is waited out: it ends by itself, at ${utcClock(until)} at the latest.`;
}
