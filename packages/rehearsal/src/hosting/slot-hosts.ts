import { createHash, randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { openFrontEnd } from "../front-end/front-end.ts";
import type { Ground } from "../http.ts";
import type { TokenVerifier } from "../kudu/scm-access.ts";
import { openScmHost } from "../kudu/scm-host.ts";
import { ScmSite } from "../kudu/scm-site.ts";
import type { Site, Slot } from "../model.ts";
import { App } from "../slots/app.ts";
import { HealthMonitor } from "../slots/health-monitor.ts";
import { ownConfiguration } from "../swap/settings.ts";
import { Telemetry } from "../telemetry/telemetry.ts";
import type { SlotHost } from "./slot-host.ts";
import { Timing } from "./timing.ts";

export interface HostingOptions extends Ground {
  tls: Ground["tls"] & { ca: string };
  /** Judges bearer tokens at the SCM sites. */
  tokenVerifier: TokenVerifier;
  /** Directory for all content of all slots; removed on `close`. */
  dir: string;
  /** Interpreter that stands for the image's Python. Without it, builds fail and apps find what is on the path. */
  python?: string;
  timing?: Timing;
  /** Containers of each slot when `numberOfWorkers` of its config says nothing. Default 1. */
  instances?: number;
  /** Draws clients without cookies; in [0, 1). */
  random?: () => number;
  quirks?: Partial<Quirks>;
  /** Hears of every request served and every exception printed. */
  telemetry?: Telemetry;
}

/** Where builds of the SCM site differ; the defaults are what production on Linux is known to do. */
export interface Quirks {
  /** `/api/publish` builds when `SCM_DO_BUILD_DURING_DEPLOYMENT` is on. The last public source never did. */
  oneDeployBuilds: boolean;
  /** Every deployment reads as pending while any is under way. */
  pendingWhileLocked: boolean;
  /** A cold SCM site holds requests until it is up. Otherwise it refuses them, as one that restarts always does. */
  coldScmHolds: boolean;
}

/** The places of all slots that are hosted: opened, found, closed. */
export class SlotHosts {
  readonly timing: Timing;
  readonly #options: HostingOptions;
  readonly #quirks: Quirks;
  readonly #telemetry: Telemetry;
  readonly #hosts = new Map<Slot, SlotHost>();

  constructor(options: HostingOptions) {
    this.#options = options;
    this.timing = options.timing ?? Timing.real;
    this.#telemetry = options.telemetry ?? new Telemetry(this.timing);
    this.#quirks = { oneDeployBuilds: true, pendingWhileLocked: true, coldScmHolds: true, ...options.quirks };
  }

  of(slot: Slot): SlotHost {
    const found = this.#hosts.get(slot);
    if (found === undefined) throw new Error(`Slot ${slot.name} of ${slot.site.name} is not hosted.`);
    return found;
  }

  async open(slot: Slot): Promise<void> {
    const host = emptyHost(slot, {
      ...this.#options,
      timing: this.timing,
      quirks: this.#quirks,
      telemetry: this.#telemetry,
    });
    await mkdir(host.app.wwwroot, { recursive: true });
    this.#hosts.set(slot, host);
    const { tokenVerifier: verify, random = Math.random } = this.#options;
    const { timing } = this;
    const hostOf = (name: string): SlotHost | undefined => this.#named(slot.site, name);
    const front = await openFrontEnd(host, {
      ground: this.#options,
      timing,
      hostOf,
      random,
      telemetry: this.#telemetry,
    });
    const scm = await openScmHost(host, { ground: this.#options, verify, quirks: this.#quirks });
    const health = new HealthMonitor(host, timing);
    host.services = [front, scm, { close: () => health.stop() }];
    slot.hostName = front.host;
    slot.scmHostName = scm.host;
    if (slot.state === "Running") void launch(host);
  }

  async remove(slot: Slot): Promise<void> {
    const host = this.of(slot);
    this.#hosts.delete(slot);
    await Promise.all(host.services.map((service) => service.close()));
    await host.scm.close();
    await host.app.close();
    await rm(join(host.app.home, ".."), { recursive: true, force: true });
  }

  /** The place whose preview swap a reset ends: the slot's own, or that of the slot prepared to swap with it. */
  preparedFor(slot: Slot): SlotHost {
    const all = [...this.#hosts.values()].filter((host) => host.slot.site === slot.site);
    const own = all.find((host) => host.slot === slot && slot.targetSwapSlot);
    return own ?? all.find((host) => host.slot.targetSwapSlot === slot.name) ?? this.of(slot);
  }

  async close(): Promise<void> {
    const apps = [...this.#hosts.values()].map(({ app }) => app);
    await Promise.all([...this.#hosts.keys()].map((slot) => this.remove(slot)));
    // A swap that is under way may have exchanged two of them meanwhile.
    await Promise.all(apps.map((app) => app.close()));
    await rm(this.#options.dir, { recursive: true, force: true });
  }

  #named(site: Site, name: string): SlotHost | undefined {
    const slot = name.toLowerCase() === "production" ? site.production : site.slots.get(name.toLowerCase());
    return slot && this.#hosts.get(slot);
  }
}

type Equipped = HostingOptions & { timing: Timing; quirks: Quirks; telemetry: Telemetry };

function emptyHost(slot: Slot, options: Equipped): SlotHost {
  const { timing, quirks, telemetry } = options;
  const home = join(options.dir, randomUUID(), "home");
  const app = new App({ home, python: options.python, timing, telemetry });
  const scm = new ScmSite({
    app,
    timing,
    python: options.python,
    ca: options.tls.ca,
    settings: () => slot.appSettings,
    oneDeployBuilds: quirks.oneDeployBuilds,
  });
  const instanceIds = (): string[] => {
    const wanted = Number(slot.config.numberOfWorkers);
    const count = Number.isInteger(wanted) && wanted > 0 ? wanted : (options.instances ?? 1);
    return Array.from({ length: count }, (_, index) => instanceId(slot.site, index));
  };
  return { slot, app, scm, services: [], instanceIds };
}

/** The plan's instances serve all of its slots, under the same ids. */
function instanceId(site: Site, index: number): string {
  return createHash("sha256").update(`${site.subscriptionId}/${site.planName}/${index}`).digest("hex");
}

/** Starts a slot's app with the slot's own configuration. */
export function launch(host: SlotHost): Promise<unknown> {
  const { slot } = host;
  return host.app.launch({ slot, configuration: ownConfiguration(slot), instanceIds: host.instanceIds() });
}
