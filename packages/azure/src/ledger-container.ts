/** The ledger's container over the storage SDK: its conditions, its leases, and its failures in words for people. */
import { ServiceError } from "@augeo/release";
import type { TokenCredential } from "@azure/identity";
import type { BlobClient, ContainerClient, RestError } from "@azure/storage-blob";
import { containerAddress } from "./blob.ts";
import type { AzureContext } from "./context.ts";
import { pauseWithin } from "./retry.ts";

export interface ContainerPlace {
  /** Address of the container. */
  container: string;
  /** Audience of storage tokens, from the cloud. */
  audience: string;
}

/** The shortest lease that leaves time for a slow service; Azure allows 15 to 60 s. */
export const LEASE_SECONDS = 60;
/** A dead holder's lease ends by itself; somewhat longer is waited for it. */
const LEASE_PATIENCE = (LEASE_SECONDS + 15) * 1_000;
const LEASE_POLL = 3_000;
/** How many of an account's containers an error names at most. */
const SHOWN = 20;
/** How often it is said that a lease is still waited for. */
const LEASE_PROGRESS = 15_000;

/** Opened with the first use. */
export class LedgerContainer {
  readonly context: AzureContext;
  readonly #credential: TokenCredential;
  readonly #place: ContainerPlace;
  #opened: Promise<ContainerClient> | undefined;

  constructor(context: AzureContext, credential: TokenCredential, place: ContainerPlace) {
    this.context = context;
    this.#credential = credential;
    this.#place = place;
  }

  client(): Promise<ContainerClient> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async blob(name: string): Promise<BlobClient> {
    return (await this.client()).getBlobClient(name);
  }

