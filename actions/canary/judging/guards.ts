/** What fails a canary without statistics: a slot that is down, that keeps crashing, or that throws what is new. */
import { type AppSlots, listInstances, type SlotRef } from "@augeo/azure";
import { type HardGuard, type MetricSource, ServiceError } from "@augeo/release";
import type { RunContext } from "../../slot-swap/connection.ts";
import type { SlotProber } from "./slot-prober.ts";

export interface GuardOptions {
  context: RunContext;
  slots: AppSlots;
  ref: SlotRef;
  prober: SlotProber;
  source: MetricSource;
  /** Faults of one endpoint in a row, and looks in a row with an instance that is down. */
  inARow: number;
  /** Exceptions of a new type; 0: not asked. */
  newExceptions: number;
  /** Exceptions count from here on. */
  since: number;
}

export class Guards {
  readonly #options: GuardOptions;
  readonly #told = new Set<string>();
  #looksDown = 0;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  async check(): Promise<HardGuard[]> {
    const [instances, exceptions] = await Promise.all([this.#instances(), this.#exceptions()]);
    return [this.#probes(), instances, exceptions];
  }

  /** The share of the traffic as Azure shows it now; undefined when it cannot be asked. */
  weight(): Promise<number | undefined> {
    return this.#asked("share of the traffic", () => this.#options.slots.weight());
  }

  #probes(): HardGuard {
    const { prober, inARow } = this.#options;
    const worst = prober.worst;
    const count = worst?.inARow ?? 0;
    return {
      name: "probe of the slot",
      tripped: count >= inARow,
      why: `${worst?.name ?? ""} failed ${count} times in a row: ${worst?.why ?? ""}`,
    };
  }

  async #instances(): Promise<HardGuard> {
    const { slots, ref, inARow } = this.#options;
    const found = await this.#asked("instances", () => listInstances(slots.arm, ref));
    const down = (found ?? []).filter(({ state }) => state === "STOPPED");
    this.#looksDown = down.length > 0 ? this.#looksDown + 1 : 0;
    const why = `${down.length} of ${found?.length ?? 0} instances were down at ${this.#looksDown} looks in a row: it keeps crashing`;
    return { name: "instances of the slot", tripped: this.#looksDown >= inARow, why };
  }

  async #exceptions(): Promise<HardGuard> {
    const { source, newExceptions, since } = this.#options;
    const found = newExceptions === 0 ? [] : await this.#asked("exceptions", async () => source.newExceptions?.(since));
    const worst = (found ?? []).toSorted((a, b) => b.count - a.count)[0];
    return {
      name: "new exceptions",
      tripped: worst !== undefined && worst.count >= newExceptions,
      why: `${worst?.type}, ${worst?.count} times; the live release has not thrown it within a day`,
    };
  }

  /** A guard that cannot be asked protects nothing, and stops nothing either: the metrics have the last word. */
  async #asked<T>(what: string, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (!this.#told.has(what))
        this.#options.context.log.warning(`The canary is not guarded by its ${what}. ${error.what} ${error.why}`);
      this.#told.add(what);
      return undefined;
    }
  }
}
