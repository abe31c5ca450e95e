import { randomUUID } from "node:crypto";
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { same, type World } from "./arm/world.ts";
import { checkAssertion } from "./entra-assertion.ts";
import { aadsts, refuse } from "./entra-errors.ts";
import { type Call, type Ground, listen, type Reply, Routes, type Service } from "./http.ts";
import { createSigner, type Signer } from "./oidc-signer.ts";

/** Who a valid access token speaks for. */
export interface Principal {
  /** Object id of the service principal. */
  objectId: string;
  clientId: string;
}

export type Verified =
  | { valid: true; principal: Principal }
  /** `expired` and `audience` are told apart because ARM words them apart. */
  | { valid: false; why: "missing" | "invalid" | "expired" | "audience"; expiry?: Date; audience?: string };

/** Entra: signs tokens for applications that prove themselves by an assertion. */
export interface Entra {
  readonly service: Service;
  /** Lifetime of new access tokens in seconds; 3599 unless set. */
  lifetime: number;
  /** Audiences that ARM and SCM sites take; ARM adds its own origin when it opens. */
  readonly armAudiences: Set<string>;
  /** Audiences that tokens may be asked for; more may be added (without a slash at the end). */
  readonly resources: Set<string>;
  /** Whether a token is one of ours, still valid, and meant for one of the audiences. */
  verify(token: string | undefined, audiences: ReadonlySet<string>): Promise<Verified>;
  /** A token without asking the endpoint: for people, whose sign-in the cloud does not play, and for tests. */
  mint(principal: Principal, audience: string): Promise<string>;
  /** Every token signed so far counts as expired from now on. */
  expireTokens(): void;
}

export interface EntraOptions {
  world: World;
  /** Keys of the outside issuers, e.g. GitHub's. */
  issuers: Map<string, JSONWebKeySet>;
}

export const armAudiences = ["https://management.azure.com", "https://management.core.windows.net"] as const;
const otherAudiences = [
  "https://storage.azure.com",
  "https://ossrdbms-aad.database.windows.net",
  "https://vault.azure.net",
  "https://graph.microsoft.com",
  "https://api.loganalytics.io",
];

interface State {
  world: World;
  signer: Signer;
  issuers: Map<string, JSONWebKeySet>;
  resources: Set<string>;
  lifetime: number;
  /** Tokens of an earlier generation count as expired. */
  generation: number;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

/** Azure AD accepts storage accounts by their own address too. */
function isKnown(state: State, resource: string): boolean {
  return state.resources.has(withoutSlash(resource)) || /^https:\/\/[^/]+\.blob\.core\.[^/]+\/?$/.test(resource);
}

/** ARM and storage tokens carry the older issuer, which Azurite insists on. */
function mint(state: State, application: Principal, audience: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return state.signer.sign({
    aud: audience,
    iss: `https://sts.windows.net/${state.world.tenantId}/`,
    iat: now,
    nbf: now - 5,
    exp: now + state.lifetime,
    appid: application.clientId,
    appidacr: "2",
    idtyp: "app",
    oid: application.objectId,
    sub: application.objectId,
    tid: state.world.tenantId,
    uti: randomUUID(),
    ver: "1.0",
    gen: state.generation,
  });
}

function checkTenant(state: State, call: Call): void {
  const tenant = call.param("tenant");
  const shared = ["common", "organizations"].includes(tenant.toLowerCase());
  if (!shared && !same(tenant, state.world.tenantId)) refuse(call, aadsts.tenant(tenant));
}

function required(call: Call, form: URLSearchParams, name: string): string {
  return form.get(name) || refuse(call, aadsts.parameter(name));
}

function audienceOf(state: State, call: Call, form: URLSearchParams): string {
  const resource = form.get("resource");
  const scope = resource === null ? required(call, form, "scope") : `${resource}/.default`;
  const suffixed = scope.split(" ").find((one) => one.endsWith("/.default"));
  if (suffixed === undefined) return refuse(call, aadsts.scope(scope));
  const audience = suffixed.slice(0, -"/.default".length);
  if (!isKnown(state, audience)) refuse(call, aadsts.resource(audience, state.world.tenantId));
  return audience;
}

async function signIn(state: State, call: Call): Promise<Reply> {
  checkTenant(state, call);
  const form = await call.form();
  const clientId = required(call, form, "client_id");
  const grant = required(call, form, "grant_type");
  if (grant !== "client_credentials") refuse(call, aadsts.grant(grant));
  const application = state.world.applications.find((one) => same(one.clientId, clientId));
  if (application === undefined) return refuse(call, aadsts.application(clientId, state.world.tenantId));
  const audience = audienceOf(state, call, form);
  const assertion = form.get("client_assertion");
  if (form.get("client_secret") !== null) refuse(call, aadsts.secret(clientId));
  if (assertion === null) return refuse(call, aadsts.noCredential());
  await checkAssertion(call, application, state.issuers, assertion);
  call.log.principal = application.objectId;
  const lifetime = { expires_in: state.lifetime, ext_expires_in: state.lifetime };
  const body = { token_type: "Bearer", ...lifetime, access_token: await mint(state, application, audience) };
  return { status: 200, headers: { "cache-control": "no-store, no-cache" }, body };
}

function discovery(state: State, call: Call): Reply {
  checkTenant(state, call);
  const tenant = call.param("tenant");
  const base = `${call.origin}/${tenant}`;
  return {
    status: 200,
    body: {
      token_endpoint: `${base}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_modes_supported: ["query", "fragment", "form_post"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
      response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
      scopes_supported: ["openid", "profile", "email", "offline_access"],
      issuer: `${call.origin}/${state.world.tenantId}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    },
  };
}

/** What clients ask that will not believe an unknown authority without it. */
function instanceDiscovery(state: State, call: Call): Reply {
  const host = new URL(call.origin).host;
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `${call.origin}/${state.world.tenantId}/v2.0/.well-known/openid-configuration`,
      "api-version": "1.1",
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  };
}

