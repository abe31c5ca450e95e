import type { OperationOf } from "../sql/operation.ts";
import { type Effects, type Lock, lockRank } from "../trace.ts";
import { FIRST_TRANSACTION, type Step, type TransactionEvents } from "./step.ts";

/** Follows transactions, the locks they hold and the settings they make. */
export interface Transactions {
  current(): number | undefined;
  held(): readonly Lock[];
  /** Settings as they are now; the map does not change afterwards. */
  settings(): ReadonlyMap<string, string>;
  after(step: Step): void;
  /** A block of statements that is one statement to the server: one transaction, its own unless one is open. */
  enterBlock(): void;
  leaveBlock(): void;
  events(): TransactionEvents;
}

export function followTransactions(startsOpen: boolean, settings: Readonly<Record<string, string>>): Transactions {
  let number = FIRST_TRANSACTION;
  let open = startsOpen;
  let openedBy: Step | undefined;
  let isOfBlock = false;
  let locks = new Map<string, Lock>();
  /** What was held when each savepoint was set: rolling back to it gives the rest back. */
  const savepoints = new Map<string, ReadonlyMap<string, Lock>>();
  const initial = new Map(Object.entries(settings).map(([name, value]) => [name.toLowerCase(), value]));
  const session = new Map(initial);
  let local = new Map<string, string>();
  let now: ReadonlyMap<string, string> | undefined;
  const nested: Step[] = [];
  const ended: Step[] = [];
  const stray: Step[] = [];
  const close = () => {
    open = false;
    openedBy = undefined;
    locks = new Map();
    savepoints.clear();
    local = new Map();
    now = undefined;
  };
  const set = ({ name, value, local: isLocal }: OperationOf<"set">) => {
    now = undefined;
    if (isLocal && open) {
      if (value === undefined) local.delete(name);
      else local.set(name, value);
      return;
    }
    for (const known of name === "*" ? [...session.keys(), ...local.keys()] : [name]) {
      const next = value ?? initial.get(known);
      local.delete(known);
      if (next === undefined) session.delete(known);
      else session.set(known, next);
    }
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
      if (operation.kind === "set") set(operation);
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
      } else if (operation.action === "savepoint") savepoints.set(operation.name, new Map(locks));
      else if (operation.action === "rollback-to") locks = new Map(savepoints.get(operation.name) ?? locks);
    },
    enterBlock() {
      isOfBlock = !open;
      if (open) return;
      number += 1;
      open = true;
    },
    leaveBlock() {
      if (isOfBlock) close();
      isOfBlock = false;
    },
    events: () => ({ nested, stray, ended: open ? [] : ended, leftOpen: open && !startsOpen ? openedBy : undefined }),
  };
}

function hold(locks: Map<string, Lock>, effects: Effects): void {
  for (const lock of effects.locks) {
    const known = locks.get(lock.relation);
    if (lock.preexisting && (known === undefined || lockRank(known.mode) < lockRank(lock.mode)))
      locks.set(lock.relation, lock);
  }
}
