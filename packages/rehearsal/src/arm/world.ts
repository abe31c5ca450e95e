import { randomBytes, randomUUID } from "node:crypto";
import type { FlexibleServer } from "../database/flexible-server.ts";
import type { Hosting, Site, SiteConfig, Slot } from "../model.ts";

/** A trust of an application in one outside identity: matched exactly, with case. */
export interface FederatedCredential {
  name: string;
  issuer: string;
  /** Empty where an expression stands for it. */
  subject: string;
  /** Flexible: `claims['sub'] matches 'repo:o/r:ref:refs/heads/*' and claims['job_workflow_ref'] eq '…'`. */
  claimsMatchingExpression?: string;
  audiences: string[];
}

export interface Application {
  clientId: string;
  /** Object id of its service principal: what role assignments and tokens name. */
  objectId: string;
  displayName: string;
  federatedCredentials: FederatedCredential[];
}

/** A person who is signed in on a machine of their own. */
export interface User {
  objectId: string;
  name: string;
}

/** A user-assigned managed identity: an application without a registration, with its place in a resource group. */
export interface ManagedIdentity {
  subscriptionId: string;
  resourceGroup: string;
  name: string;
  location: string;
  application: Application;
}

export interface StorageAccount {
  subscriptionId: string;
  resourceGroup: string;
  name: string;
  location: string;
  sku: string;
  allowSharedKeyAccess: boolean;
  containers: string[];
}

export interface RoleDefinition {
  /** GUID. */
  name: string;
  roleName: string;
  actions: string[];
  assignableScopes: string[];
}

export interface RoleAssignment {
  /** GUID; only those made through Resource Manager have one. */
  name?: string;
  principalId: string;
  /** A built-in role, or the actions it grants (`Microsoft.Web/sites/*`). */
  role: string | { name: string; actions: string[] };
  /** `/subscriptions/…[/resourceGroups/…[/providers/…]]` */
  scope: string;
}

export interface Subscription {
  id: string;
  displayName: string;
  /** `Enabled`, or `Disabled`, which is read-only. */
  state: "Enabled" | "Disabled";
}

export interface ResourceGroup {
  subscriptionId: string;
  name: string;
  location: string;
}

export interface Plan {
  subscriptionId: string;
  resourceGroup: string;
  name: string;
  location: string;
  sku: { name: string; tier: string; capacity: number };
}

/** Everything the control plane knows: one tenant, its applications, and what its subscriptions hold. */
export interface World {
  readonly tenantId: string;
  readonly applications: Application[];
  /** Registered in Entra, beside the applications of managed identities; what Graph lists. */
  readonly registrations: Map<string, Application>;
  readonly identities: ManagedIdentity[];
  readonly storageAccounts: StorageAccount[];
  readonly roleDefinitions: RoleDefinition[];
  readonly roleAssignments: RoleAssignment[];
  readonly subscriptions: Subscription[];
  readonly resourceGroups: ResourceGroup[];
  readonly plans: Plan[];
  readonly sites: Site[];
  readonly flexibleServers: FlexibleServer[];
  /** `CanNotDelete` locks, by the id of what they protect with all below it. */
  readonly deleteLocks: string[];
}

export interface WorldOptions {
  tenantId?: string;
  subscriptionId?: string;
  resourceGroup?: string;
  location?: string;
}

export function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** A tenant with one subscription and one resource group. */
export function createWorld(options: WorldOptions = {}): World {
  const subscriptionId = options.subscriptionId ?? randomUUID();
  return {
    tenantId: options.tenantId ?? randomUUID(),
    applications: [],
    registrations: new Map(),
    identities: [],
    storageAccounts: [],
    roleDefinitions: [],
    roleAssignments: [],
    subscriptions: [{ id: subscriptionId, displayName: "Rehearsal", state: "Enabled" }],
    resourceGroups: [
      { subscriptionId, name: options.resourceGroup ?? "rg-auction", location: options.location ?? "westeurope" },
    ],
    plans: [],
    sites: [],
    flexibleServers: [],
    deleteLocks: [],
  };
}

/** Registers an application and, with `scope`, lets it work there as `role` (default Contributor). */
export function addApplication(
  world: World,
  options: {
    clientId?: string;
    displayName?: string;
    credentials?: FederatedCredential[];
    role?: string;
    scope?: string;
  },
): Application {
  const application: Application = {
    clientId: options.clientId ?? randomUUID(),
    objectId: randomUUID(),
    displayName: options.displayName ?? "auction-deploy",
    federatedCredentials: options.credentials ?? [],
  };
  world.applications.push(application);
  if (options.scope !== undefined)
    world.roleAssignments.push({
      principalId: application.objectId,
      role: options.role ?? "Contributor",
      scope: options.scope,
    });
  return application;
}

