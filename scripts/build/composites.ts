/**
 * Composite actions: written by hand as `actions/<name>/action.yml`, steps and comments and pins included. What they
 * hand on to an action of this repository follows from that action's spec, so that no input of it is ever missing.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ActionSpec, defineAction, type InputSpec } from "@augeo/action-kit";
import { actionMetadata } from "@augeo/action-kit/writers";
import { type Document, isMap, parseDocument, type YAMLMap } from "yaml";
import { root } from "./action-folders.ts";

export interface Composite {
  /** What its README tables, its reference page and the contract tests are made from. */
  readonly spec: ActionSpec;
  /** Its `action.yml` as it has to be. */
  readonly metadata: string;
}

/** The folders under `actions/` whose `action.yml` has nobody's bundle behind it. */
function compositeNames(): string[] {
  return readdirSync(join(root, "actions"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !existsSync(join(root, "actions", entry.name, "index.ts")))
    .map((entry) => entry.name)
    .filter((name) => existsSync(join(root, "actions", name, "action.yml")))
    .sort();
}

export function composites(specs: readonly ActionSpec[]): Composite[] {
  return compositeNames().map((name) => {
    const document = parseDocument(readFileSync(join(root, "actions", name, "action.yml"), "utf8"));
    const [step, inner] = innerStep(document, specs, name);
    handOn(document, step, inner);
    return { spec: specOf(name, document, inner), metadata: document.toString({ lineWidth: 0 }) };
  });
}

/** The one step that uses an action of this repository, and that action's spec. */
function innerStep(document: Document, specs: readonly ActionSpec[], name: string): [YAMLMap, ActionSpec] {
  const steps = document.getIn(["runs", "steps"]) as { items: YAMLMap[] };
  for (const step of steps.items) {
    const used = /^\$\/actions\/([a-z-]+)$/.exec(String(step.get("uses") ?? ""))?.[1];
    const inner = specs.find((spec) => spec.name === used);
    if (inner !== undefined) return [step, inner];
  }
  throw new RangeError(`actions/${name}/action.yml uses no action of this repository as $/actions/<name>`);
}

const handed = (name: string): string => `\${{ inputs.${name} }}`;

/** Declares each input of the inner action that the step does not fill by itself, hands it on, and gives its outputs out. */
function handOn(document: Document, step: YAMLMap, inner: ActionSpec): void {
  const { inputs, outputs } = actionMetadata(inner, "");
  for (const [name, input] of Object.entries(inputs)) {
    const given = step.getIn(["with", name]);
    if (given !== undefined && given !== handed(name)) continue;
    step.setIn(["with", name], handed(name));
    document.setIn(["inputs", name], document.createNode(input));
  }
  dropUnknown(document, step, inner);
  const values = Object.entries(outputs).map(([name, output]) => {
    return [name, { ...output, value: `\${{ steps.${step.get("id")}.outputs.${name} }}` }];
  });
  document.set("outputs", document.createNode(Object.fromEntries(values)));
}

/** An input that the inner action has lost is handed on no longer. */
function dropUnknown(document: Document, step: YAMLMap, inner: ActionSpec): void {
  const given = step.get("with");
  if (!isMap(given)) return;
  const lost = given.items.map(({ key }) => String(key)).filter((name) => !(name in inner.inputs));
  for (const name of lost) {
    step.deleteIn(["with", name]);
    document.deleteIn(["inputs", name]);
  }
}

function specOf(name: string, document: Document, inner: ActionSpec): ActionSpec {
  const { title, description, inputs } = read(document);
  const own = Object.entries(inputs).map(([key, input]): [string, InputSpec] => [key, inner.inputs[key] ?? input]);
  const { outputs, permissions, reasons } = inner;
  return defineAction({ name, title, description, inputs: Object.fromEntries(own), outputs, permissions, reasons });
}

interface Metadata {
  name: string;
  description: string;
  inputs: Record<string, { description: string; required?: boolean; default?: string }>;
}

function read(document: Document): { title: string; description: string; inputs: Record<string, InputSpec> } {
  const { name, description, inputs } = document.toJS() as Metadata;
  const plain = Object.entries(inputs).map(([key, { description: doc, required = false, default: fallback }]) => {
    return [key, { kind: "string", doc, required, ...(fallback === undefined ? {} : { default: fallback }) }];
  });
  return { title: name, description, inputs: Object.fromEntries(plain) };
}
