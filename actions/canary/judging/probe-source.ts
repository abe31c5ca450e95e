import { emptyBins, type MetricSource, type MetricWindow, type SourceMetric, type SourceReading } from "@augeo/release";
import type { OwnRequest, SlotProber } from "./slot-prober.ts";

/**
 * Counts of our own probes, both slots asked alike. It knows no users: what is judged is what the probed paths show.
 */
export class ProbeSource implements MetricSource {
  readonly name = "probes";
  readonly #prober: SlotProber;
  readonly #slowAfter: () => number | undefined;
  readonly #now: () => number;

  constructor(prober: SlotProber, slowAfter: () => number | undefined, now: () => number) {
    this.#prober = prober;
    this.#slowAfter = slowAfter;
    this.#now = now;
  }

  async read(window: MetricWindow): Promise<SourceReading> {
    const slowAfter = this.#slowAfter();
    const metrics: SourceMetric[] = [this.#counted("server-errors", window, ({ isBad }) => isBad)];
    if (slowAfter !== undefined)
      metrics.push(this.#counted("slow-requests", window, ({ isBad, latency }) => !isBad && latency > slowAfter));
    return { metrics, completeUntil: this.#now() };
  }

  #counted(name: SourceMetric["name"], window: MetricWindow, isBad: (request: OwnRequest) => boolean): SourceMetric {
    const bins = emptyBins(window);
    for (const request of this.#prober.requests) {
      const bin = bins[Math.floor((request.at - window.from) / window.bin)];
      if (!bin) continue;
      const { total, bad } = bin[request.arm];
      bin[request.arm] = { total: total + 1, bad: bad + (isBad(request) ? 1 : 0) };
    }
    return { name, bins };
  }
}
