/**
 * The head as the run that holds it moves it. Others may note something in it meanwhile (a freeze, a decision on a
 * hold, a place in the queue) without taking anything over; such a write is taken in, and any other one fences.
 */
import type { Head, Rollout } from "./ledger-records.ts";
import type { Ledger } from "./ports.ts";

/** A head that this run holds, and its ETag. */
export interface Held {
  head: Head;
  etag: string;
}

export type Moved = { kind: "written"; held: Held } | { kind: "lost"; why: string };

/** Writes `move(head)`, on top of whatever others noted; lost once somebody else holds the head or moved its rollout. */
export async function moveHeld(ledger: Ledger, held: Held, move: (head: Head) => Head): Promise<Moved> {
  let from = held;
  for (;;) {
    const head = move(from.head);
    const written = await ledger.write(head, from.etag);
    if (written.kind === "written") {
      await appendAll(ledger, head);
      return { kind: "written", held: { head, etag: written.etag } };
    }
    const now = await catchUp(ledger, held);
    if (!now || now.etag === from.etag) return { kind: "lost", why: written.why };
    from = now;
  }
}

/** The head as it is now, if it is still this run's; undefined once it is not. */
export async function catchUp(ledger: Ledger, held: Held): Promise<Held | undefined> {
  const read = await ledger.read();
  if (read.kind !== "head" || !isStillHeld(held.head, read.head)) return undefined;
  if (read.etag !== held.etag) await appendAll(ledger, read.head);
  return { head: read.head, etag: read.etag };
}

/** Changes the head without holding it; decided anew after a lost compare-and-swap. Undefined: nothing is to be written. */
export async function noteInHead(
  ledger: Ledger,
  fresh: Head,
  note: (head: Head) => Head | undefined,
): Promise<{ kind: "noted" | "left"; head: Head } | { kind: "unreadable"; newer: boolean; why: string }> {
  for (;;) {
    const read = await ledger.read();
    if (read.kind === "unreadable") return read;
    const head = read.kind === "head" ? read.head : fresh;
    const noted = note(head);
    if (!noted) return { kind: "left", head };
    await appendAll(ledger, head);
    const written = await ledger.write(noted, read.kind === "head" ? read.etag : undefined);
    if (written.kind === "lost") continue;
    await appendAll(ledger, noted);
    return { kind: "noted", head: noted };
  }
}

/** Events of the head's last write go to the log; an event that is there already stays as it is. */
export async function appendAll(ledger: Ledger, head: Head): Promise<void> {
  for (const event of head.outbox) await ledger.append(event);
}

function isStillHeld(mine: Head, theirs: Head): boolean {
  const isSameHand =
    mine.epoch === theirs.epoch &&
    mine.holder?.claimId === theirs.holder?.claimId &&
    mine.holder?.attempt === theirs.holder?.attempt;
  return isSameHand && isEqual(withoutLift(mine.rollout), withoutLift(theirs.rollout));
}

/** The one thing of a rollout that somebody else may write. */
const withoutLift = (rollout: Rollout | null): unknown =>
  rollout?.hold ? { ...rollout, hold: { ...rollout.hold, lift: null } } : rollout;

function isEqual(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  const keys = Object.keys(one);
  const isSameSize = keys.length === Object.keys(other).length && Array.isArray(one) === Array.isArray(other);
  return isSameSize && keys.every((key) => isEqual(Reflect.get(one, key), Reflect.get(other, key)));
}
