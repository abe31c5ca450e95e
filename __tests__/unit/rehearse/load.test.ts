import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type TemporaryFolder, temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { createTls, type Tls } from "../../../packages/rehearsal/src/tls.ts";
import { type Load, startLoad } from "../../../scripts/rehearse/load.ts";

let folder: TemporaryFolder;
let tls: Tls;
beforeAll(async () => {
  folder = await temporaryFolder("load-test");
  tls = await createTls(folder.path);
});
afterAll(() => folder.remove());

let server: Server;

async function loadAgainst(listener: RequestListener): Promise<Load> {
  server = createServer({ cert: tls.cert, key: tls.key }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return startLoad({
    origin: `https://127.0.0.1:${port}`,
    ca: tls.ca,
    itemIds: [7],
    readers: 2,
    requestsPerSecond: 20,
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 10));
}

async function close(load: Load): Promise<void> {
  await load.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

describe("the clients", () => {
  test("remember each bid that was accepted, as it was accepted", async () => {
    let id = 0;
    const bodies: unknown[] = [];
    const load = await loadAgainst(async (request, response) => {
      const text = Buffer.concat(await request.toArray()).toString();
      if (request.method === "POST") bodies.push(JSON.parse(text));
      id += 1;
      response.writeHead(request.method === "POST" ? 201 : 200, { "x-release": "r1" }).end(JSON.stringify({ id }));
    });
    await until(() => load.accepted.length >= 3);
    await close(load);
    expect(load.accepted.map(({ bidder, amountCents }) => ({ bidder, amount_cents: amountCents }))).toEqual(bodies);
    expect(load.samples.every(({ release }) => release === "r1")).toBe(true);
  });

  test("keep a connection open, send no cookie back, and count a refused bid as no accepted one", async () => {
    const connections = new Set<unknown>();
    const cookies: unknown[] = [];
    const load = await loadAgainst((request, response) => {
      connections.add(request.socket);
      cookies.push(request.headers.cookie);
      request.resume();
      response
        .writeHead(request.method === "POST" ? 409 : 200, { "set-cookie": "x-ms-routing-name=staging" })
        .end("{}");
    });
    // A busy machine needs more of them at first; where none is used again, there are never fewer than requests.
    await until(() => load.samples.length >= 20 && connections.size < load.samples.length / 2);
    await close(load);
    expect(load.accepted).toEqual([]);
    expect(new Set(cookies)).toEqual(new Set([undefined]));
  });

  test("note a cut connection as a failure and try nothing again", async () => {
    let received = 0;
    const load = await loadAgainst((request) => {
      received += 1;
      request.socket.destroy();
    });
    await until(() => load.samples.length >= 5);
    await close(load);
    expect(load.samples.every(({ status, error }) => status === 0 && error !== undefined)).toBe(true);
    expect(load.samples).toHaveLength(received);
  });
});
