/**
 * The shell of the judge: reads both arms once a bin, feeds the pure judge, and says one line each time. It only reads.
 * Every look asks for the whole step again, so that with logs a run which took the step up knows as much as one that
 * began it. Elsewhere our own probes are among the counts, and only the run that sent them can take them out: there a
 * run counts from where it came in.
 */
import {
  type CanaryJudge,
  identify,
  type Judged,
  type JudgedStep,
  judgeCanary,
  type MetricSource,
  nameOf,
  ServiceError,
  type SourceReading,
  type StepVerdict,
} from "@augeo/release";
import type { Connection, RunContext } from "../../slot-swap/connection.ts";
import type { CanaryInputs, CanaryPlan } from "../ramp.ts";
import { Guards } from "./guards.ts";
import { historyOf, judgedMetrics, type Window, withoutOwn } from "./judged-metrics.ts";
import { patiently } from "./patient-source.ts";
import { progressLine } from "./progress-line.ts";
import type { SlotProber } from "./slot-prober.ts";
import type { Arms } from "./sources.ts";
import type { StepRecord } from "./step-record.ts";

/** Bins before the step that tell how errors bunch. */
export const HISTORY_BINS = 60;
/** Never asked more seldom than this, however wide the bins are. */
const SLOWEST_LOOK = 60_000;

export interface StepJudgeOptions {
  context: RunContext;
  connection: Connection;
  inputs: CanaryInputs & {
    readonly failures: number;
    readonly slot: string;
    readonly app: string;
    readonly "resource-group": string;
  };
  plan: CanaryPlan;
  openProber(): Promise<SlotProber>;
  openSource(arms: Arms, prober: SlotProber): Promise<MetricSource>;
}

interface Judging {
  step: JudgedStep;
  source: MetricSource;
  prober: SlotProber;
  guards: Guards;
  record: StepRecord;
  history: ReturnType<typeof historyOf>;
}

type Found = { verdict: StepVerdict; why: string };

/** What one look says: a verdict, that the share of the traffic was changed, or that it goes on. */
type Glance<Open = "continue"> = { verdict: StepVerdict | "disturbed" | Open; why: string };

export class StepJudge implements CanaryJudge {
  readonly records: StepRecord[] = [];
  readonly #options: StepJudgeOptions;

  constructor(options: StepJudgeOptions) {
    this.#options = options;
  }

  async judge(step: JudgedStep): Promise<Judged> {
    const prober = await this.#options.openProber();
    prober.start();
    const record = this.#begin(step);
    try {
      const { verdict, why } = await this.#follow(await this.#open(step, prober, record));
      record.why = why;
      if (verdict === "disturbed") return verdict;
      record.verdict = verdict;
      return { verdict, why };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const found: Found = { verdict: "provider-error", why: `${error.what} ${error.why}` };
      Object.assign(record, found);
      return found;
    } finally {
      record.endedAt = this.#now();
      await prober.stop();
    }
  }

