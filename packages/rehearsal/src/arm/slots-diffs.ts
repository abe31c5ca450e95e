import type { Call, Reply } from "../http.ts";
import type { Slot } from "../model.ts";
import { type Context, ok, part, paths } from "./context.ts";
import { bothSlots } from "./swap.ts";

interface Difference {
  level: "Information" | "Warning";
  settingType: "General" | "AppSetting" | "ConnectionString";
  diffRule: string;
  settingName: string;
  valueInCurrentSlot: string | null;
  valueInTargetSlot: string | null;
  description: string;
}

type Values = Record<string, string>;

/** A setting that stays with its slot: worth a word when only one slot has it, or both have the same. */
function stickyRule(current: string | undefined, target: string | undefined): [string, string] | undefined {
  if (current === target) return ["SlotSettingsSameValue", "The slot setting has the same value in both slots."];
  if (current !== undefined && target !== undefined) return undefined;
  return ["SlotSettingsMissing", "The slot setting is missing in one of the slots."];
}

function movingRule(current: string | undefined, target: string | undefined): [string, string] | undefined {
  if (current === target) return undefined;
  if (current === undefined)
    return ["SettingsNotInSource", "The setting is in the destination slot and not in the source."];
  if (target === undefined)
    return ["SettingsWillBeAddedToDestination", "The setting will be added to the destination slot."];
  return ["SettingsWillBeModifiedInDestination", "The setting will be modified in the destination slot."];
}

function compare(type: Difference["settingType"], current: Values, target: Values, sticky: string[]): Difference[] {
  const names = [...new Set([...Object.keys(current), ...Object.keys(target)])].sort();
  return names.flatMap((settingName) => {
    const rule = (sticky.includes(settingName) ? stickyRule : movingRule)(current[settingName], target[settingName]);
    if (rule === undefined) return [];
    const [diffRule, description] = rule;
    const level = /WillBe/.test(diffRule) ? "Information" : "Warning";
    const values = { valueInCurrentSlot: current[settingName] ?? null, valueInTargetSlot: target[settingName] ?? null };
    return [{ level, settingType: type, diffRule, settingName, ...values, description }];
  });
}

/** The general settings that move with a swap. Source: App Service, "Which settings are swapped?". */
function general(slot: Slot): Values {
  const { linuxFxVersion, appCommandLine } = slot.config;
  return { LinuxFxVersion: linuxFxVersion, AppCommandLine: appCommandLine };
}

function strings(slot: Slot): Values {
  return Object.fromEntries(Object.entries(slot.connectionStrings).map(([name, { value }]) => [name, value]));
}

/** What a swap would change in the slot that the body names. */
export function differences(current: Slot, target: Slot): Difference[] {
  const names = current.site.slotConfigNames;
  return [
    ...compare("General", general(current), general(target), []),
    ...compare("AppSetting", current.appSettings, target.appSettings, names.appSettingNames),
    ...compare("ConnectionString", strings(current), strings(target), names.connectionStringNames),
  ];
}

async function list(context: Context, call: Call): Promise<Reply> {
  const { current, other } = await bothSlots(context, call);
  const value = differences(current, other).map((one) =>
    part(current, `slotsdiffs/${one.settingName}`, "slotsdiffs", one),
  );
  return ok({ value, nextLink: null });
}

export const slotsDiffsRoutes = [["POST", `${paths.slot}/slotsdiffs`, list]] as const;
