/**
 * A small model of the world around a release: two slots, a swap that takes time and may lose its reply, a ledger, and
 * a process that can die before and after every one of its calls. The engine in it is the real one.
 */

import type {
  DriveResult,
  Engine,
  Head,
  Held,
  Holder,
  Ledger,
  MemoryLedger,
  OperationStatus,
  Plan,
  ReleaseRecord,
  Slots,
} from "@augeo/release";
import { acquire, carryOutPlan, emptyHead, endOwn, memoryLedger, settleLeftover } from "@augeo/release";

/** How the service treats one swap. */
export type SwapFate =
  /** 200 at once. */
  | "synchronous"
  /** 202, done after some polls. */
  | "polled"
  /** Accepted and done at once; the reply never arrives. */
  | "lost-done"
  /** Accepted; the reply never arrives and the swap lands a minute later. */
  | "lost-late"
  /** Never reached the service. */
  | "lost-unsent"
  /** 202, then 417: production stays as it is. */
  | "refused"
  /** 409 because another operation is under way for two minutes. */
  | "busy";

export interface Scenario {
  name: string;
  staging: "healthy" | "unhealthy";
  production: "healthy" | "unhealthy" | "unknown";
  /** Of the first, second, … swap that the service receives; the last one holds for all further ones. */
  fates: readonly SwapFate[];
  migration: "none" | "expand" | "refused";
  /** What the first process does: release r2 over r1, or go back from r2 to r1, which is in the slot or only stored. */
  way?: "release" | "back-by-swap" | "back-by-package";
}

/** Who comes after a crash. */
export type Successor = "same-run" | "next-run" | "post";

/** Dies at the n-th call of the process (from 0), before or after the call took effect. */
export interface CrashPoint {
  call: number;
  when: "before" | "after";
}

class Crash extends Error {
  override readonly name = "Crash";
}

const T0 = Date.UTC(2026, 0, 1);
const LANDING = 60_000;
const policy = {
  bakeTime: 120_000,
  warmUpTimeout: 60_000,
  swapTimeout: 600_000,
  observeTimeout: 120_000,
  settleTime: 90_000,
  pollInterval: 15_000,
};
const place = { app: "api", resourceGroup: "rg", slot: "staging" };

export const releaseOf = (release: string): ReleaseRecord => ({
  release,
  commit: null,
  artifact: `sha-${release}`,
  schemaHead: null,
  at: T0,
});

