import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Cloud, materialiseRelease, startCloud } from "@augeo/rehearsal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { type AzCommand, azCommand } from "../../support/az-command.ts";
import { CTRL_C, CTRL_D, type Dialogue, ENTER, runAtTerminal } from "../../support/run-at-terminal.ts";
import { shellOf } from "../../support/run-deploy.ts";

let cloud: Cloud;
let az: AzCommand;
let nobody: AzCommand;
beforeAll(async () => {
  cloud = await startCloud({ postgres: "none" });
  az = await azCommand(cloud);
  nobody = await azCommand(cloud, false);
});
afterAll(async () => {
  await az.remove();
  await nobody.remove();
  await cloud.close();
});

let repository: { path: string; remove(): Promise<void> };
const git = (...args: string[]) => execFileSync("git", ["-C", repository.path, ...args], { encoding: "utf8" });
const settings = () => parse(readFileSync(join(repository.path, ".augeo/deploy.yml"), "utf8"));
const written = () => [".augeo", ".github"].filter((name) => existsSync(join(repository.path, name)));

beforeEach(async () => {
  repository = await temporaryFolder("app-repository");
  await materialiseRelease("1", repository.path);
  git("init", "--quiet", "--initial-branch=main");
  git("remote", "add", "origin", `https://github.com/${cloud.oidc.job.repository}.git`);
});
afterEach(() => repository.remove());

/** All that is asked where az is signed in and the repository has a remote, in order. */
const QUESTIONS = [
  ...["repository [", "environments [", "app [", "resource-group [", "region [", "slot [", "health-path ["],
  ...["database-url (optional): ", "identity (managed-identity or", "subject (both or"],
];
/** Types the answers that are given, and Enter at every other question. */
function answering(answers: Readonly<Record<string, readonly string[]>>): Dialogue {
  return QUESTIONS.flatMap((question) =>
    (answers[question] ?? [""]).map((typed) => [question, `${typed}${ENTER}`] as const),
  );
}

function init(dialogue: Dialogue, { apply = false, folder = az.folder } = {}) {
  const place = { folder: repository.path, env: shellOf(cloud, folder) };
  return runAtTerminal(apply ? ["init", "--apply"] : ["init"], place, dialogue);
}

describe("init at a terminal", () => {
  test("asks with a word on what each thing is, refuses a wrong answer where it was given, and writes the right ones", async () => {
    const run = await init(
      answering({
        "repository [": ["api", "git@github.com:auction/shop.git"],
        "environments [": ["dev,pröd", "dev production"],
        "app [": ["shop", "my_{environment}", "shop-{environment}"],
        "resource-group [": ["rg shop", "  rg-shop  "],
        "region [": ["West Europe", "northeurope"],
        "slot [": ["production", "blue"],
        "health-path [": ["health", "/health, /items"],
        "database-url (optional): ": ["mysql://db/shop", ""],
        "identity (managed-identity or": ["robot", "App-Registration"],
      }),
    );
    expect([run.exitCode, run.screen]).toEqual([0, expect.stringContaining(".augeo/deploy.yml: written")]);
    for (const said of [
      `Looking at ${repository.path}:`,
      "Name of the App Service app.\napp [shop-{environment}]: shop",
      "Allowed is owner/name, as GitHub writes it.",
      "pröd: allowed is letters, digits, dots, hyphens and underscores.",
      "Each environment has an app of its own: put {environment} into the name.",
      "my_dev: allowed is the app's name alone",
      "no spaces and slashes",
      "Allowed is a region's short name, such as westeurope.",
      "and not production.",
      "Allowed is a path that begins with a slash",
      "Allowed is postgresql://user@host:5432/name.",
      "Allowed is one of managed-identity, app-registration.",
      "no database-url for dev, production: a release would not apply them there. Name it in .augeo/deploy.yml.",
    ])
      expect(run.screen).toContain(said);
    expect(settings()).toMatchObject({
      repository: "auction/shop",
      region: "northeurope",
      identity: "app-registration",
      "health-path": ["/health", "/items"],
      environments: {
        dev: { app: "shop-dev", "resource-group": "rg-shop", slot: "blue" },
        production: { app: "shop-production", "resource-group": "rg-shop", slot: "blue" },
      },
    });
  });

  test("asks what nothing could tell, as often as it takes, and takes defaults for all else", async () => {
    git("remote", "remove", "origin");
    const id = "00000000-0000-4000-8000-000000000001";
    const unknown = ["repository: ", "tenant-id: ", "subscription-id: "];
    const said = ["octo-org/bids", id, id];
    const run = await init(
      [
        ...unknown.flatMap(
          (question, index): Dialogue => [
            [question, ENTER],
            [question, `${said[index]}${ENTER}`],
          ],
        ),
        ...answering({}).slice(1),
      ],
      { folder: nobody.folder },
    );
    expect([run.exitCode, run.screen]).toEqual([0, expect.stringContaining("There is no default: it has to be said.")]);
    expect(run.screen).toContain("`az account show` names both, after `az login`.".replaceAll("`", ""));
    expect(settings()).toMatchObject({ repository: "octo-org/bids", "tenant-id": id, "subscription-id": id });
    expect(Object.keys(settings().environments)).toEqual(["dev", "staging", "production"]);
  });

  test.each([
    ["Ctrl-C", `half an answer${CTRL_C}`],
    ["Ctrl-D", CTRL_D],
  ])("%s before the last answer ends it in one sentence, with nothing written", async (_, typed) => {
    const run = await init([...answering({}).slice(0, 5), ["slot [", typed]]);
    expect(run.exitCode).toBe(130);
    expect(run.screen.trimEnd().split("\n").at(-1)).toBe(
      "Ended before the last answer. Nothing was written, and nothing was set up.",
    );
    expect(written()).toEqual([]);
  });

  test("Ctrl-C in the middle of --apply says that what was made stays, and the same command makes the rest and asks nothing", async () => {
    const hung = cloud.faults.add({
      match: { host: "management", method: "PUT", path: /userAssignedIdentities/ },
      action: { kind: "hang" },
    });
    const answers = answering({ "environments [": ["production"] });
    const stopped = await init([...answers, ["+ the container releases-production", CTRL_C]], { apply: true });
    hung.remove();
    expect([stopped.exitCode, stopped.screen]).toEqual([
      130,
      expect.stringContaining("Interrupted. What was made stays"),
    ]);
    expect(written()).toEqual([".augeo", ".github"]);

    const again = await init([], { apply: true });
    expect([again.exitCode, again.screen]).toEqual([0, expect.stringContaining("+ the managed identity")]);
    expect(again.screen).not.toContain("Enter keeps");
    expect(again.screen).toContain("= the container releases-production");
    expect(again.screen).toMatch(/\n7 found, 9 made\.\n/);
    cloud.github.state.environments.clear();
  });
});
