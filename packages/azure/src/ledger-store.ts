/**
 * The ledger in Blob Storage: a head that is compared and swapped by ETag, events that can only be created, packages
 * by their content hash, and a short blob lease around a live mutation. What the records mean is `@augeo/release`'s.
 */
import type { Event, Head, Ledger, LedgerRead, LedgerWrite } from "@augeo/release";
import { breakLeaseCommand, describeLease, readHead } from "@augeo/release";
import type { TokenCredential } from "@azure/identity";
import type { AzureContext } from "./context.ts";
import { type ContainerPlace, LEASE_SECONDS, LedgerContainer } from "./ledger-container.ts";
import { artifactName, fetchPackage, keepPackage } from "./stored-packages.ts";

export interface LedgerPlace extends ContainerPlace {
  app: string;
  environment: string;
}

export interface LedgerStore extends Ledger {
  /** Address of the head, for messages. */
  readonly where: string;
  /** Every event, oldest first; for reports and for people. */
  readEvents(): Promise<string[]>;
  /**
   * Stores a package file under its SHA-256 (hex). One that is there already is touched: it counts as new again, so
   * that nobody deletes it who found it old a moment ago.
   */
  storeArtifact(sha256: string, path: string): Promise<void>;
  /** Downloads a package to a file. */
  fetchArtifact(sha256: string, path: string): Promise<void>;
  artifactUrl(sha256: string): string;
}

/** Opens the ledger of one app and environment. Nothing is sent before the first call. */
export function openLedger(context: AzureContext, credential: TokenCredential, place: LedgerPlace): LedgerStore {
  return new BlobLedger(context, credential, place);
}

/** Every app and environment with a ledger in a container, in order of their names. */
export async function listLedgers(
  context: AzureContext,
  credential: TokenCredential,
  place: ContainerPlace,
): Promise<Pick<LedgerPlace, "app" | "environment">[]> {
  return new BlobLedger(context, credential, { ...place, app: "", environment: "" }).listAll();
}

class BlobLedger implements LedgerStore {
  readonly where: string;
  readonly #container: LedgerContainer;
  readonly #place: LedgerPlace;

  constructor(context: AzureContext, credential: TokenCredential, place: LedgerPlace) {
    this.#container = new LedgerContainer(context, credential, place);
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
    const stored = await this.#container.download(this.#headName);
    if (!stored) return { kind: "absent" };
    const read = readHead(stored.text);
    return { ...read, etag: stored.etag };
  }

  async write(head: Head, etag: string | undefined): Promise<LedgerWrite> {
    const conditions = etag === undefined ? { ifNoneMatch: "*" } : { ifMatch: etag };
    const written = await this.#container.untilUnleased(this.#lease("write the ledger"), () =>
      this.#put(this.#headName, head, conditions),
    );
    return written ?? (await this.#whoWrote(head));
  }

  async append(event: Event): Promise<void> {
    // Zero-padded, so that the names sort as the events happened.
    const name = `${event.epoch}`.padStart(6, "0").concat("-", `${event.seq}`.padStart(8, "0"));
    await this.#container.attempt("record an event", () =>
      this.#put(`${this.#folder}/events/${name}.json`, event, { ifNoneMatch: "*" }),
    );
  }

  async guard<T>(
    etag: string,
    act: () => Promise<T>,
  ): Promise<{ kind: "held"; value: T } | { kind: "lost"; why: string }> {
    const blob = await this.#container.blob(this.#headName);
    const lease = blob.getBlobLeaseClient();
    const held = await this.#container.untilUnleased(this.#lease("lease the ledger"), async () => {
      const conditions = { ifMatch: etag };
      return this.#container.unlessChanged(() => lease.acquireLease(LEASE_SECONDS, { conditions }));
    });
    if (!held) return { kind: "lost", why: `${this.where} was written by another run` };
    try {
      return { kind: "held", value: await act() };
    } finally {
      // An expired lease cannot be given back, and needs not to be.
      await lease.releaseLease().catch(() => undefined);
    }
  }

  /** How a lease that is in the way is told of: who has it stands in the head, which may be read meanwhile. */
  #lease(operation: string) {
    const explain = async (until: number): Promise<string> => {
      const read = await this.read();
      return describeLease(read.kind === "head" ? read.head : undefined, until);
    };
    const fix = `No run of this toolkit has a lease for so long: find out who has one on the ledger. Once no release is under way, end it: ${breakLeaseCommand(this.where)}`;
    return { operation, explain, fix };
  }

  async readEvents(): Promise<string[]> {
    const container = await this.#container.client();
    return this.#container.attempt("list the events", async () => {
      const found: string[] = [];
      for await (const { name } of container.listBlobsFlat({ prefix: `${this.#folder}/events/` })) {
        const event = await this.#container.download(name);
        if (event) found.push(event.text);
      }
      return found;
    });
  }

  /** By folders, `app/environment/`: the events in them are not listed. */
  async listAll(): Promise<Pick<LedgerPlace, "app" | "environment">[]> {
    const found: Pick<LedgerPlace, "app" | "environment">[] = [];
    // `artifacts/` holds packages and no folders, unless an app has that name.
    for (const app of await this.#folders(""))
      for (const environment of await this.#folders(`${app}/`)) found.push({ app, environment });
    return found;
  }

  async #folders(prefix: string): Promise<string[]> {
    const container = await this.#container.client();
    return this.#container.attempt("list the ledgers", async () => {
      const names: string[] = [];
      for await (const item of container.listBlobsByHierarchy("/", { prefix }))
        if (item.kind === "prefix") names.push(item.name.slice(prefix.length, -1));
      return names;
    });
  }

  storeArtifact(sha256: string, path: string): Promise<void> {
    return keepPackage(this.#container, sha256, path);
  }

  fetchArtifact(sha256: string, path: string): Promise<void> {
    return fetchPackage(this.#container, sha256, path);
  }

  artifactUrl(sha256: string): string {
    return `${this.#place.container.replace(/\/$/, "")}/${artifactName(sha256)}`;
  }

  /** Undefined when the condition did not hold. */
  async #put(name: string, content: Head | Event, conditions: { ifMatch?: string; ifNoneMatch?: string }) {
    const blob = (await this.#container.client()).getBlockBlobClient(name);
    const body = `${JSON.stringify(content, null, 2)}\n`;
    const options = { conditions, blobHTTPHeaders: { blobContentType: "application/json; charset=utf-8" } };
    const written = await this.#container.unlessChanged(() => blob.upload(body, Buffer.byteLength(body), options));
    return written && ({ kind: "written", etag: written.etag ?? "" } as const);
  }

  /** A write whose first reply was lost fails its own condition when it is repeated: what is stored tells whose it is. */
  async #whoWrote(head: Head): Promise<LedgerWrite> {
    const stored = await this.#container.download(this.#headName);
    const isOurs = stored?.text === `${JSON.stringify(head, null, 2)}\n`;
    if (stored && isOurs) return { kind: "written", etag: stored.etag };
    return { kind: "lost", why: `${this.where} was written by another run` };
  }
}
