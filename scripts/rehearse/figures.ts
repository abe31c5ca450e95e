import { isFailure, type Sample } from "./load.ts";

/** A step of the rehearsal, for the timeline. Times in milliseconds since 1970. */
export interface Step {
  title: string;
  began: number;
  ended: number;
  /** How it ended, in a few words. */
  outcome: string;
  asExpected: boolean;
}

/** What was expected, and what came of it. */
export interface Expectation {
  /** The step it belongs to, in a word or two. */
  step: string;
  what: string;
  found: string;
  met: boolean;
}

export interface Figures {
  requests: number;
  failures: number;
  /** Milliseconds of the answered requests. */
  median: number;
  p95: number;
  slowest: number;
}

/** The value that the given share of the numbers does not exceed; 0 of none. */
export function percentile(numbers: readonly number[], share: number): number {
  if (numbers.length === 0) return 0;
  const sorted = numbers.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export function figuresOf(samples: readonly Sample[]): Figures {
  const times = samples.filter(({ status }) => status > 0).map(({ milliseconds }) => milliseconds);
  return {
    requests: samples.length,
    failures: samples.filter(isFailure).length,
    median: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    slowest: times.length === 0 ? 0 : Math.max(...times),
  };
}

export const during = (samples: readonly Sample[], { began, ended }: Pick<Step, "began" | "ended">): Sample[] =>
  samples.filter(({ at }) => at >= began && at < ended);

/** One second of traffic. */
export interface Second {
  /** Since the beginning. */
  second: number;
  byRelease: ReadonlyMap<string, number>;
  failures: number;
  median: number;
  p95: number;
}

/** The traffic, second by second. Answers without a release's name count under `none`. */
export function secondsOf(samples: readonly Sample[], began: number, ended: number): Second[] {
  const buckets: Sample[][] = Array.from({ length: Math.max(1, Math.ceil((ended - began) / 1000)) }, () => []);
  for (const sample of samples) buckets[Math.floor((sample.at - began) / 1000)]?.push(sample);
  return buckets.map((bucket, second) => {
    const byRelease = new Map<string, number>();
    for (const { release = "none" } of bucket.filter((sample) => !isFailure(sample)))
      byRelease.set(release, (byRelease.get(release) ?? 0) + 1);
    const { failures, median, p95 } = figuresOf(bucket);
    return { second, byRelease, failures, median, p95 };
  });
}

export interface Span {
  release: string;
  began: number;
  ended: number;
}

/** Which release answered production when, as the clients saw it. A swap's overlap counts for the newer one. */
export function liveSpans(samples: readonly Sample[], ended: number): Span[] {
  const spans: Span[] = [];
  const seen = samples.filter(({ release }) => release !== undefined).toSorted((left, right) => left.at - right.at);
  for (const [index, { release = "", at }] of seen.entries()) {
    const last = spans.at(-1);
    if (last?.release === release) continue;
    // One late answer of the old release is no change back.
    const next = seen.slice(index, index + 5);
    if (last !== undefined && !next.every((one) => one.release === release)) continue;
    if (last !== undefined) last.ended = at;
    spans.push({ release, began: at, ended });
  }
  return spans;
}

/** `1:07` */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** `1.4 s`, `23 s`, `350 ms` */
export function span(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds / 1000)} s`;
}
