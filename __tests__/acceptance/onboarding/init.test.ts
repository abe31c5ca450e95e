import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Cloud, materialiseRelease, startCloud } from "@augeo/rehearsal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { subjectOf } from "../../../packages/rehearsal/src/oidc.ts";
import { temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { type AzCommand, azCommand } from "../../support/az-command.ts";
import { type DeployRun, runDeploy, shellOf } from "../../support/run-deploy.ts";

let cloud: Cloud;
let az: AzCommand;
beforeAll(async () => {
  cloud = await startCloud({ postgres: "none" });
  az = await azCommand(cloud);
});
afterAll(async () => {
  await az.remove();
  await cloud.close();
});

let repository: { path: string; remove(): Promise<void> };
const git = (...args: string[]) => execFileSync("git", ["-C", repository.path, ...args], { encoding: "utf8" });
const read = (path: string) => readFileSync(join(repository.path, path), "utf8");

beforeEach(async () => {
  repository = await temporaryFolder("app-repository");
  await materialiseRelease("1", repository.path);
  git("init", "--quiet", "--initial-branch=main");
  git("remote", "add", "origin", `https://github.com/${cloud.oidc.job.repository}.git`);
});
afterEach(() => repository.remove());

let count = 0;
/** Names of their own for each test, as the storage account's content is shared. */
function names(): string[] {
  count += 1;
  const app = `auction${process.pid}-${count}-{environment}`;
  return ["--app", app, "--resource-group", `rg-${count}-{environment}`, "--storage-account", `augeo${count}`];
}

function init(args: readonly string[], env: Record<string, string> = {}): Promise<DeployRun> {
  return runDeploy(["init", "--yes", ...args], {
    folder: repository.path,
    env: { ...shellOf(cloud, az.folder), ...env },
  });
}

const writes = () =>
  cloud.requests.of({}).filter(({ method, host }) => method !== "GET" && /management|graph|github/.test(host));

describe("init", () => {
  test("says what it read in the repository, writes files that fit it, and prints a script without running anything", async () => {
    const before = writes().length;
    const run = await init(names());
    expect([run.exitCode, run.stderr]).toEqual([
      0,
      expect.stringContaining("health-path: /health/ready (from auction/health.py)"),
    ]);
    expect(run.stderr).toContain(`repository: ${cloud.oidc.job.repository} (from git remote origin)`);
    expect(run.stderr).toContain(
      "start-command: python -m uvicorn auction.main:app --host 0.0.0.0 --port 8000 (from auction/main.py)",
    );
    expect(read(".augeo/deploy.yml")).toMatch(/^# yaml-language-server: \$schema=https:/);
    expect(read(".github/workflows/deploy.yml")).toContain("branches: [main]");
    expect(run.stdout).toMatch(/^#!\/bin\/sh\n/);
    expect(writes().length).toBe(before);
  });

  test("releases pushes to the branch that the repository has, where that is not main", async () => {
    git("checkout", "--quiet", "-b", "trunk");
    const run = await init(names());
    expect(run.stderr).toContain("Pushes to trunk are released");
    expect(read(".github/workflows/deploy.yml")).toContain("branches: [trunk]");
  });

  test("prints every command that --apply stands for, in shell that a shell reads", async () => {
    const run = await init([...names(), "--environments", "production"]);
    expect(run.stderr).toContain("! There are migrations, and no database-url for production");
    expect(() => execFileSync("sh", ["-n"], { input: run.stdout })).not.toThrow();
    for (const command of [
      "az group create",
      "az webapp deployment slot create",
      "az identity federated-credential create",
      "az role definition create",
      "az role assignment create",
      "az storage account create",
      "az storage container-rm create",
      "gh api --method PUT repos/auction/api/environments/production",
      "gh variable set AZURE_CLIENT_ID",
    ])
      expect(run.stdout).toContain(command);
    expect(run.stdout).toContain("--allow-shared-key-access false");
    expect(run.stdout).toContain('--subject "repo:auction/api:environment:production"');
    expect(run.stdout).toContain('--subject "repo:auction@$OWNER_ID/api@$REPOSITORY_ID:environment:production"');
  });

  test("a second run changes nothing, and a workflow changed by hand is kept with its difference shown", async () => {
    const given = [...names(), "--environments", "production"];
    await init(given);
    writeFileSync(
      join(repository.path, ".github/workflows/rollback.yml"),
      `${read(".github/workflows/rollback.yml")}# ours\n`,
    );
    const again = await init([]);
    expect(again.stderr).toContain(".github/workflows/deploy.yml: as it should be");
    expect(again.stderr).toContain(".github/workflows/rollback.yml: differs, and is kept: --force overwrites it");
    expect(again.stderr).toContain("- # ours");
    expect(read(".github/workflows/rollback.yml")).toContain("# ours");
    await init(["--force"]);
    expect(read(".github/workflows/rollback.yml")).not.toContain("# ours");
  });

  test("flags beside a file that is there are refused, as they would not be used", async () => {
    await init(names());
    const run = await init(["--region", "northeurope"]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("--region would not be used");
  });

  test.each([
    ["init", "--enviroments", "environments"],
    ["doctor", "--enviroment", "environment"],
  ])("names the option of %s that was meant by %s", async (command, typed, meant) => {
    const place = { folder: repository.path, env: shellOf(cloud, az.folder) };
    const run = await runDeploy([command, typed, "production"], place);
    expect([run.exitCode, run.stderr]).toEqual([
      2,
      `Error: npx @augeo/deploy ${command} has no option ${typed}.\nWhy: Did you mean --${meant}?\nFix: npx @augeo/deploy ${command} --help\n`,
    ]);
  });

  test("without the gh command line says where to get it, and not only to sign in with it", async () => {
    const { GH_TOKEN: _, ...env } = shellOf(cloud, az.folder);
    const bin = await temporaryFolder("bin");
    const commands = ["git", "node"].map((name) => execFileSync("which", [name], { encoding: "utf8" }).trim());
    for (const path of commands) symlinkSync(path, join(bin.path, basename(path)));
    const PATH = `${az.folder}:${bin.path}`;
    const place = { folder: repository.path, env: { ...env, PATH } };
    const run = await runDeploy(["init", "--yes", "--apply", ...names()], place);
    await bin.remove();
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining("You are not signed in to GitHub")]);
    expect(run.stderr).toContain("Fix: Install it (https://cli.github.com), then: gh auth login");
  });

  test("names all that is missing or wrong at once, and writes nothing", async () => {
    rmSync(join(repository.path, ".git"), { recursive: true });
    const run = await init(["--identity", "password", "--storage-account", "Bad_Name"], { PATH: "/usr/bin:/bin" });
    expect(run.exitCode).toBe(2);
    for (const key of [
      "repository is missing",
      "tenant-id is missing",
      'identity is "password"',
      'storage-account is "Bad_Name"',
    ])
      expect(run.stderr).toContain(key);
    expect(() => read(".augeo/deploy.yml")).toThrow();
  });
});

describe("init --apply", () => {
  test.each(["managed-identity", "app-registration"] as const)(
    "makes everything with a %s, so that both subjects sign in and the role suffices, and a second run finds it all",
    async (identity) => {
      const given = [...names(), "--environments", "production", "--identity", identity];
      const first = await init([...given, "--apply"]);
      expect([first.exitCode, first.stderr]).toEqual([0, expect.stringContaining("+ the variables of the GitHub")]);
      const app = `auction${process.pid}-${count}-production`;
      const site = cloud.world.sites.find(({ name }) => name === app);
      expect(site?.slots.has("staging")).toBe(true);
      expect(site?.production.appSettings).toMatchObject({ SCM_DO_BUILD_DURING_DEPLOYMENT: "true" });
      expect(cloud.world.storageAccounts.at(-1)).toMatchObject({
        allowSharedKeyAccess: false,
        containers: ["releases-production"],
      });
      const application = cloud.world.applications.find(({ displayName }) => displayName === `${app}-deploy`);
      const immutable = subjectOf({ ...cloud.oidc.job, environment: "production", immutableSubject: true });
      expect(application?.federatedCredentials.map(({ subject }) => subject)).toEqual([
        "repo:auction/api:environment:production",
        immutable,
      ]);
      const variables = cloud.github.state.environments.get("production")?.variables;
      expect(variables).toMatchObject({ AZURE_APP: app, AZURE_CLIENT_ID: application?.clientId });
      expect(cloud.github.state.environments.get("production")?.policies).toEqual(["main"]);

      const before = writes().length;
      const second = await runDeploy(["init", "--yes", "--apply"], {
        folder: repository.path,
        env: shellOf(cloud, az.folder),
      });
      expect([second.exitCode, second.stderr]).toEqual([0, expect.stringContaining(" found, 0 made.")]);
      expect(writes().length).toBe(before);
      cloud.github.state.environments.clear();
    },
  );

  test("--dry-run looks, says what it would make, and makes nothing", async () => {
    const before = writes().length;
    const run = await init([...names(), "--environments", "production", "--apply", "--dry-run"]);
    expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining("would make the app auction")]);
    expect(writes().length).toBe(before);
    expect(() => read(".augeo/deploy.yml")).toThrow();
  });

  test("stops at the first refusal with what was refused and who may do it, and goes on from there once it is allowed", async () => {
    const kept = cloud.world.roleAssignments.splice(0);
    const subscription = `/subscriptions/${cloud.subscriptionId}`;
    const others = kept.filter(({ principalId }) => principalId !== cloud.user.objectId);
    cloud.world.roleAssignments.push(...others, {
      principalId: cloud.user.objectId,
      role: "Contributor",
      scope: subscription,
    });
    const given = [...names(), "--environments", "production", "--role", "Website Contributor"];
    const refused = await init([...given, "--apply"]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("Error: Azure refused to assign the role Website Contributor on the app");
    expect(refused.stderr).toContain("Microsoft.Authorization/roleAssignments/write");
    expect(refused.stderr).toContain('--role "User Access Administrator"');
    cloud.world.roleAssignments.splice(0, cloud.world.roleAssignments.length, ...kept);
    const again = await runDeploy(["init", "--yes", "--apply"], {
      folder: repository.path,
      env: shellOf(cloud, az.folder),
    });
    expect([again.exitCode, again.stderr]).toEqual([0, expect.stringContaining("+ the role Website Contributor")]);
    cloud.github.state.environments.clear();
  });

  test.each(["managed-identity", "app-registration"] as const)(
    "sets right the credential of a %s that is nearly it, and leaves those of another repository",
    async (identity) => {
      await init([...names(), "--environments", "production", "--identity", identity, "--apply"]);
      const app = `auction${process.pid}-${count}-production`;
      const application = cloud.world.applications.find(({ displayName }) => displayName === `${app}-deploy`);
      const trusted = application?.federatedCredentials ?? [];
      const wanted = structuredClone(trusted);
      const other = { ...wanted[0], name: "web-production", subject: "repo:auction/web:environment:production" };
      trusted.push(other as (typeof trusted)[number]);
      Object.assign(trusted[0] ?? {}, { name: "by-hand", subject: "repo:Auction/API:environment:production" });
      Object.assign(trusted[1] ?? {}, { audiences: ["api://Wrong"] });
      const again = await runDeploy(["init", "--yes", "--apply"], {
        folder: repository.path,
        env: shellOf(cloud, az.folder),
      });
      expect([again.exitCode, again.stderr]).toEqual([0, expect.stringContaining("2 made.")]);
      const bySubject = (list: typeof trusted) => list.map(({ subject }) => subject).sort();
      expect(bySubject(trusted)).toEqual(bySubject([...wanted, other as (typeof trusted)[number]]));
      expect(trusted.every(({ audiences }) => audiences[0] === "api://AzureADTokenExchange")).toBe(true);
      expect(trusted.find(({ name }) => name === "by-hand")?.subject).toBe("repo:auction/api:environment:production");
      cloud.github.state.environments.clear();
    },
    60_000,
  );

  test("says that a name is taken in all of Azure, and which key to change", async () => {
    const taken = cloud.world.storageAccounts[0]?.name ?? "";
    const run = await init([
      "--app",
      "x-{environment}",
      "--storage-account",
      taken,
      "--resource-group",
      "rg-z",
      "--apply",
    ]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(
      /unique in all of Azure: choose another one for storage-account in \.augeo\/deploy\.yml/,
    );
  });

  test("sets right a variable that somebody changed, and keeps the rules of an environment that is there", async () => {
    const given = [...names(), "--environments", "production"];
    cloud.github.state.environments.set("production", { reviewers: true, variables: { AZURE_APP: "other" } });
    const run = await init([...given, "--apply"]);
    expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining("AZURE_APP is other, not auction")]);
    const environment = cloud.github.state.environments.get("production");
    expect(environment).toMatchObject({ reviewers: true, variables: { AZURE_SLOT: "staging" } });
    expect(environment?.variables?.AZURE_APP).toMatch(/^auction/);
    cloud.github.state.environments.clear();
  });

  test("nobody signed in: says so, with the command", async () => {
    const nobody = await azCommand(cloud, false);
    const ids = ["--tenant-id", cloud.tenantId, "--subscription-id", cloud.subscriptionId];
    const run = await init([...names(), ...ids, "--apply"], shellOf(cloud, nobody.folder));
    await nobody.remove();
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("You are not signed in to Azure on this machine.");
    expect(run.stderr).toContain(`az login --tenant ${cloud.tenantId}`);
  });
});
