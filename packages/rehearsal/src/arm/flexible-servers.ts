/** Microsoft.DBforPostgreSQL, api-version 2025-08-01: flexible servers and their firewall rules. */
import { addressNumber, beginOperation, type FlexibleServer, isRunning } from "../database/flexible-server.ts";
import type { Call, Reply } from "../http.ts";
import { type Context, isRecord, ok, paths } from "./context.ts";
import { gatewayError } from "./errors.ts";
import { same } from "./world.ts";

const TYPE = "Microsoft.DBforPostgreSQL/flexibleServers";
const servers = `${paths.group}/providers/${TYPE}`;
const server = `${servers}/{server}`;
const rules = `${server}/firewallRules`;
const locations = "/subscriptions/{subscription}/providers/Microsoft.DBforPostgreSQL/locations/{location}";

export function serverId({ subscriptionId, resourceGroup, name }: FlexibleServer): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${TYPE}/${name}`;
}

function notFound(type: string, name: string): never {
  throw gatewayError(
    404,
    "ResourceNotFound",
    `The requested resource of type '${type}' with name '${name}' was not found.`,
  );
}

function serverOf({ world }: Context, call: Call): FlexibleServer {
  const found = world.flexibleServers.find(
    (one) =>
      same(one.subscriptionId, call.param("subscription")) &&
      same(one.resourceGroup, call.param("group")) &&
      same(one.name, call.param("server")),
  );
  return found ?? notFound(TYPE, call.param("server"));
}

function serverView(one: FlexibleServer): unknown {
  const network = { publicNetworkAccess: one.publicNetworkAccess };
  const properties = {
    administratorLogin: "postgres",
    version: "17",
    state: one.state,
    fullyQualifiedDomainName: one.host,
    network,
    highAvailability: { mode: "Disabled", state: "NotEnabled" },
    replicationRole: "Primary",
  };
  const sku = { name: "Standard_D2ds_v5", tier: "GeneralPurpose" };
  return { id: serverId(one), name: one.name, type: TYPE, location: one.location, tags: {}, sku, properties };
}

function ruleView(one: FlexibleServer, name: string): unknown {
  const rule = one.firewallRules.get(name.toLowerCase()) ?? notFound(`${TYPE}/firewallRules`, name);
  const { startIpAddress, endIpAddress } = rule;
  const id = `${serverId(one)}/firewallRules/${rule.name}`;
  return { id, name: rule.name, type: `${TYPE}/firewallRules`, properties: { startIpAddress, endIpAddress } };
}

function refuseWhileServerIsBusy(one: FlexibleServer): void {
  if (!isRunning(one.operation) && one.state !== "Updating") return;
  const text = `Cannot complete operation while server '${one.name}' is busy processing another operation. Try again later.`;
  throw gatewayError(409, "ServerIsBusy", text);
}

function invalid(message: string): never {
  throw gatewayError(400, "InvalidParameterValue", message);
}

async function putRule(context: Context, call: Call): Promise<Reply> {
  const one = serverOf(context, call);
  const name = call.param("rule");
  if (!/^[a-zA-Z0-9][-_a-zA-Z0-9]{0,79}(?<!-)$/.test(name))
    invalid(`Invalid value given for parameter firewallRuleName: '${name}'.`);
  const body = await call.json();
  const { startIpAddress, endIpAddress } = isRecord(body) && isRecord(body.properties) ? body.properties : {};
  const [start, end] = [addressNumber(String(startIpAddress)), addressNumber(String(endIpAddress))];
  if (start === undefined || end === undefined || end < start)
    invalid("Invalid value given for parameter startIpAddress or endIpAddress.");
  refuseWhileServerIsBusy(one);
  const effectiveAt = Date.now() + one.changeTakes + one.propagation;
  const rule = { name, startIpAddress: String(startIpAddress), endIpAddress: String(endIpAddress), effectiveAt };
  one.firewallRules.set(name.toLowerCase(), rule);
  return begun(context, call, one, "UpsertServerFirewallRulesManagementOperationV2", ruleView(one, name));
}

function deleteRule(context: Context, call: Call): Reply {
  const one = serverOf(context, call);
  if (!one.firewallRules.has(call.param("rule").toLowerCase())) return { status: 204 };
  refuseWhileServerIsBusy(one);
  one.firewallRules.delete(call.param("rule").toLowerCase());
  return begun(context, call, one, "DropServerFirewallRulesManagementOperationV2", undefined);
}

/** Both kinds of poll address at once, whatever the behaviour of App Service is set to. */
function begun(context: Context, call: Call, one: FlexibleServer, operation: string, result: unknown): Reply {
  const { id, startTime } = beginOperation(one, result);
  const at = `${call.origin}/subscriptions/${one.subscriptionId}/providers/Microsoft.DBforPostgreSQL/locations/${one.location}`;
  const version = `api-version=${call.query.get("api-version")}`;
  const headers = {
    "azure-asyncoperation": `${at}/azureAsyncOperation/${id}?${version}`,
    location: `${at}/operationResults/${id}?${version}`,
    ...retryAfter(context),
  };
  return { status: 202, headers, body: { operation, startTime } };
}

const retryAfter = ({ behaviour }: Context): Record<string, string> =>
  behaviour.retryAfter === undefined ? {} : { "retry-after": String(behaviour.retryAfter) };

function operationOf({ world }: Context, call: Call) {
  const id = call.param("operation");
  const found = world.flexibleServers
    .map(({ operation }) => operation)
    .find((one) => one !== undefined && same(one.id, id));
  return found ?? notFound("Microsoft.DBforPostgreSQL/locations/azureAsyncOperation", id);
}

function operationStatus(context: Context, call: Call): Reply {
  const operation = operationOf(context, call);
  const status = isRunning(operation) ? "InProgress" : "Succeeded";
  const headers = isRunning(operation) ? retryAfter(context) : {};
  return { ...ok({ name: operation.id, status, startTime: operation.startTime }), headers };
}

function operationResult(context: Context, call: Call): Reply {
  const operation = operationOf(context, call);
  if (isRunning(operation))
    return {
      status: 202,
      headers: { location: `${call.origin}${call.path}?${call.log.query}`, ...retryAfter(context) },
    };
  return operation.result === undefined ? { status: 204 } : ok(operation.result);
}

function listServers(context: Context, call: Call): Reply {
  const { subscription = "", group } = call.params;
  const value = context.world.flexibleServers
    .filter((one) => same(one.subscriptionId, subscription) && (group === undefined || same(one.resourceGroup, group)))
    .map(serverView);
  return ok({ value });
}

function listRules(context: Context, call: Call): Reply {
  const one = serverOf(context, call);
  return ok({ value: [...one.firewallRules.keys()].map((name) => ruleView(one, name)) });
}

export const flexibleServerRoutes = [
  ["GET", `/subscriptions/{subscription}/providers/${TYPE}`, listServers],
  ["GET", servers, listServers],
  ["GET", server, (context: Context, call: Call) => ok(serverView(serverOf(context, call)))],
  ["GET", rules, listRules],
  [
    "GET",
    `${rules}/{rule}`,
    (context: Context, call: Call) => ok(ruleView(serverOf(context, call), call.param("rule"))),
  ],
  ["PUT", `${rules}/{rule}`, putRule],
  ["DELETE", `${rules}/{rule}`, deleteRule],
  ["GET", `${locations}/azureAsyncOperation/{operation}`, operationStatus],
  ["GET", `${locations}/operationResults/{operation}`, operationResult],
] as const;
