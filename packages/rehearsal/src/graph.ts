import { randomUUID } from "node:crypto";
import { type Application, addApplication, type FederatedCredential, same, type World } from "./arm/world.ts";
import type { Entra } from "./entra.ts";
import { type Call, type Ground, listen, type Reply, ReplyError, Routes, type Service } from "./http.ts";

/** Microsoft Graph v1.0, as far as registering an application and its federated credentials goes. */
export interface Graph {
  readonly service: Service;
}

export interface GraphOptions {
  world: World;
  entra: Pick<Entra, "verify">;
  /** Principals that may register applications. */
  mayRegister: ReadonlySet<string>;
}

const audiences = new Set(["https://graph.microsoft.com"]);
const MOST_CREDENTIALS = 20;

function refusal(status: number, code: string, message: string): ReplyError {
  const innerError = { date: new Date().toISOString(), "request-id": randomUUID() };
  return new ReplyError({ status, body: { error: { code, message, innerError } } });
}

async function admit({ entra, mayRegister }: GraphOptions, call: Call): Promise<Reply | undefined> {
  const verified = await entra.verify(call.bearer(), audiences);
  if (!verified.valid) throw refusal(401, "InvalidAuthenticationToken", "Access token validation failure.");
  call.log.principal = verified.principal.objectId;
  if (call.method === "GET" || mayRegister.has(verified.principal.objectId)) return undefined;
  throw refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
}

type Found = readonly [id: string, application: Application];

function show([id, { clientId, displayName }]: Found): unknown {
  return { id, appId: clientId, displayName, signInAudience: "AzureADMyOrg" };
}

/** `$filter=displayName eq 'x'` or `appId eq 'x'`. */
function filterOf(call: Call): { field: string; value: string } {
  const [, field = "", value = ""] = /^(displayName|appId) eq '([^']*)'$/.exec(call.query.get("$filter") ?? "") ?? [];
  if (field === "")
    throw refusal(400, "Request_UnsupportedQuery", "Unsupported or invalid query filter clause specified.");
  return { field, value };
}

function listApplications({ registrations }: World, call: Call): Reply {
  const { field, value } = filterOf(call);
  const found = [...registrations].filter(([, { clientId, displayName }]) =>
    field === "appId" ? same(clientId, value) : displayName === value,
  );
  return { status: 200, body: { value: found.map(show) } };
}

async function fieldsOf(call: Call): Promise<Record<string, unknown>> {
  const body = await call.json();
  return typeof body === "object" && body !== null ? { ...body } : {};
}

async function createApplication(world: World, call: Call): Promise<Reply> {
  const { displayName } = await fieldsOf(call);
  if (typeof displayName !== "string") throw refusal(400, "Request_BadRequest", "Property displayName is required.");
  const application = addApplication(world, { displayName });
  const id = randomUUID();
  world.registrations.set(id, application);
  return { status: 201, body: show([id, application]) };
}

function principalView({ clientId, objectId, displayName }: Application): unknown {
  return { id: objectId, appId: clientId, displayName, servicePrincipalType: "Application" };
}

/** An application signs in only once its tenant has a service principal of it. */
export class ServicePrincipals {
  readonly #made = new Set<string>();

  list(world: World, call: Call): Reply {
    const { value } = filterOf(call);
    const found = [...world.registrations.values()].filter(
      ({ clientId }) => same(clientId, value) && this.#made.has(clientId),
    );
    return { status: 200, body: { value: found.map(principalView) } };
  }

  async create(world: World, call: Call): Promise<Reply> {
    const { appId } = await fieldsOf(call);
    const application = [...world.registrations.values()].find(({ clientId }) => same(clientId, String(appId)));
    if (application === undefined)
      throw refusal(
        400,
        "Request_BadRequest",
        `The appId '${appId}' of the service principal does not reference a valid application object.`,
      );
    if (this.#made.has(application.clientId))
      throw refusal(
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        "The service principal cannot be created, because a service principal with that appId already exists.",
      );
    this.#made.add(application.clientId);
    return { status: 201, body: principalView(application) };
  }
}

function applicationOf({ registrations }: World, call: Call): Application {
  const id = call.param("id");
  const found = registrations.get(id);
  if (found !== undefined) return found;
  throw refusal(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

async function addCredential(world: World, call: Call): Promise<Reply> {
  const { federatedCredentials } = applicationOf(world, call);
  const { name, issuer, subject, audiences: wanted } = await fieldsOf(call);
  const credential: FederatedCredential = {
    name: String(name),
    issuer: String(issuer),
    subject: String(subject),
    audiences: Array.isArray(wanted) ? wanted.map(String) : [],
  };
  const twin = federatedCredentials.find(
    (one) => one.name === credential.name || (one.issuer === credential.issuer && one.subject === credential.subject),
  );
  if (twin !== undefined)
    throw refusal(
      409,
      "Request_MultipleObjectsWithSameKeyValue",
      `FederatedIdentityCredential with name ${credential.name} already exists.`,
    );
  if (federatedCredentials.length >= MOST_CREDENTIALS)
    throw refusal(
      400,
      "Request_BadRequest",
      "The maximum number of federated identity credentials allowed on one object is 20.",
    );
  federatedCredentials.push(credential);
  return { status: 201, body: { id: randomUUID(), ...credential } };
}

/** By its id or, as here, by its name. Source: Microsoft Graph, update federatedIdentityCredential. */
async function updateCredential(world: World, call: Call): Promise<Reply> {
  const { federatedCredentials } = applicationOf(world, call);
  const known = federatedCredentials.find(({ name }) => name === call.param("credential"));
  if (known === undefined) throw refusal(404, "Request_ResourceNotFound", "Resource does not exist.");
  const { issuer = known.issuer, subject = known.subject, audiences: wanted } = await fieldsOf(call);
  const audiences = Array.isArray(wanted) ? wanted.map(String) : known.audiences;
  const changed = { ...known, issuer: String(issuer), subject: String(subject), audiences };
  federatedCredentials.splice(federatedCredentials.indexOf(known), 1, changed);
  return { status: 204, body: undefined };
}

function routesOf(world: World): Routes {
  const principals = new ServicePrincipals();
  return new Routes()
    .add("GET", "/v1.0/applications", (call) => listApplications(world, call))
    .add("POST", "/v1.0/applications", (call) => createApplication(world, call))
    .add("GET", "/v1.0/servicePrincipals", (call) => principals.list(world, call))
    .add("POST", "/v1.0/servicePrincipals", (call) => principals.create(world, call))
    .add("GET", "/v1.0/applications/{id}/federatedIdentityCredentials", (call) => ({
      status: 200,
      body: { value: applicationOf(world, call).federatedCredentials },
    }))
    .add("POST", "/v1.0/applications/{id}/federatedIdentityCredentials", (call) => addCredential(world, call))
    .add("PATCH", "/v1.0/applications/{id}/federatedIdentityCredentials/{credential}", (call) =>
      updateCredential(world, call),
    );
}

/** Opens Graph's host. */
export async function startGraph(ground: Ground, options: GraphOptions): Promise<Graph> {
  const before = (call: Call) => admit(options, call);
  return { service: await listen(ground, { kind: "graph", routes: routesOf(options.world), before }) };
}
