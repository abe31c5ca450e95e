/** The Kusto that is sent, in the schema of Application Insights and in that of its workspace. */
import type { MetricWindow } from "@augeo/release";
import type { QueryPlace } from "./log-queries.ts";

export interface QueryArms {
  /** Release ids. */
  canary: string;
  baseline: string;
  /** Custom dimension that carries the release; undefined: the application version. */
  dimension?: string | undefined;
}

const SCHEMAS = {
  "app-insights": {
    requests: "requests",
    exceptions: "exceptions",
    time: "timestamp",
    version: "application_Version",
    code: "resultCode",
    duration: "duration",
    items: "itemCount",
    synthetic: "operation_SyntheticSource",
    dimensions: "customDimensions",
    type: "type",
  },
  "log-analytics": {
    requests: "AppRequests",
    exceptions: "AppExceptions",
    time: "TimeGenerated",
    version: "AppVersion",
    code: "ResultCode",
    duration: "DurationMs",
    items: "ItemCount",
    synthetic: "SyntheticSource",
    dimensions: "Properties",
    type: "ExceptionType",
  },
} as const;

/** Whoever asks by these names is no user: our own probes and the platform's pings. */
const MACHINES = ["augeo-deploy-action", "HealthCheck/", "AlwaysOn", "ReadyForRequest/"];

const text = (value: string): string => JSON.stringify(value);
const moment = (at: number): string => `datetime(${new Date(at).toISOString()})`;

/** What every query may use: `from`, `to`, `bin_size`, `canary`, `baseline`. */
export function lets({ canary, baseline }: QueryArms, { from, to, bin }: MetricWindow): string {
  return [
    `let from = ${moment(from)};`,
    `let to = ${moment(to)};`,
    `let bin_size = ${bin}ms;`,
    `let canary = ${text(canary)};`,
    `let baseline = ${text(baseline)};`,
  ].join("\n");
}

function releaseOf(kind: QueryPlace["kind"], { dimension }: QueryArms): string {
  const { version, dimensions } = SCHEMAS[kind];
  return dimension === undefined ? version : `tostring(${dimensions}[${text(dimension)}])`;
}

/** Requests of users in the window, with `release` and `late` as columns. */
function users(kind: QueryPlace["kind"], arms: QueryArms): string {
  const { requests, time, synthetic, dimensions } = SCHEMAS[kind];
  const agent = ["user_agent.original", "http.user_agent"].map((name) => `tostring(${dimensions}[${text(name)}])`);
  return [
    requests,
    `| where ${time} >= from and ${time} < to`,
    `| extend late = ingestion_time() - ${time}, release = ${releaseOf(kind, arms)}, agent = coalesce(${agent.join(", ")})`,
    `| where isempty(${synthetic}) and not(${MACHINES.map((name) => `agent startswith ${text(name)}`).join(" or ")})`,
  ].join("\n");
}

export function requestsQuery(
  kind: QueryPlace["kind"],
  arms: QueryArms,
  window: MetricWindow,
  slowAfter?: number,
): string {
  const { time, code, duration, items } = SCHEMAS[kind];
  const slow = slowAfter === undefined ? "" : `\n    slow = sumif(${items}, ${duration} > ${slowAfter.toFixed(1)}),`;
  return `${lets(arms, window)}
${users(kind, arms)}
| where release in (canary, baseline)
| extend code = toint(${code})
| summarize total = sum(${items}),
    errors = sumif(${items}, code >= 500),
    refused = sumif(${items}, code >= 400 and code < 500),${slow}
    lag = percentile(late, 99)
    by minute = bin(${time}, bin_size), release`;
}

export function releasesQuery(kind: QueryPlace["kind"], arms: QueryArms, window: MetricWindow): string {
  return `${lets(arms, window)}
${users(kind, arms)}
| summarize n = count() by release
| order by n desc
| take 10`;
}

export function latencyQuery(
  kind: QueryPlace["kind"],
  arms: QueryArms,
  window: MetricWindow,
  quantile: number,
): string {
  return `${lets(arms, window)}
${users(kind, arms)}
| where release == baseline
| summarize latency = percentile(${SCHEMAS[kind].duration}, ${Math.round(quantile * 100)})`;
}

const DAY = 86_400_000;

/** By type: how often the canary threw it since `from`, and how often the baseline within a day. */
export function exceptionsQuery(kind: QueryPlace["kind"], arms: QueryArms, from: number, now: number): string {
  const { exceptions, time, items, type } = SCHEMAS[kind];
  return `let canary = ${text(arms.canary)};
let baseline = ${text(arms.baseline)};
${exceptions}
| where ${time} >= ${moment(now - DAY)}
| extend release = ${releaseOf(kind, arms)}
| summarize since = sumif(${items}, release == canary and ${time} >= ${moment(from)}),
    before = sumif(${items}, release == baseline)
    by type = ${type}`;
}
