/** Resource Manager's refusals, in both of their shapes, with what mends them. Unknown codes are shown as they came. */
import { ServiceError } from "@augeo/release";
import type { ArmReply } from "./arm.ts";

export interface ArmErrorBody {
  code: string | undefined;
  message: string;
}

/** Reads `{"error":{"code","message"}}` of the gateway and the unwrapped PascalCase `{"Code","Message"}` of App Service. */
export function armErrorBody(body: unknown): ArmErrorBody {
  if (typeof body === "string")
    return {
      code: undefined,
      message: body
        .replace(/<[^>]*>/g, " ")
        .replace(/\s+/g, " ")
        .trim()
        .slice(0, 500),
    };
  const outer = field(body, "error") ?? body;
  const code = field(outer, "code") ?? field(outer, "Code");
  const message = field(outer, "message") ?? field(outer, "Message");
  return { code: typeof code === "string" ? code : undefined, message: typeof message === "string" ? message : "" };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

type Remedy = (message: string) => { why?: string; fix: string };

/** What a first set-up runs into, by code. Source: Microsoft Learn, common Azure deployment errors. */
const SET_UP: Readonly<Record<string, Remedy>> = {
  MissingSubscriptionRegistration: (message) => ({
    fix: `Register the provider, once per subscription: az provider register --wait --namespace ${/namespace '([^']+)'/.exec(message)?.[1] ?? "Microsoft.Web"}, and run again.`,
  }),
  StorageAccountAlreadyTaken: () => ({
    fix: "Names of storage accounts are unique in all of Azure: choose another one for storage-account in .augeo/deploy.yml.",
  }),
  SubscriptionIsOverQuotaForSku: () => ({
    fix: "Choose another sku or region in .augeo/deploy.yml, or ask for more of this one: Azure portal, Quotas, App Service.",
  }),
  LocationNotAvailableForResourceType: () => ({ fix: "Choose another region in .augeo/deploy.yml." }),
  InvalidResourceGroupLocation: () => ({
    fix: "Set region in .augeo/deploy.yml to where the resource group is, or name another resource group.",
  }),
  RequestDisallowedByPolicy: () => ({
    fix: "A policy of your organisation forbids it, and is named above: choose a region or a sku that it allows, or ask its owner for an exemption.",
  }),
};

const REMEDIES: readonly {
  matches: (status: number, code: string | undefined, message: string) => boolean;
  remedy: Remedy;
}[] = [
  // First: a policy's refusal is a 403 as well.
  ...Object.entries(SET_UP).map(([known, remedy]) => ({
    matches: (_: number, code: string | undefined) => code === known,
    remedy,
  })),
  {
    matches: (status, _, message) => status === 409 && /website with given name .* already exists/i.test(message),
    remedy: () => ({
      fix: "Names of apps are unique in all of Azure: choose another one for app in .augeo/deploy.yml.",
    }),
  },
  { matches: (status) => status === 403, remedy: missingRole },
  {
    matches: (status, _, message) => status === 409 && /another operation is in progress/i.test(message),
    remedy: () => ({
      fix: "Wait for the other operation to end (the Activity log of the app names it), then run again. Give the workflow a concurrency group so that its runs do not meet.",
    }),
  },
  {
    matches: (status, _, message) => status === 409 && /prepared for swap/i.test(message),
    remedy: () => ({
      fix: "A swap with preview is pending: complete it, or cancel it with: az webapp deployment slot swap --action reset --name <app> --resource-group <group> --slot <slot>",
    }),
  },
  {
    matches: (_, code) => code === "ScopeLocked",
    remedy: () => ({
      fix: "A management lock protects the resource: az lock list --resource-group <group>. Remove it, or let its owner deploy.",
    }),
  },
  {
    matches: (_, code) => code === "ReadOnlyDisabledSubscription",
    remedy: () => ({ fix: "The subscription is disabled: settle it in the Azure portal under Subscriptions." }),
  },
  {
    matches: (status) => status === 401,
    remedy: () => ({
      fix: "Check tenant-id, subscription-id and cloud: the token was refused even after a new sign-in.",
    }),
  },
  {
    matches: (status) => status === 429,
    remedy: () => ({
      fix: "Too many requests from this subscription: run again later, and stagger the workflows that share it.",
    }),
  },
  {
    matches: (status) => status >= 500,
    remedy: () => ({ fix: "Run the job again; see https://azure.status.microsoft when it stays." }),
  },
];

const ROLE_OF: readonly [RegExp, string][] = [
  [/^microsoft\.web\/sites\/publish|^microsoft\.web\//i, "Website Contributor"],
  [/^microsoft\.authorization\//i, "User Access Administrator"],
  [/^microsoft\.managedidentity\//i, "Managed Identity Contributor"],
  [
    /^microsoft\.storage\/storageaccounts\/(?:write|read|blobServices\/containers\/write)$/i,
    "Storage Account Contributor",
  ],
  [/^microsoft\.storage\/.*generateUserDelegationKey/i, "Storage Blob Delegator"],
  [/^microsoft\.storage\//i, "Storage Blob Data Contributor"],
];

/** The role that contains an action, as far as this package calls it. */
export function roleFor(action: string): string {
  return ROLE_OF.find(([pattern]) => pattern.test(action))?.[1] ?? "Contributor";
}

/** PostgreSQL has no built-in role for its firewall alone. */
function missingFirewallRole(action: string, server: string, objectId: string): { why: string; fix: string } {
  const needs = ["firewallRules/read", "firewallRules/write", "firewallRules/delete", "read"];
  return {
    why: `The identity lacks the action ${action} on ${server}.`,
    fix: `Assign the role Contributor on this one server (it takes a few minutes to work): az role assignment create --assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal --role Contributor --scope ${server}. Or a custom role with only ${needs.map((name) => `Microsoft.DBforPostgreSQL/flexibleServers/${name}`).join(", ")} and Microsoft.DBforPostgreSQL/locations/*/read.`,
  };
}

function missingRole(message: string): { why?: string; fix: string } {
  const action = /perform action '([^']+)'/.exec(message)?.[1];
  const scope = /over scope '([^']+)'/.exec(message)?.[1];
  const objectId = /object id '([^']+)'/.exec(message)?.[1] ?? "<object id of the identity>";
  if (action === undefined || scope === undefined)
    return { fix: "Give the identity the role Website Contributor on the app's resource group." };
  const server = /^(.*\/flexibleServers\/[^/]+)/i.exec(scope)?.[1];
  if (server !== undefined) return missingFirewallRole(action, server, objectId);
  const site = /^(.*\/sites\/[^/]+)/i.exec(scope)?.[1] ?? scope;
  return {
    why: `The identity lacks the action ${action} on ${scope}.`,
    fix: `Assign the role ${roleFor(action)} (it takes a few minutes to work): az role assignment create --assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal --role "${roleFor(action)}" --scope ${site}`,
  };
}

