import { toLogEntries, toRecord } from "../kudu/deployment-history.ts";
import type { Hosting, Instance, Slot } from "../model.ts";
import type { Behaviour } from "../slots/behaviour.ts";
import { applySlotConfig, resetSlotConfig, swapSlots } from "../swap/swap.ts";
import { oneDeploy } from "./one-deploy.ts";
import type { SlotHost } from "./slot-host.ts";
import { type HostingOptions, launch, SlotHosts } from "./slot-hosts.ts";

export type { HostingOptions, Quirks } from "./slot-hosts.ts";

/** The data plane, and the knobs that rehearsals turn. */
export interface RehearsalHosting extends Hosting {
  /** Makes the app that is in a slot now misbehave from its next start or answer on; `{}` ends it. */
  behave(slot: Slot, behaviour: Behaviour): void;
  /** Takes the SCM container down and up again, with the deployment it runs. */
  restartScm(slot: Slot): Promise<void>;
}

export function createHosting(options: HostingOptions): RehearsalHosting {
  const hosts = new SlotHosts(options);
  const { timing } = hosts;
  return {
    ...lifetime(hosts),
    ...readings(hosts),
    oneDeploy: (slot, request) => oneDeploy(hosts.of(slot), request),
    swap: (source, target) => swapSlots(hosts.of(source), hosts.of(target), timing),
    applySlotConfig: (source, target) => applySlotConfig(hosts.of(source), hosts.of(target), timing),
    resetSlotConfig: async (slot) => resetSlotConfig(hosts.preparedFor(slot)),
    behave(slot, behaviour) {
      const { app } = hosts.of(slot);
      for (const key of Object.keys(app.behaviour)) Reflect.deleteProperty(app.behaviour, key);
      Object.assign(app.behaviour, behaviour);
    },
    restartScm: (slot) => hosts.of(slot).scm.restart(),
  };
}

type Lifetime = Pick<Hosting, "create" | "destroy" | "start" | "stop" | "restart" | "configurationChanged" | "close">;

function lifetime(hosts: SlotHosts): Lifetime {
  return {
    create: (slot) => hosts.open(slot),
    destroy: (slot) => hosts.remove(slot),
    async start(slot) {
      slot.state = "Running";
      void launch(hosts.of(slot));
    },
    async stop(slot) {
      slot.state = "Stopped";
      await hosts.of(slot).app.stop();
    },
    async restart(slot, synchronous) {
      const restarted = hosts.of(slot).app.relaunch();
      if (synchronous) await restarted;
    },
    configurationChanged(slot, what) {
      const changed = hosts.of(slot);
      if (what === "settings") changed.scm.restartSoon();
      if (slot.state === "Running") void launch(changed);
    },
    close: () => hosts.close(),
  };
}

type Readings = Pick<Hosting, "instances" | "containerLog" | "deployments" | "deploymentLog" | "isDeploying">;

function readings(hosts: SlotHosts): Readings {
  return {
    instances: (slot) => instancesOf(hosts.of(slot)),
    containerLog: (slot) => hosts.of(slot).app.log.text(),
    deployments(slot) {
      const { records } = hosts.of(slot).scm.history;
      return records.map((record) => toRecord(record, `https://${slot.scmHostName}`, slot.site.name));
    },
    deploymentLog(slot, id) {
      const record = hosts.of(slot).scm.history.find(id);
      return record && toLogEntries(record.log, record.id, `https://${slot.scmHostName}`);
    },
    isDeploying: (slot) => hosts.of(slot).scm.isDeploying,
  };
}

/** An instance whose container cannot be started counts as stopped, whatever else is tried; one on its way up is unknown. */
function instancesOf({ app, instanceIds }: SlotHost): Instance[] {
  return instanceIds().map((id) => {
    const container = app.containers.find((one) => one.instanceId === id);
    if (container === undefined || container.state === "stopped") return { id, state: "STOPPED" };
    if (app.isStarting) return { id, state: "UNKNOWN" };
    return { id, state: container.state === "ready" ? "READY" : "STOPPED" };
  });
}
