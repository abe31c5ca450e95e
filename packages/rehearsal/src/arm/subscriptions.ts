import type { Call, Reply } from "../http.ts";
import { type Context, ok, paths } from "./context.ts";
import { gatewayError, resourceNotFound } from "./errors.ts";
import { serverId } from "./flexible-servers.ts";
import { rolesAt, sees, siteId, slotId } from "./rbac.ts";
import { armName } from "./site-view.ts";
import { type Plan, type ResourceGroup, type Subscription, same } from "./world.ts";

function subscriptionView(context: Context, subscription: Subscription): unknown {
  return {
    id: `/subscriptions/${subscription.id}`,
    authorizationSource: "RoleBased",
    managedByTenants: [],
    subscriptionId: subscription.id,
    tenantId: context.world.tenantId,
    displayName: subscription.displayName,
    state: subscription.state,
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "PayAsYouGo_2014-09-01",
      spendingLimit: "Off",
    },
  };
}

/** Only those in which the caller has any role. */
function listSubscriptions(context: Context, call: Call): Reply {
  const visible = context.world.subscriptions.filter((one) => sees(context.world, call.log.principal ?? "", one.id));
  const value = visible.map((one) => subscriptionView(context, one));
  return ok({ value, count: { type: "Total", value: value.length } });
}

function getSubscription(context: Context, call: Call): Reply {
  const id = call.param("subscription");
  const subscription = context.world.subscriptions.find((one) => same(one.id, id));
  if (subscription === undefined)
    throw gatewayError(404, "SubscriptionNotFound", `The subscription '${id}' could not be found.`);
  return ok(subscriptionView(context, subscription));
}

function listTenants(context: Context): Reply {
  const { tenantId } = context.world;
  const names = { displayName: "Rehearsal", defaultDomain: "rehearsal.onmicrosoft.com", tenantType: "AAD" };
  return ok({ value: [{ id: `/tenants/${tenantId}`, tenantId, countryCode: "NL", tenantCategory: "Home", ...names }] });
}

function listLocations(_context: Context, call: Call): Reply {
  const id = `/subscriptions/${call.param("subscription")}/locations/westeurope`;
  const value = [
    { id, name: "westeurope", type: "Region", displayName: "West Europe", regionalDisplayName: "(Europe) West Europe" },
  ];
  return ok({ value });
}

export function groupView(group: ResourceGroup): unknown {
  return {
    id: `/subscriptions/${group.subscriptionId}/resourceGroups/${group.name}`,
    name: group.name,
    type: "Microsoft.Resources/resourceGroups",
    location: group.location,
    tags: {},
    properties: { provisioningState: "Succeeded" },
  };
}

function listGroups(context: Context, call: Call): Reply {
  const groups = context.world.resourceGroups.filter((one) => same(one.subscriptionId, call.param("subscription")));
  return ok({ value: groups.map(groupView) });
}

/** The gateway has refused a group that does not exist. */
function getGroup(context: Context, call: Call): Reply {
  const group = context.world.resourceGroups.find((one) => same(one.name, call.param("group")));
  if (group === undefined)
    throw gatewayError(404, "ResourceGroupNotFound", `Resource group '${call.param("group")}' could not be found.`);
  return ok(groupView(group));
}

export function planView(plan: Plan, sites: number): Record<string, unknown> {
  const { name, tier, capacity } = plan.sku;
  return {
    id: `/subscriptions/${plan.subscriptionId}/resourceGroups/${plan.resourceGroup}/providers/Microsoft.Web/serverfarms/${plan.name}`,
    name: plan.name,
    type: "Microsoft.Web/serverfarms",
    kind: "linux",
    location: plan.location,
    properties: {
      status: "Ready",
      numberOfSites: sites,
      numberOfWorkers: capacity,
      currentNumberOfWorkers: capacity,
      maximumNumberOfWorkers: 30,
      reserved: true,
      isXenon: false,
      hyperV: false,
      provisioningState: "Succeeded",
    },
    sku: { name, tier, size: name, family: name.replace(/\d.*$/, ""), capacity },
  };
}

function plansOf(context: Context, call: Call): Plan[] {
  const { subscription = "", group } = call.params;
  return context.world.plans.filter(
    (one) => same(one.subscriptionId, subscription) && (group === undefined || same(one.resourceGroup, group)),
  );
}

function sitesOn(context: Context, plan: Plan): number {
  return context.world.sites.filter((site) => same(site.planName, plan.name)).length;
}

function listPlans(context: Context, call: Call): Reply {
  return ok({ value: plansOf(context, call).map((plan) => planView(plan, sitesOn(context, plan))), nextLink: null });
}

function getPlan(context: Context, call: Call): Reply {
  const plan = plansOf(context, call).find((one) => same(one.name, call.param("plan")));
  if (plan === undefined) throw resourceNotFound("Microsoft.Web/serverFarms", call.param("plan"), call.param("group"));
  return ok(planView(plan, sitesOn(context, plan)));
}

interface Listed {
  id: string;
  name: string;
  type: string;
  kind?: string;
  location: string;
}

