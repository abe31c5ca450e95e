import { type Agent, type IncomingMessage, request as openRequest } from "node:http";
import type { Call, Reply } from "../http.ts";
import type { Container } from "../slots/container.ts";
import { pages } from "./pages.ts";

export interface ProxyOptions {
  /** Public host name of the slot that serves: `host:port`. */
  hostName: string;
  /** Idle limit in milliseconds. */
  idle: number;
  agent: Agent;
}

/** `unreachable`: the app has not seen the request, so that it may be sent again without harm. */
export type Proxied = Reply | "unreachable";

const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Passes one request on to a container and its answer back, both as streams. The body starts to flow only on an open
 * connection, and a kept connection is used only for requests without one, which a failure of that old connection lets
 * us repeat: neither a container that goes away nor a recycled connection becomes the client's failure.
 */
export async function proxy(call: Call, container: Container, options: ProxyOptions): Promise<Proxied> {
  if (container.behaviour.answers !== undefined) return pages.answered(container.behaviour.answers);
  if (container.port === undefined) return pages.default();
  container.inFlight += 1;
  let done = false;
  const end = (): void => {
    if (!done) container.inFlight -= 1;
    done = true;
  };
  const repeatable = !hasBody(call) && /^(GET|HEAD|OPTIONS)$/.test(call.method);
  const first = await exchange(call, container.port, options, repeatable, end);
  const answer = first === "stale" ? await exchange(call, container.port, options, false, end) : first;
  if (answer === "stale" || answer === "unreachable") {
    end();
    return "unreachable";
  }
  return answer;
}

/** `stale`: a kept connection had been closed under us before anything was answered. */
function exchange(
  call: Call,
  port: number,
  options: ProxyOptions,
  keep: boolean,
  end: () => void,
): Promise<Proxied | "stale"> {
  return new Promise((resolve) => {
    let connected = false;
    const outgoing = openRequest({
      host: "127.0.0.1",
      port,
      method: call.method,
      path: call.log.query === "" ? call.path : `${call.path}?${call.log.query}`,
      headers: forwardedHeaders(call, options.hostName),
      agent: keep ? options.agent : false,
      timeout: options.idle,
    });
    const fail = (reply: Reply): void => {
      end();
      resolve(reply);
    };
    outgoing.once("socket", (socket) => {
      const flow = (): void => {
        connected = true;
        if (hasBody(call)) call.stream.pipe(outgoing);
        else outgoing.end();
      };
      if (socket.connecting) socket.once("connect", flow);
      else flow();
    });
    outgoing.once("timeout", () => {
      fail(pages.timedOut());
      outgoing.destroy();
    });
    outgoing.on("error", () => {
      if (!connected) resolve("unreachable");
      else if (outgoing.reusedSocket) resolve("stale");
      else fail(pages.badGateway());
    });
    outgoing.once("response", (incoming) => {
      incoming.once("close", end);
      resolve({ status: incoming.statusCode ?? 502, headers: returnedHeaders(incoming), body: incoming });
    });
    call.signal.addEventListener("abort", () => outgoing.destroy());
  });
}

function hasBody(call: Call): boolean {
  return call.headers["transfer-encoding"] !== undefined || Number(call.headers["content-length"] ?? 0) > 0;
}

function forwardedHeaders(call: Call, hostName: string): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(call.headers))
    if (value !== undefined && !hopByHop.has(name)) headers[name] = value;
  if (call.headers["transfer-encoding"] !== undefined) headers["transfer-encoding"] = "chunked";
  return {
    ...headers,
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-proto": "https",
    "x-original-url": call.path,
    "was-default-hostname": hostName,
    "disguised-host": hostName,
  };
}

function returnedHeaders(incoming: IncomingMessage): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined && !hopByHop.has(name)) headers[name] = value;
  return headers;
}
