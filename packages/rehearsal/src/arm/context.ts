import type { Timing } from "../hosting/timing.ts";
import type { Call, Reply } from "../http.ts";
import { type Hosting, ProviderError, type Site, type Slot } from "../model.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { badRequest, cannotFind, resourceNotFound } from "./errors.ts";
import type { Operations } from "./operations.ts";
import { slotId } from "./rbac.ts";
import { findSite, findSlot, type World } from "./world.ts";

/** How ARM behaves where Azure itself differs from time to time. Assign fields to change it while the cloud runs. */
export interface ArmBehaviour {
  /** Seconds between polls that a 202 asks for; undefined: no `Retry-After`. */
  retryAfter: number | undefined;
  /** Which header a 202 carries. App Service itself sends `location`. */
  operationStyle: "location" | "azure-async";
  /** Status of a finished operation's last poll. */
  finalStatus: 200 | 204;
  /** Milliseconds by which an operation's end shows later than it came. */
  lag: number;
  /** Whether a new slot is there at once, or a 202 has to be followed until it is. */
  slotCreation: "immediate" | "accepted";
  /** Shape of the resource provider's errors. */
  errors: "provider" | "wrapped";
  /** Whether `deploymentStatus` knows slots too; the az command line does not rely on it. */
  deploymentStatusOfSlots: boolean;
  /** `Retry-After` of an accepted `extensions/onedeploy`, in seconds. */
  oneDeployRetryAfter: number;
}

export const azureBehaviour: ArmBehaviour = {
  retryAfter: 15,
  operationStyle: "location",
  finalStatus: 200,
  lag: 0,
  slotCreation: "immediate",
  errors: "provider",
  deploymentStatusOfSlots: true,
  oneDeployRetryAfter: 30,
};

/** What the handlers of Microsoft.Web share. */
export interface Context {
  world: World;
  hosting: Hosting;
  operations: Operations;
  behaviour: ArmBehaviour;
  telemetry: Telemetry;
  timing: Timing;
  /** `https://…/` of an account whose content the cloud holds. */
  blobEndpoint(account: string): string | undefined;
  /** Makes a container in such an account. */
  makeContainer(account: string, name: string): Promise<void>;
}

const group = "/subscriptions/{subscription}/resourceGroups/{group}";
/** Paths of sites, and of a site or one of its slots. */
export const paths = {
  group,
  web: `${group}/providers/Microsoft.Web`,
  site: `${group}/providers/Microsoft.Web/sites/{site}`,
  slot: `${group}/providers/Microsoft.Web/sites/{site}[/slots/{slot}]`,
};

export function siteOf(context: Context, call: Call): Site {
  const [subscription, groupName, name] = [call.param("subscription"), call.param("group"), call.param("site")];
  const site = findSite(context.world, subscription, groupName, name);
  if (site === undefined) throw resourceNotFound("Microsoft.Web/sites", name, groupName);
  return site;
}

/** The slot a path names; the site itself is its production slot. */
export function slotOf(context: Context, call: Call): Slot {
  const site = siteOf(context, call);
  const name = call.params.slot ?? "production";
  return findSlot(site, name) ?? notThere(name);
}

export function notThere(name: string): never {
  throw cannotFind("Slot", name);
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** `Microsoft.Web/sites`, or `Microsoft.Web/sites/slots` for a slot other than production. */
export function typeOf(slot: Slot): string {
  return slot === slot.site.production ? "Microsoft.Web/sites" : "Microsoft.Web/sites/slots";
}

/** A part of a site or slot as ARM wraps it. */
export function part(slot: Slot, path: string, type: string, properties: unknown, name?: string): unknown {
  return {
    id: `${slotId(slot)}/${path}`,
    name: name ?? path.split("/").at(-1),
    type: `${typeOf(slot)}/${type}`,
    location: slot.site.location,
    properties,
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The `properties` of a request's body; a body without them is refused. */
export async function propertiesOf(call: Call): Promise<Record<string, unknown>> {
  const body = await call.json();
  const properties = isRecord(body) ? body.properties : undefined;
  if (!isRecord(properties)) throw badRequest("The parameter properties has an invalid value.", "51008");
  return properties;
}

/** Refuses a write while another operation is under way, and marks the slot as modified. */
export function beginWrite(slot: Slot): void {
  refuseWhileBusy(slot.site);
  slot.lastModifiedTimeUtc = new Date().toISOString();
}

export function refuseWhileBusy(site: Site): void {
  const running = site.operation;
  if (running === undefined) return;
  const details = `Id: ${running.id}, OperationName: ${running.name}, CreatedTime: ${running.createdTime}, RequestId: ${running.id}, EntityType: 3`;
  const message = `Cannot modify this site because another operation is in progress. Details: ${details}`;
  throw new ProviderError(409, "Conflict", message, "59203");
}

/** Refuses to touch a slot that a swap with preview has prepared. */
export function refuseWhilePrepared(slot: Slot): void {
  if (slot.targetSwapSlot === undefined) return;
  const message = "The slot cannot be changed because its configuration settings have been prepared for swap.";
  throw new ProviderError(409, "Conflict", message, "04059");
}
