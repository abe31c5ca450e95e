import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import type { Timing } from "../hosting/timing.ts";
import { wait } from "../hosting/wait.ts";
import type { Slot } from "../model.ts";
import { exceptionListener } from "../telemetry/exceptions.ts";
import type { AppProcess, Telemetry } from "../telemetry/telemetry.ts";
import type { Behaviour } from "./behaviour.ts";
import { startCommand } from "./command-line.ts";
import type { ContainerLog } from "./container-log.ts";
import { type AppConfiguration, buildEnvironment } from "./environment.ts";
import { allowsStatus, type Ping, ping } from "./ping.ts";
import { ProcessGroup } from "./process-group.ts";

/** How the start of a container ended. */
export type StartOutcome = "ready" | "exited" | "timed-out" | "stopped";

export interface ContainerOptions {
  /** The slot it is started in: its environment is built for this one, wherever its traffic comes from later. */
  slot: Slot;
  configuration: AppConfiguration;
  instanceId: string;
  home: string;
  python: string | undefined;
  behaviour: Behaviour;
  log: ContainerLog;
  timing: Timing;
  telemetry: Telemetry;
  onChange: () => void;
}

/** Starts that may end in an exit before the start counts as failed; the container is retried after that all the same. */
const attempts = 2;

/** One instance's container: started, pinged until it answers, started again when it dies, stopped for good. */
export class Container {
  readonly instanceId: string;
  state: "starting" | "ready" | "failed" | "stopped" = "starting";
  /** Cleared by the health check; balancing then leaves it out. */
  healthy = true;
  /** Requests being served; a recycled container may finish them. */
  inFlight = 0;
  /** The first answer to whether it starts at all. */
  readonly started: Promise<StartOutcome>;
  readonly #options: ContainerOptions;
  readonly #stopping = new AbortController();
  readonly #finished: Promise<void>;
  #port: number | undefined;
  #release: string | undefined;
  #process: ProcessGroup | undefined;
  #settle: (outcome: StartOutcome) => void = () => undefined;

  constructor(options: ContainerOptions) {
    this.instanceId = options.instanceId;
    this.#options = options;
    this.started = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#finished = this.#run();
  }

  /** The port of the app's own process; `undefined` while there is nothing to run and the default page stands in. */
  get port(): number | undefined {
    return this.#port;
  }

  /** What its process knows of itself, from its start on; the default page knows nothing and reports to nobody. */
  get identity(): AppProcess | undefined {
    const isDefaultPage = this.#port === undefined && this.behaviour.answers === undefined;
    return isDefaultPage ? undefined : this.#identity(this.#release);
  }

  #identity(release: string | undefined): AppProcess {
    return { release, instanceId: this.instanceId, startedIn: this.#options.slot };
  }

  get behaviour(): Behaviour {
    return this.#options.behaviour;
  }

  /** A request of the platform's to the app. An app with nothing to run answers 200 with the default page. */
  async ping(path: string, timeout: number, userAgent: string): Promise<Ping> {
    if (this.behaviour.answers !== undefined) return { kind: "status", status: this.behaviour.answers };
    if (this.#port !== undefined) return ping({ port: this.#port, path, timeout, userAgent });
    return this.state === "ready" ? { kind: "status", status: 200 } : { kind: "refused" };
  }

  /** Ends the process and starts it anew, as the platform does with an instance it gave up. */
  async replace(): Promise<void> {
    await this.#process?.stop(this.#options.timing.stopGrace);
  }

  /** Waits (bounded) for the requests it has, then ends its process. */
  async retire(): Promise<void> {
    const deadline = Date.now() + this.#options.timing.drain;
    while (this.inFlight > 0 && Date.now() < deadline) await wait(20);
    await this.stop();
  }

  async stop(): Promise<void> {
    this.#change("stopped");
    this.#stopping.abort();
    await this.#process?.stop(this.#options.timing.stopGrace);
    await this.#finished;
  }

  async #run(): Promise<void> {
    const { timing } = this.#options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const outcome = await this.#startOnce();
      if (outcome === "ready") {
        failures = 0;
        await this.#serve();
      } else {
        failures += 1;
        await this.#process?.stop(timing.stopGrace);
        if (outcome !== "exited" || failures >= attempts) this.#fail(outcome);
      }
      const backoff = Math.min(timing.crashBackoff * 2 ** failures, timing.crashBackoffLimit);
      await wait(backoff, this.#stopping.signal);
    }
    this.#settle("stopped");
  }

  async #startOnce(): Promise<StartOutcome> {
    const { behaviour, log } = this.#options;
    const signal = this.#stopping.signal;
    await wait(behaviour.startDelay ?? 0, signal);
    if (signal.aborted) return "stopped";
    this.#process = await this.#spawn();
    if (signal.aborted) return "stopped";
    const outcome = this.#process ? await this.#warmUp(this.#process) : "ready";
    log.platform(outcome === "ready" ? "INFO" : "ERROR", this.#describe(outcome));
    return outcome;
  }

