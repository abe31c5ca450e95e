/** Requests of our own to a slot while it is judged: a guard against a slot that is down, and a source of counts. */
import { createHttpProbe } from "@augeo/probe";
import { type Assessment, assessProbe, type Clock, type Endpoint } from "@augeo/release";

export type Arm = "canary" | "baseline";

export interface OwnRequest {
  arm: Arm;
  at: number;
  latency: number;
  /** HTTP status; 0 without an answer. */
  status: number;
  isBad: boolean;
}

export interface ProberOptions {
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  signal: AbortSignal;
  interval: number;
  requestTimeout: number;
  /** Asked in each round. */
  endpoints: readonly { arm: Arm; endpoint: Endpoint }[];
}

/** Faults in a row of one endpoint of the canary. */
export interface Streak {
  name: string;
  inARow: number;
  why: string;
}

export class SlotProber {
  readonly requests: OwnRequest[] = [];
  readonly #options: ProberOptions;
  readonly #streaks = new Map<string, Streak>();
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves once the last round has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** The longest streak of faults that is going on in the canary's slot. */
  get worst(): Streak | undefined {
    return [...this.#streaks.values()].toSorted((a, b) => b.inARow - a.inARow)[0];
  }

  async #run(): Promise<void> {
    const { clock, interval } = this.#options;
    const signal = AbortSignal.any([this.#stop.signal, this.#options.signal]);
    const probe = createHttpProbe({ env: this.#options.env, signal });
    while (!signal.aborted) {
      const began = clock.now();
      const all = this.#options.endpoints.map(async ({ arm, endpoint }) => {
        const result = await probe.get(endpoint.url, { timeout: this.#options.requestTimeout });
        if (!signal.aborted) this.#note(arm, assessProbe(endpoint, result));
      });
      await Promise.all(all);
      await clock.sleep(Math.max(0, began + interval - clock.now()), signal).catch(() => undefined);
    }
  }

  #note(arm: Arm, { endpoint, result, faults }: Assessment): void {
    const status = result.answer.kind === "response" ? result.answer.status : 0;
    const isBad = faults.length > 0;
    this.requests.push({ arm, at: result.at, latency: result.latency, status, isBad });
    if (arm !== "canary") return;
    const before = this.#streaks.get(endpoint)?.inARow ?? 0;
    this.#streaks.set(endpoint, { name: endpoint, inARow: isBad ? before + 1 : 0, why: faults.join("; ") });
  }
}
