/** Following one deployment of ours by its id to its end, through restarts and refusals of the SCM site. */
import { ServiceError } from "@augeo/release";
import { jsonOf } from "./decode.ts";
import { DeploymentLog } from "./deployment-log.ts";
import { type HttpReply, TransportError } from "./http.ts";
import type { Kudu } from "./kudu.ts";
import { kuduFailure } from "./kudu-errors.ts";
import { type DeploymentRecord, decodeDeployment, FAILED, STATUS_NAMES, SUCCEEDED } from "./kudu-records.ts";
import { isThrottled, retryAfterOf } from "./retry.ts";

export type Followed =
  | { kind: "succeeded"; record: DeploymentRecord }
  | { kind: "failed"; record: DeploymentRecord; lines: readonly string[] };

export interface Following {
  /** Milliseconds since 1970. */
  deadline: number;
  /** First wish of the server, in milliseconds. */
  retryAfter?: number | undefined;
}

const SHORTEST = 200;
const LONGEST_EARLY = 600;
const LONGEST = 5_000;
const EARLY = 60_000;
/** Milliseconds between looks at the log while nothing else changes. */
const LOG_INTERVAL = 2_000;
/** Refusals of the sign-in, each after a new token, until it is given up. */
const MOST_REFUSALS = 3;

/**
 * The pause before the next look: a tenth of what has passed, between 0.2 s and 0.6 s in the first minute, so that an
 * end is noticed within 0.3 s on average; later up to 5 s. What the server asks for is a lower bound.
 */
export function pollPause(elapsed: number, wished: number | undefined): number {
  const longest = elapsed < EARLY ? LONGEST_EARLY : Math.min(LONGEST, elapsed / 50);
  return Math.max(wished ?? 0, Math.max(SHORTEST, Math.min(longest, elapsed / 10)));
}

export async function followDeployment(kudu: Kudu, id: string, { deadline, retryAfter }: Following): Promise<Followed> {
  const { clock, signal } = kudu.context;
  const follower = new Follower(kudu, id);
  const start = clock.now();
  let wished = retryAfter;
  for (;;) {
    const pause = pollPause(clock.now() - start, wished);
    if (clock.now() + pause > deadline) throw follower.tooLong();
    await clock.sleep(pause, signal);
    const reply = await kudu.look(id).catch(onlyTransport);
    const record = await follower.take(reply);
    if (record !== undefined)
      return { kind: record.status === SUCCEEDED ? "succeeded" : "failed", record, lines: follower.log.tail };
    wished = reply instanceof Error ? undefined : retryAfterOf(reply.headers, clock.now());
  }
}

/**
 * Linux shows any record as pending while the deployment lock is held, a completed one too: `complete` counts only for
 * statuses that are none of App Service's own.
 */
export function hasEnded({ status, complete }: DeploymentRecord): boolean {
  return status === SUCCEEDED || status === FAILED || (complete && STATUS_NAMES[status] === undefined);
}

class Follower {
  readonly log: DeploymentLog;
  readonly #kudu: Kudu;
  readonly #id: string;
  #last = "nothing yet";
  #stage = "";
  #refusals = 0;
  #logShownAt = Number.NEGATIVE_INFINITY;

  constructor(kudu: Kudu, id: string) {
    this.#kudu = kudu;
    this.#id = id;
    this.log = new DeploymentLog(kudu);
  }

  /** The record when the deployment has ended, otherwise undefined. Throws only for what no waiting mends. */
  async take(reply: HttpReply | TransportError): Promise<DeploymentRecord | undefined> {
    const record = reply instanceof Error || reply.status >= 300 ? undefined : decodeDeployment(jsonOf(reply.text));
    if (record === undefined) return this.#forgive(reply);
    this.#refusals = 0;
    const ended = hasEnded(record);
    await this.#report(record, ended);
    return ended ? record : undefined;
  }

  /** A site that restarts answers 404 or 502, another instance 404; the deployment goes on meanwhile. */
  #forgive(reply: HttpReply | TransportError): undefined {
    if (reply instanceof Error) this.#last = reply.message;
    else {
      this.#last = `answer ${reply.status}`;
      const refused = reply.status === 401 || (reply.status === 403 && !isThrottled(reply.status, reply.text));
      if (refused && ++this.#refusals >= MOST_REFUSALS) throw kuduFailure("follow the deployment", reply);
    }
    this.#kudu.context.log.debug(`The SCM site did not show the deployment: ${this.#last}.`);
    return undefined;
  }

  async #report(record: DeploymentRecord, ended: boolean): Promise<void> {
    const { log, clock } = this.#kudu.context;
    const stage = STATUS_NAMES[record.status] ?? `status ${record.status}`;
    this.#last = stage;
    const changed = stage !== this.#stage;
    if (changed && !ended) log.info(`Deployment ${this.#id}: ${stage}.`);
    this.#stage = stage;
    if (!changed && !ended && clock.now() - this.#logShownAt < LOG_INTERVAL) return;
    this.#logShownAt = clock.now();
    await this.log.show(this.#id);
  }

  tooLong(): ServiceError {
    const unknown = /^status (-?\d+)$/.exec(this.#last);
    return new ServiceError({
      service: "Kudu",
      operation: "follow the deployment",
      what: `The deployment ${this.#id} did not end in the time allowed.`,
      why:
        unknown === null
          ? `The SCM site last showed: ${this.#last}.`
          : `The SCM site reports the status ${unknown[1]}, which means neither success nor failure of an App Service deployment.`,
      fix: "It may go on in the slot; the next run waits for it before it sends anything. Raise timeout when builds take this long; restart the slot (az webapp restart) when it hangs.",
      retryable: true,
    });
  }
}

function onlyTransport(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  throw error;
}