  #now(): number {
    return this.#options.context.clock.now();
  }

  #begin({ step, steps, weight, setAt, windowStart, windowEnd }: JudgedStep): StepRecord {
    const { bin, "step-warm-up": warmUp, "metric-source": source } = this.#options.inputs;
    const countsProbes = source === "platform-metrics" || source === "probes";
    const knownFrom = countsProbes ? this.#now() : 0;
    const from = Math.ceil(Math.max(windowStart + warmUp, knownFrom) / bin) * bin;
    const times = { setAt, from, bin, duration: windowEnd - windowStart };
    const record: StepRecord = {
      step,
      steps,
      weight,
      ...times,
      looks: [],
      aside: undefined,
      verdict: undefined,
      why: "",
      endedAt: undefined,
    };
    this.records.push(record);
    return record;
  }

  async #open(step: JudgedStep, prober: SlotProber, record: StepRecord): Promise<Judging> {
    const { context, connection, inputs } = this.#options;
    const seen = await connection.slots.observe({ identityOnly: true });
    const arms = { canary: nameOf(identify(seen.staging) ?? null), baseline: identify(seen.production) ?? null };
    const source = await this.#options.openSource(arms, prober);
    const { bin } = record;
    const to = Math.floor(step.setAt / bin) * bin;
    const before = await patiently(context, bin, () => source.read({ from: to - HISTORY_BINS * bin, to, bin }));
    const guards = new Guards({
      context,
      slots: connection.slots,
      ref: { app: inputs.app, resourceGroup: inputs["resource-group"], slot: inputs.slot },
      prober,
      source,
      inARow: inputs.failures,
      newExceptions: inputs["new-exceptions"],
      since: step.setAt,
    });
    return { step, source, prober, guards, record, history: historyOf(before, bin, to) };
  }

  async #follow(judging: Judging): Promise<Glance<never>> {
    const { policy, lag } = this.#options.plan;
    const { bin } = judging.record;
    const { step, record } = judging;
    const length = step.windowEnd - step.windowStart;
    let end = this.#endOf(step, record);
    record.duration = end - step.windowStart;
    for (let look = 1; ; ) {
      const { verdict, why } = await this.#look(judging, Math.floor(end / bin) * bin, end + Math.max(2 * lag, 5 * bin));
      if (verdict === "continue") continue;
      const isUndecided = verdict === "insufficient" || verdict === "inconclusive";
      if (!isUndecided || look >= policy.looks) return { verdict, why };
      look += 1;
      end += length;
      judging.record.duration += length;
      this.#options.context.log.info(`${why} It goes on for as long again (look ${look} of ${policy.looks}).`);
    }
  }

  /** A step that was taken up so late that hardly anything of it could be counted is measured once more. */
  #endOf({ step, windowStart, windowEnd }: JudgedStep, { from }: StepRecord): number {
    const { plan, inputs } = this.#options;
    const whole = plan.ramp.steps[step]?.duration ?? windowEnd - windowStart;
    const isLate = from - inputs.bin > windowStart + inputs["step-warm-up"];
    return isLate ? Math.max(windowEnd, from + whole - inputs["step-warm-up"]) : windowEnd;
  }

  /** Waits for the next bin and judges what is complete. `patience`: when the end is judged without what is still late. */
  async #look(judging: Judging, end: number, patience: number): Promise<Glance> {
    const { context, plan } = this.#options;
    const { source, prober, guards, record, history, step } = judging;
    const { bin } = record;
    await context.clock.sleep(Math.min(bin, SLOWEST_LOOK), context.signal);
    const weight = await guards.weight();
    if (weight !== undefined && weight !== step.weight) {
      const why = `the share of the traffic became ${weight} %, and was set to ${step.weight} %`;
      return { verdict: "disturbed", why };
    }
    const now = this.#now();
    const to = Math.min(Math.floor(now / bin) * bin, end);
    const window: Window = { setAt: step.setAt, from: record.from, until: to, bin };
    const reading =
      to > record.from ? await patiently(context, bin, () => source.read({ from: record.from, to, bin })) : undefined;
    const counted = reading && this.#corrected(source, reading, prober, bin);
    const complete = Math.min(reading?.completeUntil ?? now - plan.lag, now);
    const isLate = now >= patience;
    if (!isLate) window.until = Math.max(record.from, Math.min(Math.floor(complete / bin) * bin, end));
    const isOver = now >= end && (window.until >= end || isLate);
    const metrics = judgedMetrics(counted ?? { metrics: [], completeUntil: undefined }, window, plan.gates, history);
    const judgement = judgeCanary(metrics, await guards.check(), isOver, plan.policy);
    record.looks.push({ at: now, judgement });
    record.aside = reading?.aside;
    context.log.info(progressLine(record, now));
    const isOpen = judgement.verdict === "continue" || (!isOver && judgement.verdict !== "fail");
    return { verdict: isOpen ? "continue" : judgement.verdict, why: judgement.why };
  }

  /** Only the platform counts our own probes among the users' requests; logs leave them out by their name. */
  #corrected(source: MetricSource, reading: SourceReading, prober: SlotProber, bin: number): SourceReading {
    return source.name === "platform-metrics" ? withoutOwn(reading, prober.requests, bin) : reading;
  }
}
