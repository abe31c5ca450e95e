import type { InputSpecs } from "@augeo/action-kit";
import { stringify } from "yaml";
import { environmentKeys, sharedKeys } from "./declaration.ts";
import { SCHEMA_URL } from "./json-schema.ts";
import { environmentOf, type Settings } from "./settings.ts";

/** The settings as a file: only what differs from a default, so that what is written is what was decided. */
export function settingsText(settings: Settings): string {
  const { environments, ...shared } = settings;
  const decided = {
    ...different(shared, defaultsOf(sharedKeys)),
    environments: Object.fromEntries(
      environments.map(({ name, ...environment }) => [
        name,
        different(environment, { ...defaultsOf(environmentKeys), ...derived(name, environment) }),
      ]),
    ),
  };
  return [
    `# yaml-language-server: $schema=${SCHEMA_URL}`,
    "# Read by: npx @augeo/deploy init (sets up what is missing) and npx @augeo/deploy doctor (says what is wrong).",
    stringify(decided, { lineWidth: 0 }),
  ].join("\n");
}

function derived(name: string, environment: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const bare = { ...environment, container: undefined, "identity-name": undefined, plan: undefined };
  const {
    container,
    plan,
    "identity-name": identity,
  } = environmentOf(name, bare as Parameters<typeof environmentOf>[1]);
  return { container, plan, "identity-name": identity };
}

function defaultsOf(keys: InputSpecs): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(keys).map(([name, { kind, default: value }]) => [
      name,
      kind === "lines" ? single(String(value).split("\n")) : value,
    ]),
  );
}

function different(
  values: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const plain = Object.entries(values).map(([name, value]) => [name, single(value)] as const);
  const same = (name: string, value: unknown) => JSON.stringify(value) === JSON.stringify(defaults[name]);
  return Object.fromEntries(plain.filter(([name, value]) => value !== undefined && !same(name, value)));
}

/** A list of one is written as the one. */
function single(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}