  /**
   * Undefined when there is no such blob. A container that is missing is never made: behind a mistyped name it would be
   * an empty ledger, without history, lock or a release to return to.
   */
  async download(name: string): Promise<{ text: string; etag: string } | undefined> {
    const blob = await this.blob(name);
    return this.attempt("read the ledger", async () => {
      try {
        const reply = await blob.download(0, undefined, { abortSignal: this.context.signal });
        const chunks: Buffer[] = [];
        for await (const chunk of reply.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
        return { text: Buffer.concat(chunks).toString("utf8"), etag: reply.etag ?? "" };
      } catch (error) {
        if (codeOf(error) === "BlobNotFound") return undefined;
        throw error;
      }
    });
  }

  /** Undefined when the condition of a write did not hold. */
  async unlessChanged<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      if (["ConditionNotMet", "BlobAlreadyExists"].includes(codeOf(error) ?? "")) return undefined;
      throw error;
    }
  }

  /**
   * Another run's lease is waited out: it is short, and a dead run's ends by itself. `explain` says who has it, given
   * when it is over at the latest, and `fix` what to do about one that is not.
   */
  async untilUnleased<T>(
    lease: { operation: string; fix: string; explain: (until: number) => Promise<string> },
    act: () => Promise<T>,
  ): Promise<T> {
    const { clock, signal, log } = this.context;
    const began = clock.now();
    let told: number | undefined;
    for (;;) {
      try {
        return await act();
      } catch (error) {
        if (!isLeased(codeOf(error))) throw await this.#explained(lease.operation, error);
        const now = clock.now();
        if (told === undefined) log.info(await lease.explain(began + LEASE_SECONDS * 1_000));
        else if (now - told >= LEASE_PROGRESS)
          log.info(`The lease is still there after ${Math.round((now - began) / 1_000)} s.`);
        if (told === undefined || now - told >= LEASE_PROGRESS) told = now;
        if (!(await pauseWithin(clock, LEASE_POLL, began + LEASE_PATIENCE, signal)))
          throw await this.#explained(lease.operation, error, lease.fix);
      }
    }
  }

  async attempt<T>(operation: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw await this.#explained(operation, error);
    }
  }

  async #explained(operation: string, error: unknown, fix?: string): Promise<unknown> {
    if (error instanceof ServiceError || this.context.signal.aborted || !isRest(error)) return error;
    const { status, code, message, correlationId } = answerOf(error);
    if (code === "ContainerNotFound") return this.#missing(operation, error);
    return new ServiceError({
      service: "Blob Storage",
      operation,
      status,
      code,
      what: `Blob Storage did not let this run ${operation}.`,
      why: `${[status, code].filter(Boolean).join(" ")}: ${message}`,
      fix: fix ?? this.#remedy(status, code),
      correlationId,
      retryable: status === undefined || status >= 500,
      cause: error,
    });
  }

  async #missing(operation: string, error: RestError): Promise<ServiceError> {
    const { account, container } = containerAddress(this.#place.container);
    const { status, code, correlationId } = answerOf(error);
    return new ServiceError({
      ...{ service: "Blob Storage", operation, status, code, correlationId, cause: error },
      what: `There is no container "${container}" in the storage account ${account}, so there is no ledger.`,
      why: `Blob Storage answered ${status} ${code}. ${await this.#others()}`,
      fix: `Where the name is wrong, correct the ledger input (init keeps it in the variable RELEASE_LEDGER). Only before the very first release make the container, as an empty ledger knows no lock and no release to return to: npx @augeo/deploy init --apply, or az storage container create --account-name ${account} --name ${container} --auth-mode login`,
    });
  }

  /** Names of the account's containers. A role on one container alone does not let an identity list them. */
  async #others(): Promise<string> {
    try {
      const { BlobServiceClient } = await import("@azure/storage-blob");
      const { serviceUrl } = containerAddress(this.#place.container);
      const service = new BlobServiceClient(serviceUrl, this.#credential, { audience: this.#place.audience });
      const { value: page } = await service
        .listContainers({ abortSignal: this.context.signal })
        .byPage({ maxPageSize: SHOWN })
        .next();
      const names: string[] = (page?.containerItems ?? []).map(({ name }: { name: string }) => name);
      return names.length === 0 ? "The account has no container." : `Containers there: ${names.join(", ")}.`;
    } catch {
      return "This identity could not list the account's containers.";
    }
  }

  #remedy(status: number | undefined, code: string | undefined): string {
    const { container } = this.#place;
    const { account } = containerAddress(container);
    if (status === 403)
      return `Give the identity the role Storage Blob Data Contributor on ${container}: az role assignment create --assignee <client-id> --role "Storage Blob Data Contributor" --scope $(az storage account show -n ${account} --query id -o tsv). It takes a few minutes to work. If the account has a firewall, let the runner through.`;
    if (status === 401) return "Check tenant-id: the storage account belongs to another tenant than the identity.";
    if (code === "BlobNotFound")
      return "The package was deleted from the ledger's container; choose a release whose package is there.";
    if (status === undefined)
      return `Check the ledger input (${container}) and that the runner reaches it: DNS, proxy, firewall.`;
    return "Run again; when it stays, look at the storage account's metrics and its health in the portal.";
  }

  async #open(): Promise<ContainerClient> {
    const { ContainerClient } = await import("@azure/storage-blob");
    return new ContainerClient(this.#place.container, this.#credential, {
      audience: this.#place.audience,
      retryOptions: { maxTries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 8_000, tryTimeoutInMs: 120_000 },
    });
  }
}

function isRest(error: unknown): error is RestError {
  return error instanceof Error && error.name === "RestError";
}

const isLeased = (code: string | undefined): boolean => code === "LeaseIdMissing" || code === "LeaseAlreadyPresent";

export function codeOf(error: unknown): string | undefined {
  return isRest(error) ? answerOf(error).code : undefined;
}

/** The service's own code: in `details`, in the header when the body was empty (HEAD), or the client's errno. */
function answerOf(error: RestError): {
  status: number | undefined;
  code: string | undefined;
  message: string;
  correlationId: string | undefined;
} {
  const headers = error.response?.headers;
  const code = headers?.get("x-ms-error-code") ?? error.code;
  const message = error.message.split("\n")[0] ?? "";
  return { status: error.statusCode, code, message, correlationId: headers?.get("x-ms-request-id") };
}
