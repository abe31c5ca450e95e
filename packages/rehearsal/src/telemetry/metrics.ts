/**
 * Platform metrics of a site or a slot: bins of what its front end really served, shown late. The last bin that shows
 * may still grow, and one that has not been published yet is there without a value, as in Azure Monitor.
 */
import { type Context, paths, slotOf } from "../arm/context.ts";
import { slotId } from "../arm/rbac.ts";
import type { Timing } from "../hosting/timing.ts";
import { type Call, type Reply, ReplyError } from "../http.ts";
import type { Slot } from "../model.ts";
import { isoDuration, timespanOf } from "./iso-time.ts";
import { printed } from "./kql/values.ts";
import type { ServedRequest } from "./telemetry.ts";

const MINUTE = 60_000;
/** Source: Azure Monitor's metrics REST API, "supported time grains". */
const GRAINS = ["PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "P1D"] as const;

interface Definition {
  unit: "Count" | "Seconds";
  /** Whether the request counts, and with how much. */
  of(request: ServedRequest): number | undefined;
}

const statusClass = (digit: number): Definition => ({
  unit: "Count",
  of: ({ status }) => (Math.floor(status / 100) === digit ? 1 : 0),
});

const status = (code: number): Definition => ({ unit: "Count", of: (request) => (request.status === code ? 1 : 0) });

const DEFINITIONS: Readonly<Record<string, Definition>> = {
  Requests: { unit: "Count", of: () => 1 },
  Http2xx: statusClass(2),
  Http3xx: statusClass(3),
  Http4xx: statusClass(4),
  Http5xx: statusClass(5),
  Http401: status(401),
  Http403: status(403),
  Http404: status(404),
  HttpResponseTime: { unit: "Seconds", of: ({ duration }) => duration / 1000 },
};

const refused = (message: string): ReplyError => new ReplyError({ status: 400, body: { code: "BadRequest", message } });

/**
 * How late a moment's requests show: between the two limits, drifting slowly, so that what is older shows first.
 * A drift of 20 bins from least to most and back stays below the speed of time.
 */
export function metricLagAt(at: number, { metricLagLeast: least, metricLagMost: most, metricGrain }: Timing): number {
  return least + ((most - least) * (1 + Math.sin((2 * Math.PI * at) / (20 * metricGrain)))) / 2;
}

function metrics(context: Context, call: Call): Reply {
  const slot = slotOf(context, call);
  const { timing, telemetry } = context;
  const now = Date.now();
  const [from, to] = spanOf(call, now);
  const grain = grainOf(call, timing);
  const served = telemetry.served.filter(
    ({ slot: name, siteName, at }) =>
      siteName === slot.site.name && name === slot.name && at >= from && at < to && at + metricLagAt(at, timing) <= now,
  );
  const names = (call.query.get("metricnames") ?? "Requests").split(",").map((name) => name.trim());
  const bins = binsOf(served, { from, to, grain, now, timing });
  const value = names.map((name) => series(slot, name, bins));
  const timespan = `${new Date(from).toISOString()}/${new Date(to).toISOString()}`;
  const interval = call.query.get("interval") ?? "PT1M";
  const body = {
    cost: names.length,
    timespan,
    interval,
    value,
    namespace: "Microsoft.Web/sites",
    resourceregion: slot.site.location,
  };
  return { status: 200, body };
}

function spanOf(call: Call, now: number): readonly [number, number] {
  const text = call.query.get("timespan");
  const span = text === undefined ? ([now - 60 * MINUTE, now] as const) : timespanOf(text, now);
  if (!span || span[0] >= span[1]) throw refused(`Detected invalid timespan input: ${text}`);
  return span;
}

function grainOf(call: Call, { metricGrain }: Timing): number {
  const text = call.query.get("interval") ?? "PT1M";
  const finest = metricGrain < MINUTE ? [`PT${metricGrain / 1000}S`] : [];
  const grains = [...finest, ...GRAINS];
  const grain = isoDuration(text);
  if (grain !== undefined && grains.some((each) => isoDuration(each) === grain)) return grain;
  const offered = grains.map((each) => printed(isoDuration(each) ?? 0, "timespan")).join(",");
  // The wording is Azure's (Azure/azure-libraries-for-net#495).
  throw refused(`Invalid time grain duration: ${text}, supported ones are: ${offered}`);
}

interface MetricBin {
  start: number;
  /** Undefined while nothing of it has been published. */
  requests: ServedRequest[] | undefined;
}

function binsOf(
  served: readonly ServedRequest[],
  { from, to, grain, now, timing }: { from: number; to: number; grain: number; now: number; timing: Timing },
): MetricBin[] {
  const bins: MetricBin[] = [];
  for (let start = Math.floor(from / grain) * grain; start < to; start += grain) {
    // An idle minute is published as zero once its time has come.
    const isPublished = start + grain + metricLagAt(start + grain, timing) <= now;
    bins.push({ start, requests: isPublished ? [] : undefined });
  }
  const first = bins[0]?.start ?? 0;
  for (const request of served) {
    const bin = bins[Math.floor((request.at - first) / grain)];
    if (!bin) continue;
    bin.requests ??= [];
    bin.requests.push(request);
  }
  return bins;
}

function series(slot: Slot, name: string, bins: readonly MetricBin[]): object {
  const [known, definition] =
    Object.entries(DEFINITIONS).find(([each]) => each.toLowerCase() === name.toLowerCase()) ?? [];
  if (known === undefined || definition === undefined) {
    const valid = Object.keys(DEFINITIONS).join(",");
    throw refused(
      `Failed to find metric configuration for provider: Microsoft.Web, resource Type: sites, metric: ${name}, Valid metrics: ${valid}`,
    );
  }
  const data = bins.map(({ start, requests }) => {
    const timeStamp = new Date(start).toISOString();
    if (requests === undefined) return { timeStamp };
    const values = requests.map((request) => definition.of(request) ?? 0);
    const total = values.reduce((sum, each) => sum + each, 0);
    return { timeStamp, total, average: values.length === 0 ? 0 : total / values.length, count: values.length };
  });
  return {
    id: `${slotId(slot)}/providers/Microsoft.Insights/metrics/${known}`,
    type: "Microsoft.Insights/metrics",
    name: { value: known, localizedValue: known },
    unit: definition.unit,
    timeseries: [{ metadatavalues: [], data }],
    errorCode: "Success",
  };
}

export const metricRoutes = [["GET", `${paths.slot}/providers/Microsoft.Insights/metrics`, metrics]] as const;
