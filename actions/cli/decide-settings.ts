/** From flags, guesses and answers to settings: each answer is checked where it was given. */
import { createHash } from "node:crypto";
import { type InputSpec, type InputSpecs, readInput } from "@augeo/action-kit";
import { UsageError } from "@augeo/release";
import { stringify } from "yaml";
import { environmentKeys, sharedKeys } from "../settings/declaration.ts";
import { readSettings } from "../settings/read-settings.ts";
import type { Settings } from "../settings/settings.ts";
import type { GuessedKey, Guesses } from "./read-repository.ts";
import type { Terminal } from "./terminal.ts";

/** What stands for each environment's name in a flag or an answer. */
const NAME = "{environment}";

/** Keys that a person is asked for; the others have defaults that rarely need another value. */
const ASKED = [
  "repository",
  "environments",
  "app",
  "resource-group",
  "region",
  "slot",
  "health-path",
  "database-url",
  "identity",
  "subject",
] as const;

export const ALL_KEYS: InputSpecs = {
  environments: {
    kind: "string",
    default: "dev,staging,production",
    doc: "Environments, in the order a release goes through them.",
  },
  ...sharedKeys,
  ...environmentKeys,
};

type Values = Record<string, string | undefined>;

/** @throws UsageError for what is missing or wrong, all at once. */
export async function decideSettings(
  flags: Readonly<Values>,
  guesses: Guesses,
  { ask, say }: Pick<Terminal, "ask" | "say">,
): Promise<Settings> {
  for (const [key, { value, from }] of Object.entries(guesses))
    if (flags[key] === undefined) say(`  ${key}: ${value} (from ${from})`);
  const values: Values = { ...flags };
  if (ask !== undefined) {
    say("Enter keeps what stands in brackets. {environment} stands for each environment's name.");
    for (const key of ASKED) values[key] ??= await askFor(key, proposalFor(key, values, guesses), ask, say);
  }
  const complete = Object.fromEntries(
    Object.keys(ALL_KEYS).map((key) => [key, values[key] ?? proposalFor(key, values, guesses)]),
  );
  return readSettings(fileOf(complete));
}

function proposalFor(key: string, values: Readonly<Values>, guesses: Guesses): string {
  const guess = guesses[key as GuessedKey]?.value;
  if (guess !== undefined) return guess;
  const repository = values.repository ?? guesses.repository?.value ?? "";
  const name = appName(repository);
  const group = values["resource-group"] ?? `rg-${name}-${NAME}`;
  const last = namesOf(values.environments ?? String(ALL_KEYS.environments?.default)).at(-1) ?? "production";
  const made: Values = {
    app: `${name}-${NAME}`,
    "resource-group": group,
    "storage-account": storageName(name, repository, values["subscription-id"] ?? guesses["subscription-id"]?.value),
    "storage-resource-group": group.replaceAll(NAME, last),
  };
  return made[key] ?? String(ALL_KEYS[key]?.default ?? "");
}

function appName(repository: string): string {
  const name = repository.split("/")[1] ?? "";
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "")
      .slice(0, 40) || "app"
  );
}

/** Unique in all of Azure as far as that can be had without asking, and the same each time. */
function storageName(name: string, repository: string, subscription: string | undefined): string {
  const hash = createHash("sha256").update(`${repository}|${subscription}`).digest("hex").slice(0, 6);
  return `${name.replaceAll("-", "").slice(0, 16)}${hash}`;
}

function namesOf(list: string): string[] {
  return list.split(/[\s,]+/).filter(Boolean);
}

async function askFor(
  key: string,
  proposal: string,
  ask: NonNullable<Terminal["ask"]>,
  say: Terminal["say"],
): Promise<string | undefined> {
  const spec = ALL_KEYS[key];
  const options = spec?.kind === "choice" ? ` (${spec.options.join(" or ")})` : "";
  for (;;) {
    const given = (await ask(`${key}${options}`, proposal)).trim() || proposal;
    const answer = spec?.kind === "lines" ? asLines(given) : given;
    const fault = spec === undefined || answer === "" ? undefined : faultOf(spec, answer);
    if (fault === undefined) return answer === "" ? undefined : answer;
    say(`  ${fault}`);
  }
}

function faultOf(spec: InputSpec, answer: string): string | undefined {
  const reading = readInput(spec, answer.replaceAll(NAME, "production"), "/");
  return "value" in reading ? undefined : `Allowed is ${reading.allowed}.`;
}

function lists(values: Readonly<Values>): Record<string, string[]> {
  const keys = Object.entries(sharedKeys).filter(([key, { kind }]) => kind === "lines" && values[key] !== undefined);
  return Object.fromEntries(keys.map(([key]) => [key, asLines(values[key] ?? "").split("\n")]));
}

/** Names in Azure take no dot. */
function inNames(environment: string): string {
  return environment.replaceAll(/[._]/g, "-");
}

/** A flag or an answer is one line: what is a list there has commas. */
function asLines(text: string): string {
  return text.replaceAll(/\s*,\s*/g, "\n");
}

/** The decision in the file's own form, so that one reader checks answers, flags and files alike. */
function fileOf(values: Readonly<Values>): string {
  const names = namesOf(values.environments ?? "");
  if (names.length === 0)
    throw new UsageError({
      what: "No environment is named.",
      why: "environments is empty.",
      fix: "--environments production",
    });
  const pick = (keys: InputSpecs, fill: (value: string) => string) =>
    Object.fromEntries(
      Object.keys(keys).flatMap((key) => (values[key] ? [[key, fill(values[key] ?? "")] as const] : [])),
    );
  return stringify({
    ...pick(sharedKeys, (value) => value),
    ...lists(values),
    environments: Object.fromEntries(
      names.map((name) => [name, pick(environmentKeys, (value) => value.replaceAll(NAME, inNames(name)))]),
    ),
  });
}
