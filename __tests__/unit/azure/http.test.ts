import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { Http } from "../../../packages/azure/src/index.ts";

let server: Server | undefined;
let http: Http | undefined;
afterEach(async () => {
  http?.close();
  server?.closeAllConnections();
  if (server) await new Promise((resolve) => server?.close(resolve));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function client(): Http {
  http = new Http({});
  return http;
}

const upload = (bytes: number) => ({
  async *open() {
    const chunk = Buffer.alloc(64 * 1024);
    for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk;
  },
});
const post = (url: string, more = {}) => client().send({ method: "POST", url, timeout: 5_000, ...more });

describe("a request that fails tells how far it came", () => {
  test("connecting, when nobody listens", async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    await expect(post(url, { body: "x" })).rejects.toMatchObject({
      name: "TransportError",
      phase: "connecting",
      code: "ECONNREFUSED",
    });
  });

  test("sending, when it is cut while the body is on its way", async () => {
    const url = await serve((request) => void setTimeout(() => request.destroy(), 50));
    await expect(post(url, { body: upload(200_000_000) })).rejects.toMatchObject({
      name: "TransportError",
      phase: "sending",
    });
  });

  test("waiting, when the whole body had left", async () => {
    const url = await serve((request) => void request.resume().on("end", () => request.socket.destroy()));
    await expect(post(url, { body: "whole" })).rejects.toMatchObject({ name: "TransportError", phase: "waiting" });
  });

  test("waiting, when the server had all of an upload before this side knew that it was sent", async () => {
    const url = await serve((request) => void request.resume().on("end", () => request.socket.resetAndDestroy()));
    const body = {
      length: 5,
      async *open() {
        yield Buffer.from("whole");
        await new Promise((resolve) => setTimeout(resolve, 300));
      },
    };
    await expect(post(url, { body })).rejects.toMatchObject({ phase: "waiting" });
  });

  test("waiting, when no answer comes in the time allowed", async () => {
    const url = await serve((request) => void request.resume());
    await expect(post(url, { body: "whole", timeout: 200 })).rejects.toMatchObject({
      phase: "waiting",
      code: "ETIMEDOUT",
    });
  });
});

test("an answer that comes before the body was read ends the upload", async () => {
  const url = await serve((_, reply) => void reply.writeHead(409).end("busy"));
  let asked = 0;
  const body = {
    async *open() {
      for (; asked < 4_000; asked++) yield Buffer.alloc(64 * 1024);
    },
  };
  expect(await post(url, { body })).toMatchObject({ status: 409, text: "busy" });
  expect(asked).toBeLessThan(4_000);
});

test("a redirect is an answer and is not followed", async () => {
  const visits: string[] = [];
  const url = await serve((request, reply) => {
    visits.push(request.url ?? "");
    reply.writeHead(302, { location: "/elsewhere" }).end();
  });
  expect((await client().send({ method: "GET", url, timeout: 1_000 })).status).toBe(302);
  expect(visits).toEqual(["/"]);
});

test("a package that cannot be read fails as itself, not as the network", async () => {
  const url = await serve((request) => void request.resume());
  const body = {
    // biome-ignore lint/correctness/useYield: it fails before it yields
    async *open(): AsyncGenerator<Buffer> {
      throw new RangeError("the package changed");
    },
  };
  await expect(post(url, { body })).rejects.toThrow(RangeError);
});

test("a cancelled request rejects with the reason of the cancellation", async () => {
  const url = await serve((request) => void request.resume());
  const controller = new AbortController();
  const sent = post(url, { body: "x", signal: controller.signal });
  controller.abort(new Error("stop"));
  await expect(sent).rejects.toThrow("stop");
});
