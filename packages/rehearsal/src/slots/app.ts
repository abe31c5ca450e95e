import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import type { Timing } from "../hosting/timing.ts";
import { wait } from "../hosting/wait.ts";
import type { Slot } from "../model.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { Behaviour } from "./behaviour.ts";
import { Container, type StartOutcome } from "./container.ts";
import { ContainerLog } from "./container-log.ts";
import type { AppConfiguration } from "./environment.ts";

export interface AppOptions {
  /** Directory that becomes the app's `/home`. */
  home: string;
  python: string | undefined;
  timing: Timing;
  telemetry: Telemetry;
}

/** What to start an app with. */
export interface Launch {
  slot: Slot;
  configuration: AppConfiguration;
  instanceIds: string[];
}

/**
 * The content and the containers of one slot at one time. This is what a swap moves: the slot keeps its host name and
 * its SCM site, and gets the other slot's app.
 */
export class App {
  readonly home: string;
  readonly log = new ContainerLog();
  /** Faults on demand; read when a container starts or answers. */
  readonly behaviour: Behaviour = {};
  readonly #options: AppOptions;
  readonly #changes = new EventEmitter<{ change: [] }>().setMaxListeners(0);
  readonly #retiring = new Set<Promise<void>>();
  #containers: Container[] = [];
  #starting: Container[] = [];
  #launched: Launch | undefined;
  #turn = 0;
  #closed = false;
  #launching: Promise<StartOutcome[]> = Promise.resolve([]);

  constructor(options: AppOptions) {
    this.home = options.home;
    this.#options = options;
  }

  get wwwroot(): string {
    return join(this.home, "site", "wwwroot");
  }

  /** What its running containers were started with: after a swap not what its slot says. */
  get launched(): Launch | undefined {
    return this.#launched;
  }

  get containers(): readonly Container[] {
    return this.#containers;
  }

  /**
   * Starts containers and, once all of them are up or have failed, lets them take over from the ones before, which
   * finish their requests and stop. A later launch overtakes an unfinished one, which then ends in `stopped`.
   */
  launch(launch: Launch): Promise<StartOutcome[]> {
    if (this.#closed) return Promise.resolve(launch.instanceIds.map(() => "stopped"));
    this.#launching = this.#launch(launch);
    return this.#launching;
  }

  /** How the last launch ended; waits for it. */
  get settled(): Promise<StartOutcome[]> {
    return this.#launching;
  }

  async #launch(launch: Launch): Promise<StartOutcome[]> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#retire(this.#starting);
    this.#launched = launch;
    const next = launch.instanceIds.map((instanceId) => this.#container(launch, instanceId));
    this.#starting = next;
    if (this.#containers.length === 0) this.#takeOver(next);
    const outcomes = await Promise.all(next.map((container) => container.started));
    if (turn === this.#turn && this.#containers !== next) this.#takeOver(next);
    return outcomes;
  }

  /** Recycles with what it was launched with last. */
  relaunch(): Promise<StartOutcome[]> {
    return this.#launched ? this.launch(this.#launched) : Promise.resolve([]);
  }

  async stop(): Promise<void> {
    this.#turn += 1;
    const all = new Set([...this.#containers, ...this.#starting]);
    this.#containers = [];
    this.#starting = [];
    this.#launched = undefined;
    this.#changes.emit("change");
    await Promise.all([...this.#retiring, ...[...all].map((container) => container.stop())]);
  }

  /** Stops it for good: a swap or a restart that is still under way starts nothing any more. */
  close(): Promise<void> {
    this.#closed = true;
    return this.stop();
  }

  /** A container that can serve: the wanted instance's when it can, else the least busy one. */
  pick(instanceId: string | undefined): Container | undefined {
    const ready = this.#containers.filter((container) => container.state === "ready");
    const healthy = ready.filter((container) => container.healthy);
    const usable = healthy.length > 0 ? healthy : ready;
    return (
      usable.find((container) => container.instanceId === instanceId) ??
      usable.toSorted((one, other) => one.inFlight - other.inFlight)[0]
    );
  }

  /** True while a request is worth holding back: some container is on its way up. */
  get isStarting(): boolean {
    return [...this.#containers, ...this.#starting].some((container) => container.state === "starting");
  }

  /** Resolves at the next change of any container, or after `limit` milliseconds. */
  async change(limit: number): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      once(this.#changes, "change", { signal: timer.signal }).catch(() => undefined),
      wait(limit, timer.signal),
    ]);
    timer.abort();
  }

  /** Wakes everyone who waits for a change: after a swap they look again, at another app. */
  wake(): void {
    this.#changes.emit("change");
  }

  #container(launch: Launch, instanceId: string): Container {
    return new Container({
      slot: launch.slot,
      configuration: launch.configuration,
      instanceId,
      home: this.home,
      python: this.#options.python,
      behaviour: this.behaviour,
      log: this.log,
      timing: this.#options.timing,
      telemetry: this.#options.telemetry,
      onChange: () => this.#changes.emit("change"),
    });
  }

  #takeOver(next: Container[]): void {
    const before = this.#containers;
    this.#containers = next;
    this.#starting = [];
    this.#changes.emit("change");
    this.#retire(before);
  }

  #retire(containers: Container[]): void {
    for (const container of containers) {
      const retired = container.retire().finally(() => this.#retiring.delete(retired));
      this.#retiring.add(retired);
    }
  }
}
