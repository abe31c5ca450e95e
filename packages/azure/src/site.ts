/** Apps and slots as Resource Manager shows them, and what may be asked of them. */

import { explainAbsence } from "./absence.ts";
import type { Arm, ArmReply, ArmRequest } from "./arm.ts";
import { fieldsOf, listOf, numberOf, optionalText, textOf, textsOf } from "./decode.ts";
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

export interface ConnectionString {
  value: string;
  type: string;
}

export interface StickyNames {
  appSettingNames: readonly string[];
  connectionStringNames: readonly string[];
  azureStorageConfigNames: readonly string[];
}

export interface RampUpRule {
  actionHostName: string;
  /** 0 to 100. */
  reroutePercentage: number;
  name: string;
}

export interface SlotDifference {
  level: string;
  settingType: string;
  diffRule: string;
  settingName: string;
  valueInCurrentSlot: string;
  valueInTargetSlot: string;
  description: string;
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

export async function readAppSettings(arm: Arm, ref: SlotRef): Promise<Record<string, string>> {
  const reply = await callSlot(arm, ref, {
    operation: "read the app settings",
    method: "POST",
    below: "/config/appsettings/list",
  });
  return textsOf(fieldsOf(reply.body).properties);
}

/** Replaces the whole set; restarts the app and its SCM container. */
export async function writeAppSettings(
  arm: Arm,
  ref: SlotRef,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const body = { properties: settings };
  await callSlot(arm, ref, { operation: "write the app settings", method: "PUT", below: "/config/appsettings", body });
}

export async function readConnectionStrings(arm: Arm, ref: SlotRef): Promise<Record<string, ConnectionString>> {
  const below = "/config/connectionstrings/list";
  const reply = await callSlot(arm, ref, { operation: "read the connection strings", method: "POST", below });
  const properties = Object.entries(fieldsOf(fieldsOf(reply.body).properties));
  return Object.fromEntries(
    properties.map(([name, each]) => [
      name,
      { value: textOf(fieldsOf(each).value), type: textOf(fieldsOf(each).type) },
    ]),
  );
}

export async function writeConnectionStrings(
  arm: Arm,
  ref: SlotRef,
  strings: Readonly<Record<string, ConnectionString>>,
): Promise<void> {
  const body = { properties: strings };
  await callSlot(arm, ref, {
    operation: "write the connection strings",
    method: "PUT",
    below: "/config/connectionstrings",
    body,
  });
}

/** Settings that stay with their slot when slots are swapped; kept on the site as a whole. */
export async function readStickyNames(arm: Arm, ref: SlotRef): Promise<StickyNames> {
  const site = { ...ref, slot: PRODUCTION };
  const reply = await callSlot(arm, site, {
    operation: "read the slot setting names",
    method: "GET",
    below: "/config/slotConfigNames",
  });
  const properties = fieldsOf(fieldsOf(reply.body).properties);
  const names = (key: string) => listOf(properties[key]).filter((name) => typeof name === "string");
  return {
    appSettingNames: names("appSettingNames"),
    connectionStringNames: names("connectionStringNames"),
    azureStorageConfigNames: names("azureStorageConfigNames"),
  };
}

export async function readConfiguration(arm: Arm, ref: SlotRef): Promise<Readonly<Record<string, unknown>>> {
  const reply = await callSlot(arm, ref, { operation: "read the configuration", method: "GET", below: "/config/web" });
  return fieldsOf(fieldsOf(reply.body).properties);
}

/** Changes the given fields of `config/web` and leaves the others. */
export async function changeConfiguration(
  arm: Arm,
  ref: SlotRef,
  fields: Readonly<Record<string, unknown>>,
): Promise<void> {
  const body = { properties: fields };
  await callSlot(arm, ref, { operation: "change the configuration", method: "PATCH", below: "/config/web", body });
}

export async function readRampUpRules(arm: Arm, ref: SlotRef): Promise<RampUpRule[]> {
  const configuration = await readConfiguration(arm, { ...ref, slot: PRODUCTION });
  return listOf(fieldsOf(configuration.experiments).rampUpRules).map((rule) => {
    const { actionHostName, name, reroutePercentage } = fieldsOf(rule);
    return {
      actionHostName: textOf(actionHostName),
      name: textOf(name),
      reroutePercentage: numberOf(reroutePercentage) ?? 0,
    };
  });
}

/** Writes the rules whole; an empty list ends all routing. */
export function writeRampUpRules(arm: Arm, ref: SlotRef, rampUpRules: readonly RampUpRule[]): Promise<void> {
  return changeConfiguration(arm, { ...ref, slot: PRODUCTION }, { experiments: { rampUpRules } });
}

/** What a swap with production would change in settings. */
export async function slotDifferences(arm: Arm, ref: SlotRef): Promise<SlotDifference[]> {
  const site = sitePath(arm, { ...ref, slot: PRODUCTION });
  const body = { targetSlot: ref.slot, preserveVnet: true };
  const found = await listAll(arm, {
    operation: "compare the slots",
    method: "POST",
    path: `${site}/slotsdiffs`,
    body,
  });
  return found.map((each) => {
    const known = textsOf(fieldsOf(each).properties);
    const value = (key: string) => known[key] ?? "";
    return {
      level: value("level"),
      settingType: value("settingType"),
      diffRule: value("diffRule"),
      settingName: value("settingName"),
      valueInCurrentSlot: value("valueInCurrentSlot"),
      valueInTargetSlot: value("valueInTargetSlot"),
      description: value("description"),
    };
  });
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
