/** `init`: asks, writes the workflows and `.augeo/deploy.yml`, and prints or runs the set-up of Azure and GitHub. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "@augeo/action-kit";
import { openUserSession } from "@augeo/azure";
import { GitHubClient } from "@augeo/github";
import { UsageError } from "@augeo/release";
import { readSettings } from "../settings/read-settings.ts";
import { holdsPassword, SETTINGS_FILE, type Settings } from "../settings/settings.ts";
import { settingsText } from "../settings/write-settings.ts";
import { setupScript, setupSteps } from "../setup/plan.ts";
import { SiteSetup } from "../setup/site-setup.ts";
import { applySetup } from "./apply-setup.ts";
import { ALL_KEYS, decideSettings } from "./decide-settings.ts";
import { githubToken } from "./github-token.ts";
import { notUnderstood } from "./not-understood.ts";
import { type Guesses, readRepository, releasedBranch, rootOf, unmigrated } from "./read-repository.ts";
import { BY_HAND, fitStarter } from "./starters.ts";
import { azureContextOf, type Terminal } from "./terminal.ts";
import { type ComparedFile, compareFiles, differenceOf, type PlannedFile, writeFiles } from "./write-files.ts";

export const INIT_USAGE = `deploy init [options]

Writes .augeo/deploy.yml and the starter workflows, and prints the set-up of Azure and GitHub as a script.

  --apply                    set up what is missing, with your sign-in of az and gh, instead of printing
  --dry-run                  with --apply: only look, and say what would be made; write nothing
  --yes                      ask nothing: take what flags say, what the repository shows, and defaults
  --force                    overwrite workflows that were changed by hand
  --branch NAME              the branch whose pushes are released (default: the repository's default branch)

Values, {environment} standing for each environment's name. Once .augeo/deploy.yml is there, it is read instead:
${Object.entries(ALL_KEYS)
  .map(([name, { doc }]) => `  --${name.padEnd(24)} ${doc.replaceAll("`", "").split(". ")[0]?.replace(/\.$/, "")}`)
  .join("\n")}

Exit code 0: done; 1: a service refused; 2: the command or the settings were not understood.
`;

interface Flags {
  readonly apply: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly force: boolean;
  readonly branch: string | undefined;
  readonly values: Readonly<Record<string, string | undefined>>;
}

function readFlags(args: readonly string[]): Flags {
  const switches = { apply: false, "dry-run": false, yes: false, force: false };
  const options = {
    ...Object.fromEntries(Object.keys(switches).map((name) => [name, { type: "boolean" as const }])),
    ...Object.fromEntries([...Object.keys(ALL_KEYS), "branch"].map((name) => [name, { type: "string" as const }])),
  };
  try {
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false });
    const { branch, ...rest } = values;
    const texts = Object.entries(rest).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return {
      apply: values.apply === true,
      dryRun: values["dry-run"] === true,
      yes: values.yes === true,
      force: values.force === true,
      branch: typeof branch === "string" ? branch : undefined,
      values: Object.fromEntries(texts),
    };
  } catch (cause) {
    throw notUnderstood("npx @augeo/deploy init", Object.keys(options), cause);
  }
}

export async function init(args: readonly string[], terminal: Terminal, toolkit: string): Promise<number> {
  const flags = readFlags(args);
  const root = await rootOf(terminal);
  const settings = await settingsFor(root, flags, terminal);
  warnOfPasswords(settings, terminal);
  warnOfMigrations(root, settings, terminal);
  const branch = flags.branch ?? (await releasedBranch(root));
  if (branch !== "main") terminal.say(`Pushes to ${branch} are released (--branch names another one).`);
  const files = await compareFiles(root, await plannedFiles(settings, branch, toolkit));
  sayFiles(files, flags, terminal);
  if (!flags.dryRun) await writeFiles(root, files, flags.force);
  await setUp(settings, flags, terminal);
  return 0;
}

async function settingsFor(root: string, flags: Flags, terminal: Terminal): Promise<Settings> {
  const path = join(root, SETTINGS_FILE);
  const given = Object.keys(flags.values);
  if (existsSync(path)) {
    if (given.length > 0) throw alreadyDecided(given);
    terminal.say(`Reading ${SETTINGS_FILE}.`);
    return readSettings(await readFile(path, "utf8"), SETTINGS_FILE);
  }
  terminal.say(`Looking at ${root}:`);
  const guesses: Guesses = await readRepository(root, terminal);
  const cloud = terminal.env.AZURE_CLOUD;
  const values = { ...(cloud === undefined || cloud === "" ? {} : { cloud }), ...flags.values };
  return decideSettings(values, guesses, flags.yes ? { ...terminal, ask: undefined } : terminal);
}

function alreadyDecided(given: readonly string[]): UsageError {
  return new UsageError({
    what: `${SETTINGS_FILE} is there already, so ${given.map((name) => `--${name}`).join(", ")} would not be used.`,
    why: "The file is what was decided; flags only fill in a new one.",
    fix: `edit ${SETTINGS_FILE}, or remove it to decide anew.`,
  });
}

function warnOfPasswords({ environments }: Settings, { say }: Terminal): void {
  for (const { name, "database-url": url } of environments)
    if (url !== undefined && holdsPassword(url))
      say(
        `! The database-url of ${name} holds a password, which stands in ${SETTINGS_FILE} and in a variable then. With database-auth: entra none is needed.`,
      );
}

function warnOfMigrations(root: string, settings: Settings, { say }: Terminal): void {
  const without = unmigrated(root, settings);
  if (without.length === 0) return;
  const names = without.map(({ name }) => name).join(", ");
  say(
    `! There are migrations, and no database-url for ${names}: a release would not apply them there. Name it in ${SETTINGS_FILE}.`,
  );
}

async function plannedFiles(settings: Settings, defaultBranch: string, toolkit: string): Promise<PlannedFile[]> {
  const folder = join(toolkit, "workflows-templates");
  const starters = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name) && !BY_HAND.has(name)).sort();
  const workflows = starters.map(async (name) => ({
    path: `.github/workflows/${name}`,
    text: fitStarter(await readFile(join(folder, name), "utf8"), { settings, defaultBranch }),
  }));
  return [{ path: SETTINGS_FILE, text: settingsText(settings) }, ...(await Promise.all(workflows))];
}

function sayFiles(files: readonly ComparedFile[], { force, dryRun }: Flags, { say }: Terminal): void {
  const words = {
    new: dryRun ? "would be written" : "written",
    same: "as it should be",
    differs: force && !dryRun ? "overwritten" : "differs, and is kept: --force overwrites it",
  } as const;
  for (const { path, state, current, text } of files) {
    // The settings are the person's own: what was read from them is not held against them.
    if (path === SETTINGS_FILE && state === "differs") continue;
    say(`${path}: ${words[state]}`);
    if (state === "differs") say(differenceOf(current ?? "", text).replaceAll(/^/gm, "    "));
  }
}

async function setUp(settings: Settings, flags: Flags, terminal: Terminal): Promise<void> {
  const context = azureContextOf(terminal);
  const session = openUserSession(context, settings);
  const github = new GitHubClient({
    apiUrl: terminal.env.GITHUB_API_URL ?? "https://api.github.com",
    token: flags.apply ? await githubToken(terminal) : "",
    repository: settings.repository,
    clock: systemClock,
    signal: terminal.signal,
  });
  try {
    const setup = new SiteSetup(settings, session, github);
    const steps = setupSteps(setup);
    if (!flags.apply) {
      terminal.print(setupScript(setup, steps));
      terminal.say("Nothing was set up yet: run the script above, or npx @augeo/deploy init --apply.");
      return;
    }
    const { made, found } = await applySetup(steps, terminal, flags.dryRun);
    terminal.say(`${found} found, ${made} ${flags.dryRun ? "to be made" : "made"}.`);
    if (!flags.dryRun)
      terminal.say("Next: commit and push. npx @augeo/deploy doctor says what would still stop a release.");
  } finally {
    session.close();
  }
}
