import { ServiceError, UsageError } from "@augeo/action-kit";

type Env = Readonly<Record<string, string | undefined>>;

/** Audience of Azure Database for PostgreSQL's tokens in the public cloud. */
const AUDIENCE = "https://ossrdbms-aad.database.windows.net";

/**
 * A token of the managed identity that App Service, Functions and Container Apps lend to what runs in them: by the
 * address and the header in their environment (api-version 2019-08-01).
 */
export function managedIdentityToken(env: Env, clientId?: string, audience = AUDIENCE): () => Promise<string> {
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } = env;
  if (!endpoint || !header) {
    throw new UsageError({
      what: "There is no managed identity here.",
      why: "IDENTITY_ENDPOINT and IDENTITY_HEADER, which App Service and Container Apps set, are not in the environment.",
      fix: "Give the app or job an identity (az containerapp job identity assign, az webapp identity assign), or leave --managed-identity out and put the password into the address.",
    });
  }
  return async () => {
    const url = new URL(endpoint);
    url.searchParams.set("api-version", "2019-08-01");
    url.searchParams.set("resource", audience);
    if (clientId !== undefined) url.searchParams.set("client_id", clientId);
    const reply = await fetch(url, { headers: { "X-IDENTITY-HEADER": header } }).catch((error: unknown) => error);
    if (!(reply instanceof Response)) throw refused(`It did not answer: ${reply}.`);
    const text = await reply.text();
    const token = tokenIn(text);
    if (token === undefined) throw refused(`It answered ${reply.status}: ${text.slice(0, 300)}`);
    return token;
  };
}

function tokenIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const token = typeof value === "object" && value !== null ? Reflect.get(value, "access_token") : undefined;
    return typeof token === "string" && token !== "" ? token : undefined;
  } catch {
    return undefined;
  }
}

function refused(why: string): ServiceError {
  return new ServiceError({
    service: "Managed identity",
    operation: "get a token",
    what: "The managed identity gave no token for the database.",
    why,
    fix: "Check that the identity is assigned here; with several user-assigned ones, name it with --client-id.",
    retryable: true,
  });
}
