import { appInputs, defineAction, optionalAzureInputs } from "@augeo/action-kit";

export const spec = defineAction({
  name: "health-probe",
  title: "Prove that an app is healthy",
  description:
    "Asks endpoints until they have answered as expected several times in a row, or until the deadline, and shows why.",
  inputs: {
    "health-path": {
      kind: "lines",
      required: true,
      min: 1,
      max: 20,
      pattern: /^(?:https?:\/\/[^\s]+|\/[^\s]*)$/,
      hint: "a path that starts with /, or an address that starts with https://",
      doc: "What to ask, one a line: paths below `url`, such as `/health/ready`, or whole addresses.",
    },
    url: { kind: "url", doc: "Address of the app, for those lines of `health-path` that are paths." },
    status: {
      kind: "string",
      default: "200-299",
      pattern: /^\s*[1-5]\d\d(?:-[1-5]\d\d)?(?:\s*,\s*[1-5]\d\d(?:-[1-5]\d\d)?)*\s*$/,
      hint: "statuses and ranges with commas, such as 200 or 200-204, 301",
      doc: "Accepted statuses: numbers and ranges with commas.",
    },
    "body-contains": { kind: "string", doc: "Text that every body has to contain." },
    json: {
      kind: "lines",
      pattern: /^[^\s=]+\s*=\s*\S.*$/,
      hint: "path = value, such as status = ok or checks.database.ready = true",
      doc: "What the JSON body has to say, one a line: `path = value`. The path is dotted (`checks.database`); the value is a number, `true`, `false`, `null` or text.",
    },
    release: {
      kind: "string",
      doc: "Id of the release that has to answer: looked for in the header `x-release` and the JSON fields `release` and `version`.",
    },
    successes: {
      kind: "integer",
      default: 3,
      min: 1,
      max: 1000,
      doc: "How many times in a row every endpoint has to answer as expected.",
    },
    failures: {
      kind: "integer",
      min: 1,
      max: 1000,
      doc: "How many failures in a row of one endpoint end the probe before the deadline. Without it, only the deadline does.",
    },
    "max-latency": { kind: "duration", min: "1ms", doc: "The slowest answer that is accepted." },
    interval: { kind: "duration", default: "2s", min: "50ms", max: "10m", doc: "From one round to the next." },
    "request-timeout": {
      kind: "duration",
      default: "10s",
      min: "50ms",
      max: "4m",
      doc: "The longest one request may take.",
    },
    "bake-time": {
      kind: "duration",
      default: "0s",
      max: "6h",
      doc: "How long to keep watching though all is healthy.",
    },
    timeout: { kind: "duration", default: "5m", min: "100ms", max: "6h", doc: "The deadline of the whole probe." },
    ...optionalAzureInputs,
    app: {
      ...appInputs.app,
      required: false,
      doc: "App whose container log is shown when the probe fails. Needs the sign-in inputs.",
    },
    "resource-group": { ...appInputs["resource-group"], required: false, doc: "Resource group of `app`." },
    slot: { ...appInputs.slot, default: "production", doc: "Slot of `app` whose log is shown." },
  },
  outputs: {
    probes: { doc: "How many requests were sent." },
    failed: { doc: "How many of them failed." },
    p95: { doc: "The 95th percentile of the slowest endpoint's answers, in milliseconds. Empty when none was good." },
  },
  permissions: {
    "id-token": {
      level: "write",
      optional: true,
      why: "To sign in to Azure for the container's log, when `client-id` is given.",
    },
  },
  reasons: {
    healthy: { decision: "proceed", doc: "Every endpoint answered as expected, often enough in a row." },
    unhealthy: {
      decision: "hold",
      fails: true,
      doc: "An endpoint did not answer as expected before the deadline, or failed too often in a row.",
      fix: "The message names the endpoint, what it answered and what was expected; the summary shows the answer.",
    },
    unknown: {
      decision: "hold",
      fails: true,
      doc: "The deadline came before enough probes were made to tell.",
      fix: "Raise timeout, or lower successes or interval.",
    },
  },
});
