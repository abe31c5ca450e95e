import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import {
  type Application,
  type Arm,
  type ArmBehaviour,
  addApplication,
  can,
  createSite,
  createWorld,
  type FederatedCredential,
  type SiteOptions,
  slotId,
  startArm,
  type User,
  type World,
} from "./arm/index.ts";
import { startAzurite } from "./azurite.ts";
import { createContainer } from "./blob-container.ts";
import { type BlobHost, startBlobHost, storageScope } from "./blob-host.ts";
import { Closers } from "./closers.ts";
import { type DatabaseServer, openDatabaseServer } from "./database/database-server.ts";
import type { FlexibleServerOptions } from "./database/flexible-server.ts";
import { type Entra, startEntra } from "./entra.ts";
import { Faults, seededRandom } from "./faults.ts";
import { type Github, startGithub } from "./github.ts";
import { type Graph, startGraph } from "./graph.ts";
import { createHosting, type Quirks, type RehearsalHosting } from "./hosting/create-hosting.ts";
import { Timing } from "./hosting/timing.ts";
import type { Ground } from "./http.ts";
import type { TokenVerifier } from "./kudu/scm-access.ts";
import type { Site } from "./model.ts";
import { type Job, type Oidc, startOidc, subjectOf } from "./oidc.ts";
import { createDatabaseOn, startPostgres } from "./postgres.ts";
import { pythonPath } from "./python.ts";
import { RequestLog } from "./request-log.ts";
import { announcedServers, readTls, storageAccount } from "./servers.ts";
import { accountsOf } from "./storage-accounts.ts";
import { type QueryService, startQueryService } from "./telemetry/query-api.ts";
import { Telemetry } from "./telemetry/telemetry.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { createTls, type Tls } from "./tls.ts";

export interface CloudOptions {
  /** `own`: starts a server; a URL of a superuser: makes a database there. Default: the run's shared server, else own. */
  postgres?: "own" | "none" | { url: string };
  /** `own`: starts Azurite. Default: the run's shared one, else own. */
  blob?: "own" | "none";
  /** Default `Timing.fast`. */
  timing?: Timing;
  /** How ARM behaves; with fast timing it asks for a poll each second, not every 15. */
  arm?: Partial<ArmBehaviour>;
  /** The job that asks for ID tokens. */
  job?: Partial<Job>;
  /** Seed of the faults that strike by chance, and of the front ends' draw. */
  seed?: number;
  /** Instances of each site. Default 1. */
  instances?: number;
  /** How the SCM sites differ from what production on Linux does. */
  quirks?: Partial<Quirks>;
}

export interface Endpoints {
  authority: string;
  management: string;
  graph: string;
  github: string;
  appInsights: string;
  logAnalytics: string;
  /** The storage account, `https://127.0.0.1:<port>/<account>`; undefined without Blob Storage. */
  blob: string | undefined;
}

/** A rehearsal cloud, running. Everything in it may be looked at and changed while it runs. */
export interface Cloud {
  readonly endpoints: Endpoints;
  readonly tls: Tls;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resourceGroup: string;
  /** The application that deployments sign in as: Contributor of the subscription, with its own blobs. */
  readonly application: Application;
  /** A person who owns the subscription and may register applications. */
  readonly user: User;
  readonly world: World;
  readonly hosting: RehearsalHosting;
  readonly entra: Entra;
  readonly oidc: Oidc;
  readonly arm: Arm;
  readonly github: Github;
  /** What was served and thrown, before it is late. */
  readonly telemetry: Telemetry;
  /** The query services: their ids are what `app-insights` and `log-analytics` inputs take. */
  readonly appInsights: QueryService;
  readonly logAnalytics: QueryService;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** An empty database of its own, as superuser. Throws when the cloud was started without PostgreSQL. */
  readonly databaseUrl: string;
  /** What a job's environment holds that reaches this cloud: to be added to a bundle's own. */
  readonly env: Readonly<Record<string, string>>;
  /** The inputs that every action takes to reach this cloud. */
  readonly inputs: Readonly<Record<"client-id" | "tenant-id" | "subscription-id" | "cloud" | "github-token", string>>;
  /** Makes a site with its slots, its host names known once this resolves. */
  createSite(options: SiteOptions): Promise<Site>;
  /** Makes an empty container and resolves to its URL, as the input `ledger` takes it. */
  newContainer(name?: string): Promise<string>;
  newDatabase(): Promise<string>;
  /** A flexible server with a firewall that lets nobody in until a rule does, before an empty database of its own. */
  createDatabaseServer(options: FlexibleServerOptions): Promise<DatabaseServer>;
  /** Lets the application be signed in to by a subject, by default that of the job. */
  trust(credential?: Partial<FederatedCredential>): FederatedCredential;
  /** What `az account get-access-token` gives that person. */
  userToken(audience: string): Promise<string>;
  close(): Promise<void>;
}

