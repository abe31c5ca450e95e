import type { Call, Reply } from "../http.ts";
import { type Context, isRecord, ok, paths, propertiesOf } from "./context.ts";
import { gatewayError, resourceNotFound } from "./errors.ts";
import { addApplication, type FederatedCredential, type ManagedIdentity, same } from "./world.ts";

const kind = "Microsoft.ManagedIdentity/userAssignedIdentities";
const path = `${paths.group}/providers/${kind}/{identity}`;
/** Of an identity or an application. Source: Microsoft Learn, workload identity federation. */
export const MOST_CREDENTIALS = 20;

function find(context: Context, call: Call): ManagedIdentity | undefined {
  return context.world.identities.find(
    (one) =>
      same(one.subscriptionId, call.param("subscription")) &&
      same(one.resourceGroup, call.param("group")) &&
      same(one.name, call.param("identity")),
  );
}

function identityOf(context: Context, call: Call): ManagedIdentity {
  const found = find(context, call);
  if (found === undefined) throw resourceNotFound(kind, call.param("identity"), call.param("group"));
  return found;
}

function idOf({ subscriptionId, resourceGroup, name }: ManagedIdentity): string {
  return `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/providers/${kind}/${name}`;
}

function view(context: Context, identity: ManagedIdentity): unknown {
  const { clientId, objectId } = identity.application;
  const properties = { tenantId: context.world.tenantId, principalId: objectId, clientId };
  return { id: idOf(identity), name: identity.name, type: kind, location: identity.location, tags: {}, properties };
}

async function put(context: Context, call: Call): Promise<Reply> {
  const known = find(context, call);
  if (known !== undefined) return ok(view(context, known));
  const body = await call.json();
  const location = isRecord(body) ? body.location : undefined;
  if (typeof location !== "string")
    throw gatewayError(400, "LocationRequired", "The location property is required for this definition.");
  const name = call.param("identity");
  const identity: ManagedIdentity = {
    subscriptionId: call.param("subscription"),
    resourceGroup: call.param("group"),
    name,
    location,
    application: addApplication(context.world, { displayName: name }),
  };
  context.world.identities.push(identity);
  return { status: 201, body: view(context, identity) };
}

function credentialView(identity: ManagedIdentity, { name, issuer, subject, audiences }: FederatedCredential): unknown {
  const type = `${kind}/federatedIdentityCredentials`;
  return {
    id: `${idOf(identity)}/federatedIdentityCredentials/${name}`,
    name,
    type,
    properties: { issuer, subject, audiences },
  };
}

function listCredentials(context: Context, call: Call): Reply {
  const identity = identityOf(context, call);
  return ok({ value: identity.application.federatedCredentials.map((one) => credentialView(identity, one)) });
}

function getCredential(context: Context, call: Call): Reply {
  const identity = identityOf(context, call);
  const name = call.param("credential");
  const found = identity.application.federatedCredentials.find((one) => one.name === name);
  if (found === undefined) throw resourceNotFound(`${kind}/federatedIdentityCredentials`, name, call.param("group"));
  return ok(credentialView(identity, found));
}

async function putCredential(context: Context, call: Call): Promise<Reply> {
  const identity = identityOf(context, call);
  const { issuer, subject, audiences } = await propertiesOf(call);
  const credential: FederatedCredential = {
    name: call.param("credential"),
    issuer: String(issuer),
    subject: String(subject),
    audiences: Array.isArray(audiences) ? audiences.map(String) : [],
  };
  const { federatedCredentials } = identity.application;
  const others = federatedCredentials.filter((one) => one.name !== credential.name);
  if (others.some((one) => one.issuer === credential.issuer && one.subject === credential.subject)) {
    const text = "Issuer and subject combination already exists for this Managed Identity.";
    throw gatewayError(409, "Conflict", text);
  }
  if (others.length >= MOST_CREDENTIALS)
    throw gatewayError(
      400,
      "BadRequest",
      "Too many Federated Identity Credentials assigned to the Managed Identity. The limit is 20.",
    );
  federatedCredentials.splice(0, federatedCredentials.length, ...others, credential);
  return { status: 201, body: credentialView(identity, credential) };
}

export const identityRoutes = [
  ["GET", path, (context: Context, call: Call): Reply => ok(view(context, identityOf(context, call)))],
  ["PUT", path, put],
  ["GET", `${path}/federatedIdentityCredentials`, listCredentials],
  ["GET", `${path}/federatedIdentityCredentials/{credential}`, getCredential],
  ["PUT", `${path}/federatedIdentityCredentials/{credential}`, putCredential],
] as const;
