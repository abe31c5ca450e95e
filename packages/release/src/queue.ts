/** Runs that wait for the lock get it in the order in which they asked; one that is over or out of patience is passed. */
import { advance } from "./head.ts";
import type { Head, Holder, Waiter } from "./ledger-records.ts";
import type { RunState } from "./lock.ts";
import type { Milliseconds } from "./ports.ts";

type Me = Omit<Holder, "since">;

/** Takes a place at the end; undefined when this run has one. Places that ended by time are cleared away. */
export function queueUp(head: Head, me: Me, now: Milliseconds, until: Milliseconds): Head | undefined {
  if (head.queue.some(({ claimId, attempt }) => claimId === me.claimId && attempt === me.attempt)) return undefined;
  const others = head.queue.filter((each) => each.until > now && each.claimId !== me.claimId);
  const queue = [...others, { ...me, asked: now, until }];
  return advance(head, { queue }, now, "waiting", { place: queue.length }, me);
}

/** Gives the place up; undefined when there is none. */
export function leaveQueue(head: Head, me: Me, now: Milliseconds): Head | undefined {
  const queue = head.queue.filter(({ claimId }) => claimId !== me.claimId);
  return queue.length === head.queue.length ? undefined : advance(head, { queue }, now, "gave-up", {}, me);
}

/** The first run that asked earlier and still waits. One that GitHub cannot be asked about waits until its time is over. */
export async function firstAhead(
  { queue }: Head,
  { claimId }: Me,
  now: Milliseconds,
  askRun: (run: Me) => Promise<RunState>,
): Promise<Waiter | undefined> {
  const own = queue.findIndex((each) => each.claimId === claimId);
  for (const each of own < 0 ? queue : queue.slice(0, own))
    if (each.until > now && (await askRun(each)) !== "over") return each;
  return undefined;
}
