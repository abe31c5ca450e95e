/**
 * HTTP of our own, for the services that have no SDK (GitHub's ID tokens, SCM sites) and to know what an SDK hides:
 * whether a request that failed had left this machine. Keep-alive, proxy aware, never follows a redirect.
 */
import type { ClientRequest, IncomingMessage } from "node:http";
import http from "node:http";
import https from "node:https";

export interface Upload {
  /** The same bytes each time, from the start. A chunk is valid only until the next one is asked for. */
  open(): AsyncIterable<Buffer>;
  /** Bytes, when known before sending. */
  length?: number | undefined;
}

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Upload | undefined;
  signal?: AbortSignal | undefined;
  /** Called when the last byte of the body has left this process. */
  onSent?: (() => void) | undefined;
  /** Milliseconds without any progress (a byte sent or received) until the request is given up. */
  timeout: number;
}

export interface HttpReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
}

/** How far a request came before it failed: only `waiting` leaves open whether the server acted on it. */
export type Phase = "connecting" | "sending" | "waiting";

export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly code: string;
  readonly phase: Phase;
  constructor(message: string, code: string, phase: Phase, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.phase = phase;
  }
}

/** Longest body that is kept; release files, records and logs are far shorter. */
const BODY_LIMIT = 8 * 1024 * 1024;

export class Http {
  readonly #agents: { http: http.Agent; https: https.Agent };

  /** `env` decides on a proxy: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, in either case. */
  constructor(env: Readonly<Record<string, string | undefined>>) {
    const options = { keepAlive: true, proxyEnv: proxiesOf(env) };
    this.#agents = { http: new http.Agent(options), https: new https.Agent(options) };
  }

  send(request: HttpRequest): Promise<HttpReply> {
    return new Exchange(request, this.#agents).reply();
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }
}

function proxiesOf(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const either = (name: string) => env[name] ?? env[name.toLowerCase()];
  const https = either("HTTPS_PROXY") ?? either("ALL_PROXY");
  const plain = either("HTTP_PROXY") ?? either("ALL_PROXY");
  return { HTTPS_PROXY: https, HTTP_PROXY: plain, NO_PROXY: either("NO_PROXY") };
}

class Exchange {
  readonly #request: HttpRequest;
  readonly #outgoing: ClientRequest;
  readonly #secure: boolean;
  #connected = false;
  #handedOver = false;
  #answered = false;

  constructor(request: HttpRequest, agents: { http: http.Agent; https: https.Agent }) {
    this.#request = request;
    const secure = new URL(request.url).protocol === "https:";
    this.#secure = secure;
    this.#outgoing = (secure ? https : http).request(request.url, {
      method: request.method,
      headers: headersOf(request),
      agent: secure ? agents.https : agents.http,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
  }

  reply(): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(this.#failure(error));
      this.#outgoing.on("error", fail);
      this.#outgoing.on("socket", (socket) => this.#watch(socket));
      this.#outgoing.on("finish", () => this.#request.onSent?.());
      this.#outgoing.setTimeout(this.#request.timeout, () => this.#outgoing.destroy(silence(this.#request.timeout)));
      this.#outgoing.on("response", (incoming) => {
        this.#answered = true;
        collect(incoming).then((reply) => this.#settle(reply, resolve), fail);
      });
      this.#write(fail);
    });
  }

  #watch(socket: NodeJS.EventEmitter & { connecting?: boolean }): void {
    const event = this.#secure ? "secureConnect" : "connect";
    if (socket.connecting === true) socket.once(event, () => (this.#connected = true));
    else this.#connected = true;
  }

  get #phase(): Phase {
    if (!this.#connected) return "connecting";
    return this.#handedOver ? "waiting" : "sending";
  }

  #write(fail: (error: Error) => void): void {
    const body = this.#request.body;
    if (body === undefined || typeof body === "string") {
      this.#end(body);
      return;
    }
    this.#pump(body.open(), body.length).catch((error: Error) => {
      if (this.#answered || this.#outgoing.destroyed) return;
      this.#outgoing.destroy();
      fail(error);
    });
  }

  /** Asks for the next chunk when the one before has left, as its memory is used again. */
  async #pump(chunks: AsyncIterable<Buffer>, length: number | undefined): Promise<void> {
    let left = length ?? Number.POSITIVE_INFINITY;
    for await (const chunk of chunks) {
      if (this.#outgoing.destroyed) return;
      left -= chunk.length;
      this.#handedOver = left <= 0;
      await new Promise<void>((resolve, reject) => {
        this.#outgoing.write(chunk, (error) => (error ? reject(error) : resolve()));
      });
    }
    this.#end();
  }

  /** From here on the server may have all of it, though the socket has yet to say that it was sent. */
  #end(body?: string): void {
    this.#handedOver = true;
    this.#outgoing.end(body);
  }

  /** A server may answer before it has read the body (409, 401): the rest of the upload is dropped. */
  #settle(reply: HttpReply, resolve: (reply: HttpReply) => void): void {
    if (!this.#outgoing.writableFinished) this.#outgoing.destroy();
    resolve(reply);
  }

  #failure(error: Error): Error {
    const { signal } = this.#request;
    if (signal?.aborted) return signal.reason instanceof Error ? signal.reason : error;
    if (!isTransport(error)) return error;
    const code = codeOf(error);
    return new TransportError(`${error.message} (${code})`, code, this.#phase, error);
  }
}

function headersOf({ headers, body }: HttpRequest): Record<string, string | number> {
  const length = typeof body === "string" ? Buffer.byteLength(body) : body?.length;
  return length === undefined ? { ...headers } : { ...headers, "content-length": length };
}

function silence(milliseconds: number): Error {
  return Object.assign(new Error(`no answer for ${Math.round(milliseconds / 1000)} s`), { code: "ETIMEDOUT" });
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

/** Errors of a socket, TLS or DNS carry a code; a failure of reading the package does too, but it names a path. */
function isTransport(error: Error): boolean {
  return "code" in error && !("path" in error);
}

function collect(incoming: IncomingMessage): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_LIMIT) chunks.push(chunk);
    });
    incoming.on("error", reject);
    incoming.on("end", () => {
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      );
      resolve({ status: incoming.statusCode ?? 0, headers, text: Buffer.concat(chunks).toString("utf8") });
    });
  });
}
