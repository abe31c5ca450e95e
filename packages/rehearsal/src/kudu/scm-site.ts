import { rm } from "node:fs/promises";
import type { Timing } from "../hosting/timing.ts";
import { wait } from "../hosting/wait.ts";
import type { App } from "../slots/app.ts";
import { carryOut } from "./deployment.ts";
import { DeploymentHistory, type StoredDeployment } from "./deployment-history.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";

export const locked = "There is a deployment currently in progress. Please try again when it completes.";

/** Someone else holds the deployment lock. It is taken with zero wait: nobody queues. */
export class LockedError extends Error {
  constructor() {
    super(locked);
  }
}

export interface ScmOptions {
  app: App;
  timing: Timing;
  python: string | undefined;
  /** PEM of the authority that package URLs on loopback are signed by. */
  ca: string;
  /** App settings of the slot that the app is in. */
  settings: () => Record<string, string>;
  /** Whether `/api/publish` builds too when `SCM_DO_BUILD_DURING_DEPLOYMENT` is on, as production does now. */
  oneDeployBuilds: boolean;
}

/** The SCM container next to one app: starts on demand, holds the deployment lock, runs deployments, forgets none. */
export class ScmSite {
  readonly app: App;
  readonly timing: Timing;
  readonly python: string | undefined;
  readonly ca: string;
  readonly history = new DeploymentHistory();
  /** Files of the last deployment by `/api/zipdeploy`: the only ones that a next one without clean deletes. */
  manifest: ReadonlySet<string> = new Set();
  /** Starts over with each container. */
  container = new AbortController();
  /** App settings of the slot that it is in now; a swap changes it. */
  settings: () => Record<string, string>;
  readonly #options: ScmOptions;
  #state: "cold" | "starting" | "up" = "cold";
  #coming: Promise<void> | undefined;
  #restartAsked = false;
  #running: { done: Promise<StoredDeployment>; abort: AbortController } | undefined;
  #closed = false;
  readonly #tidying = new Set<Promise<void>>();

  constructor(options: ScmOptions) {
    this.#options = options;
    this.app = options.app;
    this.timing = options.timing;
    this.python = options.python;
    this.ca = options.ca;
    this.settings = options.settings;
  }

  get isDeploying(): boolean {
    return this.#running !== undefined;
  }

  /** Whether the container answers. The first question starts it. */
  isUp(): boolean {
    if (this.#state === "cold") this.#coming = this.#start();
    return this.#state === "up";
  }

  /** Settles when the container's first start is over; `undefined` while it restarts, which nobody waits for. */
  get firstStart(): Promise<void> | undefined {
    return this.#coming;
  }

  /** Whether a plan's package is built after it was unpacked. */
  builds({ door }: DeploymentPlan): boolean {
    const wanted = /^(1|true)$/i.test(this.settings().SCM_DO_BUILD_DURING_DEPLOYMENT ?? "");
    return wanted && (door === "ZipDeploy" || this.#options.oneDeployBuilds);
  }

  /** Takes the lock and begins. Resolves with the record once the deployment has ended; throws `LockedError` at once. */
  begin(plan: DeploymentPlan): { done: Promise<StoredDeployment> } {
    if (this.#running) throw new LockedError();
    const abort = new AbortController();
    const done = carryOut(this, plan, abort.signal).finally(() => {
      this.#running = undefined;
    });
    this.#running = { done, abort };
    return { done };
  }

  /** Removes a file or folder that is no longer needed, in the background. */
  tidyUp(path: string): void {
    const gone = rm(path, { recursive: true, force: true, maxRetries: 3 }).finally(() => this.#tidying.delete(gone));
    this.#tidying.add(gone);
  }

  /** The app takes up what was deployed. */
  restartApp(): void {
    void this.app.relaunch();
  }

  /** After a settings change: a moment later the container goes down, with the deployment it runs, and comes up again. */
  restartSoon(): void {
    if (this.#restartAsked || this.#state === "cold") return;
    this.#restartAsked = true;
    void wait(this.timing.scmRestartDelay).then(() => this.restart());
  }

  async restart(): Promise<void> {
    this.#restartAsked = false;
    if (this.#closed) return;
    this.#coming = undefined;
    this.container.abort();
    this.container = new AbortController();
    this.#running?.abort.abort();
    await this.#start();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.container.abort();
    this.#running?.abort.abort();
    await this.#running?.done;
    await Promise.all(this.#tidying);
  }

  async #start(): Promise<void> {
    const { signal } = this.container;
    this.#state = "starting";
    if (this.timing.scmStart > 0) await wait(this.timing.scmStart, signal);
    if (!signal.aborted) this.#state = "up";
  }
}
