import type { Call, Reply } from "../http.ts";
import type { ConnectionString, Slot } from "../model.ts";
import {
  beginWrite,
  type Context,
  isRecord,
  ok,
  part,
  paths,
  propertiesOf,
  refuseWhilePrepared,
  siteOf,
  slotOf,
} from "./context.ts";
import { badRequest } from "./errors.ts";

const connectionTypes =
  "MySql SQLServer SQLAzure Custom NotificationHub ServiceBus EventHub ApiHub DocDb RedisCache PostgreSQL".split(" ");

function textOf(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw badRequest(`The parameter ${name} has an invalid value.`, "51008");
}

function connectionString(name: string, value: unknown): ConnectionString {
  const text = isRecord(value) ? (value.value ?? value.connectionString) : undefined;
  const type = isRecord(value)
    ? connectionTypes.find((one) => one.toLowerCase() === String(value.type).toLowerCase())
    : undefined;
  if (typeof text !== "string" || type === undefined)
    throw badRequest(`The connection string '${name}' has an invalid value.`, "51008");
  return { value: text, type };
}

function nameOf(entry: unknown): string {
  return isRecord(entry) ? String(entry.name) : "";
}

/** The names that Linux sites take. Source: App Service, "Configure app settings". */
function checkNames(names: readonly string[]): void {
  const refused = names.filter((name) => !/^[\w.]+$/.test(name));
  if (refused.length > 0) throw badRequest(`AppSetting with name(s) '${refused.join(", ")}' is not allowed.`, "04072");
}

/** `siteConfig.appSettings`: a list of names and values that replaces the whole set. Returns whether there was one. */
export function applySettings(slot: Slot, wanted: unknown): boolean {
  if (!Array.isArray(wanted)) return false;
  const pairs = wanted.map((entry) => [
    nameOf(entry),
    textOf(nameOf(entry), isRecord(entry) ? entry.value : undefined),
  ]);
  checkNames(wanted.map(nameOf));
  slot.appSettings = Object.fromEntries(pairs);
  return true;
}

/** `siteConfig.connectionStrings`, likewise. */
export function applyConnectionStrings(slot: Slot, wanted: unknown): boolean {
  if (!Array.isArray(wanted)) return false;
  slot.connectionStrings = Object.fromEntries(
    wanted.map((entry) => [nameOf(entry), connectionString(nameOf(entry), entry)]),
  );
  return true;
}

function settingsView(slot: Slot): unknown {
  return part(slot, "config/appsettings", "config", { ...slot.appSettings });
}

function stringsView(slot: Slot): unknown {
  return part(slot, "config/connectionstrings", "config", structuredClone(slot.connectionStrings));
}

async function putSettings(context: Context, call: Call): Promise<Reply> {
  const slot = slotOf(context, call);
  const wanted = Object.entries(await propertiesOf(call)).map(([name, value]) => [name, textOf(name, value)]);
  checkNames(wanted.map(([name = ""]) => name));
  refuseWhilePrepared(slot);
  beginWrite(slot);
  slot.appSettings = Object.fromEntries(wanted);
  context.hosting.configurationChanged(slot, "settings");
  return ok(settingsView(slot));
}

async function putStrings(context: Context, call: Call): Promise<Reply> {
  const slot = slotOf(context, call);
  const wanted = Object.entries(await propertiesOf(call)).map(([name, value]) => [name, connectionString(name, value)]);
  refuseWhilePrepared(slot);
  beginWrite(slot);
  slot.connectionStrings = Object.fromEntries(wanted);
  context.hosting.configurationChanged(slot, "settings");
  return ok(stringsView(slot));
}

/** The names belong to the site, whichever slot is asked. */
function namesView(slot: Slot): unknown {
  return part(slot.site.production, "config/slotConfigNames", "config", structuredClone(slot.site.slotConfigNames));
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

async function putNames(context: Context, call: Call): Promise<Reply> {
  const site = siteOf(context, call);
  const wanted = await propertiesOf(call);
  beginWrite(site.production);
  site.slotConfigNames = {
    appSettingNames: names(wanted.appSettingNames),
    connectionStringNames: names(wanted.connectionStringNames),
    azureStorageConfigNames: names(wanted.azureStorageConfigNames),
  };
  return ok(namesView(site.production));
}

const reference = /^@Microsoft\.KeyVault\((.*)\)$/i;

/** The cloud has no Key Vault: a well-formed reference reads as not resolved for want of an identity. */
function referenceView(slot: Slot, name: string, value: string): unknown {
  const inner = reference.exec(value)?.[1] ?? "";
  const valid = /SecretUri=|VaultName=.+SecretName=/i.test(inner);
  const status = valid ? "MSINotEnabled" : "InvalidSyntax";
  const properties = { reference: value, status, source: "KeyVault", details: null, identityType: "SystemAssigned" };
  return part(slot, `config/configreferences/appsettings/${name}`, "config/configreferences", properties, name);
}

function references(context: Context, call: Call): Reply {
  const slot = slotOf(context, call);
  const all = Object.entries(slot.appSettings).filter(([, value]) => reference.test(value));
  const wanted = call.params.setting?.toLowerCase();
  if (wanted === undefined)
    return ok({ value: all.map(([name, value]) => referenceView(slot, name, value)), nextLink: null });
  const one = all.find(([name]) => name.toLowerCase() === wanted);
  return one === undefined ? { status: 404 } : ok(referenceView(slot, ...one));
}

type View = (slot: Slot) => unknown;

function show(view: View) {
  return (context: Context, call: Call): Reply => ok(view(slotOf(context, call)));
}

export const settingRoutes = [
  ["POST", `${paths.slot}/config/appsettings/list`, show(settingsView)],
  ["PUT", `${paths.slot}/config/appsettings`, putSettings],
  ["POST", `${paths.slot}/config/connectionstrings/list`, show(stringsView)],
  ["PUT", `${paths.slot}/config/connectionstrings`, putStrings],
  ["GET", `${paths.slot}/config/slotConfigNames`, show(namesView)],
  ["PUT", `${paths.site}/config/slotConfigNames`, putNames],
  ["GET", `${paths.slot}/config/configreferences/appsettings[/{setting}]`, references],
] as const;
