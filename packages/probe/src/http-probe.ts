import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import type { Probe, ProbeResult } from "@augeo/release";
import { connectionFailure } from "./connection-failure.ts";

/** Enough for every assertion a health page deserves; the rest of a longer body is not read. */
const BODY_LIMIT = 64 * 1_024;

export interface HttpProbeOptions {
  /** `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case, are honoured. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends requests under way; their results are failures with the code `ABORTED`. */
  readonly signal?: AbortSignal;
  /** Further trusted certificate authority, PEM. */
  readonly ca?: string;
}

type GetOptions = NonNullable<Parameters<Probe["get"]>[1]>;
type Answer = ProbeResult["answer"];

/**
 * Probes over HTTP and HTTPS. Redirects are not followed: what a load balancer would be told is what counts. Every
 * probe opens a connection of its own, so that it also meets the name and the certificate that a new client meets.
 */
export function createHttpProbe(options: HttpProbeOptions): Probe {
  return {
    async get(url, request = {}) {
      const at = Date.now();
      const started = performance.now();
      const answer = await ask(new URL(url), request, options).catch((error: unknown) => connectionFailure(error, url));
      const latency = performance.now() - started;
      return { url, at, latency, ...(request.instance === undefined ? {} : { instance: request.instance }), answer };
    },
  };
}

function ask(url: URL, request: GetOptions, { env, signal, ca }: HttpProbeOptions): Promise<Answer> {
  const timeout = AbortSignal.timeout(Math.max(1, Math.round(request.timeout ?? 10_000)));
  const settings = {
    headers: headersOf(request),
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  };
  return new Promise<Answer>((fulfil, reject) => {
    const onAnswer = (message: IncomingMessage): void => {
      readBody(message).then(({ body, truncated }) => {
        const { statusCode = 0, headers } = message;
        fulfil({ kind: "response", status: statusCode, headers: flat(headers), body, truncated });
      }, reject);
    };
    const outgoing =
      url.protocol === "https:"
        ? tlsRequest(
            url,
            { ...settings, agent: new TlsAgent({ proxyEnv: env, ...(ca === undefined ? {} : { ca }) }) },
            onAnswer,
          )
        : plainRequest(url, { ...settings, agent: new PlainAgent({ proxyEnv: env }) }, onAnswer);
    outgoing.once("error", reject);
    outgoing.end();
  });
}

function headersOf({ headers, instance }: GetOptions): Record<string, string> {
  const cookie = instance === undefined ? {} : { cookie: `ARRAffinity=${instance}; ARRAffinitySameSite=${instance}` };
  return {
    accept: "application/json, text/plain;q=0.9, */*;q=0.5",
    "accept-encoding": "identity",
    "cache-control": "no-cache",
    "user-agent": "augeo-deploy-action",
    ...cookie,
    ...headers,
  };
}

async function readBody(message: IncomingMessage): Promise<{ body: string; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop destroys the stream, and with it the connection.
    if (length > BODY_LIMIT) break;
  }
  const body = Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString("utf8");
  return { body, truncated: length > BODY_LIMIT };
}

function flat(headers: IncomingMessage["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}
