import type { Site, Slot } from "../model.ts";
import type { World } from "./world.ts";

interface Role {
  actions: string[];
  notActions: string[];
}

/** Built-in roles, as far as they bear on what the cloud offers. */
const roles: Record<string, Role> = {
  owner: { actions: ["*"], notActions: [] },
  contributor: {
    actions: ["*"],
    notActions: ["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"],
  },
  reader: { actions: ["*/read"], notActions: [] },
  "website contributor": {
    actions: [
      "Microsoft.Authorization/*/read",
      "Microsoft.Insights/*",
      "Microsoft.Resources/deployments/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
      "Microsoft.Web/certificates/*",
      "Microsoft.Web/hostingEnvironments/Join/Action",
      "Microsoft.Web/hostingEnvironments/Read",
      "Microsoft.Web/serverFarms/Join/Action",
      "Microsoft.Web/serverFarms/Read",
      "Microsoft.Web/sites/*",
    ],
    notActions: [],
  },
};

function roleOf(role: string | { name: string; actions: string[] }): Role {
  if (typeof role === "object") return { actions: role.actions, notActions: [] };
  return roles[role.toLowerCase()] ?? { actions: [], notActions: [] };
}

function covers(pattern: string, action: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`, "i").test(action);
}

function grants(role: Role, action: string): boolean {
  return role.actions.some((one) => covers(one, action)) && !role.notActions.some((one) => covers(one, action));
}

/** Whether a scope is `outer` or lies within it. */
export function scopeCovers(outer: string, scope: string): boolean {
  return within(scope, outer);
}

function within(scope: string, outer: string): boolean {
  const [inner, around] = [scope.toLowerCase(), outer.toLowerCase().replace(/\/$/, "")];
  return inner === around || inner.startsWith(`${around}/`);
}

/** Whether a principal may do an action (`Microsoft.Web/sites/publish/Action`) at a scope (a resource's id). */
export function can(world: World, principalId: string, action: string, scope: string): boolean {
  return world.roleAssignments.some(
    (one) => one.principalId === principalId && within(scope, one.scope) && grants(roleOf(one.role), action),
  );
}

/** The roles a principal has at a scope, as `Microsoft.Authorization/permissions` lists them. */
export function rolesAt(world: World, principalId: string, scope: string): Role[] {
  const here = world.roleAssignments.filter((one) => one.principalId === principalId && within(scope, one.scope));
  return here.map((one) => roleOf(one.role));
}

/** Whether a principal has any role in a subscription, which is what makes it visible in a list. */
export function sees(world: World, principalId: string, subscriptionId: string): boolean {
  const subscription = `/subscriptions/${subscriptionId}`;
  return world.roleAssignments.some((one) => one.principalId === principalId && within(one.scope, subscription));
}

/** A site's resource id. */
export function siteId(site: Site): string {
  return `/subscriptions/${site.subscriptionId}/resourceGroups/${site.resourceGroup}/providers/Microsoft.Web/sites/${site.name}`;
}

/** A slot's resource id; production's is the site's. */
export function slotId(slot: Slot): string {
  return slot === slot.site.production ? siteId(slot.site) : `${siteId(slot.site)}/slots/${slot.name}`;
}

/** Segments that ask for a part of one resource and do not name one: ARM leaves them out of the action. */
const settings = new Set([
  "appsettings",
  "connectionstrings",
  "publishingcredentials",
  "metadata",
  "azurestorageaccounts",
]);

function typeOf(parts: readonly string[]): string {
  return parts.filter((_, index) => index % 2 === 0).join("/");
}

function verbOf(method: string): string {
  if (method === "GET" || method === "HEAD") return "read";
  return method === "DELETE" ? "delete" : "write";
}

/**
 * The action a request needs: the path's types without names, and what the method does. A POST to a word at the end
 * (`…/slotsswap`, `…/config/appsettings/list`) is that word's own action.
 */
export function actionOf(method: string, segments: readonly string[]): string {
  const provider = segments.findLastIndex((one) => one.toLowerCase() === "providers");
  if (provider < 0) return `Microsoft.Resources/${typeOf(segments)}/${verbOf(method)}`;
  const [namespace = "", ...parts] = segments.slice(provider + 1);
  if (method !== "POST") return `${namespace}/${typeOf(parts)}/${verbOf(method)}`;
  const last = parts.at(-1) ?? "";
  const before = settings.has(parts.at(-2)?.toLowerCase() ?? "") ? parts.slice(0, -2) : parts.slice(0, -1);
  return `${namespace}/${typeOf(before)}/${last}/Action`;
}
