/**
 * Azure Resource Manager through the SDK's client, with its known defects mended here and nowhere else: error bodies
 * that it drops (both shapes are read), calls that it would repeat though they are not idempotent, tokens that it
 * would send to a foreign host, and throttling without `Retry-After` that it would not wait out.
 */

import { ServiceError } from "@augeo/release";
import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import type { Client } from "@azure-rest/core-client";
import { armFailure, noReply } from "./arm-errors.ts";
import type { AzureContext } from "./context.ts";
import { pauseBefore, pauseWithin, retryAfterOf, TRANSIENT_STATUSES } from "./retry.ts";
import type { TokenSource } from "./sign-in.ts";

export interface ArmRequest {
  /** What is asked, for messages: `WebApps_GetSlot`. */
  operation: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From `/subscriptions` on, without api-version; or an absolute URL of the management endpoint. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  /** Doing it twice is not the same as once: after a lost reply it is never sent again. */
  once?: boolean;
  /** Statuses that are an answer and no failure, besides 200 to 299. */
  accept?: readonly number[];
  signal?: AbortSignal | undefined;
  /** How often it is sent at most; 5 without a word. 1 for who repeats by itself. */
  attempts?: number;
  /** Asked right before it is sent again; false: the failure stands. */
  mayRepeat?: (() => Promise<boolean>) | undefined;
}

export interface ArmReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or the text where it is none. */
  body: unknown;
  /** The address that was asked, against which a relative `Location` counts. */
  url: string;
}

/** Of `@azure/arm-appservice` 19.0.0. */
export const API_VERSION = "2025-05-01";
const PATIENCE = 120_000;
const MOST_ATTEMPTS = 5;

export class Arm {
  readonly subscriptionId: string;
  readonly origin: string;
  readonly context: AzureContext;
  readonly #signIn: TokenSource;
  #client: Promise<Client> | undefined;

  constructor(context: AzureContext, signIn: TokenSource, subscriptionId: string) {
    this.context = context;
    this.subscriptionId = subscriptionId;
    this.origin = signIn.cloud.management;
    this.#signIn = signIn;
  }

  /** Sends one request; repeats it only where that is harmless. Throws `ServiceError` with what was refused and the fix. */
  async call(request: ArmRequest): Promise<ArmReply> {
    const { clock, log, signal } = this.context;
    const deadline = clock.now() + PATIENCE;
    for (let attempt = 1; ; attempt++) {
      const reply = await this.#attempt(request);
      if (!(reply instanceof Error) && (reply.status < 300 || request.accept?.includes(reply.status))) return reply;
      const failure =
        reply instanceof Error
          ? noReply(request.operation, reply, request.once === true)
          : armFailure(request.operation, reply);
      if (!this.#mayRepeat(request, reply, attempt)) throw failure;
      const wished = reply instanceof Error ? undefined : retryAfterOf(reply.headers, clock.now());
      const pause = reply instanceof Error || reply.status !== 401 ? pauseBefore(attempt, wished) : 0;
      if (!(await pauseWithin(clock, pause, deadline, request.signal ?? signal))) throw failure;
      if (request.mayRepeat && !(await request.mayRepeat())) throw failure;
      log.info(`${failure.what} Asking again (attempt ${attempt + 1}).`);
    }
  }

  /** A 401 earns one new token; 429 was not executed and always may be repeated; the rest only when harmless. */
  #mayRepeat(request: ArmRequest, reply: ArmReply | Error, attempt: number): boolean {
    const { once = false, attempts = MOST_ATTEMPTS } = request;
    if (reply instanceof Error) return !once && attempt < attempts;
    if (reply.status === 401) {
      this.#signIn.forget();
      return attempt === 1;
    }
    if (reply.status === 429) return attempts > 1;
    return !once && TRANSIENT_STATUSES.has(reply.status) && attempt < attempts;
  }

  async #attempt({ method, path, query, body, signal }: ArmRequest): Promise<ArmReply | Error> {
    const url = this.#urlOf(path, query);
    this.#client ??= this.#load();
    const client = await this.#client;
    const abortSignal = signal ?? this.context.signal;
    const options = body === undefined ? { abortSignal } : { abortSignal, body, contentType: "application/json" };
    try {
      const verbs = client.path(url);
      const verb = { GET: verbs.get, POST: verbs.post, PUT: verbs.put, PATCH: verbs.patch, DELETE: verbs.delete }[
        method
      ];
      const reply = await verb(options);
      return {
        status: Number(reply.status),
        headers: { ...reply.headers } as Record<string, string>,
        body: parsed(reply.body),
        url,
      };
    } catch (error) {
      if (abortSignal.aborted) throw abortSignal.reason;
      if (error instanceof ServiceError || !(error instanceof Error)) throw error;
      if (!("code" in error) && error.name !== "RestError") throw error;
      return error;
    }
  }

  #urlOf(path: string, query: Readonly<Record<string, string>> = {}): string {
    const url = new URL(path, this.origin);
    if (url.origin !== this.origin) throw foreignOrigin(url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    if (!url.searchParams.has("api-version")) url.searchParams.set("api-version", API_VERSION);
    return url.href;
  }

  async #load(): Promise<Client> {
    // The token first: the first request of a run is the sign-in's, and loading this SDK must not hold it up.
    await this.#signIn.token(this.#signIn.cloud.managementAudience);
    const { createWebSiteManagement } = await import("@azure/arm-appservice/api");
    const client = createWebSiteManagement(this.#signIn.asCredential(), this.subscriptionId, {
      endpoint: this.origin,
      retryOptions: { maxRetries: 0 },
      userAgentOptions: { userAgentPrefix: "augeo-deploy-action" },
    });
    client.pipeline.removePolicy({ name: "bearerTokenAuthenticationPolicy" });
    // A redirect could carry the token to another host; Resource Manager sends none.
    client.pipeline.removePolicy({ name: "redirectPolicy" });
    client.pipeline.addPolicy(this.#signPolicy(), { phase: "Sign" });
    return client;
  }

  #signPolicy(): PipelinePolicy {
    return {
      name: "signForManagementOnly",
      sendRequest: async (request, next) => {
        const url = new URL(request.url);
        if (url.origin !== this.origin) throw foreignOrigin(url);
        const token = await this.#signIn.token(this.#signIn.cloud.managementAudience);
        request.headers.set("authorization", `Bearer ${token}`);
        return next(request);
      },
    };
  }
}

function parsed(body: unknown): unknown {
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function foreignOrigin(url: URL): ServiceError {
  return new ServiceError({
    service: "Azure Resource Manager",
    operation: "follow an operation",
    what: `Resource Manager named an address on another host (${url.host}), which was not asked.`,
    why: "The access token belongs to the management endpoint alone and was not sent there.",
    fix: "Check cloud, and any proxy between the runner and Azure that rewrites addresses.",
  });
}
