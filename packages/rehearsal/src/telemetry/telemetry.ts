/**
 * What the platform and the apps tell of themselves: every request the front ends served, and what apps throw. Nothing
 * is made up; the services on top show it late, as they do.
 */
import { seededRandom } from "../faults.ts";
import type { Timing } from "../hosting/timing.ts";
import type { Slot } from "../model.ts";

/** One request as the front end served it. */
export interface ServedRequest {
  /** The resource that served it, by the slot's name at that time: what platform metrics are kept under. */
  slot: string;
  siteName: string;
  /** Arrival, milliseconds since 1970. */
  at: number;
  /** Until the answer's head, milliseconds. */
  duration: number;
  status: number;
  method: string;
  path: string;
  userAgent: string;
  /** The process that answered; undefined when the platform itself did, which no telemetry of an app ever sees. */
  app: AppProcess | undefined;
}

/** What a process knows of itself, from its start on: a swap tells it nothing. */
export interface AppProcess {
  /** From the release file in its own content. */
  release: string | undefined;
  instanceId: string;
  /** Where it was started: what `WEBSITE_SLOT_NAME` still says after a swap. */
  startedIn: Slot;
}

export interface ThrownException {
  at: number;
  type: string;
  message: string;
  siteName: string;
  app: AppProcess;
}

/** A row as the log services keep it. */
export interface Ingested<Entry> {
  entry: Entry;
  /** When it can be queried. */
  ingestedAt: number;
  /** How many events it stands for, where the app's SDK samples. */
  itemCount: number;
}

/** Enough for hours of a rehearsal; the oldest go first. */
const LIMIT = 400_000;

export class Telemetry {
  /** Set to sample: 20 keeps each fifth row, with an `itemCount` of 5. */
  samplingPercentage = 100;
  readonly #timing: Timing;
  readonly #random: () => number;
  readonly #served: ServedRequest[] = [];
  readonly #requests: Ingested<ServedRequest>[] = [];
  readonly #exceptions: Ingested<ThrownException>[] = [];

  constructor(timing: Timing, seed = 1) {
    this.#timing = timing;
    this.#random = seededRandom(seed);
  }

  /** Everything the front ends served, in order of their answers. */
  get served(): readonly ServedRequest[] {
    return this.#served;
  }

  get requests(): readonly Ingested<ServedRequest>[] {
    return this.#requests;
  }

  get exceptions(): readonly Ingested<ThrownException>[] {
    return this.#exceptions;
  }

  serve(request: ServedRequest): void {
    keep(this.#served, request);
    if (request.app !== undefined) this.#ingest(this.#requests, request, request.at + request.duration);
  }

  throws(exception: ThrownException): void {
    this.#ingest(this.#exceptions, exception, exception.at);
  }

  #ingest<Entry>(into: Ingested<Entry>[], entry: Entry, at: number): void {
    const itemCount = 100 / this.samplingPercentage;
    if (this.#random() * itemCount >= 1) return;
    const { ingestionLagLeast: least, ingestionLagMost: most } = this.#timing;
    keep(into, { entry, itemCount, ingestedAt: at + least + this.#random() * (most - least) });
  }
}

function keep<Entry>(list: Entry[], entry: Entry): void {
  list.push(entry);
  if (list.length > LIMIT) list.splice(0, LIMIT / 10);
}
