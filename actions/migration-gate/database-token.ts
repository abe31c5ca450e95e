import { type ActionContext, UsageError } from "@augeo/action-kit";

export interface DatabaseIdentity {
  readonly clientId: string | undefined;
  readonly tenantId: string | undefined;
  readonly cloud: string;
}

type Context = Pick<ActionContext, "env" | "clock" | "log" | "signal">;

/** Signs in with Entra when asked to: the access token is the database's password. @throws UsageError without an identity. */
export function databaseToken(
  auth: "url" | "entra",
  { clientId, tenantId, cloud }: DatabaseIdentity,
  { env, clock, log, signal }: Context,
): (() => Promise<string>) | undefined {
  if (auth === "url") return undefined;
  if (clientId === undefined || tenantId === undefined) {
    throw new UsageError({
      what: "database-auth is entra, and the inputs to sign in with are missing.",
      why: `Missing: ${[clientId ?? "client-id", tenantId ?? "tenant-id"].filter((name) => /-id$/.test(name)).join(", ")}.`,
      fix: "give client-id and tenant-id of an identity that is a principal of the database, or set database-auth: url.",
    });
  }
  return async () => {
    const { cloudFrom, Http, SignIn } = await import("@augeo/azure");
    const endpoints = cloudFrom(cloud);
    const signIn = new SignIn({ env, clock, log, signal }, new Http(env), endpoints, { clientId, tenantId });
    return signIn.token(endpoints.databaseAudience);
  };
}
