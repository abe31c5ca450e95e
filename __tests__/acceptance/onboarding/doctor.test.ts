import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cloud, materialiseRelease, startCloud } from "@augeo/rehearsal";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { type AzCommand, azCommand } from "../../support/az-command.ts";
import { runDeploy, shellOf } from "../../support/run-deploy.ts";

interface Found {
  readonly area: string;
  readonly state: string;
  readonly what: string;
  readonly why?: string;
  readonly fix?: string;
}

let cloud: Cloud;
let az: AzCommand;
let repository: { path: string; remove(): Promise<void> };
const app = `doctored-${process.pid}`;

function deploy(...args: string[]) {
  return runDeploy(args, { folder: repository.path, env: shellOf(cloud, az.folder) });
}

async function problems(...args: string[]): Promise<Found[]> {
  const run = await deploy("doctor", "--json", ...args);
  const { findings } = JSON.parse(run.stdout) as { findings: Found[] };
  const found = findings.filter(({ state }) => state === "problem");
  expect(run.exitCode).toBe(found.length === 0 ? 0 : 1);
  return found;
}

beforeAll(async () => {
  cloud = await startCloud({ postgres: "none" });
  az = await azCommand(cloud);
  repository = await temporaryFolder("app-repository");
  await materialiseRelease("1", repository.path);
  execFileSync("git", ["-C", repository.path, "init", "--quiet"]);
  execFileSync("git", ["-C", repository.path, "remote", "add", "origin", "git@github.com:auction/api.git"]);
  const names = [
    "--app",
    app,
    "--resource-group",
    "rg-doctored",
    "--storage-account",
    "augeo",
    "--container",
    `doctored-${process.pid}`,
  ];
  const made = await deploy("init", "--yes", "--apply", "--environments", "production", ...names);
  expect([made.exitCode, made.stderr]).toEqual([0, expect.stringContaining("Next: commit and push.")]);
});
afterAll(async () => {
  await az.remove();
  await repository.remove();
  await cloud.close();
});

describe("deploy doctor", () => {
  test("finds nothing that stops a release after init, and says each thing it looked at", async () => {
    const run = await deploy("doctor");
    expect([run.exitCode, run.stdout]).toEqual([0, expect.stringContaining("✓ set-up: Set up: the managed identity")]);
    expect(run.stderr).toContain("0 would stop a release");
  });

  test("names a subject that is not registered, and one that differs in its capitals, with the command", async () => {
    const identity = cloud.world.identities.at(-1)?.application;
    const [classic] = identity?.federatedCredentials ?? [];
    if (classic === undefined) throw new Error("init registered nothing");
    const { subject } = classic;
    classic.subject = subject.replace("auction/api", "Auction/api");
    const [problem] = await problems();
    classic.subject = subject;
    expect(problem?.why).toBe('"repo:Auction/api:environment:production" is registered, which differs.');
    expect(problem?.fix).toContain("az identity federated-credential update");
    expect(problem?.fix).toContain(`--subject "${subject}"`);
  });

  test("names a role that the identity lacks, and not one that the person has", async () => {
    const { roleAssignments } = cloud.world;
    const at = roleAssignments.findIndex(({ scope }) => scope.endsWith(`/sites/${app}`));
    const [removed] = roleAssignments.splice(at, 1);
    const [problem, ...more] = await problems();
    if (removed !== undefined) roleAssignments.push(removed);
    expect(more).toEqual([]);
    expect(problem?.what).toMatch(/^Missing: the role Augeo release \(\w{8}\) of doctored-\d+-deploy on the app/);
    expect(problem?.fix).toContain("az role assignment create");
  });

  test("prints no command with a variable in it that only its script would set", async () => {
    const { roleAssignments, roleDefinitions, identities } = cloud.world;
    const trusted = identities.at(-1)?.application.federatedCredentials ?? [];
    const kept = { roles: roleAssignments.splice(0), trusted: trusted.splice(0), actions: roleDefinitions[0]?.actions };
    roleAssignments.push(...kept.roles.filter(({ principalId }) => principalId === cloud.user.objectId));
    const [definition] = roleDefinitions;
    if (definition !== undefined) definition.actions = ["Microsoft.Web/sites/read"];
    cloud.github.state.environments.get("production")?.policies?.splice(0);
    const found = await problems();
    if (definition !== undefined) definition.actions = kept.actions ?? [];
    roleAssignments.splice(0, roleAssignments.length, ...kept.roles);
    trusted.push(...kept.trusted);
    const commands = found.flatMap(({ fix = "" }) => fix.split("\n").filter((line) => /^(?:az|gh) /.test(line)));
    expect(commands.length).toBeGreaterThan(6);
    expect(commands.filter((command) => /\$[A-Z]/.test(command))).toEqual([]);
    expect(commands.join("\n")).toContain("az role definition update --role-definition");
    expect(commands.join("\n")).toMatch(/--subject "repo:auction@\d+\/api@\d+:environment:production"/);
  });

  test("says what is wrong with a credential for the right subject, and changes that one", async () => {
    const [classic] = cloud.world.identities.at(-1)?.application.federatedCredentials ?? [];
    if (classic === undefined) throw new Error("init registered nothing");
    const { audiences, name } = classic;
    classic.audiences = ["api://Wrong"];
    const [problem] = await problems();
    classic.audiences = audiences;
    expect(problem?.why).toBe(`${name} has the audience api://Wrong, not api://AzureADTokenExchange.`);
    expect(problem?.fix).toContain(`az identity federated-credential update`);
    expect(problem?.fix).toContain(`--name ${name} `);
  });

  test("warns that migrations are not applied where no database is named", async () => {
    const run = await deploy("doctor");
    expect(run.stdout).toContain("! set-up: The migrations are not applied in production: it names no database-url.");
  });

  test("names a variable that says something else than the file", async () => {
    const variables = cloud.github.state.environments.get("production")?.variables ?? {};
    const { AZURE_SLOT: slot } = variables;
    variables.AZURE_SLOT = "blue";
    const [problem] = await problems();
    variables.AZURE_SLOT = slot ?? "";
    expect(problem).toMatchObject({ area: "GitHub", why: "AZURE_SLOT is blue, not staging." });
    expect(problem?.fix).toContain("gh variable set AZURE_SLOT --repo auction/api --env production --body staging");
  });

  test("says which environments there are when another one is named, and which line of the file is wrong", async () => {
    const run = await deploy("doctor", "--environment", "prod");
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining("It names production.")]);
    writeFileSync(join(repository.path, ".augeo/deploy.yml"), "repositry: auction/api\n");
    const broken = await deploy("doctor");
    expect([broken.exitCode, broken.stderr]).toEqual([
      2,
      expect.stringContaining(".augeo/deploy.yml:1: repositry is no key; did you mean repository?"),
    ]);
  });
});
