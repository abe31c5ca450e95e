/**
 * The firewall of an Azure Database for PostgreSQL flexible server: rules of our own, opened for a run and closed
 * again. A rule has no tags and no description, so its name says whose it is; nothing else is stored anywhere.
 */
import { ServiceError } from "@augeo/release";
import type { Arm, ArmReply, ArmRequest } from "./arm.ts";
import { armErrorBody, armFailure } from "./arm-errors.ts";
import { fieldsOf, optionalText, textOf } from "./decode.ts";
import { operationState, type Patience, untilDone } from "./operation.ts";
import { pauseBefore, pauseWithin } from "./retry.ts";
import { groupPath, listAll } from "./site.ts";

/** Of `@azure/arm-postgresql-flexible` 9.0.0. */
const VERSION = { "api-version": "2025-08-01" };

export interface ServerRef {
  readonly resourceGroup: string;
  /** The server's name alone, without its domain. */
  readonly server: string;
}

/** IPv4 addresses from the first to the last. */
export interface AddressRange {
  readonly start: string;
  readonly end: string;
}

export interface RuleOwner {
  /** GitHub's number of the repository, which a rename does not change. */
  readonly repositoryId: string;
  readonly runId: string;
  readonly attempt: number;
  /** Milliseconds since 1970, to the second. */
  readonly openedAt: number;
}

export interface OwnFirewallRule extends RuleOwner, AddressRange {
  readonly name: string;
  /** False for one that a lock of the server kept from being deleted: it was emptied instead and admits nobody. */
  readonly admits: boolean;
}

/** An address of RFC 5737's, which never comes from the network: a rule for it admits nobody. */
const NOBODY = "192.0.2.0";

/** The longest that a rule can be in use: migrations may take six hours, and the runner must close it after them. */
export const LONGEST_USE_OF_RULE = 7 * 60 * 60 * 1_000;

const OWN_NAME = /^augeo-(\d+)-(\d+)-(\d+)-(\d+)-[a-z0-9]+$/i;

/** At most 80 letters, digits and hyphens, as Azure takes them. `nonce` tells the jobs of one run apart. */
export function firewallRuleName({ repositoryId, runId, attempt, openedAt }: RuleOwner, nonce: string): string {
  return `augeo-${repositoryId}-${runId}-${attempt}-${Math.floor(openedAt / 1_000)}-${nonce}`;
}

/** Whose rule this is; undefined for one that no run of this toolkit opened. */
export function ownerOfRule(name: string): RuleOwner | undefined {
  const [, repositoryId, runId, attempt, seconds] = OWN_NAME.exec(name) ?? [];
  if (repositoryId === undefined || runId === undefined) return undefined;
  return { repositoryId, runId, attempt: Number(attempt), openedAt: Number(seconds) * 1_000 };
}

/** Whether nobody can be using the rule any more; undefined where only GitHub knows whether its run is over. */
export function isStrayRule(rule: RuleOwner, self: Omit<RuleOwner, "openedAt">, now: number): boolean | undefined {
  if (now - rule.openedAt > LONGEST_USE_OF_RULE) return true;
  if (rule.repositoryId !== self.repositoryId) return false;
  return rule.runId === self.runId ? rule.attempt < self.attempt : undefined;
}

/** The rules that runs of this toolkit opened and did not close (yet). */
export async function listOwnFirewallRules(arm: Arm, ref: ServerRef, signal?: AbortSignal): Promise<OwnFirewallRule[]> {
  const path = `${serverPath(arm, ref)}/firewallRules`;
  const request: ArmRequest = { operation: "list the firewall rules", method: "GET", path, query: VERSION, signal };
  const found = await listAll(arm, request).catch((error: unknown) => Promise.reject(explainServer(error, ref)));
  return found.flatMap((each) => {
    const { name, properties } = fieldsOf(each);
    const owner = ownerOfRule(textOf(name));
    const { startIpAddress, endIpAddress } = fieldsOf(properties);
    if (owner === undefined) return [];
    const [start, end] = [textOf(startIpAddress), textOf(endIpAddress)];
    return [{ ...owner, name: textOf(name), start, end, admits: end !== NOBODY }];
  });
}

/** With `settle: false` it is enough that Azure accepted the change. */
export type RulePatience = Patience & { readonly settle?: boolean };

/** Opens the server to these addresses and returns once Azure reports it done. Doing it twice is harmless. */
export async function openFirewallRule(
  arm: Arm,
  ref: ServerRef,
  name: string,
  { start, end }: AddressRange,
  patience: RulePatience,
): Promise<void> {
  const operation = `open the firewall of ${ref.server}`;
  const body = { properties: { startIpAddress: start, endIpAddress: end } };
  await finished(
    arm,
    operation,
    await writeRule(arm, ref, name, { operation, method: "PUT", body }, patience),
    patience,
  );
}

