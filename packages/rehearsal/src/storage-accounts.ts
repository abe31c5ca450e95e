import type { Application, ArmOptions } from "./arm/index.ts";
import { createContainer } from "./blob-container.ts";
import type { BlobHost } from "./blob-host.ts";
import type { Entra } from "./entra.ts";
import { storageAccount } from "./servers.ts";
import type { Tls } from "./tls.ts";

interface Storage {
  blob: BlobHost;
  port: number;
  entra: Entra;
  application: Application;
}

/** Resource Manager makes containers past the data plane's roles, as Azure does. */
export function accountsOf(
  { tls }: { tls: Tls },
  { blob, port, entra, application }: Storage,
): NonNullable<ArmOptions["blob"]> {
  const direct = { accountUrl: `https://127.0.0.1:${port}/${storageAccount}` };
  return {
    blobEndpoint: (account) => (account === storageAccount ? `${blob.accountUrl}/` : undefined),
    makeContainer: async (account, name) => {
      if (account === storageAccount) await createContainer({ blob: direct, ca: tls.ca, entra, application }, name);
    },
  };
}
