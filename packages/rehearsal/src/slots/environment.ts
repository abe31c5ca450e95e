import { dirname, join } from "node:path";
import type { ConnectionString, Slot } from "../model.ts";

/** Prefixes App Service puts before a connection string's name, by type. */
const prefixes: Record<string, string> = {
  mysql: "MYSQLCONNSTR_",
  sqlserver: "SQLCONNSTR_",
  sqlazure: "SQLAZURECONNSTR_",
  custom: "CUSTOMCONNSTR_",
  postgresql: "POSTGRESQLCONNSTR_",
  notificationhub: "NOTIFICATIONHUBCONNSTR_",
  servicebus: "SERVICEBUSCONNSTR_",
  eventhub: "EVENTHUBCONNSTR_",
  apihub: "APIHUBCONNSTR_",
  docdb: "DOCDBCONNSTR_",
  rediscache: "REDISCACHECONNSTR_",
};

/** The part of a slot's configuration that its processes see; a swap may start them with another slot's. */
export interface AppConfiguration {
  appSettings: Record<string, string>;
  connectionStrings: Record<string, ConnectionString>;
  appCommandLine: string;
}

/** Which container an environment is built for. */
export interface ContainerPlace {
  slot: Slot;
  instanceId: string;
  port: number;
  /** The app's `/home`. */
  home: string;
  /** The interpreter that stands for the image's Python; its folder comes first on the path. */
  python: string | undefined;
}

/**
 * The environment of one container, built when it starts and never refreshed: after a swap a process still believes
 * to be where it was started.
 */
export function buildEnvironment(configuration: AppConfiguration, place: ContainerPlace): Record<string, string> {
  return {
    ...platformVariables(place),
    ...prefixed(configuration.appSettings, "APPSETTING_"),
    ...connectionVariables(configuration.connectionStrings),
    ...configuration.appSettings,
    PATH: searchPath(place),
    PORT: String(place.port),
  };
}

function platformVariables({ slot, instanceId, home, port }: ContainerPlace): Record<string, string> {
  const { site } = slot;
  return {
    HOME: home,
    LANG: "C.UTF-8",
    PYTHONUNBUFFERED: "1",
    PYTHONPATH: join(home, "site", "wwwroot", ".python_packages", "lib", "site-packages"),
    REGION_NAME: site.location,
    WEBSITES_PORT: String(port),
    WEBSITE_DEFAULT_HOSTNAME: slot.hostName,
    WEBSITE_HOSTNAME: slot.hostName,
    WEBSITE_INSTANCE_ID: instanceId,
    WEBSITE_OWNER_NAME: `${site.subscriptionId}+${site.planName}-${site.location}`,
    WEBSITE_RESOURCE_GROUP: site.resourceGroup,
    WEBSITE_SITE_NAME: site.name,
    WEBSITE_SLOT_NAME: slot.name === "production" ? "Production" : slot.name,
  };
}

function searchPath({ home, python }: ContainerPlace): string {
  const built = join(home, "site", "wwwroot", "antenv", "bin");
  return [built, ...(python ? [dirname(python)] : []), process.env.PATH ?? "/usr/bin:/bin"].join(":");
}

function prefixed(values: Record<string, string>, prefix: string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

function connectionVariables(strings: Record<string, ConnectionString>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(strings).map(([name, { value, type }]) => [
      `${prefixes[type.toLowerCase()] ?? "CUSTOMCONNSTR_"}${name}`,
      value,
    ]),
  );
}
