/** Which Azure: the endpoints behind the `cloud` input. */
import { UsageError } from "@augeo/release";

export interface Cloud {
  name: string;
  /** Where Entra signs in, an origin. */
  authority: string;
  /** Azure Resource Manager, an origin. */
  management: string;
  /** Microsoft Graph, an origin. */
  graph: string;
  /** Audience of Resource Manager's tokens, also accepted by the SCM sites. */
  managementAudience: string;
  /** Audience that the GitHub ID token must carry. */
  audience: string;
  storageAudience: string;
  /** Audience of Azure Database for PostgreSQL's tokens. */
  databaseAudience: string;
  /** Query services, origins. */
  appInsights: string;
  logAnalytics: string;
  appInsightsAudience: string;
  logAnalyticsAudience: string;
}

/** Hosts and audiences of Microsoft's documentation of the national clouds. */
const CLOUDS: Readonly<Record<string, Cloud>> = {
  AzureCloud: {
    name: "AzureCloud",
    authority: "https://login.microsoftonline.com",
    management: "https://management.azure.com",
    graph: "https://graph.microsoft.com",
    managementAudience: "https://management.azure.com",
    audience: "api://AzureADTokenExchange",
    storageAudience: "https://storage.azure.com",
    databaseAudience: "https://ossrdbms-aad.database.windows.net",
    appInsights: "https://api.applicationinsights.io",
    logAnalytics: "https://api.loganalytics.azure.com",
    appInsightsAudience: "https://api.applicationinsights.io",
    logAnalyticsAudience: "https://api.loganalytics.io",
  },
  AzureUSGovernment: {
    name: "AzureUSGovernment",
    authority: "https://login.microsoftonline.us",
    management: "https://management.usgovcloudapi.net",
    graph: "https://graph.microsoft.us",
    managementAudience: "https://management.usgovcloudapi.net",
    audience: "api://AzureADTokenExchangeUSGov",
    storageAudience: "https://storage.azure.com",
    databaseAudience: "https://ossrdbms-aad.database.usgovcloudapi.net",
    appInsights: "https://api.applicationinsights.us",
    logAnalytics: "https://api.loganalytics.us",
    appInsightsAudience: "https://api.applicationinsights.us",
    logAnalyticsAudience: "https://api.loganalytics.us",
  },
  AzureChinaCloud: {
    name: "AzureChinaCloud",
    authority: "https://login.partner.microsoftonline.cn",
    management: "https://management.chinacloudapi.cn",
    graph: "https://microsoftgraph.chinacloudapi.cn",
    managementAudience: "https://management.chinacloudapi.cn",
    audience: "api://AzureADTokenExchangeChina",
    storageAudience: "https://storage.azure.com",
    databaseAudience: "https://ossrdbms-aad.database.chinacloudapi.cn",
    appInsights: "https://api.applicationinsights.azure.cn",
    logAnalytics: "https://api.loganalytics.azure.cn",
    appInsightsAudience: "https://api.applicationinsights.azure.cn",
    logAnalyticsAudience: "https://api.loganalytics.azure.cn",
  },
};

const ORIGINS = ["authority", "management"] as const;
/** Origins that most actions never ask; a cloud that names none has the public cloud's. */
const FURTHER_ORIGINS = ["appInsights", "logAnalytics", "graph"] as const;
const AUDIENCES = [
  "managementAudience",
  "audience",
  "storageAudience",
  "databaseAudience",
  "appInsightsAudience",
  "logAnalyticsAudience",
] as const;
const KEYS: readonly string[] = [...ORIGINS, ...FURTHER_ORIGINS, ...AUDIENCES];

/** Reads the `cloud` input: a known name, or a JSON object of endpoints over those of the public cloud. */
export function cloudFrom(input: string): Cloud {
  const text = input.trim();
  if (text.startsWith("{")) return customCloud(text);
  const known = Object.entries(CLOUDS).find(([name]) => name.toLowerCase() === text.toLowerCase());
  if (known === undefined) {
    throw notACloud(
      `"${text}" is no cloud this action knows`,
      `set cloud to one of ${Object.keys(CLOUDS).join(", ")}, or to a JSON object with authority and management`,
    );
  }
  return known[1];
}

function customCloud(text: string): Cloud {
  const given = parseObject(text);
  const unknown = Object.keys(given).filter((key) => key !== "name" && !KEYS.includes(key));
  if (unknown.length > 0) {
    throw notACloud(`it has unknown keys: ${unknown.join(", ")}`, `use only ${KEYS.join(", ")}`);
  }
  const [authority, management] = ORIGINS.map((key) => originOf(key, given[key]));
  const audiences = Object.fromEntries(
    AUDIENCES.flatMap((key) => (typeof given[key] === "string" ? [[key, given[key]]] : [])),
  );
  const further = Object.fromEntries(
    FURTHER_ORIGINS.flatMap((key) => (given[key] === undefined ? [] : [[key, originOf(key, given[key])]])),
  );
  const name = typeof given.name === "string" ? given.name : "custom";
  return { ...publicCloud(), ...audiences, ...further, name, authority: authority ?? "", management: management ?? "" };
}

function publicCloud(): Cloud {
  return cloudFrom("AzureCloud");
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notACloud(`it is not valid JSON: ${error instanceof Error ? error.message : error}`, "mend the JSON object");
  }
}

function originOf(key: string, value: unknown): string {
  if (typeof value !== "string" || !URL.canParse(value) || new URL(value).protocol !== "https:") {
    throw notACloud(`${key} is not an https address`, `give "${key}": "https://…" in the JSON object`);
  }
  return new URL(value).origin;
}

function notACloud(why: string, fix: string): UsageError {
  return new UsageError({ what: "The input cloud cannot be used.", why: `${why}.`, fix: `${fix}.` });
}
