/**
 * Requests as the app's own telemetry tells them, counted by the release id that is baked into the artefact. The slot's
 * name in telemetry is never asked: it is the slot that the process was started in, and stale after each swap.
 */
import {
  emptyBins,
  type MetricSource,
  type MetricWindow,
  type NewException,
  type SourceBin,
  type SourceMetric,
  type SourceReading,
  UsageError,
} from "@augeo/release";
import { numberOf, textOf } from "../decode.ts";
import type { LogQueries, QueryRow, QueryTable } from "./log-queries.ts";
import { exceptionsQuery, latencyQuery, lets, type QueryArms, releasesQuery, requestsQuery } from "./queries.ts";

export interface LogMetricsOptions {
  queries: LogQueries;
  arms: QueryArms;
  /** Requests that take longer are slow, milliseconds; undefined: none is counted. */
  slowAfter?: number | undefined;
  /** The user's own query in place of ours; it returns minute, release, total, bad. */
  custom?: string | undefined;
  now: () => number;
}

/** The latest lag that is still believed: rows that came in later than this are repairs of an outage. */
const LONGEST_LAG = 1_800_000;

export class LogMetrics implements MetricSource {
  readonly name: string;
  readonly #options: LogMetricsOptions;

  constructor(options: LogMetricsOptions) {
    this.name = options.queries.place.kind;
    this.#options = options;
  }

  async read(window: MetricWindow): Promise<SourceReading> {
    const { queries, arms, custom, slowAfter, now } = this.#options;
    const { kind } = queries.place;
    const table = await queries.run("count the requests", requestsQuery(kind, arms, window, slowAfter));
    const until = now();
    const lag = Math.max(0, ...table.rows.map((row) => timespanOf(row.lag)).filter((each) => each <= LONGEST_LAG));
    const completeUntil = table.rows.length === 0 ? undefined : until - lag;
    const metrics = custom === undefined ? this.#standard(table, window) : [await this.#custom(custom, window)];
    return { metrics, completeUntil };
  }

  async newExceptions(from: number): Promise<readonly NewException[]> {
    const { queries, arms, now } = this.#options;
    const { rows } = await queries.run("count the exceptions", exceptionsQuery(queries.place.kind, arms, from, now()));
    return rows
      .filter(({ before }) => numberOf(before) === 0)
      .map(({ type, since }) => ({ type: textOf(type), count: numberOf(since) ?? 0 }))
      .filter(({ count }) => count > 0);
  }

  /** Rows there are, and none names the live release: then no canary could ever be told from it. */
  async prove(window: MetricWindow): Promise<void> {
    const { queries, arms, custom } = this.#options;
    const { rows } = await queries.run("see which releases are named", releasesQuery(queries.place.kind, arms, window));
    const named = rows.map(({ release }) => textOf(release));
    if (named.length > 0 && !named.includes(arms.baseline)) throw unnamed(arms, named);
    if (custom !== undefined) await this.#custom(custom, window);
  }

  async baselineLatency(window: MetricWindow, quantile: number): Promise<number | undefined> {
    const { queries, arms } = this.#options;
    const query = latencyQuery(queries.place.kind, arms, window, quantile);
    const { rows } = await queries.run("measure the baseline's latency", query);
    return numberOf(rows[0]?.latency);
  }

  #standard(table: QueryTable, window: MetricWindow): SourceMetric[] {
    const { arms, slowAfter } = this.#options;
    const metric = (name: SourceMetric["name"], column: string): SourceMetric => ({
      name,
      bins: counted(table.rows, window, arms, column),
    });
    const slow = slowAfter === undefined ? [] : [metric("slow-requests", "slow")];
    return [metric("server-errors", "errors"), ...slow, metric("client-errors", "refused")];
  }

  async #custom(query: string, window: MetricWindow): Promise<SourceMetric> {
    const { queries, arms } = this.#options;
    const table = await queries.run("run metrics-query", `${lets(arms, window)}\n${query}`);
    const missing = ["minute", "release", "total", "bad"].filter(
      (name) => !table.columns.some((each) => each.name === name),
    );
    if (missing.length > 0) throw incomplete(missing, table);
    return { name: "custom", bins: counted(table.rows, window, arms, "bad") };
  }
}

function counted(rows: readonly QueryRow[], window: MetricWindow, arms: QueryArms, bad: string): SourceBin[] {
  const bins = emptyBins(window);
  for (const row of rows) {
    const bin = bins[Math.floor((Date.parse(textOf(row.minute)) - window.from) / window.bin)];
    const release = textOf(row.release);
    const arm = release === arms.canary ? "canary" : release === arms.baseline ? "baseline" : undefined;
    if (!bin || !arm) continue;
    const total = bin[arm].total + (numberOf(row.total) ?? 0);
    bin[arm] = { total, bad: Math.min(total, bin[arm].bad + (numberOf(row[bad]) ?? 0)) };
  }
  return bins;
}

/** `00:01:30.5000000`, `1.02:00:00`: a timespan as the services print it, in milliseconds. */
export function timespanOf(value: unknown): number {
  const [, days = "0", hours = "0", minutes = "0", seconds = "0"] =
    /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(textOf(value)) ?? [];
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
}

function unnamed({ baseline, dimension }: QueryArms, named: readonly string[]): UsageError {
  const field = dimension === undefined ? "the application version" : `the dimension ${dimension}`;
  const found = named
    .slice(0, 5)
    .map((name) => (name === "" ? "none" : name))
    .join(", ");
  return new UsageError({
    what: "The telemetry does not say which release answered.",
    why: `Production runs ${baseline}; in the requests of late, ${field} says: ${found}. Slot names cannot stand in: they are stale after a swap.`,
    fix: "let the app report the `release` of its augeo-release.json as service.version (OTEL_RESOURCE_ATTRIBUTES), or name the dimension that has it in release-dimension, or set metric-source: platform-metrics.",
  });
}

function incomplete(missing: readonly string[], { columns }: QueryTable): UsageError {
  return new UsageError({
    what: "Input metrics-query is wrong.",
    why: `Its answer lacks ${missing.join(" and ")}; it has ${columns.map(({ name }) => name).join(", ")}.`,
    fix: "end it with: | summarize total = sum(itemCount), bad = sumif(itemCount, <what is bad>) by minute = bin(timestamp, bin_size), release = application_Version",
  });
}