  async #spawn(): Promise<ProcessGroup | undefined> {
    const { slot, configuration, home, python, instanceId, log, behaviour, telemetry } = this.#options;
    const wwwroot = join(home, "site", "wwwroot");
    const scratch = join(home, "..", "containers");
    await mkdir(scratch, { recursive: true });
    const port = await freePort();
    const command = behaviour.command ?? (await startCommand(configuration.appCommandLine, wwwroot, port, scratch));
    this.#port = command === undefined ? undefined : port;
    if (command === undefined || this.#stopping.signal.aborted) return undefined;
    const environment = buildEnvironment(configuration, { slot, instanceId, port, home, python });
    // Last of all: a container that fails and is tried again may meet files that a deployment is just writing.
    this.#release = await releaseIn(wwwroot);
    log.platform("INFO", `Starting container for site ${slot.site.name} (slot ${slot.name}): ${command}`);
    const listen = exceptionListener(telemetry, this.#identity(this.#release));
    const onLine = (line: string): void => {
      log.write(line);
      listen(line);
    };
    return new ProcessGroup({ command, directory: wwwroot, environment, onLine });
  }

  /** Pings until an allowed answer (any, unless `WEBSITE_WARMUP_STATUSES` says which), an exit, or the start limit. */
  async #warmUp(process: ProcessGroup): Promise<StartOutcome> {
    const { timing, configuration } = this.#options;
    const settings = configuration.appSettings;
    const deadline = Date.now() + startLimit(settings, timing);
    const path = settings.WEBSITE_WARMUP_PATH ?? "/robots933456.txt";
    while (Date.now() < deadline) {
      if (this.#stopping.signal.aborted) return "stopped";
      if (process.exit) return "exited";
      const answer = await Promise.race([
        this.ping(path, Math.max(1, deadline - Date.now()), "HealthCheck/1.0"),
        process.exited.then((): Ping => ({ kind: "refused" })),
      ]);
      const allowed = answer.kind === "status" && allowsStatus(settings.WEBSITE_WARMUP_STATUSES, answer.status);
      if (allowed && !process.exit) return "ready";
      await wait(Math.min(timing.warmupPingInterval, deadline - Date.now()), this.#stopping.signal);
    }
    return "timed-out";
  }

  /** Until the process ends: by itself, which counts as a crash, or because it was stopped. */
  async #serve(): Promise<void> {
    this.#change("ready");
    this.#settle("ready");
    const stopped = new Promise<void>((resolve) => {
      this.#stopping.signal.addEventListener("abort", () => resolve());
    });
    const exit = await Promise.race([this.#process?.exited ?? stopped, stopped]);
    if (this.#stopping.signal.aborted) return;
    this.#options.log.platform("ERROR", `Container exited with code ${exit?.code ?? exit?.signal}; starting it again.`);
    this.#change("starting");
  }

  #fail(outcome: StartOutcome): void {
    if (outcome !== "stopped") this.#change("failed");
    this.#settle(outcome);
  }

  #change(state: Container["state"]): void {
    if (this.state === "stopped") return;
    this.state = state;
    this.#options.onChange();
  }

  #describe(outcome: StartOutcome): string {
    const { slot } = this.#options;
    if (outcome === "ready")
      return `Container for site ${slot.site.name} initialized successfully and is ready to serve requests.`;
    if (outcome === "timed-out")
      return `Container didn't respond to HTTP pings on port: ${this.#port}, failing site start.`;
    if (outcome === "exited")
      return `Container has exited, failing site start. Exit code: ${this.#process?.exit?.code}`;
    return "Container start was given up.";
  }
}

/** The release that the content names, which the app reads as it starts. */
async function releaseIn(wwwroot: string): Promise<string | undefined> {
  const text = await readFile(join(wwwroot, "augeo-release.json"), "utf8").catch(() => "{}");
  try {
    const { release } = JSON.parse(text) as { release?: unknown };
    return typeof release === "string" ? release : undefined;
  } catch {
    return undefined;
  }
}

/** `WEBSITES_CONTAINER_START_TIME_LIMIT` in seconds, 10 to 1800; values outside are brought to the nearest end. */
function startLimit(settings: Record<string, string>, timing: Timing): number {
  const seconds = Number(settings.WEBSITES_CONTAINER_START_TIME_LIMIT);
  if (!Number.isFinite(seconds) || seconds <= 0) return timing.containerStartLimit;
  return Math.min(Math.max(seconds, 10), 1800) * timing.settingSecond;
}
