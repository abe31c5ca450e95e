/**
 * A small model of the world around a release: two slots, operations that take time and may lose their reply or land
 * late, a ledger, a person. It is plain data, so that a moment can be kept, compared and gone back to. The engine that
 * runs in it is the real one.
 */
import { type Head, isOver, liftHold, type OperationStatus } from "@augeo/release";
import { firstHead, type RouteFate, type Scenario, type SwapFate } from "./scenario.ts";

export const T0 = Date.UTC(2026, 0, 1);
/** How long an accepted operation takes, or is late. */
export const LANDING = 60_000;
/** How long a request may be on its way after its sender has given up. */
const IN_TRANSIT = 45_000;
/** When a person decides on a hold. */
const PERSON_COMES = 600_000;
/** So often a person decides; a hold after that finds nobody. */
const PATIENCE = 2;

/** An act that the service has accepted and that shows later. */
interface Pending {
  what: "swap" | "route" | "stage";
  endsAt: number;
  /** Until then the request itself is on its way, and nobody sees anything of it. */
  seenFrom: number;
  lands: boolean;
  url: string;
  weight: number;
  release: string;
}

/** Everything that a process can leave behind when it dies. */
export interface Moment {
  now: number;
  production: string | null;
  staging: string | null;
  weight: number;
  pending: Pending[];
  busyUntil: number;
  finished: Record<string, OperationStatus>;
  /** Swaps, routes, judgements that were asked for: which fate is next. */
  swaps: number;
  routes: number;
  judged: number;
  /** How often the person has decided. */
  decided: number;
  head: Head;
  /** Events that a head was stored with and that no log has yet. */
  unlogged: string[];
  /** The id of the last swap that was sent. */
  sent: string;
  /** What swaps put into production, where the first run goes back. */
  landed: string[];
  /** Moments in which somebody could have come, while nobody has. */
  moments: number;
  /** What somebody did to the traffic by hand; null until then, and when it changed nothing. */
  hand: {
    weight: number;
    /** The release that was under way, and the share of all requests that it was left. */
    release: string;
    share: number;
    /** Its swap had not been sent. */
    isBefore: boolean;
    /** Nothing else has been set since. */
    isLeft: boolean;
    /** A release that was open has looked since. */
    isSeen: boolean;
    /** Another release has begun since. */
    isPast: boolean;
  } | null;
  /** What must never happen, and did. */
  violations: string[];
  run: { id: number; attempt: number; role: string };
}

export class World {
  readonly scenario: Scenario;
  readonly at: Moment;

  constructor(scenario: Scenario, at: Moment) {
    this.scenario = scenario;
    this.at = at;
  }

  static begin(scenario: Scenario): World {
    const { way } = scenario;
    const [production, staging] = way === "release" ? ["r1", "r0"] : ["r2", way === "back-by-swap" ? "r1" : "r0"];
    return new World(scenario, {
      now: T0,
      production,
      staging,
      weight: 0,
      pending: [],
      busyUntil: 0,
      finished: {},
      swaps: 0,
      routes: 0,
      judged: 0,
      decided: 0,
      head: firstHead(scenario),
      unlogged: [],
      sent: "",
      landed: [],
      moments: 0,
      hand: null,
      violations: [],
      run: { id: 1, attempt: 1, role: "first" },
    });
  }

  static restore = (scenario: Scenario, stored: string): World => new World(scenario, JSON.parse(stored) as Moment);

  /** Exactly this moment. */
  keep = (): string => JSON.stringify(this.at);

  pass(duration: number): void {
    this.moment();
    this.#elapse(duration);
  }

