/** An app's repository with the starter workflows, and a cloud with one app for each of its environments. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { join, resolve } from "node:path";
import { auctionStartCommand, type Cloud, materialiseRelease, type Site, startCloud } from "@augeo/rehearsal";
import { temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { githubOf, pushOf } from "../../../packages/rehearsal/src/workflows/github-of-cloud.ts";
import type {
  EnvironmentSetting,
  GitHubSetting,
  RunResult,
  Trigger,
} from "../../../packages/rehearsal/src/workflows/workflow-run.ts";
import { startWorkflow, type WorkflowRun } from "../../../packages/rehearsal/src/workflows/workflow-runner.ts";

const toolkit = resolve(import.meta.dirname, "../../..");

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A run that can be followed. */
export interface Started extends WorkflowRun {
  /** Resolves once a line of its log matches. */
  line(pattern: RegExp): Promise<void>;
}

export interface AppOnCloud {
  readonly cloud: Cloud;
  readonly github: GitHubSetting;
  readonly folder: string;
  readonly sites: Readonly<Record<string, Site>>;
  readonly frontends: Readonly<Record<string, Site>>;
  /** Commits what `change` left in the repository's folder, and gives the commit. */
  commit(change?: (folder: string) => unknown): Promise<string>;
  /** Makes a release of the example app the head of main. */
  commitRelease(release: string, below?: string): Promise<string>;
  start(workflow: string, trigger?: Partial<Trigger>): Started;
  run(workflow: string, trigger?: Partial<Trigger>): Promise<RunResult>;
  dispatch(workflow: string, inputs: Trigger["inputs"], actor?: string): Promise<RunResult>;
  ask(site: Site | undefined, path: string, where?: "production" | "staging"): Promise<Answer>;
  /** The release that production says it is. */
  live(environment: string): Promise<unknown>;
  /** Ends every run that is under way, as an eviction does, and the cloud. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly environments: readonly string[];
  readonly immutableSubject?: boolean;
  /** Environment → who has to approve its jobs. */
  readonly reviewers?: Readonly<Record<string, readonly string[]>>;
  /** With an app for a front end beside each backend. */
  readonly frontend?: boolean;
  /** Further workflows, by file name. */
  readonly workflows?: Readonly<Record<string, string>>;
}

/** Of actions whose user says nothing: nobody waits seconds between probes in a test. */
const DEFAULTS = { "probe-interval": "200ms", "bake-time": "1s" };

/** A short bake time, so that tests do not wait; nothing else of a starter is changed. */
function quick(text: string): string {
  return text.replaceAll(
    /( +)environment: (dev|staging|production)\n/g,
    "$1environment: $2\n$1bake-time: 1s\n$1warm-up-timeout: 10s\n",
  );
}

/** The starters as a repository has them once they were copied. */
function writeStarters(folder: string, more: Readonly<Record<string, string>>): void {
  const target = join(folder, ".github/workflows");
  mkdirSync(target, { recursive: true });
  const source = join(toolkit, "workflows-templates");
  for (const name of readdirSync(source).filter((file) => file.endsWith(".yml"))) {
    const text = readFileSync(join(source, name), "utf8").replaceAll("$default-branch", "main");
    writeFileSync(join(target, name), quick(text));
  }
  for (const [name, text] of Object.entries(more)) writeFileSync(join(target, name), text);
}

async function addBackend(cloud: Cloud, name: string): Promise<{ site: Site; database: string }> {
  const database = await cloud.newDatabase();
  const appSettings = { DATABASE_URL: database };
  const options = { name: `auction-${name}`, slots: ["staging"], appCommandLine: auctionStartCommand, appSettings };
  return { site: await cloud.createSite(options), database };
}

/** With the settings of the how-to: what differs between the slots sticks to them. */
async function addFrontend(cloud: Cloud, name: string, api: Site): Promise<Site> {
  const settings = { NODE_EXTRA_CA_CERTS: cloud.tls.files.ca };
  const options = { slots: ["staging"], appCommandLine: "node server.mjs", appSettings: settings };
  const site = await cloud.createSite({ name: `auction-web-${name}`, ...options });
  const staging = site.slots.get("staging");
  if (staging === undefined) throw new Error("the front end has no staging slot");
  site.slotConfigNames.appSettingNames.push("PUBLIC_API_URL", "OTHER_SLOT_URL");
  Object.assign(site.production.appSettings, {
    PUBLIC_API_URL: `https://${api.production.hostName}`,
    OTHER_SLOT_URL: `https://${staging.hostName}`,
  });
  Object.assign(staging.appSettings, {
    PUBLIC_API_URL: `https://${api.slots.get("staging")?.hostName}`,
    OTHER_SLOT_URL: `https://${site.production.hostName}`,
  });
  for (const slot of [site.production, staging]) cloud.hosting.configurationChanged(slot, "settings");
  return site;
}

