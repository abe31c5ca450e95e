/**
 * The verdict over many probes of one or more endpoints. Pure: the shell sends requests and hands over what came back.
 * `unknown` is a verdict of its own: no evidence is neither health nor illness.
 */
import type { Milliseconds, ProbeResult } from "./ports.ts";

export interface JsonExpectation {
  /** Dotted path into the body, `checks.database.state`, array positions as numbers. */
  path: string;
  equals: string | number | boolean | null;
}

/** What one endpoint has to answer. */
export interface Endpoint {
  /** How people call it in messages; mostly the path. */
  name: string;
  url: string;
  /** Accepted statuses; default 200 to 299. */
  status?: readonly number[];
  /** Text the body has to contain. */
  bodyContains?: string;
  bodyMatches?: RegExp;
  json?: readonly JsonExpectation[];
  /** The release that has to answer: looked for in the JSON fields `release`, `version`, and the header `x-release`. */
  release?: string;
  /** Slowest accepted answer. */
  maxLatency?: Milliseconds;
}

export interface VerdictRules {
  endpoints: readonly Endpoint[];
  /** Successes in a row that every endpoint needs; at least 1. */
  successes: number;
  /** Failures in a row of one endpoint that decide for `unhealthy` before the deadline; undefined: only the deadline does. */
  failures?: number;
  /** Health before this age of the session is not final (bake time): the verdict stays open until then. 0: no wait. */
  atLeast: Milliseconds;
  /** After this age the session ends with what is known. */
  atMost: Milliseconds;
}

/** One result, held against its endpoint. */
export interface Assessment {
  endpoint: string;
  result: ProbeResult;
  /** Empty when all expectations held; otherwise one sentence each, without quoting more than a line of the body. */
  faults: readonly string[];
}

export interface EndpointStanding {
  name: string;
  url: string;
  probes: number;
  failed: number;
  /** Successes since the last failure. */
  inARow: number;
  failedInARow: number;
  lastFaults: readonly string[];
  /** Of successful probes; undefined when there are none. */
  p50?: Milliseconds | undefined;
  p95?: Milliseconds | undefined;
}

export interface Verdict {
  verdict: "healthy" | "unhealthy" | "unknown";
  /** False while more probes can change it. */
  final: boolean;
  /** One sentence for people. */
  why: string;
  endpoints: readonly EndpointStanding[];
}

/** Holds one answer against what its endpoint has to answer; every fault is named, not only the first. */
export function assessProbe(endpoint: Endpoint, result: ProbeResult): Assessment {
  const { answer } = result;
  const faults =
    answer.kind === "failure"
      ? [`no answer: ${answer.message} (${answer.code})`]
      : [
          ...statusFaults(endpoint, answer.status, answer.headers),
          ...bodyFaults(endpoint, answer.body),
          ...jsonFaults(endpoint, answer.body, answer.headers),
          ...latencyFaults(endpoint, result.latency),
        ];
  return { endpoint: endpoint.name, result, faults };
}

type Headers = Readonly<Record<string, string>>;

function statusFaults(endpoint: Endpoint, status: number, headers: Headers): string[] {
  const accepted = endpoint.status;
  const isAccepted = accepted ? accepted.includes(status) : status >= 200 && status < 300;
  if (isAccepted) return [];
  const expected = accepted ? ranges(accepted) : "200 to 299";
  const location = headers.location === undefined ? "" : ` (redirects to ${oneLine(headers.location)})`;
  return [`status ${status}${location}, expected ${expected}`];
}

/** `200, 201, 202, 301` → `200 to 202 or 301`. */
function ranges(statuses: readonly number[]): string {
  const sorted = [...new Set(statuses)].sort((a, b) => a - b);
  const starts = sorted.filter((status) => !sorted.includes(status - 1));
  const ends = sorted.filter((status) => !sorted.includes(status + 1));
  return starts.map((start, index) => (start === ends[index] ? `${start}` : `${start} to ${ends[index]}`)).join(" or ");
}

function bodyFaults(endpoint: Endpoint, body: string): string[] {
  const faults: string[] = [];
  if (endpoint.bodyContains !== undefined && !body.includes(endpoint.bodyContains))
    faults.push(`body does not contain ${JSON.stringify(endpoint.bodyContains)}`);
  if (endpoint.bodyMatches && body.search(endpoint.bodyMatches) < 0)
    faults.push(`body does not match ${endpoint.bodyMatches}`);
  return faults;
}

function jsonFaults(endpoint: Endpoint, body: string, headers: Headers): string[] {
  const wantsJson = (endpoint.json?.length ?? 0) > 0;
  if (!wantsJson && endpoint.release === undefined) return [];
  const parsed = parseJson(body);
  if (wantsJson && parsed === undefined) {
    const type = headers["content-type"] ?? "no content type";
    return [`body is not JSON (${oneLine(type)}): ${oneLine(body)}`];
  }
  const faults = (endpoint.json ?? []).flatMap((expectation) => expectationFaults(expectation, parsed));
  return [...faults, ...releaseFaults(endpoint.release, parsed, headers)];
}

