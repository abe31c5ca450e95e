/** One run of an action in the model: the real engine over ports that remember every moment at which it could die. */
import {
  acquire,
  advance,
  carryOutPlan,
  type DriveResult,
  drive,
  type Engine,
  endOwn,
  type Head,
  type Held,
  type Holder,
  isMeddledWith,
  isOver,
  isTerminal,
  type Ledger,
  moveHeld,
  type Plan,
  type ReleaseRecord,
  record,
  release,
  ServiceError,
  type Slots,
  settleLeftover,
} from "@augeo/release";
import { planOf } from "./scenario.ts";
import { LANDING, T0, type World } from "./world.ts";

/** Who comes after a death: the same run again, its post step, another run, or the reconciler. */
export type Role = "first" | "rerun" | "post" | "next" | "reconcile" | typeof AFTER;

/** The second half of a run: it holds the lock, what was left is settled, and its own release begins. */
export const AFTER = "own release";

/** How a run ended; `settled`: its first half did, and everything that the second depends on is in the world. */
export type Ran = DriveResult | { kind: "settled" };

/** A safety rule that is broken on purpose, to see that the model notices. */
export type Mutant =
  /** An open swap is sent again by who finds it. */
  | "replay-intent"
  /** An open swap counts as done for who finds it. */
  | "assume-done"
  /** Slots are taken to be as the plan expects them. */
  | "skip-observe"
  /** The traffic's weight is not looked at. */
  | "forget-weight"
  /** A weight that somebody changed by hand is taken for the one before, and set again. */
  | "overrule-hand"
  /** A lost reply is taken as never sent at once. */
  | "no-settling"
  /** Heads are written without comparing. */
  | "no-epoch"
  /** Events are appended by their writer only. */
  | "no-outbox";

/** Somebody else comes in between; never into an act, whose moment a lease or a check of the head guards. */
export interface Interference {
  /** At this call of the process, before it takes effect. */
  call: number;
  act: (world: World) => Promise<void> | void;
}

export class Process {
  calls = 0;
  /** Moments at which the process could have died, in order. */
  readonly deaths: string[] = [];
  readonly #world: World;
  readonly #mutant: Mutant | undefined;
  readonly #interference: Interference | undefined;
  readonly #remembers: boolean;
  readonly #inHalves: boolean;
  #run: { id: number; attempt: number };

  constructor(
    world: World,
    options: {
      mutant?: Mutant | undefined;
      interference?: Interference | undefined;
      remembers?: boolean;
      /** Stop once what was left is settled: the rest is one story with all others that come to the same place. */
      inHalves?: boolean;
    },
  ) {
    this.#world = world;
    this.#mutant = options.mutant;
    this.#interference = options.interference;
    this.#run = world.at.run;
    this.#remembers = options.remembers ?? true;
    this.#inHalves = options.inHalves ?? false;
  }

  /** Runs to its end as what it is; undefined when there was nothing to do, or it could not begin. */
  async run(role: Role): Promise<Ran | undefined> {
    try {
      return await this.#begin(role);
    } catch (error) {
      if (error instanceof Stuck) return undefined;
      throw error;
    }
  }

  async #begin(role: Role): Promise<Ran | undefined> {
    const { at } = this.#world;
    if (role === "rerun") at.run = { ...at.run, attempt: at.run.attempt + 1 };
    if (role === "next" || role === "reconcile") at.run = { id: at.run.id + 1, attempt: 1, role };
    this.#run = at.run;
    if (role === AFTER) return this.#release({ head: at.head, etag: etagOf(at.head) });
    if (role === "post") return endOwn(this.engine(), this.#me().claimId);
    return at.run.role === "reconcile" ? this.#reconcile() : this.#lead();
  }

  async call<T>(act: () => T | Promise<T>, kind: "act" | "other" = "other"): Promise<T> {
    if (kind === "other") this.#world.moment();
    if (kind === "other" && this.#interference?.call === this.calls) await this.#interference.act(this.#world);
    this.calls += 1;
    this.#couldDie();
    const value = await act();
    this.#couldDie();
    return value;
  }

  #couldDie(): void {
    if (this.#remembers) this.deaths.push(this.#world.keep());
  }

  #holds(): boolean {
    const { holder } = this.#world.at.head;
    return holder?.runId === this.#me().runId && holder.attempt === this.#me().attempt;
  }

