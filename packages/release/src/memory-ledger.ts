/** A ledger for runs without one: this process is the only writer, and `onWrite` may keep the head for its post step. */
import type { Event, Head } from "./ledger-records.ts";
import type { Ledger } from "./ports.ts";

export interface MemoryLedger extends Ledger {
  readonly events: readonly Event[];
}

export function memoryLedger(initial?: Head, onWrite: (head: Head) => unknown = () => {}): MemoryLedger {
  let stored = initial;
  const events: Event[] = [];
  const etag = () => (stored ? `${stored.epoch}-${stored.seq}` : undefined);
  return {
    events,
    async read() {
      return stored ? { kind: "head", head: stored, etag: `${stored.epoch}-${stored.seq}` } : { kind: "absent" };
    },
    async write(head, expected) {
      if (expected !== etag()) return { kind: "lost", why: "the head was written by somebody else" };
      stored = head;
      await onWrite(head);
      return { kind: "written", etag: `${head.epoch}-${head.seq}` };
    },
    async append(event) {
      if (!events.some((each) => each.epoch === event.epoch && each.seq === event.seq)) events.push(event);
    },
    async guard(expected, act) {
      if (expected !== etag()) return { kind: "lost", why: "the head was written by somebody else" };
      return { kind: "held", value: await act() };
    },
  };
}
