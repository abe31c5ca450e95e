import type { Operation } from "../sql/operation.ts";
import { type Effects, type Lock, lockRank } from "../trace.ts";
import type { Step, TransactionEvents } from "./step.ts";

/** Follows transactions, the locks they hold and the settings they make. */
export interface Transactions {
  current(): number | undefined;
  held(): readonly Lock[];
  /** Settings as they are now; the map does not change afterwards. */
  settings(): ReadonlyMap<string, string>;
  after(step: Step): void;
  events(): TransactionEvents;
}

export function followTransactions(startsOpen: boolean, settings: Readonly<Record<string, string>>): Transactions {
  let number = 0;
  let open = startsOpen;
  let openedBy: Step | undefined;
  let locks = new Map<string, Lock>();
  const session = new Map(Object.entries(settings).map(([name, value]) => [name.toLowerCase(), value]));
  let local = new Map<string, string>();
  let now: ReadonlyMap<string, string> | undefined;
  const nested: Step[] = [];
  const ended: Step[] = [];
  const stray: Step[] = [];
  const close = () => {
    open = false;
    openedBy = undefined;
    locks = new Map();
    local = new Map();
    now = undefined;
  };
  return {
    current: () => (open ? number : undefined),
    held: () => [...locks.values()],
    settings: () => {
      now ??= new Map([...session, ...local]);
      return now;
    },
    after(step) {
      const { operation } = step;
      if (operation.kind === "set") {
        change(operation.local && open ? local : session, operation);
        now = undefined;
      }
      if (operation.kind !== "transaction") {
        if (open) hold(locks, step.effects);
        return;
      }
      if (operation.action === "begin") {
        if (open) nested.push(step);
        number += 1;
        openedBy = step;
        open = true;
      } else if (operation.action === "commit" || operation.action === "rollback") {
        if (!open) stray.push(step);
        else if (openedBy === undefined) ended.push(step);
        close();
      }
    },
    events: () => ({ nested, stray, ended: open ? [] : ended, leftOpen: open ? openedBy : undefined }),
  };
}

function hold(locks: Map<string, Lock>, effects: Effects): void {
  for (const lock of effects.locks) {
    const known = locks.get(lock.relation);
    if (lock.preexisting && (known === undefined || lockRank(known.mode) < lockRank(lock.mode)))
      locks.set(lock.relation, lock);
  }
}

function change(settings: Map<string, string>, operation: Extract<Operation, { kind: "set" }>): void {
  if (operation.value === undefined) settings.delete(operation.name);
  else settings.set(operation.name, operation.value);
}
