/** The ID token that GitHub issues to a job: requested afresh before it expires, held in memory only. */
import { readFileSync } from "node:fs";
import { ServiceError, UsageError } from "@augeo/release";
import type { AzureContext } from "./context.ts";
import { type Http, type HttpReply, TransportError } from "./http.ts";
import { pauseBefore, pauseWithin, retryAfterOf, TRANSIENT_STATUSES } from "./retry.ts";

/** A token is used until so many milliseconds before it expires; GitHub's live five minutes. */
const MARGIN = 60_000;
const PATIENCE = 60_000;
const SILENCE = 15_000;

export interface IdentityToken {
  token: string;
  claims: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  expires: number;
}

export class IdentityTokens {
  readonly #context: AzureContext;
  readonly #http: Http;
  readonly #audience: string;
  #current: Promise<IdentityToken> | undefined;
  #known: IdentityToken | undefined;

  constructor(context: AzureContext, http: Http, audience: string) {
    this.#context = context;
    this.#http = http;
    this.#audience = audience;
  }

  /** The token that was last presented to Entra, for explaining a refusal. */
  get last(): IdentityToken | undefined {
    return this.#known;
  }

  async get(): Promise<IdentityToken> {
    if (this.#known !== undefined && this.#known.expires - MARGIN > this.#context.clock.now()) return this.#known;
    this.#current ??= this.#request().finally(() => {
      this.#current = undefined;
    });
    return this.#current;
  }

  /** Drops the token, so that the next exchange presents a new one. */
  forget(): void {
    this.#known = undefined;
  }

  async #request(): Promise<IdentityToken> {
    const { url, bearer } = requestEndpoint(this.#context.env);
    this.#context.log.mask(bearer);
    const separator = url.includes("?") ? "&" : "?";
    const reply = await this.#send(`${url}${separator}audience=${encodeURIComponent(this.#audience)}`, bearer);
    const token = decodeReply(reply);
    this.#context.log.mask(token);
    const claims = claimsOf(token);
    const expires = typeof claims.exp === "number" ? claims.exp * 1_000 : this.#context.clock.now() + 2 * MARGIN;
    this.#known = { token, claims, expires };
    return this.#known;
  }

  async #send(url: string, bearer: string): Promise<HttpReply> {
    const { clock, signal } = this.#context;
    const headers = {
      accept: "application/json",
      authorization: `Bearer ${bearer}`,
      "user-agent": "augeo-deploy-action",
    };
    const deadline = clock.now() + PATIENCE;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#http
        .send({ method: "GET", url, headers, signal, timeout: SILENCE })
        .catch((error: unknown) => transportError(error));
      if (!(outcome instanceof TransportError) && outcome.status === 200) return outcome;
      const wished = outcome instanceof TransportError ? undefined : retryAfterOf(outcome.headers, clock.now());
      const again =
        outcome instanceof TransportError || outcome.status === 429 || TRANSIENT_STATUSES.has(outcome.status);
      if (!again || !(await pauseWithin(clock, pauseBefore(attempt, wished), deadline, signal))) throw refusal(outcome);
    }
  }
}

function transportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  throw error;
}

function refusal(outcome: HttpReply | TransportError): ServiceError {
  const status = outcome instanceof TransportError ? undefined : outcome.status;
  const why =
    outcome instanceof TransportError
      ? outcome.message
      : `it answered ${outcome.status}: ${outcome.text.slice(0, 300)}`;
  return new ServiceError({
    service: "GitHub",
    operation: "request an ID token",
    status,
    what: "GitHub gave this job no ID token.",
    why: `The ID-token endpoint could not be used: ${why}`,
    fix: "Run the job again. If it stays, see https://www.githubstatus.com.",
    retryable: true,
    cause: outcome,
  });
}

function requestEndpoint(env: AzureContext["env"]): { url: string; bearer: string } {
  const url = env.ACTIONS_ID_TOKEN_REQUEST_URL;
  const bearer = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (url !== undefined && url !== "" && bearer !== undefined && bearer !== "") return { url, bearer };
  throw new UsageError(
    isForkPullRequest(env)
      ? {
          what: "This job may not sign in to Azure.",
          why: "It was started by a pull request from a fork, and GitHub gives such jobs no ID token, whatever their permissions.",
          fix: "Deploy from a push to a branch of this repository, or from a workflow_run or environment-protected workflow of its own.",
        }
      : {
          what: "This job may not sign in to Azure: it has no right to request an ID token.",
          why: "GitHub gives a job its ID token only with the permission id-token: write, and this job does not have it.",
          fix: "Add to the job, and to the job that calls it where this is a reusable workflow: permissions: { contents: read, id-token: write, actions: read }",
        },
  );
}

function isForkPullRequest(env: AzureContext["env"]): boolean {
  const path = env.GITHUB_EVENT_PATH;
  if (path === undefined || !(env.GITHUB_EVENT_NAME ?? "").startsWith("pull_request")) return false;
  try {
    return JSON.parse(readFileSync(path, "utf8"))?.pull_request?.head?.repo?.fork === true;
  } catch {
    return false;
  }
}

function decodeReply(reply: HttpReply): string {
  try {
    const value: unknown = JSON.parse(reply.text)?.value;
    if (typeof value === "string" && value !== "") return value;
  } catch {
    // Said below, with what came.
  }
  throw refusal(reply);
}

/** The claims of a JWT, unverified: they only choose words and times, Entra verifies. */
export function claimsOf(token: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? { ...claims } : {};
  } catch {
    return {};
  }
}