async function groundFor(options: CloudOptions, closers: Closers): Promise<Ground & { tls: Tls; folder: string }> {
  const folder = await temporaryFolder("cloud");
  closers.add(folder.remove);
  const shared = announcedServers();
  const tls = shared === undefined ? await createTls(folder.path) : await readTls(shared.tls);
  return { tls, faults: new Faults(options.seed), requests: new RequestLog(), folder: folder.path };
}

async function postgresUrl(wanted: CloudOptions["postgres"], closers: Closers): Promise<string | undefined> {
  if (wanted === "none") return undefined;
  if (typeof wanted === "object") return wanted.url;
  const shared = announcedServers();
  if (wanted === undefined && shared !== undefined) return shared.postgresUrl;
  const server = await startPostgres();
  closers.add(server.close);
  return server.url;
}

async function azuritePort(wanted: CloudOptions["blob"], tls: Tls, closers: Closers): Promise<number | undefined> {
  if (wanted === "none") return undefined;
  const shared = announcedServers();
  if (wanted === undefined && shared !== undefined) return shared.blobPort;
  const server = await startAzurite({ tls: tls.files, accounts: [storageAccount] });
  closers.add(server.close);
  return server.port;
}

/** SCM sites take ARM's tokens from whoever may publish to the slot. */
function publishers(entra: Entra, world: World): TokenVerifier {
  return async (token, slot) => {
    const verified = await entra.verify(token, entra.armAudiences);
    if (!verified.valid) return "unauthorized";
    const { objectId } = verified.principal;
    const resource = slot === slot.site.production ? "Microsoft.Web/sites" : "Microsoft.Web/sites/slots";
    return can(world, objectId, `${resource}/publish/Action`, slotId(slot)) ? { principal: objectId } : "forbidden";
  };
}

function newApplication(world: World): Application {
  const [subscription] = world.subscriptions;
  const application = addApplication(world, { scope: `/subscriptions/${subscription?.id}` });
  const { objectId: principalId } = application;
  world.roleAssignments.push({ principalId, role: "Storage Blob Data Contributor", scope: storageScope(world) });
  return application;
}

function jobEnvironment(job: Job): Record<string, string> {
  return {
    GITHUB_ACTOR: job.actor,
    GITHUB_EVENT_NAME: job.event,
    GITHUB_REF: job.ref,
    GITHUB_REPOSITORY: job.repository,
    GITHUB_REPOSITORY_ID: job.repositoryId,
    GITHUB_REPOSITORY_OWNER: job.repository.split("/")[0] ?? "",
    GITHUB_REPOSITORY_OWNER_ID: job.ownerId,
    GITHUB_RUN_ATTEMPT: job.runAttempt,
    GITHUB_RUN_ID: job.runId,
    GITHUB_RUN_NUMBER: job.runNumber,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_SHA: job.sha,
    GITHUB_WORKFLOW: job.workflow,
    GITHUB_WORKFLOW_REF: job.workflowRef,
  };
}

function environment(tls: Tls, oidc: Oidc, github: Github): Record<string, string> {
  return {
    ...jobEnvironment(oidc.job),
    ACTIONS_ID_TOKEN_REQUEST_URL: oidc.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: oidc.requestToken,
    GITHUB_API_URL: github.url,
    NODE_EXTRA_CA_CERTS: tls.files.ca,
  };
}

/** The client id of the az command line, which people sign in with. */
const azureCli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

function newUser({ roleAssignments, subscriptions }: World): User {
  const user = { objectId: randomUUID(), name: "newcomer@rehearsal.onmicrosoft.com" };
  roleAssignments.push({ principalId: user.objectId, role: "Owner", scope: `/subscriptions/${subscriptions[0]?.id}` });
  return user;
}

interface Hosts {
  world: World;
  user: User;
  graph: Graph;
  application: Application;
  oidc: Oidc;
  entra: Entra;
  arm: Arm;
  hosting: RehearsalHosting;
  github: Github;
  blob: BlobHost | undefined;
  telemetry: Telemetry;
  appInsights: QueryService;
  logAnalytics: QueryService;
}

