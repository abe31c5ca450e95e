/** Inputs of a canary: its steps, what it is judged by, and what follows when that is not enough. */
export const canaryInputs = {
  "metric-source": {
    kind: "choice",
    options: ["platform-metrics", "app-insights", "log-analytics", "probes"],
    default: "platform-metrics",
    doc: "Where requests are counted. `platform-metrics`: App Service's own, of each slot, nothing to set up; no latency but an average. `app-insights`, `log-analytics`: the app's telemetry by release id. `probes`: requests of our own to both slots, for apps without users at that hour.",
  },
  "app-insights": {
    kind: "string",
    pattern: /^[0-9a-f-]{36}$/i,
    hint: "the application id (a GUID) that the portal shows under API Access",
    doc: "Application id, for `metric-source: app-insights`.",
  },
  "log-analytics": {
    kind: "string",
    pattern: /^[0-9a-f-]{36}$/i,
    hint: "the workspace id (a GUID)",
    doc: "Workspace id, for `metric-source: log-analytics`.",
  },
  "release-dimension": {
    kind: "string",
    pattern: /^[\w.-]{1,100}$/,
    hint: "the name of a custom dimension, such as release",
    doc: "Custom dimension that carries the release id of `augeo-release.json`. Without it the application version does (`service.version` in OpenTelemetry). Never a slot name: those are stale after each swap.",
  },
  "metrics-query": {
    kind: "lines",
    doc: "Kusto of your own in place of the counts of server errors and slow requests: returns `minute`, `release`, `total`, `bad`. It may use `from`, `to`, `bin_size`, `canary` and `baseline`.",
  },
  gates: {
    kind: "lines",
    default: "server-errors\nslow-requests",
    pattern: /^(?:server-errors|slow-requests|client-errors)$/,
    hint: "server-errors, slow-requests or client-errors, one a line",
    doc: "What can fail the canary, one a line: `server-errors` (5xx), `slow-requests` (logs and probes only), `client-errors` (4xx). The others are shown. A `metrics-query` is a gate by itself.",
  },
  "slow-after": {
    kind: "duration",
    doc: "A request that takes longer is slow. Default: twice the 95th percentile of the live release in the time before, at least 100 ms.",
  },
  bin: {
    kind: "duration",
    default: "1m",
    min: "1s",
    max: "1h",
    doc: "Requests are counted and judged in bins of this width. Platform metrics have `1m` at the finest; logs and probes take shorter ones, which end a bad canary sooner where there is much traffic.",
  },
  "step-warm-up": {
    kind: "duration",
    default: "2m",
    max: "1h",
    doc: "Not judged after each change of weight: cold caches, connections on their way.",
  },
  lag: {
    kind: "duration",
    max: "1h",
    doc: "How late the metrics are, until that is measured. Default: `3m` for platform metrics, `5m` for logs, `0s` for probes.",
  },
  "tolerated-ratio": {
    kind: "number",
    default: 1.5,
    min: 1,
    max: 100,
    doc: "How many times worse than the live release the new one may be before that is a regression.",
  },
  "bad-share-floor": {
    kind: "percentage",
    default: "1%",
    doc: "A share of bad requests that is not surely above this never fails a canary, whatever the ratio.",
  },
  "bad-share-ceiling": {
    kind: "percentage",
    default: "5%",
    doc: "A share of bad requests that may be above this is never passed, unless the live release is as bad.",
  },
  "minimum-sample": {
    kind: "integer",
    default: 60,
    min: 10,
    max: 1_000_000,
    doc: "Requests to the new release without which a step is `insufficient`. 60 without an error show less than 5 %.",
  },
  extensions: {
    kind: "integer",
    default: 1,
    min: 0,
    max: 3,
    doc: "How often a step that could not decide goes on for as long again.",
  },
  "new-exceptions": {
    kind: "integer",
    default: 3,
    min: 0,
    max: 1000,
    doc: "With logs: so many exceptions of a type that the live release has not thrown within a day fail the canary at once. `0`: never.",
  },
  "on-insufficient": {
    kind: "choice",
    options: ["hold", "rollback", "promote"],
    default: "hold",
    doc: "After a step with too few requests: wait for a person, go back, or go on. A person needs a ledger to decide in; without one `hold` is `rollback`, here and below.",
  },
  "on-inconclusive": {
    kind: "choice",
    options: ["hold", "rollback", "promote"],
    default: "hold",
    doc: "After a step whose figures prove neither that it is worse nor that it is good enough.",
  },
  "on-provider-error": {
    kind: "choice",
    options: ["hold", "rollback", "promote"],
    default: "hold",
    doc: "When the metrics could not be read, after four more tries.",
  },
  "hold-timeout": {
    kind: "duration",
    default: "1h",
    max: "7d",
    doc: "How long a hold waits for a person. The weight stays as it is.",
  },
  "on-hold-timeout": {
    kind: "choice",
    options: ["rollback", "proceed", "stay"],
    default: "rollback",
    doc: "What follows when nobody decided. Carried out by this run while it waits (`hold-wait`), else by the next run or the scheduled reconciler.",
  },
  "hold-wait": {
    kind: "duration",
    default: "0s",
    max: "5h",
    doc: "How long this run itself waits for a decision when on hold, before it ends and leaves the place in the ledger.",
  },
} as const;

export const stepsInput = {
  kind: "string",
  max: 500,
  doc: "Share of production's requests and how long, one step after the other: `5% 10m, 25% 10m, 50% 20m`. Weights ascend; the swap does the rest.",
} as const;