  #me(): Holder {
    const { id, attempt } = this.#run;
    const url = `https://github/o/r/actions/runs/${id}`;
    return { claimId: `o/r/${id}`, repository: "o/r", runId: `${id}`, attempt, actor: "ann", url, since: T0 };
  }

  /** A whole run as the release action leads it: lock, what was left, then its own release. */
  async #lead(): Promise<Ran | undefined> {
    let held = await this.#claim();
    held = await this.#misbehave(held);
    const left = await settleLeftover(this.engine(), held, this.#plan());
    if (!left) return this.#release(held);
    if (left.kind !== "ended" || left.rollout.phase === "NEEDS_HUMAN" || !left.held.head.holder) return left;
    return this.#inHalves ? { kind: "settled" } : this.#release(left.held);
  }

  async #release(held: Held): Promise<DriveResult | undefined> {
    this.#world.moment();
    if (this.#mutant === "overrule-hand" || this.#plan().kind === "rollback" || this.#world.see() === 0)
      return carryOutPlan(this.engine(), held, this.#plan());
    await moveHeld(this.#ledger(), held, (mine) => release(mine, this.#world.at.now));
    return undefined;
  }

  #plan(): Plan {
    const settleTime = this.#mutant === "no-settling" ? 0 : undefined;
    return planOf(this.#world.scenario, this.#run.id, settleTime);
  }

  /** What a scheduled reconciler does: ends what a dead run left, and gives the lock back. A hold is let wait. */
  async #reconcile(): Promise<DriveResult | undefined> {
    const { head, now } = this.#world.at;
    const hold = head.rollout && !isOver(head.rollout) ? head.rollout.hold : null;
    const engine = this.engine();
    const seen = await engine.slots.observe();
    const waits = hold !== null && !hold.lift && (hold.deadline === null || now < hold.deadline);
    const isMeddled = head.rollout !== null && isMeddledWith(head.rollout, seen.weight);
    if (head.holder === null || (waits && !isMeddled)) return undefined;
    let held = await this.#claim();
    held = await this.#misbehave(held);
    const left = await (waits
      ? drive({ ...engine, keepsLock: true }, held, { kind: "slots", slots: seen, now: this.#world.at.now })
      : settleLeftover(engine, held, undefined));
    if (left && left.kind !== "ended") return left;
    if (left?.rollout.phase === "NEEDS_HUMAN") return left;
    await moveHeld(engine.ledger, left?.held ?? held, (mine) => release(mine, this.#world.at.now));
    return left;
  }

  async #misbehave(held: Held): Promise<Held> {
    const rollout = held.head.rollout;
    if (!rollout || isTerminal(rollout.phase) || rollout.intent?.op !== "swap") return held;
    if (this.#mutant === "replay-intent") await this.call(() => this.#world.swap());
    if (this.#mutant !== "assume-done") return held;
    const done = {
      ...rollout,
      intent: null,
      phase: rollout.phase === "PROMOTING" ? "WATCHING" : "ROLLED_BACK",
    } as const;
    const moved = await moveHeld(this.#ledger(), held, (head) => record(head, done, this.#world.at.now, true));
    return moved.kind === "written" ? moved.held : held;
  }

  async #claim(): Promise<Held> {
    const { since: _, ...me } = this.#me();
    const acquired = await acquire({
      ledger: this.#ledger(),
      clock: this.#clock(),
      signal: new AbortController().signal,
      app: "api",
      environment: "prod",
      where: "head.json",
      me,
      askRun: async () => "over",
      lockWait: 0,
      pollInterval: 1,
    });
    if (acquired.kind === "acquired") return acquired.held;
    const { id, attempt } = this.#world.at.run;
    // A run that woke up after a later attempt is rightly turned away.
    const isOutdated = id !== this.#run.id || attempt !== this.#run.attempt;
    if (!isOutdated) this.#world.violate(`a state that no run leaves: ${acquired.explanation.what}`);
    throw new Stuck(acquired.explanation.what);
  }

  #clock = () => ({ now: () => this.#world.at.now, sleep: async (duration: number) => this.#world.pass(duration) });

  #ledger(): Ledger {
    const world = this.#world;
    const isCurrent = (expected: string | undefined) =>
      this.#mutant === "no-epoch" || expected === etagOf(world.at.head);
    const lost = { kind: "lost", why: "somebody else wrote the head" } as const;
    return {
      read: async () => ({ kind: "head", head: world.at.head, etag: etagOf(world.at.head) }),
      write: (head, expected) =>
        this.call(() => {
          if (!isCurrent(expected)) return lost;
          world.store(head);
          return { kind: "written", etag: etagOf(head) };
        }),
      append: async (event) => {
        const isForeign = event.runId !== this.#me().runId || event.attempt !== this.#me().attempt;
        if (this.#mutant === "no-outbox" && isForeign) return;
        await this.call(() => world.append(`${event.epoch}-${event.seq}`));
      },
      guard: async (expected, act) => (isCurrent(expected) ? { kind: "held", value: await act() } : lost),
    };
  }

  #slots(): Slots {
    const world = this.#world;
    return {
      observe: async ({ identityOnly = false } = {}) => this.#observe(identityOnly),
      weight: async () => this.#weight(),
      swap: () => this.call(() => world.swap(), "act"),
      swapStatus: (url) => this.call(() => world.status(url)),
      route: (weight, expected) =>
        this.call(() => {
          const isOther = expected !== null && this.#weight() !== expected;
          if (isOther) return { kind: "withheld", weight: world.at.weight } as const;
          const reply = world.route(weight);
          if (reply !== "done") throw unanswered(reply === "refused" ? 403 : undefined);
          return { kind: "set" } as const;
        }, "act"),
    };
  }

  #observe(identityOnly: boolean) {
    const { at } = this.#world;
    this.#world.moment();
    // Whoever looks at the slots is to know of the traffic what it needs.
    const weight = this.#weight();
    const rollout = at.head.rollout;
    const seen = {
      production: content(at.production),
      staging: content(at.staging),
      weight: identityOnly ? 0 : weight,
      operation: this.#world.operation,
    };
    if (this.#mutant !== "skip-observe" || !rollout?.before || rollout.phase === "EXPANDED") return seen;
    return { ...seen, production: content(rollout.before.production), staging: content(rollout.target.release) };
  }

  #weight(): number {
    const weight = this.#world.see();
    if (this.#mutant === "forget-weight") return 0;
    const { rollout } = this.#world.at.head;
    if (this.#mutant !== "overrule-hand" || !rollout || isOver(rollout)) return weight;
    const { intent } = rollout;
    if (intent?.op !== "route") return rollout.weight ?? weight;
    return intent.args.weight === weight ? weight : intent.expect.weight;
  }

  engine(): Engine {
    const world = this.#world;
    const { scenario, at } = world;
    return {
      ledger: this.#ledger(),
      slots: this.#slots(),
      clock: this.#clock(),
      signal: new AbortController().signal,
      holdWait: scenario.holdWait,
      steps: { migrate: () => this.call(() => this.#migrate(), "act"), stage: (target) => this.#stage(target) },
      health: {
        probe: (where, atLeast) =>
          this.call(() => {
            world.pass(Math.max(atLeast, 1_000));
            const asked = where === "staging" ? at.staging : at.production;
            const verdict = asked === "r2" && scenario.way === "release" ? scenario[where] : "healthy";
            return { verdict, why: `${asked} is ${verdict}` };
          }),
      },
      canary: {
        judge: (step) =>
          this.call(() => {
            const isKnown = at.head.rollout?.target.release === "r2";
            const verdict = (isKnown && scenario.verdicts[Math.min(at.judged, scenario.verdicts.length - 1)]) || "pass";
            if (at.hand && step.weight !== this.#weight()) return "disturbed";
            if (isKnown) at.judged += 1;
            if (step.weight !== at.weight && this.#holds() && !at.hand)
              world.violate("a step was judged at another weight than its own");
            world.pass(verdict === "fail" ? 60_000 : Math.max(0, step.windowEnd - at.now));
            return { verdict, why: verdict };
          }),
      },
    };
  }

  #migrate() {
    const { migration, way } = this.#world.scenario;
    const release = this.#world.at.head.rollout?.target.release ?? "";
    if (migration === "refused" && release === "r2" && way === "release")
      throw Object.assign(new Error("no"), { what: "no", why: "two heads", fix: "merge" });
    return migration === "expand" ? { from: "a", to: "b", kind: "expand" as const, release, at: T0 } : null;
  }

  async #stage({ release }: ReleaseRecord): Promise<void> {
    const world = this.#world;
    await this.call(() => world.beginStage(release), "act");
    world.pass(LANDING);
  }
}

const etagOf = ({ epoch, seq }: Head) => `${epoch}-${seq}`;

/** A process that cannot even begin. */
class Stuck extends Error {
  override readonly name = "Stuck";
}

const unanswered = (status: number | undefined) =>
  new ServiceError({
    service: "ARM",
    operation: "route",
    what: "The weight was not set.",
    why: status === undefined ? "connection reset" : "403",
    fix: "Run again.",
    ...(status === undefined ? {} : { status }),
  });

const content = (release: string | null) =>
  release === null ? ({ kind: "unlabelled" } as const) : ({ kind: "release", release, schemaHead: null } as const);

/** What another run may write at any time without taking anything over. */
export const noteSomething = (world: World): void =>
  world.note((head) => advance(head, {}, world.at.now, "noted", {}, { runId: "77", attempt: 1, actor: "cy" }));
