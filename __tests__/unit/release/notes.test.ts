/** Notes are written into the head by those who do not hold the lock: they must neither fence the holder nor get lost. */
import {
  appendAll,
  carryOutPlan,
  claim,
  type Engine,
  emptyHead,
  type Freeze,
  type Head,
  type Holder,
  type Ledger,
  type MemoryLedger,
  memoryLedger,
  moveHeld,
  type Plan,
  type Slots,
  setFreeze,
} from "@augeo/release";
import { describe, expect, test } from "@jest/globals";

const holder = (runId: string): Holder => ({
  claimId: `o/r/${runId}`,
  repository: "o/r",
  runId,
  attempt: 1,
  actor: "ann",
  url: "",
  since: 0,
});
const freeze: Freeze = { reason: "sale", by: "bob", url: "", since: 0, until: null };
const policy = { bakeTime: 1, warmUpTimeout: 1, swapTimeout: 9, observeTimeout: 9, settleTime: 1, pollInterval: 1 };
const plan: Plan = {
  kind: "release",
  from: "PREPARED",
  place: { app: "api", resourceGroup: "rg", slot: "staging" },
  policy,
  target: { release: "r2", commit: null, artifact: null, schemaHead: null, at: 0 },
};

/** Writes a freeze as another process would, whatever the head holds. */
async function note(ledger: MemoryLedger): Promise<void> {
  const read = await ledger.read();
  if (read.kind !== "head") throw new Error("no head");
  const change = setFreeze(read.head, freeze, { runId: "9", attempt: 1, actor: "bob" }, 1);
  if (change.kind !== "write") throw new Error(change.kind);
  await ledger.write(change.head, read.etag);
}

/** Counts the holder's calls, and lets the note in before the n-th. */
function disturbed(ledger: MemoryLedger, at: number): Ledger & { calls: number } {
  const before = async <T>(act: () => Promise<T>): Promise<T> => {
    if (view.calls++ === at) await note(ledger);
    return act();
  };
  const view = {
    calls: 0,
    read: () => ledger.read(),
    append: (event: Parameters<Ledger["append"]>[0]) => before(() => ledger.append(event)),
    write: (head: Head, etag: string | undefined) => before(() => ledger.write(head, etag)),
    guard: <T>(etag: string, act: () => Promise<T>) => before(() => ledger.guard(etag, act)),
  };
  return view;
}

function slots(): Slots & { swaps: number } {
  const content = (release: string) => ({ kind: "release", release, schemaHead: null }) as const;
  const view = {
    swaps: 0,
    observe: async () => {
      const [production, staging] = view.swaps % 2 === 0 ? ["r1", "r2"] : ["r2", "r1"];
      return { production: content(production ?? ""), staging: content(staging ?? ""), weight: 0 };
    },
    swap: async () => {
      view.swaps += 1;
      return { kind: "succeeded" } as const;
    },
    weight: async () => 0,
    swapStatus: async () => ({ kind: "unknown", why: "" }) as const,
    route: async () => ({ kind: "set" }) as const,
  };
  return view;
}

async function lead(at: number) {
  const ledger = memoryLedger(claim(emptyHead("api", "prod"), holder("1"), "free", 0));
  const view = disturbed(ledger, at);
  const place = slots();
  const first = await ledger.read();
  if (first.kind !== "head") throw new Error("no head");
  const engine: Engine = {
    ledger: view,
    slots: place,
    clock: { now: () => 0, sleep: async () => undefined },
    signal: new AbortController().signal,
    steps: { migrate: async () => null, stage: async () => undefined },
    health: { probe: async () => ({ verdict: "healthy", why: "" }) },
  };
  const result = await carryOutPlan(engine, first, plan);
  return { result, ledger, calls: view.calls, swaps: place.swaps };
}

async function stored(ledger: Ledger): Promise<Head> {
  const read = await ledger.read();
  if (read.kind !== "head") throw new Error("no head");
  return read.head;
}

describe("a freeze that is set while a release runs", () => {
  test("before whichever of its calls neither stops it nor gets lost, and every event is kept", async () => {
    const { calls } = await lead(-1);
    expect(calls).toBeGreaterThan(15);
    for (let at = 0; at < calls; at++) {
      const { result, ledger, swaps } = await lead(at);
      expect({ at, kind: result.kind, phase: result.rollout.phase, swaps }).toEqual({
        at,
        kind: "ended",
        phase: "COMPLETED",
        swaps: 1,
      });
      const head = await stored(ledger);
      expect(head).toMatchObject({ freeze, holder: null, live: { release: "r2" } });
      // As the next reader does with the events of the last write.
      await appendAll(ledger, head);
      const events = ledger.events.map(({ seq }) => seq).sort((one, other) => one - other);
      // From the second write on: the claim was there before.
      expect(events).toEqual(Array.from({ length: head.seq - 1 }, (_, index) => index + 2));
    }
  });
});

describe("a write of a held head", () => {
  const next = (head: Head): Head => ({ ...head, seq: head.seq + 1, outbox: [] });

  test("is lost to another holder, also when notes came on top", async () => {
    const mine = claim(emptyHead("api", "prod"), holder("1"), "free", 0);
    const ledger = memoryLedger(mine);
    const held = { head: mine, etag: `${mine.epoch}-${mine.seq}` };
    await ledger.write(claim(mine, holder("2"), "taken-over", 0), held.etag);
    await note(ledger);
    expect(await moveHeld(ledger, held, next)).toMatchObject({ kind: "lost" });
    expect(await stored(ledger)).toMatchObject({ holder: { runId: "2" }, freeze });
  });
});
