/** What the judge's shell needs of a place that counts requests. Pure types; `packages/azure` and the actions implement them. */
import type { Milliseconds } from "../ports.ts";
import type { ArmCounts } from "./sequential-test.ts";

export interface MetricWindow {
  /** A whole multiple of `bin`, as `to` is. */
  from: Milliseconds;
  to: Milliseconds;
  bin: Milliseconds;
}

export interface SourceBin {
  start: Milliseconds;
  canary: ArmCounts;
  baseline: ArmCounts;
}

/** The metrics that sources know, by the names that inputs and summaries use; all are shares of bad requests. */
export const METRIC_NAMES = ["server-errors", "slow-requests", "client-errors", "custom"] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

export interface SourceMetric {
  name: MetricName;
  /** Every bin of the window, in order; those after `completeUntil` are not all in yet. */
  bins: readonly SourceBin[];
}

export interface SourceReading {
  metrics: readonly SourceMetric[];
  /** What happened before this moment is all in. Undefined when nothing was seen that tells. */
  completeUntil: Milliseconds | undefined;
  /** Worth a line, and decides nothing: an average, for example. */
  aside?: string | undefined;
}

/** An exception that only the canary throws. */
export interface NewException {
  type: string;
  count: number;
}

export interface MetricSource {
  /** As the input `metric-source` calls it. */
  readonly name: string;
  /** Counts of both arms. Throws `ServiceError` when they cannot be read, now or ever. */
  read(window: MetricWindow): Promise<SourceReading>;
  /** Exceptions of the canary since `from` that the baseline has not thrown within a day. Absent where nobody knows. */
  newExceptions?(from: Milliseconds): Promise<readonly NewException[]>;
  /** Tells whether what it reads can name the arms at all; throws an error that says what to set. */
  prove?(window: MetricWindow): Promise<void>;
  /** The share `quantile` (0 to 1) of the baseline's requests took no longer than this. */
  baselineLatency?(window: MetricWindow, quantile: number): Promise<Milliseconds | undefined>;
}

/** All bins of a window, empty. */
export function emptyBins({ from, to, bin }: MetricWindow): SourceBin[] {
  const none = (): ArmCounts => ({ total: 0, bad: 0 });
  return Array.from({ length: Math.max(0, Math.round((to - from) / bin)) }, (_, index) => ({
    start: from + index * bin,
    canary: none(),
    baseline: none(),
  }));
}
