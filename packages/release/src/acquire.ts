/** Taking the lock: read, decide, compare-and-swap, and wait where waiting was allowed. */

import type { Explanation } from "./errors.ts";
import { claim, emptyHead } from "./head.ts";
import { appendAll, type Held, noteInHead } from "./held.ts";
import type { Head, Holder, Waiter } from "./ledger-records.ts";
import type { ClaimDecision, RunState } from "./lock.ts";
import { decideClaim } from "./lock.ts";
import type { Clock, Ledger, LedgerRead, Milliseconds } from "./ports.ts";
import { firstAhead, leaveQueue, queueUp } from "./queue.ts";
import { explainUnreadable } from "./unreadable-head.ts";

export interface AcquireRequest {
  ledger: Ledger;
  clock: Clock;
  signal: AbortSignal;
  app: string;
  environment: string;
  /** The head's address, for messages. */
  where: string;
  me: Omit<Holder, "since">;
  /** Asks GitHub whether the holder's run is over. */
  askRun(run: Omit<Holder, "since">): Promise<RunState>;
  takeOver?: string | undefined;
  acceptLive?: string | undefined;
  /** How long a held lock is waited for, in the order in which runs asked; 0: not at all, and past those who wait. */
  lockWait: Milliseconds;
  pollInterval: Milliseconds;
  onWait?: (explanation: Explanation) => void;
}

export type Acquired =
  | { kind: "acquired"; held: Held; how: "free" | "resumed" | "taken-over"; from: Holder | null }
  | { kind: "locked" | "needs-human" | "unreadable"; explanation: Explanation };

/** Claims the lock, or says who has it and what to do. A lost compare-and-swap is no failure: it is decided anew. */
export async function acquire(request: AcquireRequest): Promise<Acquired> {
  const { ledger, clock, signal } = request;
  const until = clock.now() + request.lockWait;
  for (;;) {
    const read = await ledger.read();
    if (read.kind === "unreadable") return { kind: "unreadable", explanation: explainUnreadable(request.where, read) };
    const head = read.kind === "head" ? read.head : emptyHead(request.app, request.environment);
    const decision = await decide(request, head);
    if (decision.kind === "needs-human") return decision;
    const ahead = decision.kind === "claim" ? await whoIsAhead(request, head, decision.how) : undefined;
    if (decision.kind === "claim" && !ahead) {
      const held = await tryClaim(request, head, read, decision.how);
      if (held) return { kind: "acquired", held, how: decision.how, from: head.holder };
      continue;
    }
    const explanation = decision.kind === "held" ? decision.explanation : queued(head, ahead);
    const mayEnd = decision.kind === "claim" || decision.mayEnd;
    if (!mayEnd || clock.now() >= until) {
      if (request.lockWait > 0) await noteInHead(ledger, head, (now) => leaveQueue(now, request.me, clock.now()));
      return { kind: "locked", explanation };
    }
    await noteInHead(ledger, head, (now) => queueUp(now, request.me, clock.now(), until));
    request.onWait?.(explanation);
    await clock.sleep(Math.min(request.pollInterval, Math.max(1, until - clock.now())), signal);
  }
}

/** Only who waits lets others go first: a rollback that asks for the lock while it is free has it. */
async function whoIsAhead(
  { lockWait, me, clock, askRun }: AcquireRequest,
  head: Head,
  how: "free" | "resumed" | "taken-over",
): Promise<Waiter | undefined> {
  return lockWait === 0 || how === "resumed" ? undefined : firstAhead(head, me, clock.now(), askRun);
}

function queued({ app, environment }: Head, ahead: Waiter | undefined): Explanation {
  return {
    what: `${app} (${environment}) is free, and another run has waited for it longer.`,
    why: `Run ${ahead?.url ?? ""}, started by ${ahead?.actor ?? ""}, asked first.`,
    fix: `Wait for that run, or cancel it: gh run cancel ${ahead?.runId ?? ""} -R ${ahead?.repository ?? ""}`,
  };
}

async function decide(request: AcquireRequest, head: Head): Promise<ClaimDecision> {
  const now = request.clock.now();
  const me = { ...request.me, since: now };
  const isForeign = head.holder !== null && head.holder.claimId !== me.claimId;
  const holderRun = isForeign && head.holder ? await request.askRun(head.holder) : "unknown";
  return decideClaim(head, { me, holderRun, takeOver: request.takeOver, acceptLive: request.acceptLive, now });
}

async function tryClaim(
  request: AcquireRequest,
  head: Head,
  read: LedgerRead,
  how: "free" | "resumed" | "taken-over",
): Promise<Held | undefined> {
  const now = request.clock.now();
  await appendAll(request.ledger, head);
  const claimed = claim(head, { ...request.me, since: now }, how, now);
  const written = await request.ledger.write(claimed, read.kind === "head" ? read.etag : undefined);
  if (written.kind === "lost") return undefined;
  await appendAll(request.ledger, claimed);
  return { head: claimed, etag: written.etag };
}
