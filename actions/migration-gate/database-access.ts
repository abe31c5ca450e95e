import { type ActionContext, type InputsOf, ServiceError, UsageError } from "@augeo/action-kit";
import { readDatabaseUrl } from "@augeo/alembic";
import type { ServerRef } from "@augeo/azure";
import { Firewall, leftOpen } from "./firewall.ts";
import type { spec } from "./spec.ts";

export type AccessInputs = Pick<
  InputsOf<typeof spec>,
  | "connect"
  | "database-server"
  | "database-resource-group"
  | "runner-address"
  | "runner-address-url"
  | "firewall-timeout"
  | "client-id"
  | "tenant-id"
  | "subscription-id"
  | "cloud"
  | "github-token"
>;

export type AccessContext = Pick<ActionContext, "env" | "log" | "clock" | "signal" | "journal" | "run" | "remaining">;

/**
 * Does the work while the database lets this runner in, and closes what it opened whatever becomes of the work. What
 * a killed run leaves open is closed by its `post`, else by the next run or the reconciler, who know it by its name.
 * @throws UsageError, ServiceError when it cannot be opened; then the work was not begun.
 */
export async function withDatabaseAccess<T>(
  context: AccessContext,
  inputs: AccessInputs,
  databaseUrl: string,
  work: () => Promise<T>,
): Promise<T> {
  if (inputs.connect !== "firewall-rule") return work();
  const firewall = await Firewall.of(context, inputs, serverRef(inputs, databaseUrl));
  try {
    await context.log.group(`Open the firewall of ${firewall.ref.server}`, () => firewall.open(databaseUrl));
    return await work();
  } finally {
    await firewall.close().finally(() => firewall.end());
  }
}

/** For `post`: closes what `main` opened and could not close. Throws when it stays open, with the command that closes it. */
export async function closeLeftAccess(context: AccessContext, inputs: AccessInputs): Promise<void> {
  const left = leftOpen(context);
  if (left === undefined) return;
  const firewall = await Firewall.of(context, inputs, left.ref, left.rules);
  const failure = await firewall.close().finally(() => firewall.end());
  if (failure === undefined) return;
  const { server, resourceGroup } = left.ref;
  const why = failure instanceof ServiceError ? `${failure.what} ${failure.why}` : failure.message;
  const commands = left.rules.map(
    (rule) =>
      `az postgres flexible-server firewall-rule delete -g ${resourceGroup} --name ${server} --rule-name ${rule} --yes`,
  );
  throw new ServiceError({
    service: "Azure Resource Manager",
    operation: "close the firewall",
    what: `The firewall of ${server} is still open to this runner's address.`,
    why,
    fix: `Close it by hand: ${commands.join(" && ")}`,
    cause: failure,
  });
}

/** Azure's own name of the server, from its host unless given. @throws UsageError when it cannot be told. */
function serverRef(inputs: AccessInputs, databaseUrl: string): ServerRef {
  const { host } = readDatabaseUrl(databaseUrl);
  const isAzure = /\.postgres\.database\.(azure\.com|usgovcloudapi\.net|chinacloudapi\.cn)$/i.test(host);
  const server = inputs["database-server"] ?? (isAzure ? host.split(".")[0] : undefined);
  const resourceGroup = inputs["database-resource-group"];
  if (server !== undefined && resourceGroup !== undefined) return { server, resourceGroup };
  const missing = [
    ...(server === undefined ? [`database-server (${host} is not the name Azure gave the server)`] : []),
    ...(resourceGroup === undefined ? ["database-resource-group"] : []),
  ];
  throw new UsageError({
    what: "connect: firewall-rule does not know which server to open.",
    why: `Missing: ${missing.join(", ")}.`,
    fix: "Set them as az postgres flexible-server list -o table shows them, or connect: direct for a database that this runner reaches.",
  });
}
