/** The packages in the ledger's container, each named by its content's hash and shared by all apps and environments. */
import type { KeptPackage } from "@augeo/release";
import type { TokenCredential } from "@azure/identity";
import { touch } from "./blob.ts";
import type { AzureContext } from "./context.ts";
import { type ContainerPlace, codeOf, LedgerContainer } from "./ledger-container.ts";

const NAME = /^artifacts\/([0-9a-f]{64})\.zip$/;
const FOLDER = "artifacts/";
export const artifactName = (sha256: string): string => `${FOLDER}${sha256}.zip`;

export interface Packages {
  list(): Promise<KeptPackage[]>;
  /** Deletes one that is still as it was listed. False: it was stored again since, or another run deleted it. */
  remove(listed: KeptPackage): Promise<boolean>;
}

export function openPackages(context: AzureContext, credential: TokenCredential, place: ContainerPlace): Packages {
  const container = new LedgerContainer(context, credential, place);
  return { list: () => listPackages(container), remove: (listed) => removePackage(container, listed) };
}

async function listPackages(container: LedgerContainer): Promise<KeptPackage[]> {
  const client = await container.client();
  return container.attempt("list the stored packages", async () => {
    const found: KeptPackage[] = [];
    for await (const { name, properties } of client.listBlobsFlat({
      prefix: FOLDER,
      abortSignal: container.context.signal,
    })) {
      const sha256 = NAME.exec(name)?.[1];
      const { etag, contentLength = 0, lastModified } = properties;
      if (sha256 !== undefined) found.push({ sha256, etag, bytes: contentLength, storedAt: lastModified.getTime() });
    }
    return found;
  });
}

async function removePackage(container: LedgerContainer, { sha256, etag }: KeptPackage): Promise<boolean> {
  const blob = await container.blob(artifactName(sha256));
  const options = { conditions: { ifMatch: quoted(etag) }, abortSignal: container.context.signal };
  return container.attempt("delete a stored package", async () => {
    try {
      return (await container.unlessChanged(() => blob.delete(options))) !== undefined;
    } catch (error) {
      if (codeOf(error) === "BlobNotFound") return false;
      throw error;
    }
  });
}

/** A list gives ETags without the quotes that a condition needs. */
const quoted = (etag: string): string => (etag.startsWith('"') ? etag : `"${etag}"`);

/**
 * Stores a package, or touches the one that is there: a new ETag and time. Who deletes an old package names the ETag
 * that it was listed with, so either the touch comes first and the deletion fails, or the package is sent anew.
 */
export async function keepPackage(container: LedgerContainer, sha256: string, path: string): Promise<void> {
  const blob = (await container.client()).getBlockBlobClient(artifactName(sha256));
  const abortSignal = container.context.signal;
  await container.attempt("store the package", async () => {
    if (await touch(blob, container.context)) return;
    const options = { conditions: { ifNoneMatch: "*" }, blobHTTPHeaders: { blobContentType: "application/zip" } };
    // Stored by another run meanwhile: it is as new as ours would be.
    await container.unlessChanged(() => blob.uploadFile(path, { ...options, abortSignal }));
  });
}

export async function fetchPackage(container: LedgerContainer, sha256: string, path: string): Promise<void> {
  const blob = await container.blob(artifactName(sha256));
  await container.attempt("fetch the stored package", async () => {
    await blob.downloadToFile(path, 0, undefined, { abortSignal: container.context.signal });
  });
}
