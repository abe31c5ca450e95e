import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterEach, expect, test } from "@jest/globals";
import { type Proxied, proxy } from "../../../packages/rehearsal/src/front-end/proxy.ts";
import { Call } from "../../../packages/rehearsal/src/http.ts";
import { RequestLog } from "../../../packages/rehearsal/src/request-log.ts";
import type { Container } from "../../../packages/rehearsal/src/slots/container.ts";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function app(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; port: number }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** As much of a container as the proxy looks at. */
function container(port: number): Container {
  return { port, inFlight: 0, behaviour: {} } as unknown as Container;
}

function calling(method: string, body = ""): Call {
  const headers = body === "" ? {} : { "content-length": String(body.length) };
  const request = Object.assign(Readable.from(body === "" ? [] : [Buffer.from(body)]), { method, url: "/", headers });
  const log = new RequestLog().begin({ host: "front", label: undefined, method, path: "/", query: "", headers });
  return new Call(request as unknown as IncomingMessage, log, "https://127.0.0.1:1", new AbortController().signal);
}

const agent = new Agent({ keepAlive: true });

function send(one: Container, call: Call, idle = 2000): Promise<Proxied> {
  return proxy(call, one, { hostName: "127.0.0.1:1", idle, agent });
}

async function textOf(reply: Proxied): Promise<string> {
  if (reply === "unreachable") return reply;
  let text = "";
  for await (const part of reply.body as Readable) text += part;
  return text;
}

test("a kept connection that the app closes as it is used again costs the client nothing", async () => {
  const requestsOn = new Map<unknown, number>();
  const { port } = await app((request, response) => {
    const count = (requestsOn.get(request.socket) ?? 0) + 1;
    requestsOn.set(request.socket, count);
    if (count > 1) request.socket.destroy();
    else response.end("served");
  });
  const one = container(port);
  expect(await textOf(await send(one, calling("GET")))).toBe("served");
  expect(await textOf(await send(one, calling("GET")))).toBe("served");
  expect(requestsOn.size).toBe(2);
  expect(one.inFlight).toBe(0);
});

test("a request with a body never travels on a kept connection", async () => {
  const { port } = await app((request, response) => {
    request.resume().on("end", () => response.end(request.headers.connection));
  });
  const one = container(port);
  await textOf(await send(one, calling("GET")));
  expect(await textOf(await send(one, calling("POST", "body")))).toBe("close");
});

test("an app that is not there is unreachable, and the request unspent", async () => {
  const { server, port } = await app(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  const call = calling("POST", "body");
  expect(await send(container(port), call)).toBe("unreachable");
  expect((await call.bytes()).toString()).toBe("body");
});

test("an app that hangs up on a request it has seen is a 502: it is not repeated", async () => {
  let seen = 0;
  const { port } = await app((request) => {
    seen += 1;
    request.socket.destroy();
  });
  expect(await send(container(port), calling("POST", "body"))).toMatchObject({ status: 502 });
  expect(seen).toBe(1);
});

test("an app that says nothing until the idle limit is a 500", async () => {
  const { port } = await app(() => undefined);
  const one = container(port);
  expect(await send(one, calling("GET"), 50)).toMatchObject({ status: 500 });
  expect(one.inFlight).toBe(0);
});