export function armFailure(operation: string, reply: ArmReply): ServiceError {
  const { code, message } = armErrorBody(reply.body);
  const found = REMEDIES.find(({ matches }) => matches(reply.status, code, message));
  const { why, fix } = found?.remedy(message) ?? {
    why: undefined,
    fix: "Look at the app's Activity log in the Azure portal.",
  };
  const correlationId = reply.headers["x-ms-correlation-request-id"] ?? reply.headers["x-ms-request-id"];
  const answered = `Azure answered ${[reply.status, code].filter(Boolean).join(" ")}${message === "" ? "" : `: ${message}`}`;
  return new ServiceError({
    service: "Azure Resource Manager",
    operation,
    status: reply.status,
    code,
    what: `Azure ${reply.status === 429 ? "throttled the request" : "refused"} to ${operation}.`,
    why: [why, `${answered}${correlationId === undefined ? "" : ` (correlation ${correlationId})`}`]
      .filter(Boolean)
      .join(" "),
    fix,
    correlationId,
    retryable: reply.status === 429 || reply.status >= 500,
  });
}

/** No reply came. For a call that may not be repeated, whether Azure acted on it is open. */
export function noReply(operation: string, cause: Error, once: boolean): ServiceError {
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  return new ServiceError({
    service: "Azure Resource Manager",
    operation,
    code: code === "REQUEST_SEND_ERROR" ? errnoOf(cause.message) : code,
    what: `Azure did not answer ${operation}.`,
    why: `${cause.message}.${once ? " Whether it was carried out is not known, so it was not sent again." : ""}`,
    fix: "Check that the runner reaches the management endpoint (proxy, firewall, DNS), then run again.",
    retryable: !once,
    cause,
  });
}

function errnoOf(message: string): string {
  return /\b(E[A-Z_]{4,})\b/.exec(message)?.[1] ?? "REQUEST_SEND_ERROR";
}
