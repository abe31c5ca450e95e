import { randomUUID } from "node:crypto";
import type { Entra, Verified } from "../entra.ts";
import type { Call, Reply } from "../http.ts";
import { gatewayError, gatewayReply, resourceNotFound } from "./errors.ts";
import { actionOf, can } from "./rbac.ts";
import { kindOf, type Throttle } from "./throttle.ts";
import { findSite, findSlot, same, type World } from "./world.ts";

/** What stands between a client and the resource providers: sign-in, throttling, versions, existence, rights. */
export interface Gateway {
  world: World;
  entra: Entra;
  /** Audiences of tokens that ARM takes. */
  audiences: ReadonlySet<string>;
  throttle: Throttle;
}

function usTime(date: Date): string {
  return date.toLocaleString("en-US", { timeZone: "UTC" }).replace(",", "").replace("\u202f", " ");
}

function challenge(description: string): Record<string, string> {
  const value = `Bearer authorization_uri="https://login.windows.net/", error="invalid_token", error_description="${description}"`;
  return { "www-authenticate": value };
}

function unauthorized(audiences: ReadonlySet<string>, verified: Extract<Verified, { valid: false }>): Reply {
  if (verified.why === "missing") {
    const text = "Authentication failed. The 'Authorization' header is missing.";
    const header = challenge("The authentication failed because of missing 'Authorization' header.");
    return gatewayReply(401, "AuthenticationFailed", text, header);
  }
  if (verified.why === "expired") {
    const text = `The access token expiry UTC time '${usTime(verified.expiry ?? new Date())}' is earlier than current UTC time '${usTime(new Date())}'.`;
    return gatewayReply(401, "ExpiredAuthenticationToken", text, challenge("The access token has expired."));
  }
  if (verified.why === "audience") {
    const text = `The access token has been obtained for wrong audience or resource '${verified.audience}'. It should exactly match with one of the allowed audiences '${[...audiences].join("','")}'.`;
    return gatewayReply(
      401,
      "InvalidAuthenticationTokenAudience",
      text,
      challenge("The access token is from the wrong audience."),
    );
  }
  return gatewayReply(
    401,
    "InvalidAuthenticationToken",
    "The access token is invalid.",
    challenge("The access token is invalid."),
  );
}

function after(call: Call, name: string): string | undefined {
  const index = call.segments.findIndex((one) => same(one, name));
  return index < 0 ? undefined : call.segments[index + 1];
}

function throttled(gateway: Gateway, call: Call, principal: string): Reply | undefined {
  const subscription = after(call, "subscriptions") ?? "tenant";
  const kind = kindOf(call.method);
  const taken = gateway.throttle.take(`${principal} ${subscription.toLowerCase()}`, kind);
  if (taken.allowed) {
    remaining.set(call, { kind, left: taken.remaining });
    return undefined;
  }
  const text = `Number of '${kind}' requests for subscription '${subscription}' actor '${principal}' exceeded. Please try again after '${taken.retryAfter}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.`;
  return gatewayReply(429, "SubscriptionRequestsThrottled", text, { "retry-after": String(taken.retryAfter) });
}

const remaining = new WeakMap<Call, { kind: string; left: number }>();

/** Where a request's right is looked for: the resource that its path names, without the words of an action. */
function scopeOf(call: Call): string {
  const parts = [...call.segments];
  const provider = parts.findIndex((one) => same(one, "providers"));
  const odd = provider >= 0 && (parts.length - provider) % 2 === 1;
  return `/${(odd ? parts.slice(0, -1) : parts).join("/")}`;
}

