import type { SlotHost } from "../hosting/slot-host.ts";
import type { Timing } from "../hosting/timing.ts";
import { wait } from "../hosting/wait.ts";
import type { Container } from "./container.ts";

interface Condition {
  /** Pings missed in a row. */
  failures: number;
  /** When it was given up, in milliseconds since 1970. */
  unhealthySince: number | undefined;
}

/** App Service's health check of one slot: pings each instance while a path is set, and takes the unhealthy ones out. */
export class HealthMonitor {
  readonly #host: SlotHost;
  readonly #timing: Timing;
  readonly #stopping = new AbortController();
  readonly #conditions = new WeakMap<Container, Condition>();
  readonly #finished: Promise<void>;

  constructor(host: SlotHost, timing: Timing) {
    this.#host = host;
    this.#timing = timing;
    this.#finished = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#finished;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await wait(this.#timing.healthCheckInterval, signal);
      if (!signal.aborted) await this.#round();
    }
  }

  async #round(): Promise<void> {
    const containers = this.#host.app.containers.filter(({ state }) => state === "ready");
    const path = this.#host.slot.config.healthCheckPath;
    if (!path) {
      for (const container of containers) container.healthy = true;
      return;
    }
    await Promise.all(containers.map((container) => this.#check(container, path)));
    this.#balance(containers);
    for (const container of containers) await this.#replaceOverdue(container);
  }

  /** Only 200 to 299 is healthy; redirects are not followed. */
  async #check(container: Container, path: string): Promise<void> {
    const answer = await container.ping(path, this.#timing.healthCheckTimeout, "HealthCheck/1.0");
    const condition = this.#conditions.get(container) ?? { failures: 0, unhealthySince: undefined };
    const healthy = answer.kind === "status" && answer.status >= 200 && answer.status < 300;
    condition.failures = healthy ? 0 : condition.failures + 1;
    if (healthy) condition.unhealthySince = undefined;
    else if (condition.failures >= this.#maxFailures()) condition.unhealthySince ??= Date.now();
    this.#conditions.set(container, condition);
  }

  /** The instances longest unhealthy go, up to the share allowed; an only instance never goes. */
  #balance(containers: Container[]): void {
    const since = (container: Container): number =>
      this.#conditions.get(container)?.unhealthySince ?? Number.POSITIVE_INFINITY;
    const mayGo = containers.length > 1 ? Math.max(1, Math.floor((containers.length * this.#maxPercent()) / 100)) : 0;
    const ill = containers.filter((container) => Number.isFinite(since(container)));
    const out = new Set(ill.toSorted((one, other) => since(one) - since(other)).slice(0, mayGo));
    for (const container of containers) {
      if (container.healthy && out.has(container))
        this.#host.app.log.platform(
          "WARN",
          `Instance ${container.instanceId.slice(0, 8)} failed its health check and was removed.`,
        );
      container.healthy = !out.has(container);
    }
  }

  async #replaceOverdue(container: Container): Promise<void> {
    const since = this.#conditions.get(container)?.unhealthySince;
    if (since === undefined || Date.now() - since < this.#timing.healthReplaceAfter) return;
    this.#conditions.delete(container);
    this.#host.app.log.platform(
      "WARN",
      `Instance ${container.instanceId.slice(0, 8)} stayed unhealthy and is replaced.`,
    );
    await container.replace();
  }

  #setting(name: string, lowest: number, highest: number, otherwise: number): number {
    const value = Number(this.#host.slot.appSettings[name]);
    return Number.isFinite(value) && value > 0 ? Math.min(Math.max(value, lowest), highest) : otherwise;
  }

  #maxFailures(): number {
    return this.#setting("WEBSITE_HEALTHCHECK_MAXPINGFAILURES", 2, 10, 10);
  }

  #maxPercent(): number {
    return this.#setting("WEBSITE_HEALTHCHECK_MAXUNHEALTHYWORKERPERCENT", 1, 100, 50);
  }
}
