import type { SourceBin, SourceReading } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";
import { historyOf, judgedMetrics, withoutOwn } from "../../../actions/canary/judging/judged-metrics.ts";
import { decodeMetrics } from "../../../packages/azure/src/metrics/platform-metrics.ts";

const MINUTE = 60_000;
const bin = (minute: number, canary: [number, number], baseline: [number, number]): SourceBin => ({
  start: minute * MINUTE,
  canary: { total: canary[0], bad: canary[1] },
  baseline: { total: baseline[0], bad: baseline[1] },
});

const reading = (bins: SourceBin[], completeUntil?: number): SourceReading => ({
  metrics: [{ name: "server-errors", bins }],
  completeUntil,
});

describe("what is judged of a reading", () => {
  const bins = [0, 1, 2, 3, 4].map((minute) => bin(minute, [10, minute], [90, 0]));
  const window = { setAt: 30_000, from: 2 * MINUTE, until: 4 * MINUTE, bin: MINUTE };

  test("leaves out warm-up, and what is not complete, and counts time from the change of the weight", () => {
    const [metric] = judgedMetrics(reading(bins), window, ["server-errors"], new Map());
    expect(metric?.role).toBe("gate");
    expect(metric?.bins.map(({ until, canary }) => [until, canary.bad])).toEqual([
      [150_000, 2],
      [210_000, 3],
    ]);
  });

  test("what is no gate is watched", () => {
    expect(judgedMetrics(reading(bins), window, [], new Map())[0]?.role).toBe("watch");
  });

  test("the history is the live release's, as far as it is complete", () => {
    const history = historyOf(reading(bins, 3 * MINUTE), MINUTE, 5 * MINUTE);
    expect(history.get("server-errors")).toEqual([0, 1, 2].map(() => ({ total: 90, bad: 0 })));
  });
});

describe("our own probes among the platform's counts", () => {
  const own = (at: number, status: number) => ({
    arm: "canary" as const,
    at,
    latency: 5,
    status,
    isBad: status >= 400,
  });

  test("are taken out of the slot's requests and of its errors", () => {
    const mine = [own(61_000, 200), own(62_000, 503), { ...own(63_000, 200), arm: "baseline" as const }];
    const counted = withoutOwn(reading([bin(1, [12, 3], [90, 1])]), mine, MINUTE);
    expect(counted.metrics[0]?.bins).toEqual([bin(1, [10, 2], [90, 1])]);
  });

  test("are taken from the next bin when they arrived there", () => {
    const counted = withoutOwn(
      reading([bin(1, [0, 0], [90, 0]), bin(2, [3, 0], [90, 0])]),
      [own(119_990, 200)],
      MINUTE,
    );
    expect(counted.metrics[0]?.bins.map(({ canary }) => canary.total)).toEqual([0, 2]);
  });

  test("never take away more than was there", () => {
    const mine = [own(61_000, 503), own(62_000, 503)];
    const counted = withoutOwn(reading([bin(1, [1, 1], [90, 0])]), mine, MINUTE);
    expect(counted.metrics[0]?.bins).toEqual([bin(1, [0, 0], [90, 0])]);
  });

  test("a healthy probe never takes away a user's error", () => {
    const counted = withoutOwn(reading([bin(1, [1, 1], [90, 0])]), [own(61_000, 200)], MINUTE);
    expect(counted.metrics[0]?.bins).toEqual([bin(1, [1, 1], [90, 0])]);
  });
});

test("platform metrics are read by bin, and a bin without a value is not there", () => {
  const at = (minute: number): string => new Date(minute * MINUTE).toISOString();
  const metric = (name: string, data: object[]) => ({ name: { value: name }, timeseries: [{ data }] });
  const decoded = decodeMetrics({
    value: [
      metric("Requests", [{ timeStamp: at(1), total: 12 }, { timeStamp: at(2) }]),
      metric("http5xx", [{ timeStamp: at(1), total: 2 }]),
      metric("HttpResponseTime", [{ timeStamp: at(1), average: 0.2, total: 2.4 }]),
      metric("CpuTime", [{ timeStamp: at(1), total: 7 }]),
    ],
  });
  expect([...decoded]).toEqual([[MINUTE, { Requests: 12, Http5xx: 2, HttpResponseTime: 0.2 }]]);
});
