/** Apps and slots as Resource Manager shows them, and what may be asked of them. */

import { explainAbsence } from "./absence.ts";
import type { Arm, ArmReply, ArmRequest } from "./arm.ts";
import { fieldsOf, listOf, optionalText, textOf, textsOf } from "./decode.ts";
import { type OperationState, operationState } from "./operation.ts";

/** Azure's own word for the slot that has no `/slots/` in its path. */
export const PRODUCTION = "production";

export interface SlotRef {
  resourceGroup: string;
  app: string;
  /** `production`, or a slot's name. */
  slot: string;
}

export interface SlotSwapStatus {
  timestampUtc: string;
  sourceSlotName: string;
  destinationSlotName: string;
}

export interface SiteView {
  id: string;
  location: string;
  kind: string;
  state: string;
  defaultHostName: string;
  /** Host (and port) of the SCM site, as Azure names it: never built from the app's name. */
  scmHostName: string | undefined;
  serverFarmId: string;
  httpsOnly: boolean;
  identity: unknown;
  tags: Record<string, string>;
  /** Set while a swap with preview is pending. */
  targetSwapSlot: string | undefined;
  /** Durable evidence of the last swap. */
  slotSwapStatus: SlotSwapStatus | undefined;
  inProgressOperationId: string | undefined;
  properties: Readonly<Record<string, unknown>>;
}

export interface InstanceView {
  /** Also the value of the ARRAffinity cookie. */
  id: string;
  state: string;
}

export function groupPath(arm: Arm, resourceGroup: string): string {
  return `/subscriptions/${arm.subscriptionId}/resourceGroups/${encodeURIComponent(resourceGroup)}`;
}

export function sitePath(arm: Arm, { resourceGroup, app, slot }: SlotRef): string {
  const site = `${groupPath(arm, resourceGroup)}/providers/Microsoft.Web/sites/${encodeURIComponent(app)}`;
  return isProduction(slot) ? site : `${site}/slots/${encodeURIComponent(slot)}`;
}

export function isProduction(slot: string): boolean {
  return slot.toLowerCase() === PRODUCTION;
}

/** A call on a slot; a 404 is explained by what exists instead. */
export async function callSlot(
  arm: Arm,
  ref: SlotRef,
  request: Omit<ArmRequest, "path"> & { below?: string },
): Promise<ArmReply> {
  const { below = "", ...rest } = request;
  try {
    return await arm.call({ ...rest, path: `${sitePath(arm, ref)}${below}` });
  } catch (error) {
    throw await explainAbsence(arm, ref, error);
  }
}

export async function readSite(arm: Arm, ref: SlotRef): Promise<SiteView> {
  const reply = await callSlot(arm, ref, { operation: `read ${nameOf(ref)}`, method: "GET" });
  return decodeSite(reply.body);
}

/** The slot, or undefined when the app exists and the slot does not. */
export async function findSlot(arm: Arm, ref: SlotRef): Promise<SiteView | undefined> {
  const reply = await callSlot(arm, ref, { operation: `read ${nameOf(ref)}`, method: "GET", accept: [404] });
  return reply.status === 404 ? undefined : decodeSite(reply.body);
}

export function nameOf({ app, slot }: SlotRef): string {
  return isProduction(slot) ? `the app "${app}"` : `the slot "${slot}" of "${app}"`;
}

export function decodeSite(body: unknown): SiteView {
  const site = fieldsOf(body);
  const properties = fieldsOf(site.properties);
  const scm = listOf(properties.hostNameSslStates)
    .map(fieldsOf)
    .find((state) => state.hostType === "Repository");
  return {
    id: textOf(site.id),
    location: textOf(site.location),
    kind: textOf(site.kind),
    state: textOf(properties.state),
    defaultHostName: textOf(properties.defaultHostName),
    scmHostName: optionalText(scm?.name),
    serverFarmId: textOf(properties.serverFarmId),
    httpsOnly: properties.httpsOnly === true,
    identity: site.identity,
    tags: textsOf(site.tags),
    targetSwapSlot: optionalText(properties.targetSwapSlot),
    slotSwapStatus: decodeSwapStatus(properties.slotSwapStatus),
    inProgressOperationId: optionalText(properties.inProgressOperationId),
    properties,
  };
}