function authorize(gateway: Gateway, call: Call, principal: { objectId: string; clientId: string }): void {
  // Whoever began an operation may ask after it, though the path lies outside its resource group.
  if (/\/locations\/[^/]+\/operations\//i.test(call.path)) return;
  const action = actionOf(call.method, call.segments);
  const scope = scopeOf(call);
  if (can(gateway.world, principal.objectId, action, scope)) return;
  const text = `The client '${principal.clientId}' with object id '${principal.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  throw gatewayError(403, "AuthorizationFailed", text);
}

function checkSubscription(gateway: Gateway, call: Call, id: string): void {
  const subscription = gateway.world.subscriptions.find((one) => same(one.id, id));
  if (subscription === undefined)
    throw gatewayError(404, "SubscriptionNotFound", `The subscription '${id}' could not be found.`);
  if (subscription.state === "Enabled" || call.method === "GET") return;
  const text = `The subscription '${id}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.`;
  throw gatewayError(409, "ReadOnlyDisabledSubscription", text);
}

function checkGroup(gateway: Gateway, subscription: string, group: string): void {
  const known = gateway.world.resourceGroups.some(
    (one) => same(one.subscriptionId, subscription) && same(one.name, group),
  );
  if (!known) throw gatewayError(404, "ResourceGroupNotFound", `Resource group '${group}' could not be found.`);
}

/** The site and slot of the path must exist, but for the one that a PUT is about to make. */
function checkSite(gateway: Gateway, call: Call, subscription: string, group: string): void {
  const name = after(call, "sites");
  if (name === undefined) return;
  const creates = call.method === "PUT";
  const site = findSite(gateway.world, subscription, group, name);
  const slot = after(call, "slots");
  if (site === undefined) {
    if (creates && same(call.segments.at(-2) ?? "", "sites")) return;
    throw resourceNotFound("Microsoft.Web/sites", slot === undefined ? name : `${name}/slots/${slot}`, group);
  }
  const last = same(call.segments.at(-2) ?? "", "slots");
  if (slot === undefined || findSlot(site, slot) !== undefined || (last && (creates || call.method === "DELETE")))
    return;
  throw resourceNotFound("Microsoft.Web/sites", `${site.name}/slots/${slot}`, group);
}

function checkExistence(gateway: Gateway, call: Call): void {
  const subscription = after(call, "subscriptions");
  const group = after(call, "resourceGroups");
  if (subscription === undefined || group === undefined) return;
  const makesGroup = call.method === "PUT" && same(call.segments.at(-2) ?? "", "resourceGroups");
  if (!makesGroup) checkGroup(gateway, subscription, group);
  checkSite(gateway, call, subscription, group);
}

function isOpen(call: Call): boolean {
  return same(call.segments.join("/"), "metadata/endpoints");
}

/** A `CanNotDelete` lock holds for what it is on and for everything below. */
function checkLocks({ world }: Gateway, call: Call): void {
  if (call.method !== "DELETE") return;
  const scope = scopeOf(call);
  const lock = world.deleteLocks.find((one) => scope.toLowerCase().startsWith(one.toLowerCase()));
  if (lock === undefined) return;
  const text = `The scope '${scope}' cannot perform delete operation because following scope(s) are locked: '${lock}'. Please remove the lock and try again.`;
  throw gatewayError(409, "ScopeLocked", text);
}

/** Lets a request through to its provider, or ends it as ARM ends it. */
export async function admit(gateway: Gateway, call: Call): Promise<Reply | undefined> {
  if (isOpen(call)) return undefined;
  const verified = await gateway.entra.verify(call.bearer(), gateway.audiences);
  if (!verified.valid) return unauthorized(gateway.audiences, verified);
  call.log.principal = verified.principal.objectId;
  const limited = throttled(gateway, call, verified.principal.objectId);
  if (limited !== undefined) return limited;
  if (call.query.get("api-version") === undefined)
    throw gatewayError(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  const subscription = after(call, "subscriptions");
  if (subscription === undefined) return undefined;
  checkSubscription(gateway, call, subscription);
  authorize(gateway, call, verified.principal);
  checkExistence(gateway, call);
  checkLocks(gateway, call);
  return undefined;
}

/** The headers of every ARM reply. */
export function finish(call: Call, reply: Reply): Reply {
  const id = randomUUID();
  const limits = remaining.get(call);
  const headers: Record<string, string> = {
    "cache-control": "no-cache",
    pragma: "no-cache",
    "x-ms-request-id": id,
    "x-ms-correlation-request-id": call.header("x-ms-correlation-request-id") ?? id,
    "x-ms-routing-request-id": `WESTEUROPE:${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "")}:${id}`,
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
  };
  const client = call.header("x-ms-client-request-id");
  if (client !== undefined && call.header("x-ms-return-client-request-id") === "true")
    headers["x-ms-client-request-id"] = client;
  if (limits !== undefined) {
    headers[`x-ms-ratelimit-remaining-subscription-${limits.kind}`] = String(limits.left);
    headers[`x-ms-ratelimit-remaining-subscription-global-${limits.kind}`] = String(limits.left * 15);
  }
  return { ...reply, headers: { ...headers, ...reply.headers } };
}