export async function appOnCloud(options: AppOptions): Promise<AppOnCloud> {
  const cloud = await startCloud();
  const { path: folder, remove } = await temporaryFolder("app-repository");
  const ledger = await cloud.newContainer();
  const sites: Record<string, Site> = {};
  const frontends: Record<string, Site> = {};
  const environments: Record<string, EnvironmentSetting> = {};
  cloud.oidc.job.immutableSubject = options.immutableSubject ?? false;
  for (const name of options.environments) {
    const { site, database } = await addBackend(cloud, name);
    sites[name] = site;
    if (options.frontend) frontends[name] = await addFrontend(cloud, name, site);
    cloud.oidc.job.environment = name;
    cloud.trust();
    const reviewers = options.reviewers?.[name];
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
        ...(frontends[name] && { AZURE_FRONTEND_APP: frontends[name].name }),
      },
      ...(reviewers && { reviewers }),
    };
  }
  const git = gitIn(folder);
  git("init", "--quiet", "--initial-branch=main");
  writeStarters(folder, options.workflows ?? {});
  const budget = { interrupt: 7500, terminate: 2500 };
  const { immutableSubject = false } = options;
  const github = githubOf(cloud, { folder, environments, budget, immutableSubject, defaults: DEFAULTS });
  const underWay = new Set<Started>();
  const start = (workflow: string, trigger: Partial<Trigger> = {}): Started => {
    const run = followed(github, workflow, trigger);
    underWay.add(run);
    void run.done.finally(() => underWay.delete(run));
    return run;
  };
  const ask: AppOnCloud["ask"] = (site, path, where = "production") =>
    askOver(cloud, (where === "production" ? site?.production : site?.slots.get(where))?.hostName ?? "", path);
  const commit = async (change: (folder: string) => unknown = () => undefined): Promise<string> => {
    await change(folder);
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message=a change");
    return git("rev-parse", "HEAD").trim();
  };
  return {
    cloud,
    github,
    folder,
    sites,
    frontends,
    commit,
    commitRelease: (release, below = ".") => commit((root) => layOut(release, join(root, below))),
    start,
    run: (workflow, trigger) => start(workflow, trigger).done,
    dispatch: (workflow, inputs, actor = "hubot") =>
      start(workflow, { event: "workflow_dispatch", actor, ...(inputs && { inputs }) }).done,
    ask,
    live: async (environment) => JSON.parse((await ask(sites[environment], "/health/ready")).text).release,
    async close() {
      // What a test that failed has left under way would go on calling a cloud that is gone, and keep its process.
      for (const run of underWay) {
        run.cancel();
        run.loseMachines();
      }
      await Promise.all([...underWay].map(({ done }) => done));
      await cloud.close();
      await remove();
    },
  };
}

async function layOut(release: string, folder: string): Promise<void> {
  for (const entry of ["auction", "migrations", "alembic"])
    rmSync(join(folder, entry), { recursive: true, force: true });
  await materialiseRelease(release, folder);
}

/** The sources of the example front end, one word of them changed. */
export function layOutFrontend(folder: string, word: string): void {
  cpSync(join(toolkit, "examples/auction-web"), folder, { recursive: true });
  const items = join(folder, "src/items.js");
  writeFileSync(items, `// ${word}\n${readFileSync(items, "utf8")}`);
}

function gitIn(folder: string): (...args: string[]) => string {
  const who = ["-c", "user.name=t", "-c", "user.email=t@localhost"];
  return (...args) => execFileSync("git", ["-C", folder, ...who, ...args], { encoding: "utf8" });
}

function followed(github: GitHubSetting, workflow: string, trigger: Partial<Trigger>): Started {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const run = startWorkflow(github, {
    ...pushOf(github, `.github/workflows/${workflow}`),
    ...trigger,
    onLine: (line) => {
      lines.push(line);
      for (const look of waiting) look();
    },
  });
  const line = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => lines.some((one) => pattern.test(one)) && resolve();
      waiting.add(look);
      look();
      void run.done.then((result) => reject(new Error(`no line matched ${pattern}:\n${told(result)}`)));
    });
  return { ...run, line };
}

/** The whole log of a run, for when it did not go as wanted. */
export function told(run: RunResult): string {
  return [run.error ?? "", ...run.jobs.flatMap((job) => [`== ${job.check}: ${job.result}`, ...job.log])].join("\n");
}

function askOver(cloud: Cloud, hostName: string, path: string): Promise<Answer> {
  const agent = new Agent({ ca: cloud.tls.ca });
  return new Promise((fulfil, reject) => {
    get(`https://${hostName}${path}`, { agent }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      agent.destroy();
      fulfil({ status: response.statusCode ?? 0, headers: response.headers, text });
    }).on("error", reject);
  });
}
