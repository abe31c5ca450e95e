import { formatDuration, type Log } from "@augeo/action-kit";
import { type AppSlots, listInstances, readContainerLog, type SlotRef } from "@augeo/azure";
import { answerText, createHttpProbe, probeUntilVerdict, type SessionResult } from "@augeo/probe";
import {
  type Assessment,
  type Endpoint,
  type Health,
  ServiceError,
  type Verdict,
  type VerdictRules,
} from "@augeo/release";
import { lastErrorIn, lastLines } from "../health-probe/container-log-text.ts";
import { statusesOf } from "../health-probe/expectations.ts";
import type { RunContext } from "./connection.ts";

export interface HealthInputs {
  readonly "health-path": readonly string[];
  readonly status: string;
  readonly successes: number;
  readonly failures: number;
  readonly "probe-interval": number;
  readonly "request-timeout": number;
}

export type Where = "staging" | "production";

export interface HealthSession {
  readonly where: Where;
  readonly session: SessionResult;
  /** The last lines of the slot's container, where it did not become healthy. */
  readonly containerLog?: string;
}

/** Probes a slot until it is healthy and production while it is; keeps every session for the summary. */
export class SlotHealth implements Health {
  readonly sessions: HealthSession[] = [];
  readonly #context: RunContext;
  readonly #slots: AppSlots;
  readonly #ref: SlotRef;
  readonly #inputs: HealthInputs;

  constructor(context: RunContext, slots: AppSlots, ref: SlotRef, inputs: HealthInputs) {
    this.#context = context;
    this.#slots = slots;
    this.#ref = ref;
    this.#inputs = inputs;
  }

  async probe(where: Where, atLeast: number, atMost: number): Promise<Pick<Verdict, "verdict" | "why">> {
    const { log, clock, signal, env } = this.#context;
    const instances = where === "staging" ? await this.#instances() : [];
    const rules = await this.#rules(where, { atLeast, atMost }, instances.length);
    const session = await log.group(this.#title(where, atLeast, atMost, instances.length), () =>
      probeUntilVerdict({
        rules,
        probe: createHttpProbe({ env, signal }),
        clock,
        signal,
        instances,
        interval: this.#inputs["probe-interval"],
        requestTimeout: this.#inputs["request-timeout"],
        onAssessment: changeReporter(log),
      }),
    );
    this.#tell(session);
    // Production's is not read: the way back does not wait for it, and the release is in the slot afterwards.
    const containerLog = where === "staging" && session.verdict !== "healthy" ? await this.#containerLog() : undefined;
    this.sessions.push({ where, session, ...(containerLog !== undefined && { containerLog }) });
    const error = containerLog === undefined ? undefined : lastErrorIn(containerLog);
    const cause = error === undefined ? "" : `; its container's last error: ${error}`;
    return { verdict: session.verdict, why: `${session.why}${cause}` };
  }

  /** The verdict stands without it: who may not read it is not told why the app does not start. */
  async #containerLog(): Promise<string | undefined> {
    const { log } = this.#context;
    const text = await readContainerLog(this.#slots.arm, this.#ref).catch(() => "");
    if (text.trim() === "") return undefined;
    const shown = lastLines(text);
    await log.group(`Container log of slot ${this.#ref.slot}, last lines`, async () => log.quote(shown));
    return shown;
  }

  #title(where: Where, atLeast: number, atMost: number, instances: number): string {
    if (where === "production") return `Watch production for ${formatDuration(atLeast)}`;
    const of = instances > 1 ? ` on each of ${instances} instances` : "";
    return `Warm up slot ${this.#ref.slot}${of}, within ${formatDuration(atMost)}`;
  }

  /** Rounds go to the instances in turn, so as many successes in a row as there are instances prove each of them. */
  async #rules(
    where: Where,
    times: Pick<VerdictRules, "atLeast" | "atMost">,
    instances: number,
  ): Promise<VerdictRules> {
    const { successes, failures } = this.#inputs;
    const host = (await this.#slots.sites())[where].defaultHostName;
    const endpoints = this.#inputs["health-path"].flatMap((line) => this.#endpoint(line, where, host));
    if (where === "production") return { endpoints, successes, failures, ...times };
    return { endpoints, successes: Math.max(successes, instances), ...times };
  }

  #endpoint(line: string, where: Where, host: string): Endpoint[] {
    const isAddress = URL.canParse(line);
    if (isAddress && where === "staging") return [];
    const url = isAddress ? line : `https://${host}${line}`;
    return [{ name: line, url, status: statusesOf(this.#inputs.status) }];
  }

  async #instances(): Promise<string[]> {
    try {
      const found = await listInstances(this.#slots.arm, this.#ref);
      return found.filter(({ state }) => state !== "STOPPED").map(({ id }) => id);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.#context.log.warning(
        `The slot's instances could not be listed, so not each is warmed by name. ${error.why}`,
      );
      return [];
    }
  }

  #tell({ verdict, why, assessments }: SessionResult): void {
    const { log } = this.#context;
    log.info(`${verdict}: ${why}`);
    const failed = assessments.findLast(({ faults }) => faults.length > 0);
    if (verdict === "healthy" || !failed) return;
    log.info(`Last answer of ${failed.endpoint} that failed:`);
    log.quote(answerText(failed));
  }
}

/** One line per change of an endpoint's state: a line per probe would bury the one that matters. */
function changeReporter(log: Log): (assessment: Assessment) => void {
  const last = new Map<string, string>();
  return ({ endpoint, result, faults }) => {
    const state = faults.length === 0 ? "as expected" : faults.join("; ");
    if (last.get(endpoint) !== state) log.info(`${endpoint}: ${state} (${Math.round(result.latency)} ms)`);
    last.set(endpoint, state);
  };
}
