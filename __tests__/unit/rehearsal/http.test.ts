import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Faults } from "../../../packages/rehearsal/src/faults.ts";
import { listen, Routes, type Service } from "../../../packages/rehearsal/src/http.ts";
import { RequestLog } from "../../../packages/rehearsal/src/request-log.ts";
import { createTls, type Tls } from "../../../packages/rehearsal/src/tls.ts";

interface Answer {
  status: number;
  body: string;
  headers: Record<string, unknown>;
}

let directory: string;
let tls: Tls;
let service: Service;
let worked = 0;
const faults = new Faults(7);
const requests = new RequestLog();
const agent = new Agent({ keepAlive: true });

const routes = new Routes()
  .add("GET", "/sites/{name}[/slots/{slot}]/state", (call) => ({ status: 200, body: call.params }))
  .add("POST", "/work", async (call) => {
    worked += 1;
    return { status: 200, body: { bytes: (await call.bytes()).length, version: call.query.get("Api-Version") } };
  })
  .add("GET", "/text", () => ({ status: 200, body: "x".repeat(1000) }))
  .add("GET", "/stream", () => ({ status: 200, body: Readable.from([Buffer.from("a"), Buffer.from("b")]) }))
  .add("GET", "/files/{*path}", (call) => ({ status: 200, body: call.param("path") }));

function ask(method: string, path: string, body = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${service.origin}${path}`, { method, ca: tls.ca, agent }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          headers: incoming.headers,
        }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "rehearsal-http-"));
  tls = await createTls(directory);
  service = await listen({ tls, faults, requests }, { kind: "test", label: "one", routes });
});

afterAll(async () => {
  agent.destroy();
  await service.close();
  await rm(directory, { recursive: true });
});

beforeEach(() => {
  faults.clear();
  requests.clear();
  worked = 0;
});

describe("routing", () => {
  test("compares paths without case, tolerates doubled slashes and decodes parameters", async () => {
    const answer = await ask("GET", "//SITES/my%20App//Slots/Blue/STATE");
    expect(JSON.parse(answer.body)).toEqual({ name: "my App", slot: "Blue" });
  });

  test("leaves out what the pattern calls optional", async () => {
    expect(JSON.parse((await ask("GET", "/sites/app/state")).body)).toEqual({ name: "app" });
  });

  test("decodes query names and compares them without case", async () => {
    const answer = await ask("POST", "/work?api%2Dversion=2025-05-01", "12345");
    expect(JSON.parse(answer.body)).toEqual({ bytes: 5, version: "2025-05-01" });
  });

  test("keeps the slashes of a rest parameter", async () => {
    expect((await ask("GET", "/files/a/b%20c/d")).body).toBe("a/b c/d");
  });

  test("names the operation that it does not know", async () => {
    const answer = await ask("PUT", "/work");
    expect(answer.status).toBe(501);
    expect(answer.body).toContain("PUT /work");
  });

  test("streams a body", async () => {
    expect((await ask("GET", "/stream")).body).toBe("ab");
  });
});

describe("the request log", () => {
  test("records method, path, query, bytes, status and host of each request", async () => {
    await ask("POST", "/work?a=1", "12345");
    expect(requests.entries).toHaveLength(1);
    expect(requests.entries[0]).toMatchObject({
      host: "test",
      label: "one",
      method: "POST",
      path: "/work",
      query: "a=1",
      requestBytes: 5,
      status: 200,
    });
  });
});

describe("faults", () => {
  test("a status stands for the reply as often as asked, after as many as asked, and is counted", async () => {
    const fault = faults.add({
      match: { host: "test", method: "post", path: /^\/work/ },
      after: 1,
      times: 1,
      action: { kind: "status", status: 429, headers: { "retry-after": "7" }, body: { a: 1 } },
    });
    const statuses = [await ask("POST", "/work"), await ask("POST", "/work"), await ask("POST", "/work")];
    expect(statuses.map((answer) => answer.status)).toEqual([200, 429, 200]);
    expect(statuses[1]?.headers["retry-after"]).toBe("7");
    expect([fault.seen, fault.struck, worked]).toEqual([3, 1, 2]);
  });

  test("a reset before the work cuts the connection and nothing is done", async () => {
    faults.add({ match: { path: /work/ }, action: { kind: "reset", when: "before" } });
    await expect(ask("POST", "/work", "abc")).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(worked).toBe(0);
  });

  test("a reset after the upload has read the whole body and done nothing", async () => {
    faults.add({ match: { path: /work/ }, action: { kind: "reset", when: "uploaded" } });
    await expect(ask("POST", "/work", "abc")).rejects.toMatchObject({ code: "ECONNRESET" });
    expect([worked, requests.entries[0]?.requestBytes]).toEqual([0, 3]);
  });

  test("a lost reply comes after the work was done", async () => {
    faults.add({ match: { path: /work/ }, action: { kind: "reset", when: "after" } });
    await expect(ask("POST", "/work")).rejects.toMatchObject({ code: "ECONNRESET" });
    expect([worked, requests.entries[0]?.status]).toEqual([1, undefined]);
    expect(requests.entries[0]?.faults).toEqual(["reset"]);
  });

  test("a cut body ends in an error after some bytes", async () => {
    faults.add({ match: { path: /text/ }, action: { kind: "cut-body", bytes: 10 } });
    await expect(ask("GET", "/text")).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("a slow body still arrives whole", async () => {
    faults.add({ match: { path: /text/ }, action: { kind: "slow-body", bytesPerSecond: 5000 } });
    expect((await ask("GET", "/text")).body).toHaveLength(1000);
  });

  test("a hang gives no reply until the client leaves", async () => {
    faults.add({ match: { path: /text/ }, action: { kind: "hang" } });
    const answer = fetchAborted();
    await expect(answer).rejects.toThrow();
    expect(worked).toBe(0);
  });

  test("a hold gives the true reply once its promise is settled, and tells when it is met", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const fault = faults.add({ match: { path: /work/ }, action: { kind: "hold", until: promise } });
    const answer = ask("POST", "/work", "abc");
    await fault.met;
    expect([fault.struck, worked]).toEqual([1, 0]);
    resolve();
    expect(await answer).toMatchObject({ status: 200 });
    expect(worked).toBe(1);
  });

  test("a probability draws the same requests for the same seed", async () => {
    const draw = async () => {
      faults.clear();
      faults.seed(42);
      faults.add({ match: {}, probability: 0.5, action: { kind: "status", status: 503 } });
      const statuses: number[] = [];
      for (let turn = 0; turn < 12; turn += 1) statuses.push((await ask("GET", "/text")).status);
      return statuses;
    };
    const first = await draw();
    expect(new Set(first)).toEqual(new Set([200, 503]));
    expect(await draw()).toEqual(first);
  });
});

function fetchAborted(): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${service.origin}/text`, { ca: tls.ca, timeout: 200 }, resolve);
    outgoing.on("timeout", () => outgoing.destroy(new Error("no reply")));
    outgoing.on("error", reject);
    outgoing.end();
  });
}
