import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultAction, Moment } from "./faults.ts";
import type { Call, Reply } from "./http-call.ts";

/** `ended`: the connection was cut or its reply will never come. */
export type Struck = Reply | "ended" | "go on";

function momentOf(fault: FaultAction): Moment {
  return ("when" in fault ? fault.when : undefined) ?? "before";
}

function replyOf(fault: Extract<FaultAction, { kind: "status" }>): Reply {
  return { status: fault.status, headers: fault.headers ?? {}, body: fault.body };
}

async function silence(call: Call): Promise<"ended"> {
  if (call.signal.aborted) return "ended";
  return new Promise((resolve) => call.signal.addEventListener("abort", () => resolve("ended"), { once: true }));
}

async function settled(promise: Promise<unknown>): Promise<"go on"> {
  await promise.catch(() => undefined);
  return "go on";
}

async function strike(fault: FaultAction, call: Call, response: ServerResponse): Promise<Struck> {
  if (fault.kind === "status") return replyOf(fault);
  if (fault.kind === "hang") return silence(call);
  if (fault.kind === "delay") {
    await sleep(fault.milliseconds, undefined, { signal: call.signal }).catch(() => {});
    return "go on";
  }
  if (fault.kind === "hold") return Promise.race([silence(call), settled(fault.until)]);
  if (fault.kind !== "reset") return "go on";
  // A reset, not an orderly end: the client must see ECONNRESET.
  response.socket?.resetAndDestroy();
  response.socket?.destroy();
  return "ended";
}

/** The part of a fault that comes before the work. */
export async function strikeBefore(
  fault: FaultAction | undefined,
  call: Call,
  response: ServerResponse,
): Promise<Struck> {
  if (fault === undefined || momentOf(fault) === "after") return "go on";
  if (momentOf(fault) === "uploaded") await call.bytes().catch(() => {});
  return strike(fault, call, response);
}

/** The part that comes after it: the reply to send, or that none is sent. */
export async function strikeAfter(
  fault: FaultAction | undefined,
  reply: Reply,
  call: Call,
  response: ServerResponse,
): Promise<Reply | "ended"> {
  if (fault === undefined || momentOf(fault) !== "after") return reply;
  const struck = await strike(fault, call, response);
  return struck === "go on" ? reply : struck;
}

interface Wire {
  body: Buffer | Readable | undefined;
  type: string | undefined;
}

function wireOf(body: unknown): Wire {
  if (body === undefined || body === null) return { body: undefined, type: undefined };
  if (body instanceof Readable) return { body, type: undefined };
  if (body instanceof Uint8Array) return { body: Buffer.from(body), type: "application/octet-stream" };
  if (typeof body === "string") return { body: Buffer.from(body), type: "text/plain; charset=utf-8" };
  return { body: Buffer.from(JSON.stringify(body)), type: "application/json; charset=utf-8" };
}

async function* trickle(body: Readable | Buffer, bytesPerSecond: number): AsyncGenerator<Buffer> {
  const step = Math.max(1, Math.ceil(bytesPerSecond / 10));
  for await (const chunk of Buffer.isBuffer(body) ? [body] : body) {
    for (let at = 0; at < chunk.length; at += step) {
      yield Buffer.from(chunk).subarray(at, at + step);
      await sleep(100);
    }
  }
}

async function* cut(body: Readable | Buffer, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of Buffer.isBuffer(body) ? [body] : body) {
    yield Buffer.from(chunk).subarray(0, left);
    left -= chunk.length;
    // Long enough for what was sent to arrive before the connection goes.
    if (left <= 0) await sleep(50);
    if (left <= 0) throw new Error("The reply was cut off by a fault.");
  }
}

function shaped(body: Readable | Buffer, fault: FaultAction | undefined): Readable | Buffer {
  if (fault?.kind === "slow-body") return Readable.from(trickle(body, fault.bytesPerSecond));
  if (fault?.kind === "cut-body") return Readable.from(cut(body, fault.bytes));
  return body;
}

/** Sends a reply; ends quietly when the client is gone. */
export async function send(response: ServerResponse, reply: Reply, fault: FaultAction | undefined): Promise<void> {
  const { body, type } = wireOf(reply.body);
  response.statusCode = reply.status;
  if (type !== undefined) response.setHeader("content-type", type);
  for (const [name, value] of Object.entries(reply.headers ?? {}))
    response.setHeader(name, typeof value === "object" ? [...value] : value);
  if (Buffer.isBuffer(body)) response.setHeader("content-length", body.length);
  if (body === undefined) {
    const silent = reply.status === 204 || reply.status === 304 || response.hasHeader("content-length");
    if (!silent) response.setHeader("content-length", 0);
    response.end();
    return;
  }
  const out = shaped(body, fault);
  if (Buffer.isBuffer(out)) response.end(out);
  else await pipeline(out, response).catch(() => response.destroy());
}
