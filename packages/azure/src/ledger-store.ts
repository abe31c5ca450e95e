/**
 * The ledger in Blob Storage: a head that is compared and swapped by ETag, events that can only be created, packages
 * by their content hash, and a short blob lease around a live mutation. What the records mean is `@augeo/release`'s.
 */
import type { Event, Head, Ledger, LedgerRead, LedgerWrite } from "@augeo/release";
import { readHead, ServiceError } from "@augeo/release";
import type { TokenCredential } from "@azure/identity";
import type { BlobClient, ContainerClient, RestError } from "@azure/storage-blob";
import type { AzureContext } from "./context.ts";
import { pauseWithin } from "./retry.ts";

export interface LedgerPlace {
  /** Address of the container. */
  container: string;
  /** Audience of storage tokens, from the cloud. */
  audience: string;
  app: string;
  environment: string;
}

export interface LedgerStore extends Ledger {
  /** Address of the head, for messages. */
  readonly where: string;
  /** Every event, oldest first; for reports and for people. */
  readEvents(): Promise<string[]>;
  /** Stores a package file under its SHA-256 (hex); one that is there already is left. */
  storeArtifact(sha256: string, path: string): Promise<void>;
  /** Downloads a package to a file. */
  fetchArtifact(sha256: string, path: string): Promise<void>;
  artifactUrl(sha256: string): string;
}

/** The shortest lease that leaves time for a slow service; Azure allows 15 to 60 s. */
const LEASE_SECONDS = 60;
/** A dead holder's lease ends by itself after `LEASE_SECONDS`; somewhat longer is waited for it. */
const LEASE_PATIENCE = 75_000;
const LEASE_POLL = 3_000;

/** Opens the ledger of one app and environment. Nothing is sent before the first call. */
export function openLedger(context: AzureContext, credential: TokenCredential, place: LedgerPlace): LedgerStore {
  return new BlobLedger(context, credential, place);
}

/** Every app and environment with a ledger in a container, in order of their names. */
export async function listLedgers(
  context: AzureContext,
  credential: TokenCredential,
  place: Pick<LedgerPlace, "container" | "audience">,
): Promise<Pick<LedgerPlace, "app" | "environment">[]> {
  return new BlobLedger(context, credential, { ...place, app: "", environment: "" }).listAll();
}

class BlobLedger implements LedgerStore {
  readonly where: string;
  readonly #context: AzureContext;
  readonly #credential: TokenCredential;
  readonly #place: LedgerPlace;
  #opened: Promise<ContainerClient> | undefined;

  constructor(context: AzureContext, credential: TokenCredential, place: LedgerPlace) {
    this.#context = context;
    this.#credential = credential;
    this.#place = place;
    this.where = `${place.container.replace(/\/$/, "")}/${this.#headName}`;
  }

