/** Long-running operations of Resource Manager, asked about one step at a time or until their end. */
import { ServiceError } from "@augeo/release";
import type { Arm, ArmReply } from "./arm.ts";
import { armErrorBody } from "./arm-errors.ts";
import { retryAfterOf } from "./retry.ts";

export type OperationState =
  | {
      kind: "running";
      operationUrl: string /** Milliseconds that the service asks to wait. */;
      retryAfter: number | undefined;
    }
  | { kind: "succeeded"; body: unknown }
  | {
      kind: "failed";
      status: number | undefined;
      code: string | undefined;
      message: string;
      correlationId: string | undefined;
    };

/** `Retry-After` decides; without it the SDK's own interval. */
const INTERVAL = 2_000;
const FAILED = new Set(["failed", "canceled", "cancelled"]);

/** How an operation stands by the reply that started it or by one of its polls. */
export function operationState(reply: ArmReply, now: number, previousUrl?: string): OperationState {
  const url = nextUrl(reply) ?? (reply.status === 202 ? previousUrl : undefined);
  const status = bodyStatus(reply.body);
  if (reply.status >= 400) return { kind: "failed", status: reply.status, ...failure(reply) };
  if (status !== undefined && FAILED.has(status)) return { kind: "failed", status: undefined, ...failure(reply) };
  const running = reply.status === 202 || (status !== undefined && status !== "succeeded" && previousUrl !== undefined);
  const started = previousUrl === undefined && reply.status === 201 && url !== undefined;
  if ((running || started) && (url ?? previousUrl) !== undefined) {
    return { kind: "running", operationUrl: url ?? previousUrl ?? "", retryAfter: retryAfterOf(reply.headers, now) };
  }
  return { kind: "succeeded", body: reply.body };
}

function nextUrl(reply: ArmReply): string | undefined {
  const target = reply.headers["azure-asyncoperation"] ?? reply.headers.location;
  return target === undefined ? undefined : new URL(target, reply.url).href;
}

/** The `status` of an Azure-AsyncOperation body; a resource has none at its top. */
function bodyStatus(body: unknown): string | undefined {
  const status = typeof body === "object" && body !== null && "status" in body ? body.status : undefined;
  return typeof status === "string" ? status.toLowerCase() : undefined;
}

function failure(reply: ArmReply) {
  const { code, message } = armErrorBody(reply.body);
  return { code, message, correlationId: reply.headers["x-ms-correlation-request-id"] };
}

/** Asks once how the operation stands. Refuses an address on another host without sending the token. */
export async function readOperation(
  arm: Arm,
  operation: string,
  operationUrl: string,
  signal?: AbortSignal,
): Promise<OperationState> {
  const accept = [400, 404, 409, 410, 417, 422];
  const reply = await arm.call({
    operation: `${operation} (its progress)`,
    method: "GET",
    path: operationUrl,
    accept,
    signal,
  });
  return operationState(reply, arm.context.clock.now(), operationUrl);
}

export interface Patience {
  /** Milliseconds since 1970. */
  deadline: number;
  signal?: AbortSignal | undefined;
}

/** Follows an operation to its end. Throws `ServiceError` when it fails or the deadline passes. */
export async function untilDone(
  arm: Arm,
  operation: string,
  first: OperationState,
  patience: Patience,
): Promise<unknown> {
  const { clock } = arm.context;
  const signal = patience.signal ?? arm.context.signal;
  let state = first;
  while (state.kind === "running") {
    const pause = state.retryAfter ?? INTERVAL;
    if (clock.now() + pause > patience.deadline) throw tooLong(operation, state.operationUrl);
    await clock.sleep(pause, signal);
    state = await readOperation(arm, operation, state.operationUrl, signal);
  }
  if (state.kind === "failed") throw operationFailed(operation, state);
  return state.body;
}

function operationFailed(operation: string, state: Extract<OperationState, { kind: "failed" }>): ServiceError {
  return new ServiceError({
    service: "Azure Resource Manager",
    operation,
    status: state.status,
    code: state.code,
    what: `Azure could not complete ${operation}.`,
    why: `${[state.status, state.code].filter(Boolean).join(" ")}: ${state.message}`,
    fix: "Mend what the message names, then run again; the app's Activity log has the details.",
    correlationId: state.correlationId,
  });
}

function tooLong(operation: string, url: string): ServiceError {
  return new ServiceError({
    service: "Azure Resource Manager",
    operation,
    what: `${operation} was not complete in the time allowed.`,
    why: `Azure accepted it and still reports it as running (${new URL(url).pathname}).`,
    fix: "It may yet complete: look at the app's Activity log. Raise timeout when this is its usual duration.",
    retryable: true,
  });
}