export function findSite(world: World, subscriptionId: string, group: string, name: string): Site | undefined {
  return world.sites.find(
    (site) => same(site.subscriptionId, subscriptionId) && same(site.resourceGroup, group) && same(site.name, name),
  );
}

/** A site's slot by name; `production` in any case is the site itself. */
export function findSlot(site: Site, name: string): Slot | undefined {
  return same(name, "production") ? site.production : site.slots.get(name.toLowerCase());
}

/** Azure's own defaults of `config/web` for a Linux Python site. */
function defaultConfig(runtime: string): SiteConfig {
  return {
    linuxFxVersion: runtime,
    appCommandLine: "",
    alwaysOn: false,
    experiments: { rampUpRules: [] },
    numberOfWorkers: 1,
    http20Enabled: false,
    minTlsVersion: "1.2",
    scmMinTlsVersion: "1.2",
    ftpsState: "FtpsOnly",
    autoSwapSlotName: null,
    scmType: "None",
    use32BitWorkerProcess: true,
    webSocketsEnabled: false,
    ipSecurityRestrictions: [{ ipAddress: "Any", action: "Allow", priority: 2147483647, name: "Allow all" }],
    scmIpSecurityRestrictions: [{ ipAddress: "Any", action: "Allow", priority: 2147483647, name: "Allow all" }],
  };
}

/** A slot's state, not yet running anywhere: `Hosting.create` gives it its hosts. */
export function newSlot(site: Site, name: string, runtime: string): Slot {
  const production = same(name, "production");
  return {
    site,
    name: production ? "production" : name,
    hostName: "",
    scmHostName: "",
    state: "Running",
    httpsOnly: false,
    appSettings: {},
    connectionStrings: {},
    config: defaultConfig(runtime),
    siteAuthEnabled: false,
    basicPublishing: { scm: true, ftp: true },
    publishingUserName: production ? `$${site.name}` : `$${site.name}__${name}`,
    publishingPassword: randomBytes(45).toString("base64url"),
    lastModifiedTimeUtc: new Date().toISOString(),
    targetSwapSlot: undefined,
    slotSwapStatus: undefined,
    tags: {},
    identity: undefined,
  };
}

export interface SiteOptions {
  name: string;
  plan?: string;
  /** Default `P1v3` of `PremiumV3`. */
  sku?: { name: string; tier: string; capacity: number };
  /** Default `PYTHON|3.12`. */
  runtime?: string;
  appCommandLine?: string;
  appSettings?: Record<string, string>;
  /** Names of further slots. */
  slots?: string[];
  resourceGroup?: string;
}

/** The site and its production slot name each other: the slot is made second, and read through the site from then on. */
function newSite(fields: Omit<Site, "production">, runtime: string): Site {
  const site: Site = {
    ...fields,
    get production() {
      return production;
    },
  };
  const production = newSlot(site, "production", runtime);
  return site;
}

/** Puts a slot onto its site and opens it in the hosting. */
export async function addSlot(hosting: Hosting, site: Site, slot: Slot): Promise<void> {
  await hosting.create(slot);
  if (slot !== site.production) site.slots.set(slot.name.toLowerCase(), slot);
}

/** Makes a site with its plan and slots in the world's first resource group (or the one named) and opens them. */
export async function createSite(world: World, hosting: Hosting, options: SiteOptions): Promise<Site> {
  const group = world.resourceGroups.find((one) => same(one.name, options.resourceGroup ?? one.name));
  if (group === undefined) throw new Error(`The rehearsal cloud has no resource group "${options.resourceGroup}".`);
  const { subscriptionId, name: resourceGroup, location } = group;
  const planName = options.plan ?? `plan-${options.name}`;
  if (!world.plans.some((plan) => same(plan.name, planName))) {
    const sku = options.sku ?? { name: "P1v3", tier: "PremiumV3", capacity: 1 };
    world.plans.push({ subscriptionId, resourceGroup, name: planName, location, sku });
  }
  const runtime = options.runtime ?? "PYTHON|3.12";
  const names = { appSettingNames: [], connectionStringNames: [], azureStorageConfigNames: [] };
  const site = newSite(
    {
      subscriptionId,
      resourceGroup,
      name: options.name,
      location,
      planName,
      kind: "app,linux",
      slots: new Map(),
      slotConfigNames: names,
      operation: undefined,
    },
    runtime,
  );
  for (const slot of [site.production, ...(options.slots ?? []).map((name) => newSlot(site, name, runtime))]) {
    slot.appSettings = { ...options.appSettings };
    slot.config.appCommandLine = options.appCommandLine ?? "";
    await addSlot(hosting, site, slot);
  }
  world.sites.push(site);
  return site;
}
