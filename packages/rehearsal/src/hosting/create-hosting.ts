import { createHash, randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { openFrontEnd } from "../front-end/front-end.ts";
import type { Ground } from "../http.ts";
import { toLogEntries, toRecord } from "../kudu/deployment-history.ts";
import type { TokenVerifier } from "../kudu/scm-access.ts";
import { openScmHost } from "../kudu/scm-host.ts";
import { ScmSite } from "../kudu/scm-site.ts";
import type { Hosting, Site, Slot } from "../model.ts";
import { App } from "../slots/app.ts";
import type { Behaviour } from "../slots/behaviour.ts";
import { HealthMonitor } from "../slots/health-monitor.ts";
import { ownConfiguration } from "../swap/settings.ts";
import { applySlotConfig, resetSlotConfig, swapSlots } from "../swap/swap.ts";
import { oneDeploy } from "./one-deploy.ts";
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
}

/** Where builds of the SCM site differ; the defaults are what production on Linux is known to do. */
export interface Quirks {
  /** `/api/publish` builds when `SCM_DO_BUILD_DURING_DEPLOYMENT` is on. The last public source never did. */
  oneDeployBuilds: boolean;
  /** Every deployment reads as pending while any is under way. */
  pendingWhileLocked: boolean;
}

/** The data plane, and the knobs that rehearsals turn. */
export interface RehearsalHosting extends Hosting {
  /** Makes the app that is in a slot now misbehave from its next start or answer on; `{}` ends it. */
  behave(slot: Slot, behaviour: Behaviour): void;
  /** Takes the SCM container down and up again, with the deployment it runs. */
  restartScm(slot: Slot): Promise<void>;
}

export function createHosting(options: HostingOptions): RehearsalHosting {
  const timing = options.timing ?? Timing.real;
  const hosts = new Map<Slot, SlotHost>();
  const quirks: Quirks = { oneDeployBuilds: true, pendingWhileLocked: true, ...options.quirks };
  const host = (slot: Slot): SlotHost => {
    const found = hosts.get(slot);
    if (found === undefined) throw new Error(`Slot ${slot.name} of ${slot.site.name} is not hosted.`);
    return found;
  };

  async function create(slot: Slot): Promise<void> {
    const made = emptyHost(slot, options, timing, quirks);
    await mkdir(made.app.wwwroot, { recursive: true });
    hosts.set(slot, made);
    const hostOf = (name: string): SlotHost | undefined => {
      const other = slotOf(slot.site, name);
      return other && hosts.get(other);
    };
    const front = await openFrontEnd(made, { ground: options, timing, hostOf, random: options.random ?? Math.random });
    const scm = await openScmHost(made, {
      ground: options,
      verify: options.tokenVerifier,
      pendingWhileLocked: quirks.pendingWhileLocked,
    });
    const health = new HealthMonitor(made, timing);
    made.services = [front, scm, { close: () => health.stop() }];
    slot.hostName = front.host;
    slot.scmHostName = scm.host;
    if (slot.state === "Running") void launch(made);
  }

  async function destroy(slot: Slot): Promise<void> {
    const gone = host(slot);
    hosts.delete(slot);
    await Promise.all(gone.services.map((service) => service.close()));
    await gone.scm.close();
    await gone.app.stop();
    await rm(join(gone.app.home, ".."), { recursive: true, force: true });
  }

  return {
    create,
    destroy,
    async start(slot) {
      slot.state = "Running";
      void launch(host(slot));
    },
    async stop(slot) {
      slot.state = "Stopped";
      await host(slot).app.stop();
    },
    async restart(slot, synchronous) {
      const restarted = host(slot).app.relaunch();
      if (synchronous) await restarted;
    },
    configurationChanged(slot, what) {
      const changed = host(slot);
      if (what === "settings") changed.scm.restartSoon();
      if (slot.state === "Running") void launch(changed);
    },
    instances: (slot) => instancesOf(host(slot)),
    containerLog: (slot) => host(slot).app.log.text(),
    deployments: (slot) =>
      host(slot).scm.history.records.map((record) => toRecord(record, `https://${slot.scmHostName}`, slot.site.name)),
    deploymentLog(slot, id) {
      const record = host(slot).scm.history.find(id);
      return record && toLogEntries(record.log, record.id, `https://${slot.scmHostName}`);
    },
    isDeploying: (slot) => host(slot).scm.isDeploying,
    oneDeploy: (slot, request) => oneDeploy(host(slot), request),
    swap: (source, target) => swapSlots(host(source), host(target), timing),
    applySlotConfig: (source, target) => applySlotConfig(host(source), host(target), timing),
    async resetSlotConfig(slot) {
      resetSlotConfig(preparedFor(slot, hosts) ?? host(slot));
    },
    behave(slot, behaviour) {
      const { app } = host(slot);
      for (const key of Object.keys(app.behaviour)) Reflect.deleteProperty(app.behaviour, key);
      Object.assign(app.behaviour, behaviour);
    },
    restartScm: (slot) => host(slot).scm.restart(),
    async close() {
      await Promise.all([...hosts.keys()].map(destroy));
      await rm(options.dir, { recursive: true, force: true });
    },
  };
}

function emptyHost(slot: Slot, options: HostingOptions, timing: Timing, quirks: Quirks): SlotHost {
  const home = join(options.dir, randomUUID(), "home");
  const app = new App({ home, python: options.python, timing });
  const scm = new ScmSite({
    app,
    timing,
    python: options.python,
    ca: options.tls.ca,
    settings: () => app.launched?.configuration.appSettings ?? slot.appSettings,
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

function slotOf(site: Site, name: string): Slot | undefined {
  return name.toLowerCase() === "production" ? site.production : site.slots.get(name.toLowerCase());
}

/** The slot whose preview swap a reset ends: the one named, or the one that was prepared to swap with it. */
function preparedFor(slot: Slot, hosts: Map<Slot, SlotHost>): SlotHost | undefined {
  const all = [...hosts.values()].filter((host) => host.slot.site === slot.site);
  return (
    all.find((host) => host.slot === slot && slot.targetSwapSlot) ??
    all.find((host) => host.slot.targetSwapSlot === slot.name)
  );
}

function launch(host: SlotHost): Promise<unknown> {
  const { slot } = host;
  return host.app.launch({ slot, configuration: ownConfiguration(slot), instanceIds: host.instanceIds() });
}

function instancesOf({ app, instanceIds }: SlotHost): { id: string; state: "READY" | "STOPPED" | "UNKNOWN" }[] {
  return instanceIds().map((id) => {
    const container = app.containers.find((one) => one.instanceId === id);
    if (container === undefined) return { id, state: "STOPPED" };
    if (app.isStarting) return { id, state: "UNKNOWN" };
    return { id, state: container.state === "ready" ? "READY" : container.state === "stopped" ? "STOPPED" : "UNKNOWN" };
  });
}
