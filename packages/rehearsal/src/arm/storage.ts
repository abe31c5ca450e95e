import type { Call, Reply } from "../http.ts";
import { type Context, isRecord, ok, paths } from "./context.ts";
import { gatewayError, resourceNotFound } from "./errors.ts";
import { type StorageAccount, same } from "./world.ts";

const kind = "Microsoft.Storage/storageAccounts";
const path = `${paths.group}/providers/${kind}/{account}`;
const container = `${path}/blobServices/default/containers/{container}`;

function accountOf(context: Context, call: Call): StorageAccount {
  const [name, group] = [call.param("account"), call.param("group")];
  const found = context.world.storageAccounts.find((one) => same(one.name, name) && same(one.resourceGroup, group));
  if (found === undefined) throw resourceNotFound(kind, name, group);
  return found;
}

/** One account has content: that of the cloud's Blob Storage. The others exist on paper, under Azure's own address. */
function view(context: Context, account: StorageAccount): unknown {
  const { subscriptionId, resourceGroup, name, location, sku, allowSharedKeyAccess } = account;
  const blob = context.blobEndpoint(name) ?? `https://${name}.blob.core.windows.net/`;
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${kind}/${name}`,
    name,
    type: kind,
    location,
    kind: "StorageV2",
    sku: { name: sku, tier: sku.split("_")[0] },
    properties: {
      provisioningState: "Succeeded",
      allowSharedKeyAccess,
      allowBlobPublicAccess: false,
      minimumTlsVersion: "TLS1_2",
      primaryEndpoints: { blob },
    },
  };
}

function checkName(context: Context, call: Call): void {
  const name = call.param("account");
  if (!/^[a-z0-9]{3,24}$/.test(name)) {
    const text = `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`;
    throw gatewayError(400, "AccountNameInvalid", text);
  }
  const taken = context.world.storageAccounts.some(
    (one) => same(one.name, name) && !same(one.resourceGroup, call.param("group")),
  );
  if (taken)
    throw gatewayError(409, "StorageAccountAlreadyTaken", `The storage account named ${name} is already taken.`);
}

async function put(context: Context, call: Call): Promise<Reply> {
  checkName(context, call);
  const body = await call.json();
  const wanted = isRecord(body) ? body : {};
  const properties = isRecord(wanted.properties) ? wanted.properties : {};
  const sku = isRecord(wanted.sku) ? String(wanted.sku.name) : "Standard_LRS";
  const { storageAccounts } = context.world;
  const account: StorageAccount = {
    subscriptionId: call.param("subscription"),
    resourceGroup: call.param("group"),
    name: call.param("account"),
    location: String(wanted.location),
    sku,
    allowSharedKeyAccess: properties.allowSharedKeyAccess !== false,
    containers: [],
  };
  const known = storageAccounts.find((one) => same(one.name, account.name));
  if (known === undefined) storageAccounts.push(account);
  return ok(view(context, known ?? account));
}

function containerView(call: Call, account: StorageAccount, name: string): unknown {
  const id = `/subscriptions/${account.subscriptionId}/resourceGroups/${account.resourceGroup}/providers/${kind}/${account.name}`;
  const type = `${kind}/blobServices/containers`;
  return {
    id: `${id}/blobServices/default/containers/${name}`,
    name,
    type,
    etag: `"${call.segments.length}"`,
    properties: { publicAccess: "None" },
  };
}

function getContainer(context: Context, call: Call): Reply {
  const [account, name] = [accountOf(context, call), call.param("container")];
  if (account.containers.includes(name)) return ok(containerView(call, account, name));
  throw gatewayError(404, "ContainerNotFound", `The specified container does not exist.`);
}

async function putContainer(context: Context, call: Call): Promise<Reply> {
  const [account, name] = [accountOf(context, call), call.param("container")];
  if (account.containers.includes(name)) return ok(containerView(call, account, name));
  await context.makeContainer(account.name, name);
  account.containers.push(name);
  return { status: 201, body: containerView(call, account, name) };
}

/** Names of storage accounts are unique in all of Azure. */
async function nameAvailability({ world }: Context, call: Call): Promise<Reply> {
  const body = await call.json();
  const name = isRecord(body) ? String(body.name) : "";
  if (!world.storageAccounts.some((one) => same(one.name, name))) return ok({ nameAvailable: true });
  const message = `The storage account named ${name} is already taken.`;
  return ok({ nameAvailable: false, reason: "AlreadyExists", message });
}

export const storageRoutes = [
  ["POST", "/subscriptions/{subscription}/providers/Microsoft.Storage/checkNameAvailability", nameAvailability],
  ["GET", path, (context: Context, call: Call): Reply => ok(view(context, accountOf(context, call)))],
  ["PUT", path, put],
  ["GET", container, getContainer],
  ["PUT", container, putContainer],
] as const;
