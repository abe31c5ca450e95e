/** What sources count, as the judge takes it. Pure. */
import type { ArmCounts, Metric, MetricName, SourceMetric, SourceReading } from "@augeo/release";
import type { OwnRequest } from "./slot-prober.ts";

export interface Window {
  /** The weight was set. */
  setAt: number;
  /** Counts from here on; a whole multiple of `bin`. */
  from: number;
  /** Counts up to here, as far as they are complete; a whole multiple of `bin`. */
  until: number;
  bin: number;
}

/** The metrics of one look. A gate that the source does not know is left out: the inputs were checked for that. */
export function judgedMetrics(
  { metrics }: SourceReading,
  window: Window,
  gates: readonly MetricName[],
  history: ReadonlyMap<MetricName, readonly ArmCounts[]>,
): Metric[] {
  return metrics.map(({ name, bins }) => ({
    name,
    role: gates.includes(name) ? "gate" : "watch",
    history: history.get(name) ?? [],
    bins: bins
      .filter(({ start }) => start >= window.from && start + window.bin <= window.until)
      .map(({ start, canary, baseline }) => ({ until: start + window.bin - window.setAt, canary, baseline })),
  }));
}

/** The baseline's bins before the canary, by metric. */
export function historyOf(
  { metrics, completeUntil }: SourceReading,
  bin: number,
  end: number,
): Map<MetricName, ArmCounts[]> {
  const until = Math.min(completeUntil ?? end, end);
  return new Map(
    metrics.map(({ name, bins }) => [
      name,
      bins.filter(({ start }) => start + bin <= until).map(({ baseline }) => baseline),
    ]),
  );
}

/** Bad means another status for each metric of the platform. */
const STATUS_OF: Partial<Record<MetricName, (status: number) => boolean>> = {
  "server-errors": (status) => status >= 500,
  "client-errors": (status) => status >= 400 && status < 500,
};

/**
 * Takes our own probes of the slot out of what the platform counted there: at little traffic they would be a good part
 * of it. A probe that was sent just before a bin's edge arrived in the next one.
 */
export function withoutOwn(reading: SourceReading, own: readonly OwnRequest[], bin: number): SourceReading {
  const mine = own.filter(({ arm, status }) => arm === "canary" && status > 0);
  return { ...reading, metrics: reading.metrics.map((metric) => less(metric, mine, bin)) };
}

function less({ name, bins }: SourceMetric, own: readonly OwnRequest[], width: number): SourceMetric {
  const left = bins.map((each) => ({ ...each, canary: { ...each.canary } }));
  const first = left[0]?.start ?? 0;
  for (const { at, status } of own) {
    const index = Math.floor((at - first) / width);
    const isBad = STATUS_OF[name]?.(status) === true;
    const counted = [left[index], left[index + 1]].find(
      (each) => each && each.canary.total > (isBad ? 0 : each.canary.bad),
    );
    if (!counted || (isBad && counted.canary.bad === 0)) continue;
    counted.canary.total -= 1;
    if (isBad) counted.canary.bad -= 1;
  }
  return { name, bins: left };
}