/** Azure as the release sees it. */
export class World {
  now = T0;
  production: string | null = "r1";
  staging: string | null = "r0";
  weight = 0;
  operation: { id: string; endsAt: number; lands: boolean; url: string } | undefined;
  /** From, to, when: every swap that took effect. */
  readonly landed: { production: string | null; at: number }[] = [];
  /** A swap was sent while an earlier one was still open: the one thing that must never happen. */
  overlapping = 0;
  received = 0;
  readonly ledger: MemoryLedger;
  /** Every (epoch, seq) that a head was stored under. */
  readonly stored: string[] = [];
  readonly scenario: Scenario;
  #busyUntil = 0;
  #finished = new Map<string, OperationStatus>();

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    const isBack = scenario.way !== undefined && scenario.way !== "release";
    const history = (isBack ? ["r2", "r1"] : ["r1", "r0"]).map(releaseOf);
    const [live = null, previous = null] = history;
    const head: Head = { ...emptyHead("api", "prod"), live, previous, history };
    if (isBack) [this.production, this.staging] = ["r2", scenario.way === "back-by-swap" ? "r1" : "r0"];
    this.ledger = memoryLedger(head, (written) => this.stored.push(`${written.epoch}-${written.seq}`));
  }

  pass(duration: number): void {
    this.now += duration;
    if (this.operation && this.now >= this.operation.endsAt) this.finish();
  }

  finish(): void {
    const operation = this.operation;
    if (!operation) return;
    this.operation = undefined;
    if (operation.lands) this.exchange();
    this.#finished.set(
      operation.url,
      operation.lands
        ? { kind: "succeeded" }
        : {
            kind: "failed",
            status: 417,
            code: "ExpectationFailed",
            message: "did not respond to http ping",
            busy: false,
          },
    );
  }

  exchange(): void {
    [this.production, this.staging] = [this.staging, this.production];
    this.landed.push({ production: this.production, at: this.now });
  }

  swap(): OperationStatus {
    const fate = this.scenario.fates[Math.min(this.received, this.scenario.fates.length - 1)] ?? "polled";
    if (fate === "lost-unsent") {
      this.received += 1;
      return { kind: "unknown", why: "connection reset" };
    }
    if (this.operation) {
      this.overlapping += 1;
      return { kind: "failed", status: 409, code: "Conflict", message: "another operation is in progress", busy: true };
    }
    if (fate === "busy" && this.#busyUntil === 0) this.#busyUntil = this.now + 120_000;
    if (this.now < this.#busyUntil)
      return { kind: "failed", status: 409, code: "Conflict", message: "another operation is in progress", busy: true };
    this.received += 1;
    return this.accept(fate);
  }

  accept(fate: SwapFate): OperationStatus {
    if (fate === "synchronous" || fate === "lost-done") {
      this.exchange();
      return fate === "synchronous" ? { kind: "succeeded" } : { kind: "unknown", why: "connection reset" };
    }
    const url = `https://arm/operations/${this.received}`;
    this.operation = { id: url, endsAt: this.now + LANDING, lands: fate !== "refused", url };
    return fate === "lost-late" ? { kind: "unknown", why: "connection reset" } : { kind: "running", operationUrl: url };
  }

  status(url: string): OperationStatus {
    if (this.operation?.url === url) return { kind: "running", operationUrl: url };
    return this.#finished.get(url) ?? { kind: "unknown", why: "404" };
  }
}

/** One process: numbers its calls and dies at the one it is told to. */
class Process {
  calls = 0;
  readonly #world: World;
  readonly #crash: CrashPoint | undefined;
  readonly #run: Holder;

  constructor(world: World, crash: CrashPoint | undefined, run: Holder) {
    this.#world = world;
    this.#crash = crash;
    this.#run = run;
  }

  async call<T>(act: () => T | Promise<T>): Promise<T> {
    const number = this.calls++;
    if (this.#crash?.call === number && this.#crash.when === "before") throw new Crash();
    const value = await act();
    if (this.#crash?.call === number && this.#crash.when === "after") throw new Crash();
    return value;
  }

  ledger(): Ledger {
    const { ledger } = this.#world;
    return {
      read: () => ledger.read(),
      write: (head, etag) => this.call(() => ledger.write(head, etag)),
      append: (event) => this.call(() => ledger.append(event)),
      guard: (etag, act) => ledger.guard(etag, act),
    };
  }

  slots(): Slots {
    const world = this.#world;
    return {
      observe: async () => ({
        production: content(world.production),
        staging: content(world.staging),
        weight: world.weight,
        operation: world.operation?.id,
      }),
      swap: () => this.call(() => world.swap()),
      swapStatus: (url) => this.call(() => world.status(url)),
      route: (weight) =>
        this.call(() => {
          world.weight = weight;
        }),
    };
  }

  engine(): Engine {
    const world = this.#world;
    const { scenario } = world;
    return {
      ledger: this.ledger(),
      slots: this.slots(),
      clock: { now: () => world.now, sleep: async (duration) => world.pass(duration) },
      signal: new AbortController().signal,
      steps: {
        migrate: () =>
          this.call(() => {
            if (scenario.migration === "refused")
              throw Object.assign(new Error("no"), { what: "no", why: "two heads", fix: "merge" });
            return scenario.migration === "none" ? null : { from: "a", to: "b", kind: "expand", release: "r2", at: T0 };
          }),
        stage: (record) =>
          this.call(() => {
            world.staging = record.release;
          }),
      },
      health: {
        probe: (where, atLeast) =>
          this.call(() => {
            world.pass(Math.max(atLeast, 1_000));
            const asked = where === "staging" ? world.staging : world.production;
            const verdict = asked === "r2" ? scenario[where] : "healthy";
            return { verdict, why: `${asked} is ${verdict}` };
          }),
      },
    };
  }

  async begin(): Promise<Held> {
    const { now } = this.#world;
    const { since: _, ...me } = this.#run;
    const acquired = await acquire({
      ledger: this.ledger(),
      clock: { now: () => now, sleep: async () => {} },
      signal: new AbortController().signal,
      app: "api",
      environment: "prod",
      where: "head.json",
      me,
      askRun: async () => "over",
      lockWait: 0,
      pollInterval: 1,
    });
    if (acquired.kind !== "acquired") throw new Error(`not acquired: ${acquired.explanation.what}`);
    return acquired.held;
  }
}

const content = (release: string | null) =>
  release === null ? ({ kind: "unlabelled" } as const) : ({ kind: "release", release, schemaHead: null } as const);

const holder = (runId: string, attempt: number): Holder => ({
  claimId: `o/r/${runId}`,
  repository: "o/r",
  runId,
  attempt,
  actor: "ann",
  url: `https://github/o/r/actions/runs/${runId}`,
  since: 0,
});

function planFor({ way = "release" }: Scenario, release: string): Plan {
  const isBack = way !== "release" && release === "r2";
  const common = { place, policy, target: releaseOf(isBack ? "r1" : release) };
  if (!isBack) return { kind: "release", from: "PREPARED", ...common };
  return { kind: "rollback", from: way === "back-by-swap" ? "STAGED" : "EXPANDED", ...common };
}

/** A whole run as the release action leads it: lock, what was left, then its own release. */
async function lead(process: Process, scenario: Scenario, release: string): Promise<DriveResult | undefined> {
  const plan = planFor(scenario, release);
  const engine = process.engine();
  let held = await process.begin();
  const left = await settleLeftover(engine, held, plan);
  if (left && (left.kind !== "ended" || left.rollout.phase === "NEEDS_HUMAN")) return left;
  if (left?.kind === "ended") {
    if (!left.held.head.holder) return left;
    held = left.held;
  }
  return carryOutPlan(engine, held, plan);
}

/** What `post` does after a cancelled or dead main step of the same run. */
const leadPost = (process: Process): Promise<DriveResult | undefined> => endOwn(process.engine(), "o/r/1");

export interface Trace {
  scenario: Scenario;
  crashes: readonly CrashPoint[];
  successor: Successor;
  world: World;
  head: Head;
  /** Calls that each process made: the space of further crash points. */
  calls: number[];
  ended: DriveResult | undefined;
}

/** Plays one trace: the first process and one more per crash; the last one lives to its end. */
export async function play(scenario: Scenario, crashes: readonly CrashPoint[], successor: Successor): Promise<Trace> {
  const world = new World(scenario);
  const calls: number[] = [];
  let ended: DriveResult | undefined;
  for (let index = 0; index <= crashes.length; index++) {
    const run =
      index === 0 ? holder("1", 1) : successor === "next-run" ? holder(`${index + 1}`, 1) : holder("1", index + 1);
    const process = new Process(world, crashes[index], run);
    try {
      const usesPost = successor === "post" && index === 1;
      ended = usesPost
        ? await leadPost(process)
        : await lead(process, scenario, index > 0 && successor === "next-run" ? "r3" : "r2");
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    } finally {
      calls.push(process.calls);
    }
    world.pass(crashes.length > index ? 5_000 : 0);
  }
  while (world.operation) world.pass(LANDING);
  const read = await world.ledger.read();
  if (read.kind !== "head") throw new Error("the head is gone");
  return { scenario, crashes, successor, world, head: read.head, calls, ended };
}
