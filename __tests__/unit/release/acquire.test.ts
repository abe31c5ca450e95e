import {
  type AcquireRequest,
  acquire,
  claim,
  emptyHead,
  type Holder,
  memoryLedger,
  moveHeld,
  type RunState,
  release,
} from "@augeo/release";
import { describe, expect, test } from "@jest/globals";

const holder = (runId: string): Omit<Holder, "since"> => ({
  claimId: `o/r/${runId}`,
  repository: "o/r",
  runId,
  attempt: 1,
  actor: "ann",
  url: `u/${runId}`,
});
const other = { ...holder("2"), since: 0 };

/** A ledger that run 2 holds; `after` waits run 2 gives the lock back. */
function scene(after: number, states: readonly RunState[]) {
  const held = claim(emptyHead("api", "prod"), other, "free", 0);
  const ledger = memoryLedger(held);
  let now = 0;
  let waits = 0;
  let asked = 0;
  const told: string[] = [];
  const request: AcquireRequest = {
    ledger,
    clock: {
      now: () => now,
      sleep: async (duration) => {
        now += duration;
        waits += 1;
        if (waits === after)
          await moveHeld(ledger, { head: held, etag: `${held.epoch}-${held.seq}` }, (head) => release(head, now));
      },
    },
    signal: new AbortController().signal,
    app: "api",
    environment: "prod",
    where: "https://x/head.json",
    me: holder("1"),
    askRun: async () => states[Math.min(asked++, states.length - 1)] ?? "unknown",
    lockWait: 0,
    pollInterval: 1_000,
    onWait: ({ what }) => told.push(what),
  };
  return { request, ledger, told };
}

describe("taking the lock", () => {
  test("without lock-wait says at once who has it", async () => {
    const { request, told } = scene(1, ["running"]);
    expect(await acquire(request)).toMatchObject({
      kind: "locked",
      explanation: { what: expect.stringContaining("locked by another run") as unknown },
    });
    expect(told).toEqual([]);
  });

  test("waits as long as told, and has it once it is free", async () => {
    const { request, told, ledger } = scene(3, ["running"]);
    const acquired = await acquire({ ...request, lockWait: 10_000 });
    expect(acquired).toMatchObject({
      kind: "acquired",
      how: "free",
      held: { head: { epoch: 2, holder: { runId: "1" } } },
    });
    expect(told).toHaveLength(3);
    expect(ledger.events.filter(({ what, runId }) => what === "waiting" && runId === "1")).toHaveLength(1);
    expect(ledger.events.map(({ what }) => what)).toEqual(["claimed", "waiting", "released", "claimed"]);
    expect(acquired.kind === "acquired" && acquired.held.head.queue).toEqual([]);
  });

  test("gives up when the time is over, and its place with it", async () => {
    const { request, ledger } = scene(99, ["running"]);
    expect(await acquire({ ...request, lockWait: 3_500 })).toMatchObject({ kind: "locked" });
    expect(await ledger.read()).toMatchObject({ head: { queue: [], holder: { runId: "2" } } });
  });

  test("lets a run go first that asked earlier, unless it does not wait itself", async () => {
    const waiter = { ...holder("3"), asked: 0, until: 60_000 };
    const ledger = memoryLedger({ ...emptyHead("api", "prod"), queue: [waiter] });
    const request = { ...scene(99, ["running"]).request, ledger };
    const waited = await acquire({ ...request, lockWait: 2_000 });
    expect(waited).toMatchObject({ kind: "locked", explanation: { why: "Run u/3, started by ann, asked first." } });
    expect(await acquire(request)).toMatchObject({ kind: "acquired" });
  });

  test("takes over as soon as the holder's run is over", async () => {
    const { request } = scene(99, ["running", "running", "over"]);
    expect(await acquire({ ...request, lockWait: 60_000 })).toMatchObject({
      kind: "acquired",
      how: "taken-over",
      from: { runId: "2" },
    });
  });

  test("does not wait for a run that nobody can ask about", async () => {
    const { request, told } = scene(1, ["unknown"]);
    expect(await acquire({ ...request, lockWait: 60_000 })).toMatchObject({ kind: "locked" });
    expect(told).toEqual([]);
  });

  test("blocks on a head that cannot be read", async () => {
    const { request } = scene(1, ["over"]);
    const ledger = {
      ...request.ledger,
      read: async () => ({ kind: "unreadable", etag: "1", newer: false, why: "it is not JSON" }) as const,
    };
    expect(await acquire({ ...request, ledger })).toMatchObject({
      kind: "unreadable",
      explanation: { what: "The ledger https://x/head.json cannot be read, so nothing was changed." },
    });
  });
});
