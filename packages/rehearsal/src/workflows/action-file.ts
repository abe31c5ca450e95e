import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Value } from "./expressions.ts";
import { type Mapping, mapping, optional, readSteps, type StepFile } from "./workflow-file.ts";

interface ActionBase {
  /** The folder that holds `action.yml`. */
  readonly folder: string;
  /** Root of the repository the file belongs to: `$/` resolves against it. */
  readonly root: string;
  readonly name: string;
  /** Defaults, unevaluated; `undefined` where an input has none. */
  readonly inputs: Readonly<Record<string, Value | undefined>>;
}

export interface JavaScriptAction extends ActionBase {
  readonly kind: "javascript";
  readonly main: string;
  readonly post: string | undefined;
  readonly postIf: string;
}

export interface CompositeAction extends ActionBase {
  readonly kind: "composite";
  readonly steps: readonly StepFile[];
  readonly outputs: Readonly<Record<string, Value>>;
}

export type ActionFile = JavaScriptAction | CompositeAction;

/** Keys of a composite's step. Source: actions/runner's action schema; there are no timeouts and no background steps. */
const COMPOSITE_STEP = [
  "id",
  "name",
  "if",
  "uses",
  "run",
  "with",
  "env",
  "shell",
  "working-directory",
  "continue-on-error",
];

export function readAction(folder: string, root: string): ActionFile {
  const file = ["action.yml", "action.yaml"].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`Can't find 'action.yml' or 'action.yaml' under '${folder}'`);
  const raw = mapping(parse(readFileSync(file, "utf8"), { merge: true }), file);
  const runs = mapping(raw.runs ?? null, `${file}: runs`);
  const base = { folder, root, name: String(raw.name ?? folder), inputs: defaults(raw.inputs, file) };
  if (runs.using === "composite") return { ...base, kind: "composite", ...composite(raw, runs, file) };
  if (runs.using !== "node24")
    throw new Error(`${file}: the local runner runs node24 and composite actions, not ${runs.using}`);
  if (runs.pre !== undefined) throw new Error(`${file}: the local runner does not know runs.pre`);
  const post = typeof runs.post === "string" ? runs.post : undefined;
  return { ...base, kind: "javascript", main: String(runs.main), post, postIf: String(runs["post-if"] ?? "always()") };
}

function composite(raw: Mapping, runs: Mapping, file: string): Pick<CompositeAction, "steps" | "outputs"> {
  const steps = readSteps(runs.steps ?? [], file);
  for (const { raw: step } of steps) {
    const unknown = Object.keys(step).filter((key) => !COMPOSITE_STEP.includes(key));
    if (unknown.length > 0) throw new Error(`${file}: a composite's step has no ${unknown.join(", ")}`);
    if (step.run !== undefined && step.shell === undefined)
      throw new Error(`${file}: a composite's run step needs a shell`);
  }
  const outputs = Object.entries(optional(raw.outputs, `${file}: outputs`));
  return {
    steps,
    outputs: Object.fromEntries(
      outputs.map(([name, output]) => [name, mapping(output, `${file}: ${name}`).value ?? ""]),
    ),
  };
}

function defaults(value: Value | undefined, file: string): Record<string, Value | undefined> {
  const inputs = Object.entries(optional(value, `${file}: inputs`));
  return Object.fromEntries(inputs.map(([name, input]) => [name, optional(input, `${file}: ${name}`).default]));
}