function principalOf(claims: JWTPayload): Principal {
  return { objectId: String(claims.oid), clientId: String(claims.appid) };
}

async function verify(state: State, token: string | undefined, audiences: ReadonlySet<string>): Promise<Verified> {
  if (token === undefined) return { valid: false, why: "missing" };
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(state.signer.jwks));
    const audience = String(payload.aud);
    if (payload.gen !== state.generation) return { valid: false, why: "expired", expiry: new Date() };
    if (!audiences.has(withoutSlash(audience))) return { valid: false, why: "audience", audience };
    return { valid: true, principal: principalOf(payload) };
  } catch (error) {
    if (!(error instanceof errors.JWTExpired)) return { valid: false, why: "invalid" };
    return { valid: false, why: "expired", expiry: new Date((error.payload.exp ?? 0) * 1000) };
  }
}

function routesOf(state: State): Routes {
  const keys = (): Reply => ({ status: 200, body: state.signer.jwks });
  return new Routes()
    .add("GET", "/common/discovery/instance", (call) => instanceDiscovery(state, call))
    .add("GET", "/{tenant}/v2.0/.well-known/openid-configuration", (call) => discovery(state, call))
    .add("GET", "/{tenant}/.well-known/openid-configuration", (call) => discovery(state, call))
    .add("GET", "/{tenant}/discovery/v2.0/keys", keys)
    .add("POST", "/{tenant}/oauth2/v2.0/token", (call) => signIn(state, call))
    .add("POST", "/{tenant}/oauth2/token", (call) => signIn(state, call));
}

/** Opens Entra's host. */
export async function startEntra(ground: Ground, options: EntraOptions): Promise<Entra> {
  const resources = new Set<string>([...armAudiences, ...otherAudiences]);
  const state: State = { ...options, resources, signer: await createSigner(), lifetime: 3599, generation: 0 };
  const service = await listen(ground, { kind: "login", routes: routesOf(state) });
  return {
    service,
    resources,
    armAudiences: new Set(armAudiences),
    get lifetime() {
      return state.lifetime;
    },
    set lifetime(seconds: number) {
      state.lifetime = seconds;
    },
    verify: (token, audiences) => verify(state, token, audiences),
    mint: (principal, audience) => mint(state, principal, audience),
    expireTokens: () => {
      state.generation += 1;
    },
  };
}
