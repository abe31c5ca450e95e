/**
 * Runs of the shipped bundle that die, or are cancelled, at their n-th write of the ledger or at a change in Azure,
 * before and after it took effect; then whoever comes next. A few of them in every test run, all with AUGEO_PROVE=1.
 */
import { afterEach, describe, expect, test } from "@jest/globals";
import { until } from "../cloud/hosted-site.ts";
import { type AppInSlots, startAppInSlots } from "../slot-swap/app-in-slots.ts";

let app: AppInSlots;
afterEach(() => app?.close());

const CALLS = {
  head: { host: "blob", method: "PUT", path: /head\.json\?timeout/ },
  event: { host: "blob", method: "PUT", path: /\/events\// },
  swap: { host: "management", method: "POST", path: /\/slotsswap/ },
} as const;

interface Point {
  call: keyof typeof CALLS;
  /** From 0. */
  number: number;
  when: "before" | "after";
}

/** Writes of the head that one swap makes, of which each has its event. */
const WRITES = 8;
const each = (call: Point["call"], count: number): Point[] =>
  Array.from({ length: count }, (_, number) =>
    (["before", "after"] as const).map((when) => ({ call, number, when })),
  ).flat();
const ALL: readonly Point[] = [...each("head", WRITES), ...each("event", WRITES), ...each("swap", 1)];
const isWhole = process.env.AUGEO_PROVE !== undefined;
const named = (points: readonly Point[]) =>
  points.map((point) => [`${point.when} ${point.call} ${point.number + 1}`, point] as const);
const few = (...indexes: number[]) => (isWhole ? ALL : ALL.filter((_, index) => indexes.includes(index)));

/** Runs slot-swap until the call arrives, which then never gets its reply, and sends the signal. */
async function strike({ call, number, when }: Point, signal: "SIGKILL" | "SIGINT") {
  const fault = app.cloud.faults.add({
    match: CALLS[call],
    action: { kind: "hang", when },
    times: 1,
    after: number,
  });
  const moment = () => until("the call has arrived", () => fault.struck > 0);
  const run = await app.run("slot-swap", { ledger: app.ledger }, { signalAfter: { signal, moment } });
  expect(fault.struck).toBe(1);
  fault.remove();
  return run;
}

/** The ledger and Azure agree, nothing is held, no event is missing, and no swap was sent without an intent of its own. */
async function expectSound(): Promise<void> {
  const head = await app.readHead();
  const [live] = await app.live();
  expect(head).toMatchObject({ holder: null });
  expect(["COMPLETED", "ROLLED_BACK", "FAILED", undefined]).toContain(
    (head.rollout as { phase?: string } | null)?.phase,
  );
  if (head.live !== null) expect(head.live).toMatchObject({ release: live });
  const events = await app.readEvents();
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: Number(head.seq) }, (_, index) => index + 1));
  const intents = events.filter(({ what, details }) => what === "intent" && (details as { op: string }).op === "swap");
  expect(app.swaps()).toBeLessThanOrEqual(intents.length);
}

describe("a run that is killed", () => {
  test.each(named(few(6, 9, 23, 33)))(
    "%s: the next run ends what it left, and releases",
    async (_, point) => {
      app = await startAppInSlots();
      const dead = await strike(point, "SIGKILL");
      expect(dead.signal).toBe("SIGKILL");
      app.setRun("completed");
      const next = await app.run(
        "slot-swap",
        { ledger: app.ledger },
        { env: { GITHUB_RUN_ID: "777" }, timeout: 150_000 },
      );
      expect(next.outputs).toMatchObject({ "live-release": "r2" });
      expect(await app.live()).toEqual(["r2", "r1"]);
      await expectSound();
    },
    240_000,
  );
});

describe("a run that is cancelled", () => {
  test.each(named(few(11, 32)))(
    "%s: its post step leaves nothing open",
    async (_, point) => {
      app = await startAppInSlots();
      const cancelled = await strike(point, "SIGINT");
      const post = await cancelled.post({ timeout: 150_000 });
      expect(post.exitCode).toBe(0);
      await expectSound();
    },
    240_000,
  );
});
