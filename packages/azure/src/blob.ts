/** Blob Storage, as far as packages and the ledger need it. The SDK is loaded with the first use. */

import { ServiceError, UsageError } from "@augeo/release";
import type { BlobServiceClient, BlockBlobClient, ContainerClient } from "@azure/storage-blob";
import type { AzureContext } from "./context.ts";
import type { Upload } from "./http.ts";
import type { TokenSource } from "./sign-in.ts";

/** `https://<account>.blob.core.windows.net/<container>`, or with the account in the path as emulators have it. */
export interface ContainerAddress {
  serviceUrl: string;
  account: string;
  container: string;
}

/** Bytes of one block of a package that is sent; memory holds one. */
const BLOCK = 4 * 1024 * 1024;
/** Service version of SAS tokens: the newest that also older emulators accept. */
const SAS_VERSION = "2024-11-04";

export function containerAddress(url: string): ContainerAddress {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const parts = address?.pathname.split("/").filter(Boolean) ?? [];
  const container = parts.at(-1);
  if (address === undefined || container === undefined || parts.length > 2) {
    throw new UsageError({
      what: `"${url}" is not the address of a blob container.`,
      why: "It must name a storage account and one container in it.",
      fix: "Write https://<account>.blob.core.windows.net/<container>.",
    });
  }
  const inPath = parts.length === 2 ? parts[0] : undefined;
  const account = inPath ?? address.hostname.split(".")[0] ?? "";
  return { serviceUrl: inPath === undefined ? address.origin : `${address.origin}/${inPath}`, account, container };
}

export class BlobAccess {
  readonly #context: AzureContext;
  readonly #signIn: TokenSource;
  readonly #services = new Map<string, Promise<BlobServiceClient>>();

  constructor(context: AzureContext, signIn: TokenSource) {
    this.#context = context;
    this.#signIn = signIn;
  }

  /** The SDK's own client for a container, signed in; calls through it throw the SDK's errors (`blobFailure`). */
  async container(address: ContainerAddress): Promise<ContainerClient> {
    return (await this.#service(address.serviceUrl)).getContainerClient(address.container);
  }

  /**
   * Stores a package under its name unless it is there: names are made from content. One that is there is touched, so
   * that it counts as new for whoever deletes old ones. Returns whether it was sent.
   */
  async store(address: ContainerAddress, name: string, upload: Upload): Promise<boolean> {
    const blob = (await this.container(address)).getBlockBlobClient(name);
    return this.#call(`store ${name}`, address, async () => {
      if (await touch(blob, this.#context)) return false;
      await this.#send(blob, upload);
      return true;
    });
  }

  /** Sends block after block from one buffer; the blob appears whole or not at all. */
  async #send(blob: BlockBlobClient, upload: Upload): Promise<void> {
    const abortSignal = this.#context.signal;
    const ids: string[] = [];
    for await (const block of blocksOf(upload.open())) {
      const id = Buffer.from(String(ids.length).padStart(8, "0")).toString("base64");
      await blob.stageBlock(id, block, block.length, { abortSignal });
      ids.push(id);
    }
    const blobHTTPHeaders = { blobContentType: "application/zip" };
    await blob
      .commitBlockList(ids, { abortSignal, blobHTTPHeaders, conditions: { ifNoneMatch: "*" } })
      .catch((error: unknown) => {
        // Another run stored the same content meanwhile.
        if (codeOf(error) !== "BlobAlreadyExists") throw error;
      });
  }

  /** The stored package's bytes; undefined when it is not there. */
  async open(address: ContainerAddress, name: string): Promise<Upload | undefined> {
    const blob = (await this.container(address)).getBlobClient(name);
    const signal = this.#context.signal;
    try {
      const { contentLength } = await blob.getProperties({ abortSignal: signal });
      return { open: () => download(blob, signal), length: contentLength };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw blobFailure(`read ${name}`, address, error);
    }
  }