  get #folder(): string {
    return `${this.#place.app}/${this.#place.environment}`;
  }

  get #headName(): string {
    return `${this.#folder}/head.json`;
  }

  async read(): Promise<LedgerRead> {
    const stored = await this.#download(this.#headName);
    if (!stored) return { kind: "absent" };
    const read = readHead(stored.text);
    return { ...read, etag: stored.etag };
  }

  async write(head: Head, etag: string | undefined): Promise<LedgerWrite> {
    const conditions = etag === undefined ? { ifNoneMatch: "*" } : { ifMatch: etag };
    const written = await this.#untilUnleased("write the ledger", () => this.#put(this.#headName, head, conditions));
    return written ?? (await this.#whoWrote(head));
  }

  async append(event: Event): Promise<void> {
    // Zero-padded, so that the names sort as the events happened.
    const name = `${event.epoch}`.padStart(6, "0").concat("-", `${event.seq}`.padStart(8, "0"));
    await this.#attempt("record an event", () =>
      this.#put(`${this.#folder}/events/${name}.json`, event, { ifNoneMatch: "*" }),
    );
  }

  async guard<T>(
    etag: string,
    act: () => Promise<T>,
  ): Promise<{ kind: "held"; value: T } | { kind: "lost"; why: string }> {
    const blob = await this.#blob(this.#headName);
    const lease = blob.getBlobLeaseClient();
    const held = await this.#untilUnleased("lease the ledger", async () => {
      const conditions = { ifMatch: etag };
      return this.#unlessChanged(() => lease.acquireLease(LEASE_SECONDS, { conditions }));
    });
    if (!held) return { kind: "lost", why: `${this.where} was written by another run` };
    try {
      return { kind: "held", value: await act() };
    } finally {
      // An expired lease cannot be given back, and needs not to be.
      await lease.releaseLease().catch(() => undefined);
    }
  }

  async readEvents(): Promise<string[]> {
    const container = await this.#container();
    return this.#attempt("list the events", async () => {
      const found: string[] = [];
      for await (const { name } of container.listBlobsFlat({ prefix: `${this.#folder}/events/` })) {
        const event = await this.#download(name);
        if (event) found.push(event.text);
      }
      return found;
    });
  }

  /** By folders, `app/environment/`: the events in them are not listed. */
  async listAll(): Promise<Pick<LedgerPlace, "app" | "environment">[]> {
    const found: Pick<LedgerPlace, "app" | "environment">[] = [];
    for (const app of await this.#folders("")) {
      if (`${app}/` === ARTIFACTS) continue;
      for (const environment of await this.#folders(`${app}/`)) found.push({ app, environment });
    }
    return found;
  }

  async #folders(prefix: string): Promise<string[]> {
    const container = await this.#container();
    return this.#attempt("list the ledgers", async () => {
      const names: string[] = [];
      for await (const item of container.listBlobsByHierarchy("/", { prefix }))
        if (item.kind === "prefix") names.push(item.name.slice(prefix.length, -1));
      return names;
    });
  }

  async storeArtifact(sha256: string, path: string): Promise<void> {
    const blob = (await this.#container()).getBlockBlobClient(artifactName(sha256));
    await this.#attempt("store the package", async () => {
      if (await blob.exists()) return;
      const options = { conditions: { ifNoneMatch: "*" }, blobHTTPHeaders: { blobContentType: "application/zip" } };
      await this.#unlessChanged(() => blob.uploadFile(path, { ...options, abortSignal: this.#context.signal }));
    });
  }

  async fetchArtifact(sha256: string, path: string): Promise<void> {
    const blob = await this.#blob(artifactName(sha256));
    await this.#attempt("fetch the stored package", async () => {
      await blob.downloadToFile(path, 0, undefined, { abortSignal: this.#context.signal });
    });
  }

  artifactUrl(sha256: string): string {
    return `${this.#place.container.replace(/\/$/, "")}/${artifactName(sha256)}`;
  }

  /** Undefined when the condition did not hold. */
  async #put(name: string, content: Head | Event, conditions: { ifMatch?: string; ifNoneMatch?: string }) {
    const blob = (await this.#container()).getBlockBlobClient(name);
    const body = `${JSON.stringify(content, null, 2)}\n`;
    const options = { conditions, blobHTTPHeaders: { blobContentType: "application/json; charset=utf-8" } };
    const written = await this.#unlessChanged(() => blob.upload(body, Buffer.byteLength(body), options));
    return written && ({ kind: "written", etag: written.etag ?? "" } as const);
  }

  /** A write whose first reply was lost fails its own condition when it is repeated: what is stored tells whose it is. */
  async #whoWrote(head: Head): Promise<LedgerWrite> {
    const stored = await this.#download(this.#headName);
    const isOurs = stored?.text === `${JSON.stringify(head, null, 2)}\n`;
    if (stored && isOurs) return { kind: "written", etag: stored.etag };
    return { kind: "lost", why: `${this.where} was written by another run` };
  }

  async #download(name: string): Promise<{ text: string; etag: string } | undefined> {
    const blob = await this.#blob(name);
    return this.#attempt("read the ledger", async () => {
      try {
        const reply = await blob.download(0, undefined, { abortSignal: this.#context.signal });
        const chunks: Buffer[] = [];
        for await (const chunk of reply.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
        return { text: Buffer.concat(chunks).toString("utf8"), etag: reply.etag ?? "" };
      } catch (error) {
        if (codeOf(error) === "BlobNotFound") return undefined;
        if (codeOf(error) !== "ContainerNotFound") throw error;
        await (await this.#container()).createIfNotExists();
        return undefined;
      }
    });
  }

  async #unlessChanged<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      if (["ConditionNotMet", "BlobAlreadyExists"].includes(codeOf(error) ?? "")) return undefined;
      throw error;
    }
  }

  /** Another run's lease is waited out: it is short, and a dead run's ends by itself. */
  async #untilUnleased<T>(operation: string, act: () => Promise<T>): Promise<T> {
    const { clock, signal, log } = this.#context;
    const deadline = clock.now() + LEASE_PATIENCE;
    for (;;) {
      try {
        return await act();
      } catch (error) {
        const isLeased = ["LeaseIdMissing", "LeaseAlreadyPresent"].includes(codeOf(error) ?? "");
        if (isLeased)
          log.info("Another run is in the middle of an act; waiting until its short lease on the ledger ends.");
        if (!isLeased || !(await pauseWithin(clock, LEASE_POLL, deadline, signal)))
          throw this.#explained(operation, error);
      }
    }
  }

  async #attempt<T>(operation: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw this.#explained(operation, error);
    }
  }

  #explained(operation: string, error: unknown): unknown {
    if (error instanceof ServiceError || this.#context.signal.aborted || !isRest(error)) return error;
    const { status, code, message, correlationId } = answerOf(error);
    return new ServiceError({
      service: "Blob Storage",
      operation,
      status,
      code,
      what: `Blob Storage did not let this run ${operation}.`,
      why: `${[status, code].filter(Boolean).join(" ")}: ${message}`,
      fix: this.#remedy(status, code),
      correlationId,
      retryable: status === undefined || status >= 500,
      cause: error,
    });
  }

  #remedy(status: number | undefined, code: string | undefined): string {
    const { container } = this.#place;
    const account = new URL(container).hostname.split(".")[0] ?? "<account>";
    if (status === 403)
      return `Give the identity the role Storage Blob Data Contributor on ${container}: az role assignment create --assignee <client-id> --role "Storage Blob Data Contributor" --scope $(az storage account show -n ${account} --query id -o tsv). It takes a few minutes to work. If the account has a firewall, let the runner through.`;
    if (status === 401) return "Check tenant-id: the storage account belongs to another tenant than the identity.";
    if (code === "BlobNotFound")
      return "The package was deleted from the ledger's container; choose a release whose package is there.";
    if (status === undefined)
      return `Check the ledger input (${container}) and that the runner reaches it: DNS, proxy, firewall.`;
    return "Run again; when it stays, look at the storage account's metrics and its health in the portal.";
  }

  async #blob(name: string): Promise<BlobClient> {
    return (await this.#container()).getBlobClient(name);
  }

  #container(): Promise<ContainerClient> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<ContainerClient> {
    const { ContainerClient } = await import("@azure/storage-blob");
    return new ContainerClient(this.#place.container, this.#credential, {
      audience: this.#place.audience,
      retryOptions: { maxTries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 8_000, tryTimeoutInMs: 120_000 },
    });
  }
}

const ARTIFACTS = "artifacts/";
const artifactName = (sha256: string): string => `${ARTIFACTS}${sha256}.zip`;

function isRest(error: unknown): error is RestError {
  return error instanceof Error && error.name === "RestError";
}

function codeOf(error: unknown): string | undefined {
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