  #elapse(duration: number): void {
    const { at } = this;
    at.now += duration;
    for (const due of at.pending.filter(({ endsAt }) => endsAt <= at.now)) this.#finish(due);
    this.#personComes();
  }

  /** Lets everything land that is still on its way. */
  settle(): void {
    while (this.at.pending.length > 0) this.#elapse(LANDING);
  }

  /** Somebody may come in between now, whatever the process is at; never into an act. */
  moment(): void {
    const { hand } = this.scenario;
    if (hand && this.at.moments <= hand.moment && this.at.moments++ === hand.moment) this.#changeByHand(hand.weight);
  }

  #changeByHand(weight: number): void {
    const { at } = this;
    if (at.weight === weight) return;
    at.weight = weight;
    const { rollout } = at.head;
    const isOpen = rollout !== null && !isOver(rollout);
    const intent = isOpen ? rollout.intent : null;
    // Exactly what was asked for anyway: no brake, and nobody could tell.
    if (weight !== 0 && intent?.op === "route" && intent.args.weight === weight) return;
    const release = isOpen ? rollout.target.release : "";
    const wasSent = intent?.op === "swap" && intent.opId === at.sent;
    const isBefore = isOpen && !wasSent && ["CANARY", "PROMOTING", "STAGED", "EXPANDED"].includes(rollout.phase);
    const share = shareOf(at, release);
    at.hand = { weight, release, share, isBefore, isLeft: true, isSeen: false, isPast: false };
  }

  /** The share of the traffic, as a process looks at it. */
  see(): number {
    const { hand, head, weight } = this.at;
    if (hand && !isOver(head.rollout)) hand.isSeen = true;
    return weight;
  }

  #setWeight(weight: number): void {
    this.at.weight = weight;
    if (this.at.hand) this.at.hand.isLeft = false;
  }

  /** Nothing that is sent afterwards gives a release more requests than it was left by hand. */
  #heed(change: Partial<Moment>): void {
    const { hand, head } = this.at;
    if (!hand || hand.isPast || hand.release === "" || head.rollout?.phase === "ROLLING_BACK") return;
    if (shareOf({ ...this.at, ...change }, hand.release) > hand.share)
      this.violate(`${hand.release} got more requests than somebody had left it by hand`);
  }

  violate(what: string): void {
    if (!this.at.violations.includes(what)) this.at.violations.push(what);
  }

  #finish(due: Pending): void {
    const { what, lands, url, weight, release } = due;
    this.at.pending = this.at.pending.filter((each) => each !== due);
    if (lands && what === "swap") this.exchange();
    if (lands && what === "route") this.#setWeight(weight);
    if (lands && what === "stage") this.at.staging = release;
    if (what !== "swap") return;
    const refusal = {
      kind: "failed",
      status: 417,
      code: "ExpectationFailed",
      message: "no ping",
      busy: false,
    } as const;
    this.at.finished[url] = lands ? { kind: "succeeded" } : refusal;
  }

  exchange(): void {
    const { at } = this;
    [at.production, at.staging] = [at.staging, at.production];
    if (this.scenario.way !== "release") at.landed.push(`${at.production}`);
  }

  /** The operation that Azure names as under way; a route's lost request shows nowhere. */
  get operation(): string | undefined {
    return this.at.pending.find(({ what, seenFrom }) => what === "swap" && seenFrom <= this.at.now)?.url;
  }

  swap(): OperationStatus {
    const { at } = this;
    const opId = at.head.rollout?.intent?.opId ?? "";
    if (opId === "" || opId === at.sent) this.violate("a swap was sent without an intent of its own");
    if (at.weight !== 0) this.violate("a swap was sent while traffic was routed aside");
    this.#heed({ production: at.staging, staging: at.production });
    const fate = fateOf<SwapFate>(this.scenario.swaps, at.swaps, "polled");
    const busy = { kind: "failed", status: 409, code: "Conflict", message: "another operation", busy: true } as const;
    if (fate === "lost-unsent") {
      at.swaps += 1;
      return { kind: "unknown", why: "connection reset" };
    }
    if (at.pending.some(({ what }) => what === "swap")) {
      this.violate("a swap was sent while another was under way");
      return busy;
    }
    if (fate === "busy" && at.busyUntil === 0) at.busyUntil = at.now + 120_000;
    if (at.now < at.busyUntil) return busy;
    at.swaps += 1;
    at.sent = opId;
    return this.#accept(fate);
  }

  #accept(fate: SwapFate): OperationStatus {
    if (fate === "synchronous" || fate === "lost-done") {
      this.exchange();
      return fate === "synchronous" ? { kind: "succeeded" } : { kind: "unknown", why: "connection reset" };
    }
    const url = `op/${this.at.swaps}`;
    this.#expect({ what: "swap", lands: fate !== "refused", url, late: fate === "lost-late" });
    return fate === "lost-late" ? { kind: "unknown", why: "connection reset" } : { kind: "running", operationUrl: url };
  }

  status(url: string): OperationStatus {
    if (this.at.pending.some((each) => each.url === url)) return { kind: "running", operationUrl: url };
    return this.at.finished[url] ?? { kind: "unknown", why: "404" };
  }

  /** Sets the weight, or not, and says how the reply went. */
  route(weight: number): "done" | "refused" | "lost" {
    const { at, scenario } = this;
    this.#heed({ weight });
    if (weight !== 0 && !scenario.steps.includes(weight)) this.violate(`${weight} % is no step's weight`);
    if (at.head.rollout?.intent?.op !== "route") this.violate("traffic was routed without an intent");
    const fate = fateOf<RouteFate>(scenario.routes, at.routes, "done");
    at.routes += 1;
    if (fate === "refused") return "refused";
    if (fate === "done" || fate === "lost-done") this.#setWeight(weight);
    if (fate === "lost-late") this.#expect({ what: "route", lands: true, url: "", weight });
    return fate === "done" ? "done" : "lost";
  }

  /** A deployment goes on although its caller is dead; Kudu does one at a time. */
  beginStage(release: string): void {
    while (this.at.pending.some(({ what }) => what === "stage")) this.#elapse(LANDING);
    this.#expect({ what: "stage", lands: true, url: "", release });
  }

  store(head: Head): void {
    const { hand } = this.at;
    if (hand && head.rollout?.startedAt !== this.at.head.rollout?.startedAt) hand.isPast = true;
    this.at.head = head;
    for (const { epoch, seq } of head.outbox) this.at.unlogged.push(`${epoch}-${seq}`);
  }

  append(key: string): void {
    this.at.unlogged = this.at.unlogged.filter((each) => each !== key);
  }

  /** Another process notes something in the head, whole and at once. */
  note(move: (head: Head) => Head): void {
    for (const when of ["before", "after"]) {
      for (const { epoch, seq } of this.at.head.outbox) this.append(`${epoch}-${seq}`);
      if (when === "before") this.store(move(this.at.head));
    }
  }

  #expect({ late, ...change }: Partial<Pending> & Pick<Pending, "what" | "lands" | "url"> & { late?: boolean }): void {
    const { now } = this.at;
    this.at.pending.push({
      endsAt: now + LANDING,
      seenFrom: late ? now + IN_TRANSIT : now,
      weight: 0,
      release: "",
      ...change,
    });
  }

  #personComes(): void {
    const { person } = this.scenario;
    const hold = this.at.head.rollout?.hold;
    if (!person || this.at.decided >= PATIENCE || !hold || hold.lift || this.at.now < hold.since + PERSON_COMES) return;
    this.at.decided += 1;
    const lift = { how: person, by: "bo", at: this.at.now, why: "looked" };
    const lifting = liftHold(this.at.head, this.at.head.rollout?.target.release ?? "", lift, {
      runId: "99",
      attempt: 1,
      actor: "bo",
    });
    if (lifting.kind === "lifted") this.note(() => lifting.head);
  }
}

/** The share of all requests that a release gets, in percent. */
function shareOf({ production, staging, weight }: Moment, release: string): number {
  return (production === release ? 100 - weight : 0) + (staging === release ? weight : 0);
}

const fateOf = <T>(fates: readonly T[], index: number, otherwise: T): T =>
  fates[Math.min(index, fates.length - 1)] ?? otherwise;
