/** `doctor`: the same examination as the action's, of every environment of `.augeo/deploy.yml`, by a person. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "@augeo/action-kit";
import { openUserSession, PRODUCTION } from "@augeo/azure";
import { GitHubClient } from "@augeo/github";
import { UsageError } from "@augeo/release";
import type { Examination } from "../doctor/examination.ts";
import { findingOf } from "../doctor/examination.ts";
import { examineEnvironment } from "../doctor/examine.ts";
import { type Finding, lineOf } from "../doctor/finding.ts";
import { readSettings } from "../settings/read-settings.ts";
import { type EnvironmentSettings, SETTINGS_FILE, type Settings } from "../settings/settings.ts";
import { setupSteps } from "../setup/plan.ts";
import { type Repository, SiteSetup } from "../setup/site-setup.ts";
import type { Step } from "../setup/step.ts";
import { ledgerUrl } from "../setup/storage-steps.ts";
import { githubToken } from "./github-token.ts";
import { notUnderstood } from "./not-understood.ts";
import { rootOf, unmigrated } from "./read-repository.ts";
import { azureContextOf, type Terminal } from "./terminal.ts";

export const DOCTOR_USAGE = `deploy doctor [options]

Finds out why a release would not work, from your own machine. Changes nothing but one small blob that it deletes again.

  --environment NAME         only this one of .augeo/deploy.yml
  --json                     print the findings as JSON (schema 1)

Exit code 0: nothing would stop a release; 1: something would; 2: the command or the settings were not understood.
`;

export async function doctor(args: readonly string[], terminal: Terminal): Promise<number> {
  const { only, json } = readFlags(args);
  const root = await rootOf(terminal);
  const settings = await readSettingsOf(root);
  const places = settings.environments.filter(({ name }) => only === undefined || name === only);
  if (places.length === 0) throw unknownEnvironment(only ?? "", settings);
  const session = openUserSession(azureContextOf(terminal), settings);
  const github = new GitHubClient({
    apiUrl: terminal.env.GITHUB_API_URL ?? "https://api.github.com",
    token: await githubToken(terminal),
    repository: settings.repository,
    clock: systemClock,
    signal: terminal.signal,
  });
  try {
    const setup = new SiteSetup(settings, session, github);
    const without = unmigrated(root, settings);
    const all = await examineAll(setup, places, without, json ? undefined : terminal);
    if (json) terminal.print(`${JSON.stringify({ schema: 1, findings: all }, null, 2)}\n`);
    return all.some(({ state }) => state === "problem") ? 1 : 0;
  } finally {
    session.close();
  }
}

function readFlags(args: readonly string[]): { only: string | undefined; json: boolean } {
  const options = { environment: { type: "string" }, json: { type: "boolean" } } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    return { only: values.environment, json: values.json === true };
  } catch (cause) {
    throw notUnderstood("npx @augeo/deploy doctor", Object.keys(options), cause);
  }
}

async function readSettingsOf(root: string): Promise<Settings> {
  const text = await readFile(join(root, SETTINGS_FILE), "utf8").catch((cause: unknown) => {
    throw new UsageError({
      what: `There is no ${SETTINGS_FILE} in ${root}.`,
      why: "It names what the doctor holds against what is there.",
      fix: "npx @augeo/deploy init",
      cause,
    });
  });
  return readSettings(text, SETTINGS_FILE);
}

function unknownEnvironment(name: string, { environments }: Settings): UsageError {
  return new UsageError({
    what: `${SETTINGS_FILE} names no environment ${name}.`,
    why: `It names ${environments.map((one) => one.name).join(", ")}.`,
    fix: "--environment with one of them.",
  });
}

type Located = Finding & { readonly environment: string | undefined };

async function examineAll(
  setup: SiteSetup,
  places: readonly EnvironmentSettings[],
  without: readonly EnvironmentSettings[],
  terminal: Terminal | undefined,
): Promise<Located[]> {
  const steps = setupSteps(setup);
  await repositoryOf(setup);
  const shared = await lookAt(
    setup,
    steps.filter(({ environment }) => environment === undefined),
  );
  const all: Located[] = shared.map((finding) => ({ ...finding, environment: undefined }));
  show("All environments", shared, terminal);
  for (const place of places) {
    const own = await lookAt(
      setup,
      steps.filter(({ environment }) => environment === place.name),
    );
    const found = [
      ...own,
      ...(without.includes(place) ? [withoutMigrations(place)] : []),
      ...(await examinePlace(setup, place)),
    ];
    show(place.name, found, terminal);
    all.push(...found.map((finding) => ({ ...finding, environment: place.name })));
  }
  const count = (state: Finding["state"]) => all.filter((finding) => finding.state === state).length;
  terminal?.say(
    `${count("problem")} would stop a release, ${count("warning")} worth a look, ${count("ok")} as they should be.`,
  );
  return all;
}

/** Where it cannot be read, each finding that needs it says so; the rest is looked at all the same. */
function repositoryOf(setup: SiteSetup): Promise<Pick<Repository, "defaultBranch">> {
  return setup.repository().catch(() => ({ defaultBranch: "main" }));
}

