/**
 * App Service's own metrics, of each slot as a resource of its own: no agent in the app, and no slot name that a swap
 * makes stale. They count every request that reached the front end, those that the platform answered itself included.
 */
import {
  emptyBins,
  type MetricSource,
  type MetricWindow,
  ServiceError,
  type SourceBin,
  type SourceReading,
} from "@augeo/release";
import type { Arm } from "../arm.ts";
import { fieldsOf, listOf, numberOf, textOf } from "../decode.ts";
import { callSlot, PRODUCTION, type SlotRef } from "../site.ts";

const API_VERSION = "2018-01-01";
const NAMES = ["Requests", "Http5xx", "Http4xx", "HttpResponseTime"] as const;
type Name = (typeof NAMES)[number];

/** A bin of one resource; undefined where nothing has been published yet. */
type Published = Partial<Record<Name, number>>;

export interface PlatformMetricsOptions {
  arm: Arm;
  /** The slot that gets a share of production's requests. */
  ref: SlotRef;
}

export class PlatformMetrics implements MetricSource {
  readonly name = "platform-metrics";
  readonly #options: PlatformMetricsOptions;

  constructor(options: PlatformMetricsOptions) {
    this.#options = options;
  }

  async read(window: MetricWindow): Promise<SourceReading> {
    const { ref } = this.#options;
    const [canary, baseline] = await Promise.all([
      this.#ask(ref, window),
      this.#ask({ ...ref, slot: PRODUCTION }, window),
    ]);
    return {
      metrics: [
        { name: "server-errors", bins: counted(window, canary, baseline, "Http5xx") },
        { name: "client-errors", bins: counted(window, canary, baseline, "Http4xx") },
      ],
      completeUntil: completeUntil(window, canary, baseline),
      aside: averages(canary, baseline),
    };
  }

  /** By the start of each bin. */
  async #ask(ref: SlotRef, { from, to, bin }: MetricWindow): Promise<Map<number, Published>> {
    const query = {
      "api-version": API_VERSION,
      metricnames: NAMES.join(","),
      timespan: `${new Date(from).toISOString()}/${new Date(to).toISOString()}`,
      interval: isoInterval(bin),
      aggregation: "Total,Average",
    };
    const below = "/providers/Microsoft.Insights/metrics";
    try {
      const operation = `read the metrics of ${ref.slot}`;
      const reply = await callSlot(this.#options.arm, ref, { operation, method: "GET", below, query, attempts: 1 });
      return decodeMetrics(reply.body);
    } catch (error) {
      throw grainExplained(error, bin);
    }
  }
}

/** `PT1M`, or seconds where it is no whole number of minutes. */
function isoInterval(bin: number): string {
  return bin % 60_000 === 0 ? `PT${bin / 60_000}M` : `PT${bin / 1000}S`;
}

function grainExplained(error: unknown, bin: number): unknown {
  if (!(error instanceof ServiceError) || !/time grain/i.test(error.why)) return error;
  const what = `Azure keeps no platform metrics in bins of ${isoInterval(bin)}.`;
  const fix =
    "Set bin: 1m (or 5m), the grains that platform metrics have; probes and logs can be counted in shorter ones.";
  return new ServiceError({ ...error, what, why: error.why, fix, cause: error });
}

export function decodeMetrics(body: unknown): Map<number, Published> {
  const bins = new Map<number, Published>();
  for (const metric of listOf(fieldsOf(body).value).map(fieldsOf)) {
    const name = NAMES.find((each) => each.toLowerCase() === textOf(fieldsOf(metric.name).value).toLowerCase());
    if (name === undefined) continue;
    const [series] = listOf(metric.timeseries).map(fieldsOf);
    for (const point of listOf(series?.data).map(fieldsOf)) {
      const start = Date.parse(textOf(point.timeStamp));
      const value = numberOf(name === "HttpResponseTime" ? point.average : point.total);
      if (Number.isNaN(start) || value === undefined) continue;
      bins.set(start, { ...bins.get(start), [name]: value });
    }
  }
  return bins;
}

function counted(
  window: MetricWindow,
  canary: ReadonlyMap<number, Published>,
  baseline: ReadonlyMap<number, Published>,
  bad: Name,
): SourceBin[] {
  const armOf = (published: Published | undefined) => {
    const total = published?.Requests ?? 0;
    return { total, bad: Math.min(total, published?.[bad] ?? 0) };
  };
  return emptyBins(window).map(({ start }) => ({
    start,
    canary: armOf(canary.get(start)),
    baseline: armOf(baseline.get(start)),
  }));
}

/**
 * The newest bin that has a value may still grow; what lies before it does not. Each arm is published by itself, and an
 * arm without a single value tells nothing.
 */
function completeUntil({ from }: MetricWindow, ...arms: readonly ReadonlyMap<number, Published>[]): number | undefined {
  const newest = arms.filter(({ size }) => size > 0).map((arm) => Math.max(...arm.keys()));
  return newest.length === 0 ? undefined : Math.max(from, Math.min(...newest));
}

/** Only the average of all requests is kept, which a few slow ones do not move: it is shown and never judged. */
function averages(
  canary: ReadonlyMap<number, Published>,
  baseline: ReadonlyMap<number, Published>,
): string | undefined {
  const mean = (arm: ReadonlyMap<number, Published>): number | undefined => {
    const bins = [...arm.values()].filter(({ Requests = 0 }) => Requests > 0);
    const requests = bins.reduce((sum, { Requests = 0 }) => sum + Requests, 0);
    const seconds = bins.reduce((sum, bin) => sum + (bin.HttpResponseTime ?? 0) * (bin.Requests ?? 0), 0);
    return requests === 0 ? undefined : seconds / requests;
  };
  const [ofCanary, ofBaseline] = [mean(canary), mean(baseline)];
  if (ofCanary === undefined || ofBaseline === undefined) return undefined;
  return `average response time ${milliseconds(ofCanary)} (canary), ${milliseconds(ofBaseline)} (baseline)`;
}

const milliseconds = (seconds: number): string => `${Math.round(seconds * 1000)} ms`;
