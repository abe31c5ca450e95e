import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Call, Reply } from "../http.ts";
import { ProviderError, type Site } from "../model.ts";
import { type ArmBehaviour, type Context, ok, paths, refuseWhileBusy } from "./context.ts";
import { cannotFind, providerReply, wrappedProviderReply } from "./errors.ts";

export interface Operation {
  readonly id: string;
  readonly site: Site;
  readonly name: string;
  status: "InProgress" | "Succeeded" | "Failed";
  error: ProviderError | undefined;
  startTime: string;
  endTime: string | undefined;
  /** Body of the last poll. */
  result: unknown;
  /** Settles when the work ended, well or badly; never rejects. */
  done: Promise<void>;
}

/** A provider's error in the shape that is switched on. */
export function errorReply(behaviour: ArmBehaviour, error: ProviderError): Reply {
  return behaviour.errors === "wrapped" ? wrappedProviderReply(error) : providerReply(error);
}

function asProviderError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ProviderError(
    500,
    "InternalServerError",
    `There was an unexpected InternalServerError. ${message}`,
    "50001",
  );
}

/** The long-running operations: at most one at a time on a site. */
export class Operations {
  readonly #all = new Map<string, Operation>();
  readonly #behaviour: ArmBehaviour;

  constructor(behaviour: ArmBehaviour) {
    this.#behaviour = behaviour;
  }

  /** Begins work on a site, which resolves to the body of the last poll; throws 409 while another operation runs there. */
  begin(site: Site, name: string, work: () => Promise<unknown>): Operation {
    refuseWhileBusy(site);
    const now = new Date();
    const id = randomUUID();
    const createdTime = now.toLocaleString("en-US", { timeZone: "UTC" }).replace(",", "").replace("\u202f", " ");
    const operation: Operation = {
      id,
      site,
      name,
      status: "InProgress",
      error: undefined,
      startTime: now.toISOString(),
      endTime: undefined,
      result: undefined,
      done: Promise.resolve(),
    };
    site.operation = { id, name, createdTime };
    operation.done = this.#run(operation, work);
    this.#all.set(id, operation);
    return operation;
  }

  find(id: string): Operation | undefined {
    return this.#all.get(id.toLowerCase());
  }

  /** Resolves once nothing runs any more. */
  async settled(): Promise<void> {
    await Promise.all([...this.#all.values()].map((one) => one.done));
  }

  async #run(operation: Operation, work: () => Promise<unknown>): Promise<void> {
    try {
      operation.result = await work();
    } catch (error) {
      operation.error = asProviderError(error);
    }
    await sleep(this.#behaviour.lag);
    operation.site.operation = undefined;
    operation.endTime = new Date().toISOString();
    operation.status = operation.error === undefined ? "Succeeded" : "Failed";
  }
}

function retryAfter(behaviour: ArmBehaviour): Record<string, string> {
  return behaviour.retryAfter === undefined ? {} : { "retry-after": String(behaviour.retryAfter) };
}

/** The 202 that begins the polling of an operation; `resource` is the path of the site or slot it runs on. */
export function accepted(context: Context, call: Call, resource: string, operation: Operation): Reply {
  const { behaviour } = context;
  const version = `api-version=${call.query.get("api-version")}`;
  const { subscriptionId, location } = operation.site;
  const status = `${call.origin}/subscriptions/${subscriptionId}/providers/Microsoft.Web/locations/${location}/operations/${operation.id}?${version}`;
  const headers: Record<string, string> =
    behaviour.operationStyle === "azure-async"
      ? { "azure-asyncoperation": status }
      : { location: `${call.origin}${resource}/operationresults/${operation.id}?${version}` };
  return { status: 202, headers: { ...headers, ...retryAfter(behaviour) } };
}

function find(context: Context, call: Call): Operation {
  const operation = context.operations.find(call.param("operation"));
  if (operation === undefined) throw cannotFind("Operation", call.param("operation"));
  return operation;
}

/** A poll of the `Location` style: the HTTP status says how it stands. */
function result(context: Context, call: Call): Reply {
  const operation = find(context, call);
  if (operation.error !== undefined && operation.status === "Failed")
    return errorReply(context.behaviour, operation.error);
  if (operation.status === "Succeeded") return { status: context.behaviour.finalStatus, body: operation.result };
  const location = `${call.origin}${call.path}?${call.log.query}`;
  return { status: 202, headers: { location, ...retryAfter(context.behaviour) } };
}

/** A poll of the `Azure-AsyncOperation` style: the body's `status` says how it stands. */
function status(context: Context, call: Call): Reply {
  const operation = find(context, call);
  const { id, name, startTime, endTime, error } = operation;
  const failed = operation.status === "Failed" && error !== undefined;
  const reply = ok({
    id,
    name,
    status: operation.status,
    startTime,
    ...(endTime === undefined ? {} : { endTime }),
    ...(failed ? { error: { code: error.code, message: error.message } } : {}),
  });
  return { ...reply, headers: operation.status === "InProgress" ? retryAfter(context.behaviour) : {} };
}

export const operationRoutes = [
  ["GET", `${paths.slot}/operationresults/{operation}`, result],
  ["GET", "/subscriptions/{subscription}/providers/Microsoft.Web/locations/{location}/operations/{operation}", status],
] as const;