function decodeSwapStatus(value: unknown): SlotSwapStatus | undefined {
  const { timestampUtc, sourceSlotName, destinationSlotName } = textsOf(value);
  if (timestampUtc === undefined) return undefined;
  return { timestampUtc, sourceSlotName: sourceSlotName ?? "", destinationSlotName: destinationSlotName ?? "" };
}

/** Every page of a list. */
export async function listAll(arm: Arm, request: ArmRequest): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  let next: ArmRequest | undefined = request;
  while (next !== undefined) {
    const page = fieldsOf((await arm.call(next)).body);
    found.push(...listOf(page.value));
    const nextLink = optionalText(page.nextLink);
    next = nextLink === undefined ? undefined : { operation: request.operation, method: "GET", path: nextLink };
  }
  return found;
}

/** Names of the app's slots, without production. */
export async function listSlotNames(arm: Arm, ref: SlotRef): Promise<string[]> {
  const path = `${sitePath(arm, { ...ref, slot: PRODUCTION })}/slots`;
  const slots = await listAll(arm, { operation: "list the slots", method: "GET", path });
  return slots.map((slot) => textOf(fieldsOf(slot).name).split("/").at(-1) ?? "");
}

/**
 * Sends one swap of the slot with production and never a second. Returns as soon as it was accepted, with the URL of
 * the operation, so that it can be saved before it is polled (`readOperation`, `untilDone`). Throws `ServiceError`;
 * with `status` undefined no reply came, and only identity can tell whether the swap runs.
 */
export async function startSwap(arm: Arm, ref: SlotRef): Promise<OperationState> {
  const body = { targetSlot: ref.slot, preserveVnet: true };
  const site = { ...ref, slot: PRODUCTION };
  const reply = await callSlot(arm, site, {
    operation: "swap the slots",
    method: "POST",
    below: "/slotsswap",
    body,
    once: true,
  });
  return operationState(reply, arm.context.clock.now());
}

export async function restartSite(arm: Arm, ref: SlotRef, synchronous: boolean): Promise<void> {
  const query = { softRestart: "false", synchronous: String(synchronous) };
  await callSlot(arm, ref, { operation: `restart ${nameOf(ref)}`, method: "POST", below: "/restart", query });
}

export async function startSite(arm: Arm, ref: SlotRef): Promise<void> {
  await callSlot(arm, ref, { operation: `start ${nameOf(ref)}`, method: "POST", below: "/start" });
}

export async function listInstances(arm: Arm, ref: SlotRef): Promise<InstanceView[]> {
  const path = `${sitePath(arm, ref)}/instances`;
  const found = await listAll(arm, { operation: "list the instances", method: "GET", path });
  return found.map((each) => ({
    id: textOf(fieldsOf(each).name).split("/").at(-1) ?? "",
    state: textOf(fieldsOf(fieldsOf(each).properties).state),
  }));
}

/** The tail of the container's log; empty where there is none. */
export async function readContainerLog(arm: Arm, ref: SlotRef): Promise<string> {
  const reply = await callSlot(arm, ref, {
    operation: "read the container log",
    method: "POST",
    below: "/containerlogs",
  });
  return typeof reply.body === "string" ? reply.body : "";
}

export async function deleteSlot(arm: Arm, ref: SlotRef): Promise<void> {
  if (isProduction(ref.slot)) throw new Error("Production is never deleted.");
  await callSlot(arm, ref, { operation: `delete ${nameOf(ref)}`, method: "DELETE", accept: [404] });
}
