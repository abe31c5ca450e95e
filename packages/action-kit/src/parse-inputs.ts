import { UsageError } from "@augeo/release";
import { type Reading, readInput } from "./input-kinds.ts";
import type { InputSpec, InputSpecs, InputsOf } from "./spec.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

interface Fault {
  readonly input: string;
  readonly came: string;
  readonly allowed: string;
  readonly fix: string;
}

/**
 * The inputs as the user gave them, checked and typed.
 * @throws UsageError that names every fault of every input.
 */
export function parseInputs<S extends { readonly inputs: InputSpecs }>(spec: S, env: Environment): InputsOf<S> {
  const values: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [name, input] of Object.entries(spec.inputs)) {
    const raw = rawInput(name, input, env);
    const reading = raw === "" ? readEmpty(input, name, env) : readInput(input, raw, workspaceOf(env));
    if ("value" in reading) values[name] = reading.value;
    else faults.push(fault(name, input, raw, reading));
  }
  if (faults.length > 0) throw usageError(faults);
  // The loop above has filled every key with the value its own spec describes.
  return values as InputsOf<S>;
}

/** Values of secret inputs, to be masked before anything is printed: also of inputs that turn out to be wrong. */
export function secretValues(inputs: InputSpecs, env: Environment): string[] {
  return Object.entries(inputs)
    .filter(([, input]) => input.kind === "secret")
    .map(([name, input]) => rawInput(name, input, env))
    .filter((value) => value !== "");
}

/** The runner's own rule: spaces become underscores, letters upper-case, hyphens stay. */
export function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}

function rawInput(name: string, input: InputSpec, env: Environment): string {
  const given = env[inputVariable(name)]?.trim() ?? "";
  if (given !== "" || input.default === undefined) return given;
  const fallback = String(input.default);
  return fallback.includes("${{") ? "" : fallback.trim();
}

function readEmpty(input: InputSpec, name: string, env: Environment): Reading {
  if (input.required === true) {
    // Mostly it is there, and takes a variable of an environment that the job is not in.
    const fix = `add ${name}: under with:, or, where it takes a variable there, set that in the job's environment`;
    return { allowed: "a value: it is required", fix };
  }
  if (input.default === "") return readInput(input, "", workspaceOf(env));
  if (input.default === undefined) return { value: undefined };
  return { allowed: "a value", fix: `leave ${name} out, so that it is ${String(input.default)}` };
}

function workspaceOf(env: Environment): string {
  return env.GITHUB_WORKSPACE ?? process.cwd();
}

function fault(input: string, spec: InputSpec, raw: string, reading: { allowed: string; fix?: string }): Fault {
  const came = spec.kind === "secret" && raw !== "" ? "a value that is kept secret" : quoted(raw);
  const fix = reading.fix ?? remedy(spec);
  return { input, came, allowed: reading.allowed, fix };
}

function remedy({ default: fallback }: InputSpec): string {
  const hasPlainDefault = fallback !== undefined && fallback !== "" && !String(fallback).includes("${{");
  return hasPlainDefault ? `correct it, or leave it out for ${String(fallback)}` : "correct it under with:";
}

/** One line of at most 80 characters: a whole file pasted into an input must not fill the annotation. */
function quoted(raw: string): string {
  if (raw === "") return "nothing";
  const line = JSON.stringify(raw);
  return line.length > 80 ? `${line.slice(0, 76)}…"` : line;
}

function usageError(faults: readonly Fault[]): UsageError {
  const names = faults.map((one) => one.input).join(", ");
  const each = faults.map((one) => `${one.input}: came ${one.came}; allowed is ${one.allowed}; ${one.fix}.`);
  if (faults.length === 1) {
    const [one] = faults as readonly [Fault];
    return new UsageError({
      what: `Input ${one.input} is wrong.`,
      why: `It came as ${one.came}; allowed is ${one.allowed}.`,
      fix: `${one.fix}.`,
    });
  }
  return new UsageError({
    what: `${faults.length} inputs are wrong: ${names}.`,
    why: `Each fault:\n${each.map((line) => `- ${line}`).join("\n")}`,
    fix: "correct them all under with: in the workflow; nothing was changed.",
  });
}
