/** An app's repository with the starter workflows, and a cloud with one app for each of its environments. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { auctionStartCommand, type Cloud, materialiseRelease, type Site, startCloud } from "@augeo/rehearsal";
import { temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { githubOf } from "../../../packages/rehearsal/src/workflows/github-of-cloud.ts";
import type { EnvironmentSetting, GitHubSetting } from "../../../packages/rehearsal/src/workflows/workflow-run.ts";

const templates = resolve(import.meta.dirname, "../../../workflows-templates");

export interface AppOnCloud {
  readonly cloud: Cloud;
  readonly github: GitHubSetting;
  readonly sites: Readonly<Record<string, Site>>;
  /** Makes a release of the example app the head of main. */
  commit(release: string): Promise<void>;
  /** Release ids that production answers with. */
  live(environment: string): Promise<unknown>;
  close(): Promise<void>;
}

/** The starter as a repository has it once it was copied: quick probes, so that tests do not wait. */
function starter(name: string): string {
  const text = readFileSync(join(templates, name), "utf8").replaceAll("$default-branch", "main");
  return text.replaceAll(
    /( +)environment: (dev|staging|production)\n/g,
    "$1environment: $2\n$1bake-time: 1s\n$1warm-up-timeout: 15s\n",
  );
}

export async function appOnCloud(
  names: readonly string[],
  options: { immutableSubject?: boolean } = {},
): Promise<AppOnCloud> {
  const cloud = await startCloud();
  const { path: folder, remove } = await temporaryFolder("app-repository");
  const ledger = await cloud.newContainer();
  const sites: Record<string, Site> = {};
  const environments: Record<string, EnvironmentSetting> = {};
  cloud.oidc.job.immutableSubject = options.immutableSubject ?? false;
  for (const name of names) {
    const database = await cloud.newDatabase();
    const site = await cloud.createSite({
      name: `auction-${name}`,
      slots: ["staging"],
      appCommandLine: auctionStartCommand,
      appSettings: { DATABASE_URL: database },
    });
    sites[name] = site;
    cloud.oidc.job.environment = name;
    cloud.trust();
    environments[name] = {
      vars: {
        AZURE_CLIENT_ID: cloud.inputs["client-id"],
        AZURE_TENANT_ID: cloud.inputs["tenant-id"],
        AZURE_SUBSCRIPTION_ID: cloud.inputs["subscription-id"],
        AZURE_CLOUD: cloud.inputs.cloud,
        AZURE_APP: site.name,
        AZURE_RESOURCE_GROUP: cloud.resourceGroup,
        RELEASE_LEDGER: ledger,
        DATABASE_URL: database,
        DATABASE_AUTH: "url",
      },
    };
  }
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@localhost", ...args], {
      encoding: "utf8",
    });
  git("init", "--quiet", "--initial-branch=main");
  const github = githubOf(cloud, { folder, environments, budget: { interrupt: 7500, terminate: 2500 }, ...options });
  return {
    cloud,
    github,
    sites,
    async commit(release) {
      for (const entry of ["auction", "migrations", "alembic"])
        rmSync(join(folder, entry), { recursive: true, force: true });
      await materialiseRelease(release, folder);
      mkdirSync(join(folder, ".github/workflows"), { recursive: true });
      for (const name of ["deploy.yml", "rollback.yml", "migration-gate.yml"]) {
        writeFileSync(join(folder, ".github/workflows", name), starter(name));
      }
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", `--message=release ${release}`);
    },
    live: async (environment) => liveRelease(cloud, sites[environment]),
    async close() {
      await cloud.close();
      await remove();
    },
  };
}

async function liveRelease(cloud: Cloud, site: Site | undefined): Promise<unknown> {
  if (site === undefined) return undefined;
  const { Agent, get } = await import("node:https");
  const agent = new Agent({ ca: cloud.tls.ca });
  return new Promise((fulfil, reject) => {
    get(`https://${site.production.hostName}/health/ready`, { agent }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      agent.destroy();
      fulfil(JSON.parse(text).release);
    }).on("error", reject);
  });
}