function expectationFaults({ path, equals }: JsonExpectation, body: unknown): string[] {
  const found = lookUp(body, path);
  if (found === equals) return [];
  return [
    `JSON ${path} is ${found === undefined ? "missing" : oneLine(JSON.stringify(found))}, expected ${JSON.stringify(equals)}`,
  ];
}

function releaseFaults(expected: string | undefined, body: unknown, headers: Headers): string[] {
  if (expected === undefined) return [];
  const answered = [headers["x-release"], lookUp(body, "release"), lookUp(body, "version")].find(isText);
  if (answered === expected) return [];
  return answered === undefined
    ? [`names no release (looked for x-release, release and version), expected ${expected}`]
    : [`answered by release ${oneLine(answered)}, expected ${expected}`];
}

function latencyFaults({ maxLatency }: Endpoint, latency: Milliseconds): string[] {
  return maxLatency !== undefined && latency > maxLatency
    ? [`took ${Math.round(latency)} ms, limit ${maxLatency} ms`]
    : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function lookUp(body: unknown, path: string): unknown {
  let value = body;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** At most 80 characters of one line: enough to recognise a page, too little to flood a log. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/**
 * The verdict over a session of probes, oldest first. `age` is the time since the session began. Health needs
 * `successes` in a row of every endpoint and an age of `atLeast`; an endpoint that failed `failures` times in a row
 * decides at once; at `atMost` an endpoint whose last probes failed makes it `unhealthy`, too few probes `unknown`.
 */
export function judgeProbes(rules: VerdictRules, assessments: readonly Assessment[], age: Milliseconds): Verdict {
  const endpoints = rules.endpoints.map((endpoint) => standing(endpoint, assessments));
  const broken = endpoints.find((each) => rules.failures !== undefined && each.failedInARow >= rules.failures);
  if (broken)
    return {
      verdict: "unhealthy",
      final: true,
      why: `${broken.name} failed ${times(broken.failedInARow)} in a row: ${fault(broken)}`,
      endpoints,
    };
  const lacking = endpoints.filter((each) => each.inARow < rules.successes);
  const isOver = age >= rules.atMost;
  if (lacking.length === 0 && (age >= rules.atLeast || isOver))
    return { verdict: "healthy", final: true, why: healthyBecause(rules), endpoints };
  return isOver ? overdue(lacking, rules, endpoints) : open(lacking, rules, endpoints);
}

function healthyBecause({ successes, endpoints }: VerdictRules): string {
  if (endpoints.length === 0) return "no endpoint was to be probed";
  const who = endpoints.length === 1 ? (endpoints[0]?.name ?? "") : `all ${endpoints.length} endpoints`;
  return `${who} answered as expected ${times(successes)} in a row`;
}

function overdue(lacking: readonly EndpointStanding[], rules: VerdictRules, endpoints: EndpointStanding[]): Verdict {
  const failing = lacking.find((each) => each.failed > 0);
  if (failing) {
    const why = `${failing.name} did not answer as expected ${times(rules.successes)} in a row within ${seconds(rules.atMost)}: ${fault(failing)}`;
    return { verdict: "unhealthy", final: true, why, endpoints };
  }
  const names = lacking.map((each) => `${each.name} (${each.probes})`).join(", ");
  return {
    verdict: "unknown",
    final: true,
    why: `too few probes within ${seconds(rules.atMost)}: ${names}`,
    endpoints,
  };
}

function open(lacking: readonly EndpointStanding[], rules: VerdictRules, endpoints: EndpointStanding[]): Verdict {
  const why =
    lacking.length === 0
      ? `healthy so far; watching for ${seconds(rules.atLeast)}`
      : lacking.map((each) => `${each.name}: ${each.inARow} of ${rules.successes}`).join(", ");
  return { verdict: "unknown", final: false, why, endpoints };
}

function standing(endpoint: Endpoint, assessments: readonly Assessment[]): EndpointStanding {
  const own = assessments.filter((each) => each.endpoint === endpoint.name);
  const good = own.filter((each) => each.faults.length === 0);
  const lastFailure = own.findLastIndex((each) => each.faults.length > 0);
  const lastSuccess = own.findLastIndex((each) => each.faults.length === 0);
  const latencies = good.map((each) => each.result.latency).sort((a, b) => a - b);
  return {
    name: endpoint.name,
    url: endpoint.url,
    probes: own.length,
    failed: own.length - good.length,
    inARow: own.length - 1 - lastFailure,
    failedInARow: own.length - 1 - lastSuccess,
    lastFaults: own[lastFailure]?.faults ?? [],
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
  };
}

/** Nearest-rank quantile of sorted values. */
function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

const fault = (endpoint: EndpointStanding) => endpoint.lastFaults.join("; ");
const times = (count: number) => (count === 1 ? "once" : `${count} times`);
const seconds = (duration: Milliseconds) => `${Math.round(duration / 100) / 10} s`;