/**
 * Closes a rule; one that is not there is closed already. A server under a delete lock refuses that: then the rule is
 * emptied, which a lock allows, and stays behind by name alone.
 */
export async function deleteFirewallRule(
  arm: Arm,
  ref: ServerRef,
  name: string,
  patience: RulePatience,
): Promise<"deleted" | "emptied"> {
  const operation = `close the firewall of ${ref.server}`;
  const reply = await writeRule(arm, ref, name, { operation, method: "DELETE", accept: [404] }, patience);
  if (armErrorBody(reply.body).code !== "ScopeLocked") {
    if (reply.status !== 404) await finished(arm, operation, reply, patience);
    return "deleted";
  }
  await openFirewallRule(arm, ref, name, { start: NOBODY, end: NOBODY }, patience);
  return "emptied";
}

/** The reply that took the change on, was a 404, or named a lock. One change of a server at a time: others wait. */
async function writeRule(
  arm: Arm,
  ref: ServerRef,
  name: string,
  request: Omit<ArmRequest, "path">,
  { deadline, signal = arm.context.signal }: Patience,
): Promise<ArmReply> {
  const { clock } = arm.context;
  const path = `${serverPath(arm, ref)}/firewallRules/${name}`;
  const accept = [409, ...(request.accept ?? [])];
  for (let attempt = 1; ; attempt++) {
    const reply = await arm
      .call({ ...request, path, query: VERSION, signal, accept })
      .catch((error: unknown) => Promise.reject(explainServer(error, ref)));
    if (reply.status !== 409) return reply;
    if (armErrorBody(reply.body).code === "ScopeLocked" && request.method === "DELETE") return reply;
    const failure = armFailure(request.operation, reply);
    if (failure.code === "ScopeLocked") throw failure;
    if (!(await pauseWithin(clock, pauseBefore(attempt, undefined), deadline, signal))) throw busy(failure, ref);
  }
}

async function finished(arm: Arm, operation: string, reply: ArmReply, patience: RulePatience): Promise<void> {
  if (patience.settle === false) return;
  try {
    await untilDone(arm, operation, operationState(reply, arm.context.clock.now()), patience);
  } catch (error) {
    // Operations lie outside the server, where a role on the server alone does not reach. Connecting shows the rest.
    if (!(error instanceof ServiceError) || error.status !== 403) throw error;
    arm.context.log.debug(`How far Azure is with it may not be asked: ${error.why}`);
  }
}

/** What decides whether a firewall rule can help at all. */
export interface DatabaseServer {
  readonly host: string;
  readonly state: string;
  readonly isPublic: boolean;
}

/** Undefined when this identity may not read the server: it may still be allowed to open its firewall. */
export async function readDatabaseServer(
  arm: Arm,
  ref: ServerRef,
  signal?: AbortSignal,
): Promise<DatabaseServer | undefined> {
  const request = { operation: `read the server ${ref.server}`, method: "GET", accept: [403] } as const;
  const reply = await arm
    .call({ ...request, path: serverPath(arm, ref), query: VERSION, signal })
    .catch((error: unknown) => Promise.reject(explainServer(error, ref)));
  if (reply.status === 403) return undefined;
  const { properties } = fieldsOf(reply.body);
  const { fullyQualifiedDomainName, state, network } = fieldsOf(properties);
  return {
    host: textOf(fullyQualifiedDomainName),
    state: optionalText(state) ?? "Ready",
    isPublic: textOf(fieldsOf(network).publicNetworkAccess).toLowerCase() !== "disabled",
  };
}

function serverPath(arm: Arm, { resourceGroup, server }: ServerRef): string {
  const group = groupPath(arm, resourceGroup);
  return `${group}/providers/Microsoft.DBforPostgreSQL/flexibleServers/${encodeURIComponent(server)}`;
}

function explainServer(error: unknown, { resourceGroup, server }: ServerRef): unknown {
  if (!(error instanceof ServiceError) || error.status !== 404) return error;
  const what = `There is no PostgreSQL flexible server "${server}" in resource group "${resourceGroup}".`;
  const fix =
    "Set database-server to the server's name alone and database-resource-group to its group: az postgres flexible-server list -o table";
  return new ServiceError({ ...error, what, why: error.why, fix, cause: error });
}

function busy(failure: ServiceError, { server }: ServerRef): ServiceError {
  return new ServiceError({
    ...failure,
    what: `Azure would not ${failure.operation} in the time allowed.`,
    why: `Another change of the server was under way the whole time. ${failure.why}`,
    fix: `Wait for it to end (the Activity log of ${server} names it), then run again.`,
    retryable: true,
    cause: failure,
  });
}
