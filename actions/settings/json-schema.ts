import type { InputSpec, InputSpecs } from "@augeo/action-kit";
import { environmentKeys, environmentName, sharedKeys } from "./declaration.ts";

export const SCHEMA_URL = "https://raw.githubusercontent.com/augeo/deploy-action/v1/schemas/deploy.schema.json";

type Schema = Readonly<Record<string, unknown>>;

/** The schema of `.augeo/deploy.yml` that editors complete and check by, made from the parser's own declaration. */
export function settingsSchema(): Schema {
  const environment = objectOf(environmentKeys);
  const names = { pattern: environmentName.pattern.source };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: SCHEMA_URL,
    title: ".augeo/deploy.yml",
    description: "What init sets up and doctor holds against what is there.",
    ...objectOf(sharedKeys, {
      environments: {
        type: "object",
        description: "GitHub environments by name, in the order a release goes through them.",
        minProperties: 1,
        propertyNames: names,
        additionalProperties: environment,
      },
    }),
  };
}

function objectOf(keys: InputSpecs, further: Readonly<Record<string, Schema>> = {}): Schema {
  const required = Object.entries(keys).filter(([, spec]) => spec.required === true);
  return {
    type: "object",
    additionalProperties: false,
    required: [...required.map(([name]) => name), ...Object.keys(further)],
    properties: {
      ...Object.fromEntries(Object.entries(keys).map(([name, spec]) => [name, schemaOf(spec)])),
      ...further,
    },
  };
}

function schemaOf(spec: InputSpec): Schema {
  const common = {
    description: spec.doc.replaceAll("`", ""),
    ...(spec.default === undefined ? {} : { default: defaultOf(spec) }),
  };
  if (spec.kind === "choice") return { ...common, enum: spec.options };
  if (!("pattern" in spec) || spec.pattern === undefined) throw new Error(`no pattern: ${spec.doc}`);
  const text = { type: "string", pattern: sourceOf(spec.pattern) };
  if (spec.kind !== "lines") return { ...common, ...text };
  return { ...common, anyOf: [text, { type: "array", items: text, minItems: 1 }] };
}

/** In the file a list of several is a list, where an input has lines. */
function defaultOf(spec: InputSpec): unknown {
  const lines = spec.kind === "lines" ? String(spec.default).split("\n") : [];
  return lines.length > 1 ? lines : spec.default;
}

/** A schema's pattern has no flags: letter case is written out. */
function sourceOf({ source, flags }: RegExp): string {
  if (!flags.includes("i")) return source;
  return source.replaceAll("a-z", "a-zA-Z").replaceAll("a-f", "a-fA-F");
}
