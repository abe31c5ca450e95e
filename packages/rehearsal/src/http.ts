import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Faults } from "./faults.ts";
import { Call, type Reply, ReplyError } from "./http-call.ts";
import { send, strikeAfter, strikeBefore } from "./http-faults.ts";
import type { Routes } from "./http-routes.ts";
import type { LoggedRequest, RequestLog } from "./request-log.ts";
import type { Tls } from "./tls.ts";

export { Call, Query, type Reply, ReplyError } from "./http-call.ts";
export { type Handler, Routes } from "./http-routes.ts";

/** What all hosts of one cloud share. */
export interface Ground {
  tls: Pick<Tls, "cert" | "key">;
  faults: Faults;
  requests: RequestLog;
}

export interface ServiceOptions {
  /** `login`, `oidc`, `management`, `scm`, `front`, `github`…: what faults and log filters call this host. */
  kind: string;
  /** Which of several of the kind, e.g. `staging`. A function, because a slot's label may change. */
  label?: string | (() => string);
  routes: Routes;
  /** A fixed port, to open a host again where it was; without, a free one. */
  port?: number;
  /** Runs before the route's handler (and before a 501): sign-in, throttling. A reply ends the request. */
  before?: (call: Call) => Reply | undefined | Promise<Reply | undefined>;
  /** The reply to a request that no route knows. Without: 501 with the operation's name. */
  unknown?: (call: Call) => Reply | Promise<Reply>;
  /** Turns what a handler threw into a reply. Without, or when it returns undefined: 500 with the stack. */
  onError?: (error: unknown, call: Call) => Reply | undefined;
  /** Adds what every reply of this host carries, e.g. request ids. Not applied to a fault's own reply. */
  finish?: (call: Call, reply: Reply) => Reply;
}

/** One host: an HTTPS listener on its own port of 127.0.0.1. */
export interface Service {
  readonly kind: string;
  readonly port: number;
  /** `https://127.0.0.1:<port>` */
  readonly origin: string;
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

function notImplemented(call: Call): Reply {
  const message = `The rehearsal cloud does not know the operation ${call.method} ${call.path}.`;
  return { status: 501, body: { error: { code: "NotImplemented", message } } };
}

async function work(options: ServiceOptions, call: Call): Promise<Reply> {
  try {
    const early = await options.before?.(call);
    if (early !== undefined) return early;
    const found = options.routes.find(call.method, call.path);
    if (found === undefined) return await (options.unknown ?? notImplemented)(call);
    call.params = found.params;
    return await found.route.handler(call);
  } catch (error) {
    if (error instanceof ReplyError) return error.reply;
    const reply = options.onError?.(error, call);
    if (reply !== undefined) return reply;
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { status: 500, body: { error: { code: "RehearsalCloudFault", message } } };
  }
}

/** Counts the body's bytes as they are read, without starting to read. */
function countBody(request: IncomingMessage, log: LoggedRequest): void {
  const push = request.push.bind(request);
  request.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk instanceof Uint8Array) log.requestBytes += chunk.byteLength;
    return push(chunk, encoding);
  };
}

function begin(ground: Ground, options: ServiceOptions, request: IncomingMessage): LoggedRequest {
  const [path = "/", ...query] = (request.url ?? "/").split("?");
  const label = typeof options.label === "function" ? options.label() : options.label;
  const method = request.method ?? "GET";
  const log = ground.requests.begin({
    host: options.kind,
    label,
    method,
    path,
    query: query.join("?"),
    headers: request.headers,
  });
  countBody(request, log);
  return log;
}

function endLog(log: LoggedRequest, response: ServerResponse, gone: AbortController): void {
  log.milliseconds = Date.now() - log.at;
  if (response.writableFinished) log.status = response.statusCode;
  else gone.abort();
}

async function serve(
  ground: Ground,
  options: ServiceOptions,
  origin: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const log = begin(ground, options, request);
  const gone = new AbortController();
  request.on("error", () => gone.abort());
  response.on("error", () => gone.abort());
  response.once("close", () => endLog(log, response, gone));
  const call = new Call(request, log, origin, gone.signal);
  const fault = ground.faults.strike(log);
  const early = await strikeBefore(fault, call, response);
  if (early === "ended") return;
  if (early !== "go on") return send(response, early, undefined);
  const reply = await work(options, call);
  const late = await strikeAfter(fault, options.finish?.(call, reply) ?? reply, call, response);
  if (late !== "ended") await send(response, late, fault);
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("The host did not get a port."));
      else resolve(address.port);
    });
  });
}

/** Opens a host. All of its requests are logged and pass through the fault layer. */
export async function listen(ground: Ground, options: ServiceOptions): Promise<Service> {
  const server = createServer({
    cert: ground.tls.cert,
    key: ground.tls.key,
    keepAliveTimeout: 60_000,
    requestTimeout: 0,
  });
  const port = await listening(server, options.port ?? 0);
  const host = `127.0.0.1:${port}`;
  const origin = `https://${host}`;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    serve(ground, options, origin, request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { kind: options.kind, port, host, origin, close };
}
