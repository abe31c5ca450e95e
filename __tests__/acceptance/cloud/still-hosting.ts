import type {
  DeploymentLogEntry,
  DeploymentRecord,
  Hosting,
  Instance,
  OneDeployRequest,
  Slot,
} from "../../../packages/rehearsal/src/model.ts";

function newRecord(slot: Slot, id: string, status: number): DeploymentRecord {
  const now = new Date().toISOString();
  const url = `https://${slot.scmHostName}/api/deployments/${id}`;
  return {
    id,
    status,
    status_text: "",
    author_email: "N/A",
    author: "N/A",
    deployer: "OneDeploy",
    message: "OneDeploy",
    progress: "",
    received_time: now,
    start_time: now,
    end_time: status >= 3 ? now : null,
    last_success_end_time: status === 4 ? now : null,
    complete: status >= 3,
    active: status === 4,
    is_temp: false,
    is_readonly: true,
    url,
    log_url: `${url}/log`,
    site_name: slot.site.name,
  };
}

/** Hosting in which nothing runs: it notes what the control plane asks of it, and swaps settings at once. */
export class StillHosting implements Hosting {
  readonly asked: string[] = [];
  readonly records = new Map<Slot, DeploymentRecord[]>();
  /** What the next swap waits for; a rejection is its failure. */
  gate: Promise<void> = Promise.resolve();
  log = "";
  #port = 20_000;

  async create(slot: Slot): Promise<void> {
    slot.hostName = `127.0.0.1:${this.#port++}`;
    slot.scmHostName = `127.0.0.1:${this.#port++}`;
    this.#note("create", slot);
  }
  async destroy(slot: Slot): Promise<void> {
    this.#note("destroy", slot);
  }
  async start(slot: Slot): Promise<void> {
    this.#note("start", slot);
  }
  async stop(slot: Slot): Promise<void> {
    this.#note("stop", slot);
  }
  async restart(slot: Slot, synchronous: boolean): Promise<void> {
    this.#note(synchronous ? "restart and wait" : "restart", slot);
  }
  configurationChanged(slot: Slot, what: "settings" | "config"): void {
    this.#note(`${what} changed`, slot);
  }
  instances(slot: Slot): Instance[] {
    return [{ id: `instance-of-${slot.name}`, state: slot.state === "Running" ? "READY" : "STOPPED" }];
  }
  containerLog(): string {
    return this.log;
  }
  deployments(slot: Slot): DeploymentRecord[] {
    return this.records.get(slot) ?? [];
  }
  deploymentLog(slot: Slot, id: string): DeploymentLogEntry[] | undefined {
    const known = this.deployments(slot).some((record) => record.id === id);
    const entry = {
      log_time: new Date().toISOString(),
      id: "1",
      message: "Copied.",
      type: 0 as const,
      details_url: null,
    };
    return known ? [entry] : undefined;
  }
  isDeploying(slot: Slot): boolean {
    return this.deployments(slot).some((record) => !record.complete);
  }
  oneDeploy(slot: Slot, request: OneDeployRequest): DeploymentRecord {
    this.#note(`deploy ${request.packageUri}`, slot);
    return this.addRecord(slot, "one", 1);
  }
  addRecord(slot: Slot, id: string, status: number): DeploymentRecord {
    const record = newRecord(slot, id, status);
    this.records.set(slot, [...this.deployments(slot), record]);
    return record;
  }
  async swap(source: Slot, target: Slot): Promise<void> {
    this.#note(`swap into ${target.name}`, source);
    await this.gate;
    [source.appSettings, target.appSettings] = [target.appSettings, source.appSettings];
    const names = { sourceSlotName: source.name, destinationSlotName: target.name };
    source.slotSwapStatus = target.slotSwapStatus = { timestampUtc: new Date().toISOString(), ...names };
    source.targetSwapSlot = undefined;
  }
  async applySlotConfig(source: Slot, target: Slot): Promise<void> {
    this.#note(`apply settings of ${target.name}`, source);
    source.targetSwapSlot = target.name;
  }
  async resetSlotConfig(slot: Slot): Promise<void> {
    this.#note("reset settings", slot);
    slot.targetSwapSlot = undefined;
  }
  async close(): Promise<void> {}

  #note(what: string, slot: Slot): void {
    this.asked.push(`${what}: ${slot.name}`);
  }
}