  /** A URL that reads one blob for `life` milliseconds, signed by the identity itself (user delegation): no account key. */
  async readUrl(address: ContainerAddress, name: string, life: number): Promise<string> {
    const { BlobSASPermissions, generateBlobSASQueryParameters, SASProtocol } = await import("@azure/storage-blob");
    const service = await this.#service(address.serviceUrl);
    const now = this.#context.clock.now();
    // Clocks differ by minutes at times.
    const [startsOn, expiresOn] = [new Date(now - 300_000), new Date(now + life)];
    return this.#call(`sign a URL for ${name}`, address, async () => {
      const key = await service.getUserDelegationKey(startsOn, expiresOn, { abortSignal: this.#context.signal });
      const permissions = BlobSASPermissions.parse("r");
      const values = {
        containerName: address.container,
        blobName: name,
        permissions,
        startsOn,
        expiresOn,
        protocol: SASProtocol.Https,
        version: SAS_VERSION,
      };
      const query = generateBlobSASQueryParameters(values, key, address.account).toString();
      this.#context.log.mask(query);
      return `${service.getContainerClient(address.container).getBlobClient(name).url}?${query}`;
    });
  }

  #service(url: string): Promise<BlobServiceClient> {
    const known = this.#services.get(url) ?? this.#load(url);
    this.#services.set(url, known);
    return known;
  }

  async #load(url: string): Promise<BlobServiceClient> {
    const audience = this.#signIn.cloud.storageAudience;
    await this.#signIn.token(audience);
    const { BlobServiceClient } = await import("@azure/storage-blob");
    return new BlobServiceClient(url, this.#signIn.asCredential(), {
      audience,
      userAgentOptions: { userAgentPrefix: "augeo-deploy-action" },
      retryOptions: { maxTries: 5, tryTimeoutInMs: 120_000, retryDelayInMs: 1_000, maxRetryDelayInMs: 15_000 },
    });
  }

  async #call<Result>(operation: string, address: ContainerAddress, act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      throw this.#context.signal.aborted ? this.#context.signal.reason : blobFailure(operation, address, error);
    }
  }
}

/** Gives a blob a new ETag and time. False when it is not there. */
export async function touch(
  blob: Pick<BlockBlobClient, "setMetadata">,
  { clock, signal }: AzureContext,
): Promise<boolean> {
  try {
    await blob.setMetadata({ storedAgain: new Date(clock.now()).toISOString() }, { abortSignal: signal });
    return true;
  } catch (error) {
    if (codeOf(error) === "BlobNotFound") return false;
    throw error;
  }
}

async function* download(
  blob: { download: BlockBlobClient["download"] },
  abortSignal: AbortSignal,
): AsyncGenerator<Buffer> {
  const { readableStreamBody } = await blob.download(0, undefined, { abortSignal, maxRetryRequests: 5 });
  if (readableStreamBody === undefined) return;
  for await (const chunk of readableStreamBody) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

/** Chunks joined to blocks of one buffer; a block is valid until the next is asked for. */
async function* blocksOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(BLOCK);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let done = 0; done < chunk.length; ) {
      const copied = chunk.copy(buffer, filled, done);
      done += copied;
      filled += copied;
      if (filled < BLOCK) continue;
      yield buffer;
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

function statusOf(error: unknown): number | undefined {
  return typeof error === "object" && error !== null && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : undefined;
}

function codeOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/** An error of the storage SDK in our form, with the role that is missing where one is. */
export function blobFailure(operation: string, address: ContainerAddress, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const [status, code] = [statusOf(error), codeOf(error)];
  const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return new ServiceError({
    service: "Blob Storage",
    operation,
    status,
    code,
    what: `Blob Storage could not ${operation} in ${address.serviceUrl}/${address.container}.`,
    why: `It answered ${[status, code].filter(Boolean).join(" ") || "nothing"}: ${message}`,
    fix: remedy(status, code, operation, address),
    retryable: status === undefined || status === 429 || status >= 500,
    cause: error,
  });
}

function remedy(
  status: number | undefined,
  code: string | undefined,
  operation: string,
  { account, container }: ContainerAddress,
): string {
  const role = operation.startsWith("sign") ? "Storage Blob Delegator" : "Storage Blob Data Contributor";
  if (status === 403 && code !== "AuthorizationFailure") {
    return `Assign the role ${role} on the storage account (it takes a few minutes to work): az role assignment create --assignee <client-id> --role "${role}" --scope $(az storage account show --name ${account} --query id -o tsv)`;
  }
  if (status === 403)
    return "The storage account's firewall or its network rules keep this runner out: allow it, or use a runner inside the network.";
  if (code === "ContainerNotFound")
    return `Create the container: az storage container create --account-name ${account} --name ${container} --auth-mode login`;
  if (status === undefined) return `Check the account's name (${account}) and that this runner reaches it.`;
  return "Run again; see the storage account's Diagnose and solve problems page when it stays.";
}
