/** The release engine's view of an app: which release is in which slot, one swap, the share of traffic. */
import type { Clock, OperationStatus, SlotContent, Slots, SlotsObservation } from "@augeo/release";
import { ServiceError } from "@augeo/release";
import { Arm } from "./arm.ts";
import type { AzureContext } from "./context.ts";
import type { Http } from "./http.ts";
import { Kudu } from "./kudu.ts";
import { type OperationState, readOperation } from "./operation.ts";
import { decodeReleaseFile, RELEASE_FILE, type ReleaseFile } from "./package/release-file.ts";
import type { TokenSource } from "./sign-in.ts";
import { PRODUCTION, readSite, type SiteView, type SlotRef, startSwap } from "./site.ts";
import { readTraffic, setTraffic } from "./traffic.ts";

export interface AppSlotsOptions {
  context: AzureContext;
  http: Http;
  signIn: TokenSource;
  subscriptionId: string;
  /** The slot that releases are staged in. */
  ref: SlotRef;
}

/** How long an SCM site that starts or throttles is asked before the slot counts as not readable for now. */
const SCM_PATIENCE = 45_000;
/** An accepted swap whose reply is on its way is worth some seconds, also when the run was cancelled meanwhile. */
const SWAP_GRACE = 5_000;
const SWAP = "swap the slots";

export class AppSlots implements Slots {
  readonly arm: Arm;
  readonly #options: AppSlotsOptions;
  #hosts: Promise<{ production: SiteView; staging: SiteView }> | undefined;

  constructor(options: AppSlotsOptions) {
    this.#options = options;
    this.arm = new Arm(options.context, options.signIn, options.subscriptionId);
  }

  /** Both sites as they were first read: host names and SCM hosts stay with the slot when it is swapped. */
  sites(): Promise<{ production: SiteView; staging: SiteView }> {
    this.#hosts ??= this.#readSites();
    return this.#hosts;
  }

  async observe({ identityOnly = false }: { identityOnly?: boolean | undefined } = {}): Promise<SlotsObservation> {
    const isFirst = this.#hosts === undefined;
    const { ref } = this.#options;
    const { production, staging } = await this.sites();
    const [site, weight, inProduction, inStaging] = await Promise.all([
      isFirst ? production : readSite(this.arm, { ...ref, slot: PRODUCTION }),
      identityOnly ? 0 : this.weight(),
      this.#content(production),
      this.#content(staging),
    ]);
    const swappedAt = Date.parse(site.slotSwapStatus?.timestampUtc ?? "");
    return {
      production: inProduction,
      staging: inStaging,
      weight,
      operation: site.inProgressOperationId,
      lastSwapAt: Number.isNaN(swappedAt) ? undefined : swappedAt,
    };
  }

  /** The share of production's requests that goes to the staging slot, 0 to 100, by one request to Azure. */
  async weight(): Promise<number> {
    const { ref } = this.#options;
    return (await readTraffic(this.arm, { ref, staging: (await this.sites()).staging })).weight;
  }

  /** What a slot's release file says; undefined without one. Throws when the SCM site cannot be read. */
  async releaseFile(where: "production" | "staging"): Promise<ReleaseFile | undefined> {
    const { context, http, signIn } = this.#options;
    const site = (await this.sites())[where];
    const kudu = new Kudu(context, http, signIn, { host: scmHostOf(site) });
    const deadline = context.clock.now() + SCM_PATIENCE;
    const path = `/api/vfs/site/wwwroot/${RELEASE_FILE}`;
    const reply = await kudu.read("read which release the slot runs", path, [404], deadline);
    return reply.status === 404 ? undefined : decodeReleaseFile(reply.text);
  }

  async swap(): Promise<OperationStatus> {
    const { context, signIn, subscriptionId, ref } = this.#options;
    const late = lateSignal(context.signal, SWAP_GRACE, context.clock);
    const arm = new Arm({ ...context, signal: late }, signIn, subscriptionId);
    try {
      return this.#status(await startSwap(arm, ref));
    } catch (error) {
      if (error instanceof ServiceError) return swapRefusal(error);
      if (late.aborted) return { kind: "unknown", why: "the run was cancelled before the reply came" };
      throw error;
    }
  }

  async swapStatus(operationUrl: string): Promise<OperationStatus> {
    try {
      const status = this.#status(await readOperation(this.arm, SWAP, operationUrl));
      const isForgotten = status.kind === "failed" && (status.status === 404 || status.status === 410);
      return isForgotten ? { kind: "unknown", why: "Azure no longer knows the operation" } : status;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // The swap goes on whether or not its progress can be read.
      this.#options.context.log.info(`${error.what} ${error.why}`);
      return error.retryable ? { kind: "running", operationUrl } : { kind: "unknown", why: error.why };
    }
  }

  async route(weight: number, expected: number | null): ReturnType<Slots["route"]> {
    return setTraffic(this.arm, { ref: this.#options.ref, staging: (await this.sites()).staging }, weight, expected);
  }

  async #readSites(): Promise<{ production: SiteView; staging: SiteView }> {
    const { ref } = this.#options;
    const [production, staging] = await Promise.all([
      readSite(this.arm, { ...ref, slot: PRODUCTION }),
      readSite(this.arm, ref),
    ]);
    return { production, staging };
  }

  async #content(site: SiteView): Promise<SlotContent> {
    try {
      const file = await this.releaseFile(site === (await this.sites()).production ? "production" : "staging");
      if (!file) return { kind: "unlabelled" };
      return { kind: "release", release: file.release, schemaHead: file.schemaHead };
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status === 401 || error.status === 403) throw error;
      return { kind: "unreadable", why: error.why };
    }
  }

  #status(state: OperationState): OperationStatus {
    if (state.kind === "running")
      return { kind: "running", operationUrl: state.operationUrl, retryAfter: state.retryAfter };
    if (state.kind === "succeeded") return { kind: "succeeded" };
    const { status, code, message } = state;
    return { kind: "failed", status, code, message, busy: false };
  }
}

/** Which end a refused or unanswered request means: only a 4xx says for sure that nothing was begun. */
function swapRefusal(error: ServiceError): OperationStatus {
  const { status, code, why } = error;
  if (status === undefined || status >= 500 || status === 408) return { kind: "unknown", why };
  return {
    kind: "failed",
    status,
    code,
    message: why,
    busy: status === 409 && /another operation is in progress/i.test(why),
  };
}

function scmHostOf(site: SiteView): string {
  if (site.scmHostName !== undefined) return site.scmHostName;
  throw new ServiceError({
    service: "Azure Resource Manager",
    operation: "find the SCM site",
    what: "Azure names no SCM site of the slot.",
    why: "Its host names include none of the type Repository.",
    fix: "Check that the app is an App Service app, and that its SCM site is not disabled.",
  });
}

/** Aborts `grace` milliseconds after the given signal. */
function lateSignal(signal: AbortSignal, grace: number, clock: Clock): AbortSignal {
  const controller = new AbortController();
  const abort = () =>
    clock.sleep(grace).then(
      () => controller.abort(signal.reason),
      () => undefined,
    );
  if (signal.aborted) void abort();
  else signal.addEventListener("abort", abort, { once: true });
  return controller.signal;
}