function show(title: string, findings: readonly Finding[], terminal: Terminal | undefined): void {
  terminal?.print(`${title}\n${findings.map((finding) => `${lineOf(finding).replaceAll(/^/gm, "  ")}\n`).join("")}\n`);
}

/** A release without an address migrates nothing, and says nothing of it. */
function withoutMigrations({ name }: EnvironmentSettings): Finding {
  return {
    area: "set-up",
    state: "warning",
    what: `The migrations are not applied in ${name}: it names no database-url.`,
    why: "The package has an alembic.ini, and a release migrates only the database that it is told.",
    fix: `In ${SETTINGS_FILE}, below ${name}: database-url: postgresql://<identity>@<server>.postgres.database.azure.com/<database>\nthen: npx @augeo/deploy init --apply`,
  };
}

const AREAS = { Azure: "set-up", Entra: "set-up", GitHub: "GitHub" } as const;

/** What is set up, step by step, in order: a later step needs what an earlier one found. */
async function lookAt(setup: SiteSetup, steps: readonly Step[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const step of steps) findings.push(await findingOfStep(setup, step));
  return findings;
}

async function findingOfStep(setup: SiteSetup, { area, what, commands, look }: Step): Promise<Finding> {
  try {
    const { there, note, commands: other } = await look();
    const known = { area: AREAS[area], ...(note === undefined ? {} : { why: `${note}.` }) };
    if (there) return { ...known, state: note === undefined ? "ok" : "warning", what: `Set up: ${what}.` };
    const missing = note === undefined ? `Missing: ${what}.` : `Not as it should be: ${what}.`;
    return {
      ...known,
      state: "problem",
      what: missing,
      fix: [
        ...(other ?? commands).map((one) => setup.alone(one)),
        "or all that is missing: npx @augeo/deploy init --apply",
      ].join("\n"),
    };
  } catch (error) {
    return findingOf(AREAS[area], "unknown", error);
  }
}

async function examinePlace(setup: SiteSetup, place: EnvironmentSettings): Promise<Finding[]> {
  const { settings, session, github } = setup;
  const { app, "resource-group": resourceGroup, slot } = place;
  const { defaultBranch } = await repositoryOf(setup);
  const examination: Examination = {
    inputs: {
      "client-id": setup.identityOf(place)?.clientId ?? "",
      "tenant-id": settings["tenant-id"],
      "subscription-id": settings["subscription-id"],
      cloud: settings.cloud,
      app,
      "resource-group": resourceGroup,
      slot,
      ledger: await ledgerUrl(setup, place),
      environment: place.name,
      "github-token": "",
      "health-path": settings["health-path"],
      "required-checks": settings["required-checks"],
    },
    context: session.context,
    session,
    federation: undefined,
    github,
    production: { app, resourceGroup, slot: PRODUCTION },
    staging: { app, resourceGroup, slot },
    defaultBranch,
  };
  const findings = await examineEnvironment(examination);
  return findings.map(seenByPerson);
}

/** A person needs no right to the ledger's content; that of the identity is looked at as a role. */
function seenByPerson(finding: Finding): Finding {
  const isOwnRight =
    finding.area === "ledger" && finding.state === "problem" && /Storage Blob Data/.test(finding.fix ?? "");
  if (!isOwnRight) return finding;
  const why = "You yourself may not read its content; the role of the identity is looked at above.";
  return { area: "ledger", state: "unknown", what: "The ledger's content was not seen.", why };
}
