import { randomUUID } from "node:crypto";

export interface FirewallRule {
  name: string;
  startIpAddress: string;
  endIpAddress: string;
  /** When the server's door hears of it, milliseconds since 1970: Azure takes up to five minutes. */
  effectiveAt: number;
}

/** A change of a server under way, or how it ended. */
export interface ServerOperation {
  readonly id: string;
  readonly server: FlexibleServer;
  readonly startTime: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
  /** Body of the last poll of the `Location` style. */
  readonly result: unknown;
}

/** An Azure Database for PostgreSQL flexible server, as Resource Manager knows it. */
export interface FlexibleServer {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  /** Host that clients connect to. */
  host: string;
  state: "Ready" | "Stopped" | "Updating";
  publicNetworkAccess: "Enabled" | "Disabled";
  /** By lower-cased name. */
  readonly firewallRules: Map<string, FirewallRule>;
  /** Milliseconds that a change takes until Azure calls it done. */
  changeTakes: number;
  /** Milliseconds from then until the door heeds it. */
  propagation: number;
  operation: ServerOperation | undefined;
}

export type FlexibleServerOptions = Pick<FlexibleServer, "name"> &
  Partial<Pick<FlexibleServer, "changeTakes" | "propagation" | "publicNetworkAccess">>;

/** The number of an IPv4 address, or undefined when it is none. */
export function addressNumber(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Whether a client of this address may come in now. */
export function admits({ firewallRules, publicNetworkAccess }: FlexibleServer, address: string, now: number): boolean {
  const number = addressNumber(address) ?? -1;
  if (publicNetworkAccess === "Disabled") return false;
  return [...firewallRules.values()].some(
    (rule) =>
      rule.effectiveAt <= now &&
      number >= (addressNumber(rule.startIpAddress) ?? Infinity) &&
      number <= (addressNumber(rule.endIpAddress) ?? -1),
  );
}

export function beginOperation(server: FlexibleServer, result: unknown): ServerOperation {
  const now = Date.now();
  const startTime = new Date(now).toISOString();
  const operation = { id: randomUUID(), server, startTime, endsAt: now + server.changeTakes, result };
  server.operation = operation;
  return operation;
}

export function isRunning(operation: ServerOperation | undefined): boolean {
  return operation !== undefined && operation.endsAt > Date.now();
}
