import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { LoggedRequest } from "./request-log.ts";

/** What a handler answers. An object or array as body is sent as JSON; text, bytes and streams as they are. */
export interface Reply {
  status: number;
  headers?: Record<string, string | number | readonly string[]>;
  body?: unknown;
}

/** Thrown anywhere below a handler: ends the request with this reply. */
export class ReplyError extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super(`Reply ${reply.status}`);
    this.reply = reply;
  }
}

/** The query of a request: names are compared without case, percent-decoded (`api%2Dversion` is `api-version`). */
export class Query {
  readonly #pairs: [string, string][];
  constructor(text: string) {
    this.#pairs = [...new URLSearchParams(text)].map(([name, value]) => [name.toLowerCase(), value]);
  }
  get(name: string): string | undefined {
    return this.#pairs.find(([key]) => key === name.toLowerCase())?.[1];
  }
  /** `true` in any case and `1` are true. */
  isTrue(name: string): boolean {
    return /^(true|1)$/i.test(this.get(name) ?? "");
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The parts of a path between slashes, decoded; doubled slashes count as one. */
export function segmentsOf(path: string): string[] {
  return path.split("/").filter(Boolean).map(decoded);
}

/** A request in work. */
export class Call {
  readonly method: string;
  /** Path as sent, without the query. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly query: Query;
  readonly headers: IncomingHttpHeaders;
  readonly log: LoggedRequest;
  /** Origin of the service that received it, `https://127.0.0.1:<port>`. */
  readonly origin: string;
  /** Aborts when the client goes away before its reply was finished. */
  readonly signal: AbortSignal;
  /** The route's parameters, decoded, in the client's own case; `{*rest}` keeps its slashes. */
  params: Record<string, string> = {};
  readonly #request: IncomingMessage;
  #bytes: Promise<Buffer> | undefined;

  constructor(request: IncomingMessage, log: LoggedRequest, origin: string, signal: AbortSignal) {
    this.#request = request;
    this.log = log;
    this.origin = origin;
    this.signal = signal;
    this.method = log.method;
    this.path = log.path;
    this.segments = segmentsOf(log.path);
    this.query = new Query(log.query);
    this.headers = request.headers;
  }

  /** A parameter of the route; an unknown name is a mistake in the cloud itself. */
  param(name: string): string {
    const value = this.params[name];
    if (value === undefined) throw new Error(`The route of ${this.path} has no parameter "${name}".`);
    return value;
  }

  header(name: string): string | undefined {
    const value = this.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  /** The body as it arrives. Read it here or with `bytes`, `json`, `form`, not both. */
  get stream(): Readable {
    return this.#request;
  }

  bytes(): Promise<Buffer> {
    this.#bytes ??= collect(this.#request);
    return this.#bytes;
  }

  /** The body as JSON, undefined when empty; what is no JSON ends the request with 400. */
  async json(): Promise<unknown> {
    const text = (await this.bytes()).toString("utf8").replace(/^\uFEFF/, "");
    if (text.trim() === "") return undefined;
    try {
      this.log.json = JSON.parse(text);
      return structuredClone(this.log.json);
    } catch (error) {
      const message = `The request content was invalid and could not be deserialized: '${String(error)}'.`;
      throw new ReplyError({ status: 400, body: { error: { code: "InvalidRequestContent", message } } });
    }
  }

  async form(): Promise<URLSearchParams> {
    return new URLSearchParams((await this.bytes()).toString("utf8"));
  }

  /** The token of `Authorization: Bearer …`. */
  bearer(): string | undefined {
    return /^bearer\s+(\S+)$/i.exec(this.header("authorization") ?? "")?.[1];
  }

  /** User and password of `Authorization: Basic …`. */
  basic(): { user: string; password: string } | undefined {
    const encoded = /^basic\s+(\S+)$/i.exec(this.header("authorization") ?? "")?.[1];
    if (encoded === undefined) return undefined;
    const [user = "", ...password] = Buffer.from(encoded, "base64").toString("utf8").split(":");
    return { user, password: password.join(":") };
  }
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
