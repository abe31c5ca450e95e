/** From flags, guesses and answers to settings: each answer is checked where it was given. */
import { createHash } from "node:crypto";
import { type InputSpec, type InputSpecs, readInput } from "@augeo/action-kit";
import { UsageError } from "@augeo/release";
import { stringify } from "yaml";
import { environmentKeys, environmentName, sharedKeys } from "../settings/declaration.ts";
import { readSettings } from "../settings/read-settings.ts";
import type { Settings } from "../settings/settings.ts";
import type { GuessedKey, Guesses } from "./read-repository.ts";
import { repositoryOf, type Terminal } from "./terminal.ts";

/** What stands for each environment's name in a flag or an answer. */
const NAME = "{environment}";

/** Keys that a person is asked for; the others have defaults that rarely need another value. */
const ASKED = [
  "repository",
  "tenant-id",
  "subscription-id",
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

/** A sign-in of this machine says these; only where there is none are they asked for. */
const SIGN_IN: ReadonlySet<string> = new Set(["tenant-id", "subscription-id"]);

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
    const open = ASKED.filter((key) => !(SIGN_IN.has(key) && key in guesses));
    for (const key of open) values[key] ??= await askFor(key, values, guesses, { ask, say });
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
  return [...new Set(list.split(/[\s,]+/).filter(Boolean))];
}

async function askFor(
  key: string,
  values: Readonly<Values>,
  guesses: Guesses,
  { ask, say }: { ask: NonNullable<Terminal["ask"]>; say: Terminal["say"] },
): Promise<string | undefined> {
  const spec = ALL_KEYS[key];
  if (spec === undefined) throw new Error(`${key} is not declared`);
  const proposal = proposalFor(key, values, guesses);
  const options = spec.kind === "choice" ? ` (${spec.options.join(" or ")})` : "";
  const optional = proposal === "" && spec.required !== true ? " (optional)" : "";
  const names = namesOf(values.environments ?? "");
  say(`\n${spec.doc.replaceAll("`", "")}`);
  for (;;) {
    const given = (await ask(`${key}${options}${optional}`, proposal)).trim() || proposal;
    const answer = asInFile(key, spec, given);
    if (answer === "" && spec.required !== true) return undefined;
    const fault = answer === "" ? "There is no default: it has to be said." : faultOf(key, spec, answer, names);
    if (fault === undefined) return answer;
    say(`  ${fault}`);
  }
}

/** A repository's address is as good as its name, and letter case does not matter in a choice. */
function asInFile(key: string, spec: InputSpec, given: string): string {
  if (key === "repository") return repositoryOf(given) ?? given;
  if (spec.kind === "lines") return asLines(given);
  if (spec.kind !== "choice") return given;
  return spec.options.find((option) => option.toLowerCase() === given.toLowerCase()) ?? given;
}

/** What is wrong with an answer, for any of the environments it stands for. */
function faultOf(key: string, spec: InputSpec, answer: string, environments: readonly string[]): string | undefined {
  if (key === "app" && environments.length > 1 && !answer.includes(NAME))
    return `Each environment has an app of its own: put ${NAME} into the name.`;
  const [one, texts] =
    key === "environments"
      ? [environmentName, namesOf(answer)]
      : [spec, (answer.includes(NAME) ? environments : [""]).map((name) => answer.replaceAll(NAME, inNames(name)))];
  const allowed = texts.flatMap((text) => {
    const reading = readInput(one, text, "/");
    return "value" in reading
      ? []
      : [texts.length > 1 ? `${text}: allowed is ${reading.allowed}.` : `Allowed is ${reading.allowed}.`];
  });
  return allowed[0];
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
