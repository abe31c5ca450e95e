import { type InputsOf, UsageError } from "@augeo/action-kit";
import type { Endpoint, JsonExpectation, VerdictRules } from "@augeo/release";
import type { spec } from "./spec.ts";

type Inputs = InputsOf<typeof spec>;

/** The inputs as the rules of a verdict. @throws UsageError for inputs that contradict each other. */
export function rulesOf(inputs: Inputs): VerdictRules {
  const { successes, failures, timeout } = inputs;
  const bake = inputs["bake-time"];
  checkTimes(inputs);
  return {
    endpoints: inputs["health-path"].map((line) => endpointOf(line, inputs)),
    successes,
    ...(failures === undefined ? {} : { failures }),
    atLeast: bake,
    atMost: timeout,
  };
}

function checkTimes({ successes, interval, timeout, "bake-time": bake }: Inputs): void {
  const least = Math.max(bake, (successes - 1) * interval);
  if (least <= timeout) return;
  throw new UsageError({
    what: "The deadline is too near for the probes that are asked for.",
    why: `${successes} successes ${interval / 1_000} s apart, watched for ${bake / 1_000} s, take ${least / 1_000} s; timeout is ${timeout / 1_000} s.`,
    fix: `set timeout to at least ${Math.ceil(least / 1_000) + 1}s, or lower successes, interval or bake-time.`,
  });
}

function endpointOf(line: string, inputs: Inputs): Endpoint {
  const { release, json } = inputs;
  const contains = inputs["body-contains"];
  const slowest = inputs["max-latency"];
  return {
    name: line,
    url: addressOf(line, inputs.url),
    status: statusesOf(inputs.status),
    ...(contains === undefined ? {} : { bodyContains: contains }),
    ...(json === undefined ? {} : { json: json.map(expectationOf) }),
    ...(release === undefined ? {} : { release }),
    ...(slowest === undefined ? {} : { maxLatency: slowest }),
  };
}

function addressOf(line: string, base: string | undefined): string {
  if (URL.canParse(line)) return line;
  const joined = base === undefined ? "" : `${base.replace(/\/+$/, "")}/${line.replace(/^\/+/, "")}`;
  if (URL.canParse(joined)) return joined;
  throw new UsageError({
    what: `health-path ${line} is not an address that can be asked.`,
    why:
      base === undefined ? "It is a path, and url says no app's address." : `Below ${base} it makes no valid address.`,
    fix: `set url: https://<app>.azurewebsites.net, or write the whole address in health-path.`,
  });
}

/** `200-204, 301` → every status meant. */
export function statusesOf(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  });
}

/** `checks.database = true` → the path, and the value as JSON; text needs no quotes. */
export function expectationOf(line: string): JsonExpectation {
  const at = line.indexOf("=");
  return { path: line.slice(0, at).trim(), equals: scalarOf(line.slice(at + 1).trim()) };
}

function scalarOf(text: string): JsonExpectation["equals"] {
  try {
    const value: unknown = JSON.parse(text);
    return value === null || typeof value === "number" || typeof value === "boolean" || typeof value === "string"
      ? value
      : text;
  } catch {
    return text;
  }
}
