/** The whole of a deployment to a slot, without inputs and outputs: other actions call it too. */
import {
  type AzureSession,
  answersAt,
  awaitRunning,
  containerAddress,
  createSlot,
  type Delivered,
  type DeliveryStep,
  deployByUrl,
  deployPackage,
  fileUpload,
  findSlot,
  holdsRelease,
  type Kudu,
  nameOf,
  openKudu,
  type Package,
  proveContent,
  type ReleaseFile,
  readContainerLog,
  readPackage,
  readSite,
  type SiteView,
  type SlotRef,
  settle,
  startSite,
} from "@augeo/azure";
import { Interrupted, UsageError } from "@augeo/release";

export interface DeployOptions {
  slot: SlotRef;
  /** Path of a folder or zip, or one that was read already. */
  package: string | Package;
  /** Undefined: made from commit and content. */
  release: string | undefined;
  /** Full sha. */
  commit: string;
  schemaHead: string | null;
  createSlot: boolean;
  via: "scm" | "arm";
  /** Address of the blob container for `via: "arm"`. */
  storage: string | undefined;
  /** Milliseconds up to the end of the deployment. */
  timeout: number;
  /** Milliseconds for the app to start afterwards. */
  startTimeout: number;
  /** A file with exactly the bytes to send (`writePackage`), so that a folder is not compressed twice. */
  packed?: string | undefined;
}

export type LeftBehind = DeliveryStep & { release: string };

export interface DeployPorts {
  session: AzureSession;
  /** Keeps how far the deployment came, for whoever takes over a run that died. */
  record(step: LeftBehind): Promise<void>;
}

export interface DeployResult {
  kind: "deployed" | "already-deployed" | "not-started";
  release: ReleaseFile;
  slotCreated: boolean;
  deployment: string | undefined;
  uploads: number;
  redeployed: boolean;
  package: { kind: "folder" | "zip"; files: number; bytes: number };
  slotUrl: string;
  /** Milliseconds. */
  duration: number;
  /** Of the container, when the app did not start. */
  containerLog: string | undefined;
}

/** `0123456-89abcdef`: seven digits of the commit, eight of the content. */
export function releaseIdOf(commit: string, content: string): string {
  return `${commit.slice(0, 7)}-${content.slice(0, 8)}`;
}

/** The label of a package. */
export function labelOf(
  options: Pick<DeployOptions, "release" | "commit" | "schemaHead">,
  content: string,
): ReleaseFile {
  const { commit, schemaHead } = options;
  return { release: options.release ?? releaseIdOf(commit, content), commit, content, schemaHead };
}

/** Ends with the slot holding the release. Throws `UsageError` before anything is changed, `ServiceError`, `Interrupted`. */
export function deployToSlot(ports: DeployPorts, options: DeployOptions): Promise<DeployResult> {
  return new Deployment(ports, options).run();
}

/** A slot changed so shortly before may still have the restart of its SCM site ahead. */
const RECENT_CHANGE = 60_000;
const SETTLE = { answers: 3, interval: 500 };

class Deployment {
  readonly #ports: DeployPorts;
  readonly #options: DeployOptions;
  readonly #began: number;
  readonly #done: string[] = [];
  #last: DeliveryStep | undefined;

  constructor(ports: DeployPorts, options: DeployOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#began = this.#context.clock.now();
  }

