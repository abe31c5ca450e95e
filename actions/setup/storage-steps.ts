/** Where the ledgers are: an account that takes no shared key, and a container for each environment. */
import { fieldsOf, textOf } from "@augeo/azure";
import type { EnvironmentSettings } from "../settings/settings.ts";
import { type SiteSetup, VERSIONS } from "./site-setup.ts";
import { ABSENT, type Found, type Step, THERE, word } from "./step.ts";

export function accountPath(setup: SiteSetup): string {
  const { "storage-account": account, "storage-resource-group": group } = setup.settings;
  return `${setup.groupPath(group)}/providers/Microsoft.Storage/storageAccounts/${account}`;
}

export function containerPath(setup: SiteSetup, { container }: EnvironmentSettings): string {
  return `${accountPath(setup)}/blobServices/default/containers/${container}`;
}

export function accountStep(setup: SiteSetup): Step {
  const { "storage-account": account, "storage-resource-group": group, region } = setup.settings;
  return {
    area: "Azure",
    environment: undefined,
    what: `the storage account ${account}`,
    commands: [
      `az storage account create --resource-group ${word(group)} --name ${account} --location ${region} --kind StorageV2 --sku Standard_LRS --allow-shared-key-access false --allow-blob-public-access false --min-tls-version TLS1_2`,
    ],
    look: () => lookForAccount(setup),
    make: async () => {
      await setup.put(accountPath(setup), VERSIONS.storage, `create the storage account ${account}`, {
        location: region,
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        properties: { allowSharedKeyAccess: false, allowBlobPublicAccess: false, minimumTlsVersion: "TLS1_2" },
      });
    },
  };
}

async function lookForAccount(setup: SiteSetup): Promise<Found> {
  const account = await setup.find(accountPath(setup), VERSIONS.storage, "look for the storage account");
  if (account === undefined) return ABSENT;
  const keys = fieldsOf(fieldsOf(account).properties).allowSharedKeyAccess;
  return keys === false ? THERE : { there: true, note: "it takes shared keys, which nothing here needs" };
}

export function containerStep(setup: SiteSetup, place: EnvironmentSettings): Step {
  const { "storage-account": account, "storage-resource-group": group } = setup.settings;
  return {
    area: "Azure",
    environment: place.name,
    what: `the container ${place.container} for the ledger of ${place.name}`,
    commands: [
      `az storage container-rm create --resource-group ${word(group)} --storage-account ${account} --name ${place.container}`,
    ],
    look: async () => {
      const container = await setup.find(containerPath(setup, place), VERSIONS.storage, "look for the container");
      return container === undefined ? ABSENT : THERE;
    },
    make: async () => {
      const body = { properties: { publicAccess: "None" } };
      await setup.put(containerPath(setup, place), VERSIONS.storage, `create the container ${place.container}`, body);
    },
  };
}

/** Address of the environment's ledger: the account itself says where its blobs are, in every cloud. */
export async function ledgerUrl(setup: SiteSetup, { container }: EnvironmentSettings): Promise<string | undefined> {
  const account = await setup.find(accountPath(setup), VERSIONS.storage, "look for the storage account");
  const endpoint = textOf(fieldsOf(fieldsOf(fieldsOf(account).properties).primaryEndpoints).blob);
  return endpoint === "" ? undefined : `${endpoint.replace(/\/?$/, "/")}${container}`;
}
