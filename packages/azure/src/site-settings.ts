/** Settings and configuration of a slot: what is read, replaced whole, or changed field by field. */
import type { Arm, ArmRequest } from "./arm.ts";
import { fieldsOf, listOf, numberOf, textOf, textsOf } from "./decode.ts";
import { callSlot, listAll, PRODUCTION, type SlotRef, sitePath } from "./site.ts";

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
  mayRepeat?: ArmRequest["mayRepeat"],
): Promise<void> {
  const body = { properties: fields };
  const operation = "change the configuration";
  await callSlot(arm, ref, { operation, method: "PATCH", below: "/config/web", body, mayRepeat });
}

export async function readRampUpRules(arm: Arm, ref: SlotRef): Promise<RampUpRule[]> {
  return rampUpRulesOf(await readConfiguration(arm, { ...ref, slot: PRODUCTION }));
}

/** The routing rules in production's configuration. */
export function rampUpRulesOf(configuration: Readonly<Record<string, unknown>>): RampUpRule[] {
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
export function writeRampUpRules(
  arm: Arm,
  ref: SlotRef,
  rampUpRules: readonly RampUpRule[],
  mayRepeat?: ArmRequest["mayRepeat"],
): Promise<void> {
  return changeConfiguration(arm, { ...ref, slot: PRODUCTION }, { experiments: { rampUpRules } }, mayRepeat);
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
