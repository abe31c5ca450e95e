import { type LoggedRequest, matches, type RequestFilter } from "./request-log.ts";

/** When a fault strikes: before any work, once the whole body was received but nothing done, or after the work was done. */
export type Moment = "before" | "uploaded" | "after";

export type FaultAction =
  /** This reply instead of the true one. A string body is sent as it is, anything else as JSON. */
  | { kind: "status"; status: number; headers?: Record<string, string>; body?: unknown; when?: Moment }
  /** The connection is cut without a reply. `after` is a lost reply: the work was done. */
  | { kind: "reset"; when: Moment }
  /** No reply ever comes (until the client or the cloud closes the connection). */
  | { kind: "hang"; when?: Moment }
  | { kind: "delay"; milliseconds: number; when?: Moment }
  /** The true reply, once the promise is settled: what has to happen first has happened, however slow the machine is. */
  | { kind: "hold"; until: Promise<unknown>; when?: Moment }
  /** The true reply, its body trickling. */
  | { kind: "slow-body"; bytesPerSecond: number }
  /** The true reply, cut off after so many bytes of its body. */
  | { kind: "cut-body"; bytes: number };

export interface Fault {
  match: RequestFilter;
  action: FaultAction;
  /** How often it strikes at most; without, every time. */
  times?: number;
  /** How many matching requests pass before the first that it strikes. */
  after?: number;
  /** 0 to 1: chance of striking each matching request; drawn from the registry's seed. */
  probability?: number;
}

export interface ActiveFault {
  readonly fault: Fault;
  /** Matching requests so far. */
  readonly seen: number;
  /** Times it struck. */
  readonly struck: number;
  /** Resolves when it strikes for the first time. */
  readonly met: Promise<void>;
  remove(): void;
}

interface Counted {
  fault: Fault;
  seen: number;
  struck: number;
  met: PromiseWithResolvers<void>;
}

/** Numbers in [0, 1) that repeat for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The faults that the cloud's hosts suffer. Of several that match one request, the one added first strikes. */
export class Faults {
  readonly #active: Counted[] = [];
  #random: () => number;

  constructor(seed = 1) {
    this.#random = seededRandom(seed);
  }

  seed(seed: number): void {
    this.#random = seededRandom(seed);
  }

  add(fault: Fault): ActiveFault {
    const counted: Counted = { fault, seen: 0, struck: 0, met: Promise.withResolvers() };
    this.#active.push(counted);
    return {
      fault,
      get seen() {
        return counted.seen;
      },
      get struck() {
        return counted.struck;
      },
      met: counted.met.promise,
      remove: () => this.#remove(counted),
    };
  }

  clear(): void {
    this.#active.length = 0;
  }

  /** Counts the request with every fault it matches and returns the action that strikes it, if one does. */
  strike(request: LoggedRequest): FaultAction | undefined {
    let striking: Counted | undefined;
    for (const counted of this.#active) {
      if (!matches(counted.fault.match, request)) continue;
      counted.seen += 1;
      if (striking === undefined && this.#strikes(counted)) striking = counted;
    }
    if (striking === undefined) return undefined;
    striking.struck += 1;
    striking.met.resolve();
    request.faults.push(striking.fault.action.kind);
    return striking.fault.action;
  }

  #strikes({ fault, seen, struck }: Counted): boolean {
    if (seen <= (fault.after ?? 0) || struck >= (fault.times ?? Number.POSITIVE_INFINITY)) return false;
    return fault.probability === undefined || this.#random() < fault.probability;
  }

  #remove(counted: Counted): void {
    const index = this.#active.indexOf(counted);
    if (index >= 0) this.#active.splice(index, 1);
  }
}