async function openHosts(
  ground: Ground & { tls: Tls; folder: string },
  options: CloudOptions,
  closers: Closers,
): Promise<Hosts> {
  const timing = options.timing ?? Timing.fast;
  const world = createWorld();
  const telemetry = new Telemetry(timing, options.seed);
  const oidc = await startOidc(ground, { ...(options.job && { job: options.job }) });
  closers.add(oidc.service.close);
  const entra = await startEntra(ground, { world, issuers: new Map([[oidc.issuer, oidc.jwks]]) });
  closers.add(entra.service.close);
  const hosting = createHosting({
    ...ground,
    tokenVerifier: publishers(entra, world),
    dir: join(ground.folder, "sites"),
    python: pythonPath(),
    timing,
    telemetry,
    random: seededRandom(options.seed ?? 1),
    instances: options.instances ?? 1,
    ...(options.quirks && { quirks: options.quirks }),
  });
  closers.add(hosting.close);
  const behaviour = { ...(timing === Timing.fast && { retryAfter: 1 }), ...options.arm };
  const port = await azuritePort(options.blob, ground.tls, closers);
  const blob = port && (await startBlobHost(ground, { azuritePort: port, ca: ground.tls.ca, entra, world }));
  if (blob) closers.add(blob.close);
  const application = newApplication(world);
  const accounts = blob && accountsOf(ground, { blob, port, entra, application });
  const shared = { world, entra, hosting, behaviour, telemetry, timing };
  const arm = await startArm(ground, { ...shared, ...(accounts && { blob: accounts }) });
  closers.add(arm.service.close);
  const queries = { entra, world, telemetry };
  const appInsights = await startQueryService(ground, { kind: "app-insights", ...queries });
  closers.add(appInsights.service.close);
  const logAnalytics = await startQueryService(ground, { kind: "log-analytics", ...queries });
  closers.add(logAnalytics.service.close);
  const github = await startGithub(ground, oidc.job);
  closers.add(github.service.close);
  const user = newUser(world);
  const graph = await startGraph(ground, { world, entra, mayRegister: new Set([user.objectId]) });
  closers.add(graph.service.close);
  const logs = { telemetry, appInsights, logAnalytics };
  return { world, application, user, oidc, entra, arm, graph, hosting, github, blob: blob || undefined, ...logs };
}

/** Registers a federated credential. */
function trust({ application, oidc }: Hosts, wanted: Partial<FederatedCredential> = {}): FederatedCredential {
  const credential: FederatedCredential = {
    name: `credential-${application.federatedCredentials.length + 1}`,
    issuer: oidc.issuer,
    subject: subjectOf(oidc.job),
    audiences: ["api://AzureADTokenExchange"],
    ...wanted,
  };
  application.federatedCredentials.push(credential);
  return credential;
}

function inputsFor(hosts: Hosts): Cloud["inputs"] {
  const { application, entra, arm, graph, github, world, appInsights, logAnalytics } = hosts;
  const cloud = {
    name: "rehearsal",
    authority: entra.service.origin,
    management: arm.service.origin,
    appInsights: appInsights.service.origin,
    logAnalytics: logAnalytics.service.origin,
    graph: graph.service.origin,
  };
  return {
    "client-id": application.clientId,
    "tenant-id": world.tenantId,
    "subscription-id": world.subscriptions[0]?.id ?? "",
    cloud: JSON.stringify(cloud),
    "github-token": github.token,
  };
}

function missing(what: string): never {
  throw new Error(`This rehearsal cloud was started without ${what}.`);
}

/**
 * Starts a rehearsal cloud: every host on a free port of 127.0.0.1, over HTTPS with an authority of its own. Ready when
 * this resolves: in 0.2 s with shared servers, in 2 s with its own. The application trusts no subject yet: see `trust`.
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  const closers = new Closers();
  try {
    return await assemble(options, closers);
  } catch (error) {
    await closers.close().catch(() => undefined);
    throw error;
  }
}

async function assemble(options: CloudOptions, closers: Closers): Promise<Cloud> {
  const ground = await groundFor(options, closers);
  const [server, hosts] = await Promise.all([
    postgresUrl(options.postgres, closers),
    openHosts(ground, options, closers),
  ]);
  const database = server === undefined ? undefined : await createDatabaseOn(server);
  const { world, application, user, oidc, entra, arm, graph, github, hosting, blob } = hosts;
  return {
    endpoints: {
      authority: entra.service.origin,
      management: arm.service.origin,
      graph: graph.service.origin,
      github: github.url,
      appInsights: hosts.appInsights.service.origin,
      logAnalytics: hosts.logAnalytics.service.origin,
      blob: blob?.accountUrl,
    },
    tls: ground.tls,
    subscriptionId: world.subscriptions[0]?.id ?? "",
    tenantId: world.tenantId,
    resourceGroup: world.resourceGroups[0]?.name ?? "",
    application,
    user,
    world,
    hosting,
    entra,
    oidc,
    arm,
    github,
    telemetry: hosts.telemetry,
    appInsights: hosts.appInsights,
    logAnalytics: hosts.logAnalytics,
    faults: ground.faults,
    requests: ground.requests,
    get databaseUrl() {
      return database ?? missing("PostgreSQL");
    },
    get env() {
      return environment(ground.tls, oidc, github);
    },
    inputs: inputsFor(hosts),
    createSite: (site) => createSite(world, hosting, site),
    newContainer: (name = `c${randomBytes(6).toString("hex")}`) =>
      createContainer({ blob: blob ?? missing("Blob Storage"), ca: ground.tls.ca, entra, application }, name),
    newDatabase: () => createDatabaseOn(server ?? missing("PostgreSQL")),
    async createDatabaseServer(wanted) {
      const url = await createDatabaseOn(server ?? missing("PostgreSQL"));
      const opened = await openDatabaseServer(world, ground, url, wanted);
      closers.add(opened.close);
      return opened;
    },
    trust: (credential) => trust(hosts, credential),
    userToken: (audience) => entra.mint({ objectId: user.objectId, clientId: azureCli }, audience),
    close: () => closers.close(),
  };
}
