import { ServiceError } from "@augeo/action-kit";
import { type AzureSession, type ContainerPlace, listLedgers, openLedger } from "@augeo/azure";
import type { HeadSeen, LedgerRead } from "@augeo/release";

/** The ledger's container, which all apps and environments share. */
export const placeOf = ({ signIn }: AzureSession, container: string): ContainerPlace => ({
  container,
  audience: `${signIn.cloud.storageAudience}/.default`,
});

export interface LedgerSeen {
  readonly app: string;
  readonly environment: string;
  readonly where: string;
  read(): Promise<LedgerRead>;
}

/** Every app and environment of a container; nothing of them is read yet. */
export async function everyLedger(azure: AzureSession, container: string): Promise<LedgerSeen[]> {
  const place = placeOf(azure, container);
  const credential = azure.signIn.asCredential();
  const found = await listLedgers(azure.context, credential, place);
  return found.map(({ app, environment }) => {
    const ledger = openLedger(azure.context, credential, { ...place, app, environment });
    return { app, environment, where: ledger.where, read: () => ledger.read() };
  });
}

/** Reads all of them; one that the service does not give is seen as unreadable, as a damaged one is. */
export async function readHeads(azure: AzureSession, container: string): Promise<HeadSeen[]> {
  const seen: HeadSeen[] = [];
  for (const { where, read } of await everyLedger(azure, container)) {
    try {
      seen.push({ where, ...(await read()) });
    } catch (error) {
      if (azure.context.signal.aborted || !(error instanceof ServiceError)) throw error;
      seen.push({ where, kind: "unreadable", why: error.why });
    }
  }
  return seen;
}
