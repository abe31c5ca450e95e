import type { Call, Reply } from "../http.ts";
import { ProviderError, type RampUpRule, type SiteConfig, type Slot } from "../model.ts";
import {
  beginWrite,
  type Context,
  isRecord,
  ok,
  part,
  paths,
  propertiesOf,
  refuseWhilePrepared,
  slotOf,
} from "./context.ts";
import { badRequest } from "./errors.ts";
import { applyConnectionStrings, applySettings } from "./settings.ts";
import { armName } from "./site-view.ts";
import { newSlot } from "./world.ts";

function number(value: unknown, field: string): number {
  if (typeof value === "number") return value;
  throw badRequest(`The parameter ${field} has an invalid value.`, "51008");
}

function optionalNumber(rule: Record<string, unknown>, field: string): Record<string, number> {
  const value = rule[field];
  return value === undefined || value === null ? {} : { [field]: number(value, field) };
}

function rampUpRule(value: unknown): RampUpRule {
  if (!isRecord(value)) throw badRequest("The parameter rampUpRules has an invalid value.", "51008");
  const callback = value.changeDecisionCallbackUrl;
  return {
    actionHostName: String(value.actionHostName ?? ""),
    reroutePercentage: number(value.reroutePercentage ?? 0, "reroutePercentage"),
    name: String(value.name ?? ""),
    ...optionalNumber(value, "changeStep"),
    ...optionalNumber(value, "changeIntervalInMinutes"),
    ...optionalNumber(value, "minReroutePercentage"),
    ...optionalNumber(value, "maxReroutePercentage"),
    ...(typeof callback === "string" ? { changeDecisionCallbackUrl: callback } : {}),
  };
}

function rampUpRules(experiments: unknown): RampUpRule[] {
  const listed = isRecord(experiments) ? (experiments.rampUpRules ?? []) : [];
  const rules = Array.isArray(listed) ? listed.map(rampUpRule) : [];
  const total = rules.reduce((sum, rule) => sum + rule.reroutePercentage, 0);
  const valid = rules.every((rule) => rule.reroutePercentage >= 0 && rule.reroutePercentage <= 100);
  if (!valid || total > 100)
    throw badRequest("The sum of the reroute percentages of the ramp-up rules must be between 0 and 100.", "51008");
  return rules;
}

/** Fields that are other resources' business: stored there, shown as null here. */
const elsewhere = new Set(["appSettings", "connectionStrings", "experiments", "metadata"]);

function refusePublicAccess(wanted: Record<string, unknown>): void {
  if (wanted.publicNetworkAccess === undefined || wanted.publicNetworkAccess === null) return;
  const message =
    "SiteConfig.PublicNetworkAccess cannot be modified. Please use Site.PublicNetworkAccess property instead.";
  throw new ProviderError(409, "Conflict", message, "04074");
}

function differs(left: unknown, right: unknown): boolean {
  return JSON.stringify(left ?? null) !== JSON.stringify(right ?? null);
}

/** Writes fields into a slot's configuration; null leaves a field as it is. Only a change that matters recycles the app. */
export function mergeConfig(context: Context, slot: Slot, wanted: Record<string, unknown>, base?: SiteConfig): void {
  const before = slot.config;
  const config: SiteConfig = { ...(base ?? before) };
  for (const [field, value] of Object.entries(wanted))
    if (value !== null && !elsewhere.has(field)) config[field] = value;
  if (wanted.experiments !== undefined && wanted.experiments !== null)
    config.experiments = { rampUpRules: rampUpRules(wanted.experiments) };
  slot.config = config;
  const settings = applySettings(slot, wanted.appSettings);
  const strings = applyConnectionStrings(slot, wanted.connectionStrings);
  const fields = new Set([...Object.keys(before), ...Object.keys(config)]);
  fields.delete("experiments");
  if (!slot.hostName) return;
  if (settings || strings) context.hosting.configurationChanged(slot, "settings");
  else if ([...fields].some((field) => differs(before[field], config[field])))
    context.hosting.configurationChanged(slot, "config");
}

function view(slot: Slot): unknown {
  const fixed = { appSettings: null, connectionStrings: null, metadata: null, publicNetworkAccess: null };
  const publishing = { publishingUsername: slot.publishingUserName, localMySqlEnabled: false };
  return part(slot, "config/web", "config", { ...fixed, ...publishing, ...slot.config }, armName(slot));
}

function get(context: Context, call: Call): Reply {
  return ok(view(slotOf(context, call)));
}

function list(context: Context, call: Call): Reply {
  return ok({ value: [view(slotOf(context, call))], nextLink: null });
}

async function change(context: Context, call: Call, replaces: boolean): Promise<Reply> {
  const slot = slotOf(context, call);
  const wanted = await propertiesOf(call);
  refuseWhilePrepared(slot);
  refusePublicAccess(wanted);
  beginWrite(slot);
  mergeConfig(context, slot, wanted, replaces ? newSlot(slot.site, slot.name, "").config : undefined);
  return ok(view(slot));
}

export const configRoutes = [
  ["GET", `${paths.slot}/config`, list],
  ["GET", `${paths.slot}/config/web`, get],
  ["PATCH", `${paths.slot}/config/web`, (context: Context, call: Call) => change(context, call, false)],
  ["PUT", `${paths.slot}/config/web`, (context: Context, call: Call) => change(context, call, true)],
] as const;
