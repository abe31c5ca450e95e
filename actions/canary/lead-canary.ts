/** All of a canary beside its engine: the plan from the inputs, the judge, what is said before it begins and after. */
import { identify, type MetricSource, nameOf, type ReleaseRecord } from "@augeo/release";
import { statusesOf } from "../health-probe/expectations.ts";
import { type Connection, type ConnectionInputs, type RunContext, refOf } from "../slot-swap/connection.ts";
import { giveBack, type Session, type SessionContext } from "../slot-swap/session.ts";
import type { HealthInputs } from "../slot-swap/slot-health.ts";
import { type Preflight, preflight, preflightOrPolicy } from "./judging/preflight.ts";
import { SlotProber } from "./judging/slot-prober.ts";
import { type Arms, openSource } from "./judging/sources.ts";
import { HISTORY_BINS, StepJudge } from "./judging/step-judge.ts";
import type { StepRecord } from "./judging/step-record.ts";
import { type CanaryInputs, type CanaryPlan, canaryPlan } from "./ramp.ts";

export type LeadInputs = CanaryInputs & ConnectionInputs & HealthInputs;

export class CanaryLead {
  readonly plan: CanaryPlan;
  readonly #context: RunContext;
  readonly #inputs: LeadInputs;
  #judge: StepJudge | undefined;
  #preflight: Preflight | undefined;

  /** Undefined without `steps`. Throws a `UsageError` that names every fault of the inputs. */
  static from(context: RunContext, inputs: LeadInputs): CanaryLead | undefined {
    const plan = canaryPlan(inputs);
    return plan && new CanaryLead(context, inputs, plan);
  }

  private constructor(context: RunContext, inputs: LeadInputs, plan: CanaryPlan) {
    this.#context = context;
    this.#inputs = inputs;
    this.plan = plan;
  }

  get records(): readonly StepRecord[] {
    return this.#judge?.records ?? [];
  }

  get preflight(): Preflight | undefined {
    return this.#preflight;
  }

  readonly judgeFor = (connection: Connection): StepJudge => {
    this.#judge = new StepJudge({
      context: this.#context,
      connection,
      inputs: this.#inputs,
      plan: this.plan,
      openProber: () => this.#prober(connection),
      openSource: (arms, prober) => this.#source(connection, arms, prober),
    });
    return this.#judge;
  };

  /** Says what this app's traffic can show. Whatever it throws, the lock is given back: nothing was begun. */
  async sayWhatItCanShow(context: SessionContext, session: Session, target: ReleaseRecord): Promise<void> {
    const { log } = context;
    try {
      const arms = { canary: target.release, baseline: identify(session.slots.production) ?? null };
      const { connection } = session;
      const found = await log.group("What this canary can show", () =>
        preflightOrPolicy(this.#inputs, async () => {
          const source = await this.#source(connection, arms, await this.#prober(connection));
          return preflight(context, this.#inputs, this.plan, source);
        }),
      );
      this.#preflight = found;
      log.notice(found.line);
      for (const warning of found.warnings) log.warning(warning);
    } catch (error) {
      await giveBack(context, session, { why: `the canary's metrics: ${nameOf(target.release)}` });
      throw error;
    }
  }

  async #source(connection: Connection, arms: Arms, prober: SlotProber): Promise<MetricSource> {
    const { slots, session } = connection;
    const { clock } = this.#context;
    const request = { inputs: this.#inputs, slots, session, ref: refOf(this.#inputs), arms, prober, clock };
    const given = this.#inputs["slow-after"];
    const plain = openSource({ ...request, slowAfter: given });
    if (given !== undefined || !plain.baselineLatency || !this.plan.gates.includes("slow-requests")) return plain;
    const { bin } = this.#inputs;
    const to = Math.floor(clock.now() / bin) * bin;
    const usual = await plain.baselineLatency({ from: to - HISTORY_BINS * bin, to, bin }, 0.95);
    if (usual === undefined) return plain;
    const slowAfter = Math.max(LEAST_SLOW, Math.round(usual * 2));
    this.#context.log.info(`Slow is what takes longer than ${slowAfter} ms, twice the live release's 95th percentile.`);
    return openSource({ ...request, slowAfter });
  }

  /** Asks the slot's health paths; with `metric-source: probes` production's too, in the same rounds. */
  async #prober({ slots }: Connection): Promise<SlotProber> {
    const {
      "health-path": lines,
      status,
      "probe-interval": interval,
      "request-timeout": requestTimeout,
    } = this.#inputs;
    const sites = await slots.sites();
    const paths = lines.filter((line) => line.startsWith("/"));
    const at = (arm: "canary" | "baseline", host: string) =>
      paths.map((path) => ({
        arm,
        endpoint: { name: path, url: `https://${host}${path}`, status: statusesOf(status) },
      }));
    const baseline = this.#inputs["metric-source"] === "probes" ? at("baseline", sites.production.defaultHostName) : [];
    const endpoints = [...at("canary", sites.staging.defaultHostName), ...baseline];
    const { env, clock, signal } = this.#context;
    return new SlotProber({ env, clock, signal, interval, requestTimeout, endpoints });
  }
}

/** Twice a percentile of a few milliseconds is noise and no slowness. */
const LEAST_SLOW = 100;
