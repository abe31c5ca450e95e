import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { can } from "./arm/rbac.ts";
import type { World } from "./arm/world.ts";
import type { Entra } from "./entra.ts";
import { type Call, type Ground, listen, type Reply, Routes, type Service } from "./http.ts";
import { storageAccount } from "./servers.ts";

/** Blob Storage before Azurite: adds what it lacks (signatures checked, roles, the request log, faults). */
export interface BlobHost {
  readonly service: Service;
  /** `https://127.0.0.1:<port>/<account>`, which is `https://<account>.blob.core.windows.net` in Azure. */
  readonly accountUrl: string;
  close(): Promise<void>;
}

export interface BlobHostOptions {
  azuritePort: number;
  ca: string;
  entra: Pick<Entra, "verify">;
  world: World;
}

const audiences = new Set(["https://storage.azure.com", `https://${storageAccount}.blob.core.windows.net`]);

/** The storage account's resource id: where role assignments for its content are made. */
export function storageScope(world: World): string {
  const made = world.storageAccounts.find((one) => one.name === storageAccount);
  const [first] = world.resourceGroups;
  const inGroup = `/subscriptions/${first?.subscriptionId}/resourceGroups/${made?.resourceGroup ?? first?.name}`;
  return `${inGroup}/providers/Microsoft.Storage/storageAccounts/${storageAccount}`;
}

const blobs = "Microsoft.Storage/storageAccounts/blobServices/containers";
const storageActions = {
  read: `${blobs}/blobs/read`,
  write: `${blobs}/blobs/write`,
  delegate: "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
};

/** The built-in roles that grant anything here: Owner and Contributor grant no data actions, in Azure either. */
const dataRoles: Readonly<Record<string, string[]>> = {
  "storage blob data reader": [storageActions.read, storageActions.delegate],
  "storage blob data contributor": Object.values(storageActions),
  "storage blob data owner": Object.values(storageActions),
  "storage blob delegator": [storageActions.delegate],
};

/** Whether a principal may read or write in a container, or delegate at the account. */
function mayDo(world: World, principalId: string, action: string, container: string | undefined): boolean {
  const roleAssignments = world.roleAssignments.flatMap((assignment) => {
    const { role } = assignment;
    if (typeof role === "object") return [assignment];
    return [{ ...assignment, role: { name: role, actions: dataRoles[role.toLowerCase()] ?? [] } }];
  });
  const account = storageScope(world);
  const scope = container === undefined ? account : `${account}/blobServices/default/containers/${container}`;
  return can({ ...world, roleAssignments }, principalId, action, scope);
}

function refusal(status: number, code: string, message: string): Reply {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml", "x-ms-error-code": code }, body };
}

const notAuthenticated = () =>
  refusal(
    401,
    "InvalidAuthenticationInfo",
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
  );

const notAuthorized = () =>
  refusal(
    403,
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission.",
  );

function actionOf(call: Call): string {
  if (call.query.get("comp") === "userdelegationkey") return storageActions.delegate;
  return ["GET", "HEAD"].includes(call.method) ? storageActions.read : storageActions.write;
}

/** Azurite believes every token; here its signature, expiry and audience count, and the role of who it speaks for. */
async function refuse(call: Call, { entra, world }: BlobHostOptions): Promise<Reply | undefined> {
  const token = call.bearer();
  if (token === undefined) return undefined;
  const verified = await entra.verify(token, audiences);
  if (!verified.valid) return notAuthenticated();
  call.log.principal = verified.principal.objectId;
  const [, container] = call.segments;
  return mayDo(world, verified.principal.objectId, actionOf(call), container) ? undefined : notAuthorized();
}

/** The `Host` header stays as the client sent it: Azurite compares it with a copy's source. */
function forward(call: Call, port: number, agent: Agent): Promise<IncomingMessage> {
  const path = call.log.query === "" ? call.path : `${call.path}?${call.log.query}`;
  return new Promise((resolve, reject) => {
    const { signal } = call;
    const sent = request(
      { host: "127.0.0.1", port, agent, method: call.method, path, headers: call.headers, signal },
      resolve,
    );
    sent.on("error", reject);
    call.stream.on("error", reject);
    call.stream.pipe(sent);
  });
}

function headersOf(response: IncomingMessage): Record<string, string | readonly string[]> {
  const { connection: _connection, "keep-alive": _keepAlive, ...headers } = response.headers;
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

export async function startBlobHost(ground: Ground, options: BlobHostOptions): Promise<BlobHost> {
  const agent = new Agent({ keepAlive: true, ca: options.ca });
  const pass = async (call: Call): Promise<Reply> => {
    const response = await forward(call, options.azuritePort, agent);
    return { status: response.statusCode ?? 502, headers: headersOf(response), body: response };
  };
  const service = await listen(ground, {
    kind: "blob",
    routes: new Routes(),
    before: (call) => refuse(call, options),
    unknown: pass,
  });
  return {
    service,
    accountUrl: `${service.origin}/${storageAccount}`,
    async close() {
      await service.close();
      agent.destroy();
    },
  };
}