function everyResource(context: Context, subscription: string): Listed[] {
  const sites = context.world.sites.filter((site) => same(site.subscriptionId, subscription));
  const slots = sites.flatMap((site) => [...site.slots.values()]);
  const common = { kind: "app,linux" };
  return [
    ...sites.map((site) => ({
      ...common,
      id: siteId(site),
      name: site.name,
      type: "Microsoft.Web/sites",
      location: site.location,
    })),
    ...slots.map((slot) => ({
      ...common,
      id: slotId(slot),
      name: armName(slot),
      type: "Microsoft.Web/sites/slots",
      location: slot.site.location,
    })),
    ...context.world.flexibleServers
      .filter((server) => same(server.subscriptionId, subscription))
      .map((server) => ({
        id: serverId(server),
        name: server.name,
        type: "Microsoft.DBforPostgreSQL/flexibleServers",
        location: server.location,
      })),
  ];
}

/** `$filter` with `resourceType`, `name`, `resourceGroup` compared by `eq` and joined by `and`: what deploy tools ask. */
function listResources(context: Context, call: Call): Reply {
  const terms = (call.query.get("$filter") ?? "").matchAll(/(resourceType|name|resourceGroup)\s+eq\s+'([^']*)'/gi);
  let found = everyResource(context, call.param("subscription"));
  for (const [, field = "", value = ""] of terms) {
    const fieldOf = (one: Listed) =>
      ({ resourcetype: one.type, name: one.name, resourcegroup: one.id.split("/")[4] ?? "" })[field.toLowerCase()] ??
      "";
    found = found.filter((one) => same(fieldOf(one), value));
  }
  const group = call.params.group;
  if (group !== undefined) found = found.filter((one) => same(one.id.split("/")[4] ?? "", group));
  return ok({ value: found });
}

const resourceTypes: Record<string, string[]> = {
  "Microsoft.Web": ["sites", "sites/slots", "serverFarms", "sites/config", "sites/slots/config", "sites/deployments"],
  "Microsoft.DBforPostgreSQL": ["flexibleServers", "flexibleServers/firewallRules"],
  "Microsoft.Resources": ["subscriptions", "resourceGroups", "subscriptions/resourceGroups"],
};

function providerView(subscription: string, namespace: string): unknown {
  return {
    id: `/subscriptions/${subscription}/providers/${namespace}`,
    namespace,
    registrationPolicy: "RegistrationRequired",
    registrationState: "Registered",
    resourceTypes: (resourceTypes[namespace] ?? []).map((resourceType) => ({
      resourceType,
      locations: ["West Europe"],
      apiVersions: [
        "2025-08-01",
        "2025-05-01",
        "2024-11-01",
        "2024-04-01",
        "2023-12-01",
        "2023-01-01",
        "2022-03-01",
        "2020-06-01",
      ],
      capabilities: "None",
    })),
  };
}

function listProviders(_context: Context, call: Call): Reply {
  return ok({ value: Object.keys(resourceTypes).map((one) => providerView(call.param("subscription"), one)) });
}

function getProvider(_context: Context, call: Call): Reply {
  const namespace = Object.keys(resourceTypes).find((one) => same(one, call.param("provider")));
  if (namespace === undefined)
    throw gatewayError(
      404,
      "InvalidResourceNamespace",
      `The resource namespace '${call.param("provider")}' is invalid.`,
    );
  return ok(providerView(call.param("subscription"), namespace));
}

/** What the caller itself may do at a scope: `Permissions_ListForResource`, api-version 2022-04-01. */
function listPermissions(context: Context, call: Call): Reply {
  const scope = `/${call.segments.slice(0, -3).join("/")}`;
  const roles = rolesAt(context.world, call.log.principal ?? "", scope);
  return ok({ value: roles.map((role) => ({ ...role, dataActions: [], notDataActions: [] })) });
}

export const subscriptionRoutes = [
  ["GET", "/subscriptions", listSubscriptions],
  ["GET", "/tenants", listTenants],
  ["GET", "/subscriptions/{subscription}", getSubscription],
  ["GET", "/subscriptions/{subscription}/locations", listLocations],
  ["GET", "/subscriptions/{subscription}/resources", listResources],
  ["GET", "/subscriptions/{subscription}/providers", listProviders],
  ["GET", "/subscriptions/{subscription}/providers/{provider}", getProvider],
  ["GET", "/subscriptions/{subscription}/resourceGroups", listGroups],
  ["GET", paths.group, getGroup],
  ["GET", `${paths.group}/resources`, listResources],
  ["GET", "/subscriptions/{subscription}/providers/Microsoft.Web/serverfarms", listPlans],
  ["GET", `${paths.slot}/providers/Microsoft.Authorization/permissions`, listPermissions],
  ["GET", `${paths.group}/providers/Microsoft.Authorization/permissions`, listPermissions],
  ["GET", `${paths.web}/serverfarms`, listPlans],
  ["GET", `${paths.web}/serverfarms/{plan}`, getPlan],
] as const;