  get #context() {
    return this.#ports.session.context;
  }

  get #deadline(): number {
    return this.#began + this.#options.timeout;
  }

  async run(): Promise<DeployResult> {
    try {
      return await this.#run();
    } catch (error) {
      if (!this.#context.signal.aborted) throw error;
      throw new Interrupted({
        what: `The deployment to ${nameOf(this.#options.slot)} was cancelled.`,
        done: this.#done,
        undone: this.#undone(),
      });
    }
  }

  async #run(): Promise<DeployResult> {
    const { slot, via, storage } = this.#options;
    if (via === "arm" && storage === undefined) throw noStorage();
    const given = this.#options.package;
    const pack = typeof given === "string" ? await readPackage(given) : given;
    const release = labelOf(this.#options, pack.content);
    this.#context.log.info(
      `Release ${release.release}: ${pack.files.length} files, ${(pack.bytes / (1024 * 1024)).toFixed(1)} MB, content ${pack.content.slice(0, 12)}.`,
    );
    const { site, created } = await this.#slot();
    const delivered =
      via === "scm"
        ? await this.#throughScm(pack, release, site, created)
        : await this.#throughArm(pack, release, storage ?? "");
    const started = delivered.kind === "deployed" ? await this.#start(slot, site) : true;
    return {
      kind: delivered.kind === "already-there" ? "already-deployed" : started ? "deployed" : "not-started",
      release,
      slotCreated: created,
      deployment: delivered.kind === "deployed" ? delivered.deployment : undefined,
      uploads: delivered.uploads,
      redeployed: delivered.kind === "deployed" && delivered.redeployed,
      package: { kind: pack.kind, files: pack.files.length, bytes: pack.bytes },
      slotUrl: `https://${site.defaultHostName}`,
      duration: this.#context.clock.now() - this.#began,
      containerLog: started ? undefined : await readContainerLog(this.#ports.session.arm, slot).catch(() => undefined),
    };
  }

  async #slot(): Promise<{ site: SiteView; created: boolean }> {
    const { slot, createSlot: mayCreate } = this.#options;
    const { arm } = this.#ports.session;
    const found = mayCreate ? await findSlot(arm, slot) : await readSite(arm, slot);
    if (found !== undefined) return { site: found, created: false };
    this.#context.log.info(`Creating ${nameOf(slot)} with production's configuration.`);
    const site = await createSlot(arm, slot, { deadline: this.#deadline });
    this.#done.push(`created ${nameOf(slot)}`);
    return { site, created: true };
  }

  async #throughScm(pack: Package, release: ReleaseFile, site: SiteView, created: boolean): Promise<Delivered> {
    const { session } = this.#ports;
    const kudu = await openKudu(session, this.#options.slot, site);
    if (await holdsRelease(kudu, release)) return { kind: "already-there", uploads: 0 };
    if (created || this.#changedLately(site)) await this.#settle(kudu);
    const delivered = await deployPackage(kudu, this.#delivery(pack, release));
    await proveContent(kudu, release, Math.max(this.#deadline, this.#context.clock.now() + 10_000));
    return delivered;
  }

  #changedLately(site: SiteView): boolean {
    const changed = Date.parse(`${site.properties.lastModifiedTimeUtc ?? ""}`.replace(/([^Z])$/, "$1Z"));
    const age = this.#context.clock.now() - changed;
    return age > -RECENT_CHANGE && age < RECENT_CHANGE;
  }

  async #settle(kudu: Kudu): Promise<void> {
    this.#context.log.info("The slot was changed a moment ago; waiting until its SCM site stands still.");
    await settle(kudu, { ...SETTLE, deadline: this.#deadline });
  }

  #throughArm(pack: Package, release: ReleaseFile, storage: string): Promise<Delivered> {
    const { arm, blobs } = this.#ports.session;
    const route = { arm, blobs, ref: this.#options.slot, container: containerAddress(storage) };
    return deployByUrl(route, this.#delivery(pack, release));
  }

  #delivery(pack: Package, release: ReleaseFile) {
    const { packed } = this.#options;
    const onStep = async (step: DeliveryStep) => {
      this.#last = step;
      if (step.step === "ended" && step.succeeded)
        this.#done.push(`deployed ${release.release} (deployment ${step.deployment})`);
      await this.#ports.record({ ...step, release: release.release });
    };
    return {
      upload: packed === undefined ? pack.labelled(release) : fileUpload(packed),
      release,
      deadline: this.#deadline,
      onStep,
    };
  }

  /** True once every instance runs. A slot that was stopped is started: a release is judged by its running app. */
  async #start(slot: SlotRef, site: SiteView): Promise<boolean> {
    const { arm } = this.#ports.session;
    const { clock, log } = this.#context;
    if (site.state === "Stopped") {
      log.info(`Starting ${nameOf(slot)}, which was stopped.`);
      await startSite(arm, slot);
    }
    if (this.#options.startTimeout === 0) return true;
    const { kind, instances } = await awaitRunning(arm, slot, clock.now() + this.#options.startTimeout);
    if (kind === "running" || (await answersAt(this.#ports.session.http, site.defaultHostName, this.#context.signal)))
      return true;
    log.warning(
      `The app did not start in time: ${instances.map(({ id, state }) => `${id.slice(0, 8)} ${state}`).join(", ") || "no instance"}.`,
    );
    return false;
  }

  #undone(): string[] {
    const last = this.#last;
    if (last?.step === "sending") return ["the package was being sent; the SCM site drops an upload that was cut off"];
    if (last?.step === "accepted")
      return [`deployment ${last.deployment} goes on in the slot; the next run waits for it before it sends anything`];
    if (last?.step === "ended" && last.succeeded) return ["whether the app has started was not waited for"];
    return [];
  }
}

function noStorage(): UsageError {
  return new UsageError({
    what: "via: arm needs the input ledger.",
    why: "Azure fetches the package by URL from a blob container, and none is named.",
    fix: "Set ledger: https://<account>.blob.core.windows.net/<container>.",
  });
}
