import type { ActionSpec, InputSpec } from "../spec.ts";

/** The metadata file of an action as plain data, ready for any YAML writer. */
export interface ActionMetadata {
  name: string;
  description: string;
  author: string;
  branding?: { icon: string; color: string };
  inputs: Record<string, { description: string; required: boolean; default?: string }>;
  outputs: Record<string, { description: string }>;
  runs: { using: "node24"; main: string; post?: string };
}

/** @param dist the way from the metadata file's folder to `dist/`. */
export function actionMetadata(spec: ActionSpec, dist: string): ActionMetadata {
  const main = `${dist}/${spec.name}/index.js`;
  const post = `${dist}/${spec.name}/post.js`;
  return {
    name: spec.title,
    description: spec.description,
    author: "augeo",
    ...(spec.branding === undefined ? {} : { branding: spec.branding }),
    inputs: Object.fromEntries(Object.entries(spec.inputs).map(([name, input]) => [name, inputMetadata(input)])),
    outputs: Object.fromEntries(Object.entries(spec.allOutputs).map(([name, { doc }]) => [name, { description: doc }])),
    runs: { using: "node24", main, ...(spec.post === true ? { post } : {}) },
  };
}

function inputMetadata(input: InputSpec): ActionMetadata["inputs"][string] {
  return {
    description: input.doc,
    required: input.required === true,
    ...(input.default === undefined ? {} : { default: String(input.default) }),
  };
}
