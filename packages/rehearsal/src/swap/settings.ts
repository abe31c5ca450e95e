import type { Site, SiteConfig, Slot } from "../model.ts";
import type { AppConfiguration } from "../slots/environment.ts";

/** Fields of `config/web` that go with the app; all others belong to the slot (facts of the swap, "what sticks"). */
const swappedFields = [
  "linuxFxVersion",
  "windowsFxVersion",
  "appCommandLine",
  "pythonVersion",
  "nodeVersion",
  "phpVersion",
  "powerShellVersion",
  "javaVersion",
  "javaContainer",
  "javaContainerVersion",
  "netFrameworkVersion",
  "use32BitWorkerProcess",
  "webSocketsEnabled",
  "managedPipelineMode",
  "defaultDocuments",
  "handlerMappings",
  "virtualApplications",
  "azureStorageAccounts",
];

/** Sticky unless `WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS` is 0 or false in both slots. */
const stickyByDefault = ["healthCheckPath", "alwaysOn", "ipSecurityRestrictions", "scmIpSecurityRestrictions", "cors"];

type Names = Site["slotConfigNames"];

export function isStickySetting(name: string, names: Names): boolean {
  return /_EXTENSION_VERSION$/i.test(name) || includes(names.appSettingNames, name);
}

function includes(names: readonly string[], name: string): boolean {
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}

function merge<T>(moving: Record<string, T>, staying: Record<string, T>, isSticky: (name: string) => boolean) {
  return Object.fromEntries([
    ...Object.entries(moving).filter(([name]) => !isSticky(name)),
    ...Object.entries(staying).filter(([name]) => isSticky(name)),
  ]);
}

/** What the app of `from` runs with in the place of `at`: its own settings, and the place's sticky ones. */
export function configurationAt(from: Slot, at: Slot): AppConfiguration {
  const names = from.site.slotConfigNames;
  return {
    appSettings: merge(from.appSettings, at.appSettings, (name) => isStickySetting(name, names)),
    connectionStrings: merge(from.connectionStrings, at.connectionStrings, (name) =>
      includes(names.connectionStringNames, name),
    ),
    appCommandLine: from.config.appCommandLine,
  };
}

/** What a slot's app runs with where it is. */
export function ownConfiguration(slot: Slot): AppConfiguration {
  const { appSettings, connectionStrings, config } = slot;
  return structuredClone({ appSettings, connectionStrings, appCommandLine: config.appCommandLine });
}

/** Exchanges what moves between two slots and leaves what sticks. */
export function exchangeConfiguration(one: Slot, other: Slot): void {
  const [forOther, forOne] = [configurationAt(one, other), configurationAt(other, one)];
  const [configOfOther, configOfOne] = [configAt(one, other), configAt(other, one)];
  Object.assign(one, {
    appSettings: forOne.appSettings,
    connectionStrings: forOne.connectionStrings,
    config: configOfOne,
  });
  Object.assign(other, {
    appSettings: forOther.appSettings,
    connectionStrings: forOther.connectionStrings,
    config: configOfOther,
  });
}

function configAt(from: Slot, at: Slot): SiteConfig {
  const fields =
    overridesStickiness(from) && overridesStickiness(at) ? [...swappedFields, ...stickyByDefault] : swappedFields;
  const config = structuredClone(at.config);
  for (const field of fields) {
    if (field in from.config) config[field] = structuredClone(from.config[field]);
    else delete config[field];
  }
  return config;
}

function overridesStickiness(slot: Slot): boolean {
  return /^(0|false)$/i.test(slot.appSettings.WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS ?? "");
}
