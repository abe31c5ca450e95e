/**
 * Sign-in by federation only: a GitHub ID token is exchanged at Entra for access tokens. No secret exists, and no token
 * is written anywhere. A fresh ID token goes into every exchange, so a job may run for hours.
 */

import type { ServiceError } from "@augeo/release";
import type { TokenCredential } from "@azure/identity";
import type { Cloud } from "./cloud.ts";
import type { AzureContext } from "./context.ts";
import { fieldsOf, jsonOf, textOf } from "./decode.ts";
import { entraError } from "./entra-errors.ts";
import type { Http } from "./http.ts";
import { IdentityTokens } from "./identity-token.ts";
import { pauseBefore, pauseWithin } from "./retry.ts";

export interface Identity {
  clientId: string;
  tenantId: string;
}

interface AccessToken {
  token: string;
  expires: number;
  renewAt: number;
}

/** Whoever can give access tokens: a job by federation (`SignIn`), or a person at their own machine (`UserSignIn`). */
export interface TokenSource {
  readonly cloud: Cloud;
  /** An access token for an audience such as `https://management.azure.com`. */
  token(audience: string): Promise<string>;
  /** Drops the access tokens: a service said that one is no longer valid. */
  forget(): void;
  /** The same sign-in in the shape that the SDKs take. */
  asCredential(): TokenCredential;
}

const PATIENCE = 60_000;
const LONGEST_MARGIN = 300_000;

export class SignIn implements TokenSource {
  readonly cloud: Cloud;
  readonly #context: AzureContext;
  readonly #identity: Identity;
  readonly #http: Http;
  readonly #assertions: IdentityTokens;
  readonly #tokens = new Map<string, AccessToken>();
  readonly #pending = new Map<string, Promise<AccessToken>>();
  #credential: TokenCredential | undefined;

  constructor(context: AzureContext, http: Http, cloud: Cloud, identity: Identity) {
    this.cloud = cloud;
    this.#context = context;
    this.#identity = identity;
    this.#http = http;
    this.#assertions = new IdentityTokens(context, http, cloud.audience);
  }

  /** Asks for the ID token, so that it is on its way while the SDKs load. A failure shows when the token is used. */
  start(): void {
    this.#assertions.get().catch(() => undefined);
  }

  /** The claims of the ID token that is presented, so that what Entra compares can be shown. */
  async claims(): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#assertions.get()).claims;
  }

  async token(audience: string): Promise<string> {
    const known = this.#tokens.get(audience);
    if (known !== undefined && known.renewAt > this.#context.clock.now()) return known.token;
    const pending = this.#pending.get(audience) ?? this.#exchange(audience);
    this.#pending.set(audience, pending);
    try {
      return (await pending).token;
    } finally {
      this.#pending.delete(audience);
    }
  }

  forget(): void {
    this.#tokens.clear();
    this.#credential = undefined;
  }

  asCredential(): TokenCredential {
    return {
      getToken: async (scopes) => {
        const audience = String(Array.isArray(scopes) ? scopes[0] : scopes).replace(/\/+\.default$/, "");
        const token = await this.token(audience);
        return { token, expiresOnTimestamp: this.#tokens.get(audience)?.expires ?? this.#context.clock.now() };
      },
    };
  }

  async #exchange(audience: string): Promise<AccessToken> {
    const { clock, log, signal } = this.#context;
    const deadline = clock.now() + PATIENCE;
    for (let attempt = 1; ; attempt++) {
      // Asked for outside the SDK, which hides why it failed.
      await this.#assertions.get();
      try {
        return await this.#ask(audience);
      } catch (cause) {
        const error = await this.#explained(cause);
        if (!error.retryable || !(await pauseWithin(clock, pauseBefore(attempt, undefined), deadline, signal)))
          throw error;
        log.info(`Entra did not answer the sign-in (${error.code ?? "no code"}); asking again.`);
        this.#assertions.forget();
      }
    }
  }

  async #ask(audience: string): Promise<AccessToken> {
    const { clock, log, signal } = this.#context;
    this.#credential ??= await this.#load();
    const granted = await this.#credential.getToken(`${audience}/.default`, { abortSignal: signal });
    if (granted === null) throw new Error("The SDK gave no token.");
    log.mask(granted.token);
    const life = granted.expiresOnTimestamp - clock.now();
    const renewAt = granted.expiresOnTimestamp - Math.min(LONGEST_MARGIN, life / 5);
    const token = { token: granted.token, expires: granted.expiresOnTimestamp, renewAt };
    this.#tokens.set(audience, token);
    return token;
  }

  /**
   * Instance discovery is off in every cloud: the hosts are fixed by name or given by the user, and with it MSAL would
   * ask login.microsoftonline.com about them first, which national and private clouds may not even reach.
   */
  async #load(): Promise<TokenCredential> {
    const { ClientAssertionCredential } = await import("@azure/identity");
    const { tenantId, clientId } = this.#identity;
    const assertion = async () => (await this.#assertions.get()).token;
    return new ClientAssertionCredential(tenantId, clientId, assertion, {
      authorityHost: this.cloud.authority,
      disableInstanceDiscovery: true,
    });
  }

  async #explained(cause: unknown): Promise<ServiceError> {
    const message = cause instanceof Error ? cause.message : String(cause);
    const claims = this.#assertions.last?.claims ?? {};
    const presented = { ...this.#identity, audience: this.cloud.audience, claims };
    if (!message.includes("endpoints_resolution_error")) return entraError(message, presented, cause);
    return entraError(await this.#whyUnresolved(), presented, cause);
  }

  /** The SDK hides why it could not read the tenant's addresses: a tenant that does not exist, or no way to Entra. */
  async #whyUnresolved(): Promise<string> {
    const url = `${this.cloud.authority}/${this.#identity.tenantId}/v2.0/.well-known/openid-configuration`;
    try {
      const reply = await this.#http.send({ method: "GET", url, signal: this.#context.signal, timeout: 15_000 });
      return `${url} answered ${reply.status}: ${textOf(fieldsOf(jsonOf(reply.text)).error_description) || reply.text.slice(0, 300)}`;
    } catch (error) {
      return `${url} could not be reached: ${error instanceof Error ? error.message : error}`;
    }
  }
}
