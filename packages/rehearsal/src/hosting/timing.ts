/**
 * How long things take in the rehearsal cloud, in milliseconds. `Timing.real` is what App Service does (measured,
 * documented, or the best general knowledge where marked so); `Timing.fast` keeps the order of events and drops the
 * waiting.
 */
export interface Timing {
  /** How long one second lasts in app settings that count in seconds. Real: 1000. */
  settingSecond: number;
  /** Between two warm-up pings of a starting container. Real: 1 s (general knowledge). */
  warmupPingInterval: number;
  /** Default of `WEBSITES_CONTAINER_START_TIME_LIMIT`. Real: 230 s; the setting allows 10 to 1800 s. */
  containerStartLimit: number;
  /** Pause before a container that exited is started again; doubles up to `crashBackoffLimit`. Real: 5 s, 5 min (general knowledge). */
  crashBackoff: number;
  crashBackoffLimit: number;
  /** From SIGTERM to SIGKILL. Real: 5 s, the default of `WEBSITES_CONTAINER_STOP_TIME_LIMIT`. */
  stopGrace: number;
  /** How long a recycled container may finish requests it already has. Real: 30 s (general knowledge). */
  drain: number;
  /** How long the front end holds a request while no container is up, before it answers 503. Real: 230 s. */
  requestWait: number;
  /** The front end's idle limit of one request; also cuts off synchronous deployments. Real: 230 s, not configurable. */
  frontEndIdle: number;
  /** Validity of `x-ms-routing-name` and `TiPMix`. Real: 1 h. */
  routingCookie: number;
  /** Between two health-check pings of an instance. Real: 1 min. */
  healthCheckInterval: number;
  /** In which a health-check ping must be answered. Real: 1 min. */
  healthCheckTimeout: number;
  /** After which an instance that stays unhealthy is replaced. Real: 1 h. */
  healthReplaceAfter: number;
  /** Before each of the six steps of a swap. Real: a swap takes one to three minutes in all (general knowledge). */
  swapStep: number;
  /** Limit of one warm-up request of a swap. Real: 90 s. */
  swapPingTimeout: number;
  /** Tries of a warm-up request. Real: 5. */
  swapPingTries: number;
  /** Between two tries. Real: 1 s (general knowledge). */
  swapPingPause: number;
  /** From the start of an SCM container until it answers. Real: 10 to 60 s (general knowledge). */
  scmStart: number;
  /** From a settings change until the SCM container goes down. Real: a few seconds (general knowledge). */
  scmRestartDelay: number;
  /** How long a deployment shows its `temp-` record. Real: a second or so (general knowledge). */
  deploymentReceiving: number;
  /** Added to each stage of a deployment (building, deploying). Real: none beyond the work itself. */
  deploymentStage: number;
  /** The finest bin of platform metrics. Real: one minute. */
  metricGrain: number;
  /** From a request until platform metrics show it. Real: 1 to 3 min. */
  metricLagLeast: number;
  metricLagMost: number;
  /** From a request until the log services find it. Real: 20 s to 3 min, and about 5 min at low volume. */
  ingestionLagLeast: number;
  ingestionLagMost: number;
}

const real: Timing = {
  settingSecond: 1000,
  warmupPingInterval: 1000,
  containerStartLimit: 230_000,
  crashBackoff: 5000,
  crashBackoffLimit: 300_000,
  stopGrace: 5000,
  drain: 30_000,
  requestWait: 230_000,
  frontEndIdle: 230_000,
  routingCookie: 3_600_000,
  healthCheckInterval: 60_000,
  healthCheckTimeout: 60_000,
  healthReplaceAfter: 3_600_000,
  swapStep: 5000,
  swapPingTimeout: 90_000,
  swapPingTries: 5,
  swapPingPause: 1000,
  scmStart: 20_000,
  scmRestartDelay: 5000,
  deploymentReceiving: 1000,
  deploymentStage: 0,
  metricGrain: 60_000,
  metricLagLeast: 60_000,
  metricLagMost: 180_000,
  ingestionLagLeast: 20_000,
  ingestionLagMost: 300_000,
};

const fast: Timing = {
  settingSecond: 100,
  warmupPingInterval: 50,
  containerStartLimit: 30_000,
  crashBackoff: 100,
  crashBackoffLimit: 2000,
  stopGrace: 2000,
  drain: 10_000,
  requestWait: 30_000,
  frontEndIdle: 60_000,
  routingCookie: 3_600_000,
  healthCheckInterval: 500,
  healthCheckTimeout: 5000,
  healthReplaceAfter: 20_000,
  swapStep: 20,
  swapPingTimeout: 5000,
  swapPingTries: 5,
  swapPingPause: 50,
  scmStart: 150,
  scmRestartDelay: 50,
  deploymentReceiving: 50,
  deploymentStage: 0,
  metricGrain: 1000,
  metricLagLeast: 500,
  metricLagMost: 1500,
  ingestionLagLeast: 200,
  ingestionLagMost: 1500,
};

export const Timing = { real, fast } as const;
