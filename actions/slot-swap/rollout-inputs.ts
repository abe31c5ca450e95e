import { azureInputs, githubInputs, ledgerInputs } from "@augeo/action-kit";
import { WINDOW_PATTERN } from "@augeo/release";

/** Inputs of every action that moves traffic: sign-in, how health is judged, how long things may take, the lock. */
export const rolloutInputs = {
  ...azureInputs,
  ...githubInputs,
  "health-path": {
    kind: "lines",
    default: "/",
    max: 20,
    pattern: /^(?:https?:\/\/[^\s]+|\/[^\s]*)$/,
    hint: "a path that starts with /, or an address that starts with https://",
    doc: "What has to answer, one a line. Paths are asked in the slot before the swap and in production after it; whole addresses (a custom domain) only after it.",
  },
  status: {
    kind: "string",
    default: "200-299",
    pattern: /^\s*[1-5]\d\d(?:-[1-5]\d\d)?(?:\s*,\s*[1-5]\d\d(?:-[1-5]\d\d)?)*\s*$/,
    hint: "statuses and ranges with commas, such as 200 or 200-204, 301",
    doc: "Statuses that count as healthy: numbers and ranges with commas.",
  },
  successes: { kind: "integer", default: 3, min: 1, max: 1000, doc: "Healthy answers in a row that are needed." },
  failures: {
    kind: "integer",
    default: 3,
    min: 1,
    max: 1000,
    doc: "Unhealthy answers in a row, of one address in production, that bring the old release back.",
  },
  "probe-interval": {
    kind: "duration",
    default: "2s",
    min: "50ms",
    max: "10m",
    doc: "From one round of probes to the next.",
  },
  "request-timeout": {
    kind: "duration",
    default: "10s",
    min: "50ms",
    max: "4m",
    doc: "The longest one probe may take.",
  },
  "bake-time": {
    kind: "duration",
    default: "2m",
    max: "6h",
    doc: "How long production is watched after the swap. Until then an unhealthy verdict swaps back.",
  },
  "warm-up-timeout": {
    kind: "duration",
    default: "10m",
    min: "100ms",
    max: "6h",
    doc: "How long the slot may take to become healthy on every instance before the swap.",
  },
  "swap-timeout": {
    kind: "duration",
    default: "30m",
    min: "1s",
    max: "6h",
    doc: "How long one swap may take, and how long another operation on the app is waited for.",
  },
  "settle-time": {
    kind: "duration",
    default: "30s",
    min: "100ms",
    max: "1h",
    doc: "After a swap whose reply was lost: how long nothing may be seen of it until it counts as never begun. It is not sent again.",
  },
  "poll-interval": {
    kind: "duration",
    default: "3s",
    min: "50ms",
    max: "5m",
    doc: "Between two questions to Azure about the same operation, where Azure names no time itself.",
  },
} as const;

/** Inputs that only matter with a ledger. */
export const lockInputs = {
  environment: ledgerInputs.environment,
  "lock-wait": {
    kind: "duration",
    default: "0s",
    max: "6h",
    doc: "How long to wait for another run that holds the lock. `0s`: not at all.",
  },
  "take-over": {
    kind: "string",
    pattern: /^[^/\s]+\/[^/\s]+\/[^/\s]+$/,
    hint: "the claim id that the message names: owner/repository/run-id",
    doc: "Claim whose lock may be taken over although GitHub cannot say whether its run is over. Never needed when the job may read the holder's runs.",
  },
  "accept-live": {
    kind: "string",
    doc: "Release that production rightly runs, after you have looked: lets the ledger go on after it asked for a person, or after a change by hand.",
  },
} as const;

/** Inputs of every action that begins something new, which a freeze holds back. */
export const freezeInputs = {
  "override-freeze": {
    kind: "string",
    max: 500,
    doc: "Why this one goes out although there is a freeze. Recorded with who started the run; the freeze stays.",
  },
  "freeze-windows": {
    kind: "lines",
    max: 20,
    pattern: WINDOW_PATTERN,
    hint: "day and time, a hyphen, day and time, and a time zone, such as Fri 16:00 - Mon 08:00 Europe/Zurich",
    doc: "Times of the week at which nothing new goes out, one a line: `Fri 16:00 - Mon 08:00 Europe/Zurich`. The wall clock of the zone decides. A freeze set with the `freeze` action counts besides.",
  },
} as const;

export const optionalLedger = {
  ledger: {
    ...ledgerInputs.ledger,
    required: false,
    doc: "Blob container with the ledger and the lock. Without it nothing is recorded, and nothing keeps two runs apart but the workflow's `concurrency`.",
  },
} as const;
