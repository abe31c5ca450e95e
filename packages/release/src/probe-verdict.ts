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
