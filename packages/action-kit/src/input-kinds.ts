import { resolve } from "node:path";
import { formatDuration, parseDuration } from "./duration.ts";
import type { ChoiceInput, DurationInput, InputSpec, Json, NumberInput, TextInput } from "./spec.ts";

/** A value, or what was allowed in its place and how to put it right. */
export type Reading = { readonly value: unknown } | { readonly allowed: string; readonly fix?: string };

/** Reads one input that is not empty. */
export function readInput(spec: InputSpec, raw: string, workspace: string): Reading {
  switch (spec.kind) {
    case "boolean":
      return readBoolean(raw);
    case "integer":
    case "number":
    case "percentage":
      return readNumber(spec, raw);
    case "duration":
      return readDuration(spec, raw);
    case "choice":
      return readChoice(spec, raw);
    case "json":
      return readJson(raw);
    case "lines":
      return readLines(spec, raw);
    case "url":
      return readUrl(spec, raw);
    case "path":
      return raw.includes("\0") ? { allowed: "a path" } : checkText(spec, resolve(workspace, raw), raw);
    default:
      return checkText(spec, raw, raw);
  }
}

function readBoolean(raw: string): Reading {
  const word = raw.toLowerCase();
  if (word === "true" || word === "false") return { value: word === "true" };
  return { allowed: "true or false" };
}

function readNumber(spec: NumberInput, raw: string): Reading {
  const { min, max } = spec.kind === "percentage" ? { min: 0, max: 100, ...spec } : spec;
  const allowed = `${NUMBER_NAMES[spec.kind]}${bounds(min, max)}`;
  const text = spec.kind === "percentage" ? raw.replace(/\s*%$/, "") : raw;
  const shape = spec.kind === "integer" ? /^[+-]?\d+$/ : /^[+-]?\d+(?:\.\d+)?$/;
  const value = Number(text);
  const fits = shape.test(text) && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
  return fits ? { value } : { allowed };
}

const NUMBER_NAMES = { integer: "a whole number", number: "a number", percentage: "a percentage" } as const;

function bounds(min: number | string | undefined, max: number | string | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? "" : ` of at most ${max}`;
}

function readDuration(spec: DurationInput, raw: string): Reading {
  const allowed = `a duration with its unit${bounds(spec.min, spec.max)}, such as 90s, 5m or 1h 30m`;
  const value = parseDuration(raw);
  if (value === undefined) return /^\d+$/.test(raw) ? { allowed, fix: `write ${raw}s for seconds` } : { allowed };
  const min = parseDuration(spec.min ?? "0ms") ?? 0;
  const max = spec.max === undefined ? Infinity : (parseDuration(spec.max) ?? Infinity);
  if (value < min) return { allowed, fix: `raise it to ${formatDuration(min)} or more` };
  return value > max ? { allowed, fix: `lower it to ${formatDuration(max)} or less` } : { value };
}

function readChoice(spec: ChoiceInput, raw: string): Reading {
  const value = spec.options.find((option) => option.toLowerCase() === raw.toLowerCase());
  return value === undefined ? { allowed: `one of ${spec.options.join(", ")}` } : { value };
}

function readJson(raw: string): Reading {
  try {
    return { value: JSON.parse(raw) as Json };
  } catch (error) {
    return { allowed: "JSON", fix: `mend the JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function readLines(spec: TextInput, raw: string): Reading {
  const lines = raw
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const bad = lines.find((line) => spec.pattern !== undefined && !spec.pattern.test(line));
  if (bad !== undefined) return { allowed: patternWords(spec), fix: `mend the line "${bad}"` };
  if (lines.length < (spec.min ?? 0) || lines.length > (spec.max ?? Infinity)) {
    return { allowed: `a number of lines${bounds(spec.min, spec.max)}`, fix: `it has ${lines.length}` };
  }
  return { value: lines };
}

function readUrl(spec: TextInput, raw: string): Reading {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    const words = spec.hint ?? "an address such as https://example.com";
    return { allowed: words, ...(url === undefined ? { fix: "start it with https://" } : {}) };
  }
  return checkText(spec, raw, raw);
}

function checkText(spec: TextInput, value: string, raw: string): Reading {
  if (spec.kind !== "secret" && /[\r\n]/.test(raw)) return { allowed: "one line", fix: "use a single line" };
  if (spec.pattern !== undefined && !spec.pattern.test(raw)) return { allowed: patternWords(spec) };
  if (raw.length < (spec.min ?? 0) || raw.length > (spec.max ?? Infinity)) {
    return { allowed: `a text${bounds(spec.min, spec.max)} characters`, fix: `it has ${raw.length}` };
  }
  return { value };
}

function patternWords(spec: TextInput): string {
  return spec.hint ?? `something that matches ${spec.pattern}`;
}
