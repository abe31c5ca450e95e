/** The inputs of a canary as the engine and the judge take them, or every fault in one error. Pure. */
import { formatDuration, parseDuration, UsageError } from "@augeo/action-kit";
import {
  DEFAULT_POLICY,
  type JudgePolicy,
  METRIC_NAMES,
  type MetricName,
  type Ramp,
  type RampStep,
  type WhenUnsure,
} from "@augeo/release";

export interface CanaryInputs {
  readonly steps?: string | undefined;
  readonly ledger?: string | undefined;
  readonly "metric-source": "platform-metrics" | "app-insights" | "log-analytics" | "probes";
  readonly "app-insights"?: string | undefined;
  readonly "log-analytics"?: string | undefined;
  readonly "release-dimension"?: string | undefined;
  readonly "metrics-query"?: readonly string[] | undefined;
  readonly gates: readonly string[];
  readonly "slow-after"?: number | undefined;
  readonly bin: number;
  readonly "step-warm-up": number;
  readonly lag?: number | undefined;
  readonly "tolerated-ratio": number;
  readonly "bad-share-floor": number;
  readonly "bad-share-ceiling": number;
  readonly "minimum-sample": number;
  readonly extensions: number;
  readonly "new-exceptions": number;
  readonly "on-insufficient": WhenUnsure;
  readonly "on-inconclusive": WhenUnsure;
  readonly "on-provider-error": WhenUnsure;
  readonly "hold-timeout": number;
  readonly "on-hold-timeout": Ramp["onHoldTimeout"];
  readonly "hold-wait": number;
}

/** What a canary is led by. */
export interface CanaryPlan {
  ramp: Ramp;
  policy: JudgePolicy;
  gates: readonly MetricName[];
  /** Milliseconds, until the lag is measured. */
  lag: number;
}

/** General knowledge of Azure Monitor: 1 to 3 minutes for metrics, about 5 for logs at low volume. */
const LAGS = { "platform-metrics": 180_000, "app-insights": 300_000, "log-analytics": 300_000, probes: 0 } as const;

/** Undefined without steps: then there is no canary. Throws a `UsageError` that names every fault. */
export function canaryPlan(inputs: CanaryInputs): CanaryPlan | undefined {
  if (inputs.steps === undefined) return undefined;
  const lag = inputs.lag ?? LAGS[inputs["metric-source"]];
  const { steps, faults } = readSteps(inputs.steps);
  const all = [...faults, ...stepFaults(steps, inputs, lag), ...sourceFaults(inputs), ...shareFaults(inputs)];
  if (all.length > 0) throw wrongInputs(all);
  const ramp: Ramp = {
    steps,
    unsure: {
      insufficient: decidable(inputs["on-insufficient"], inputs),
      inconclusive: decidable(inputs["on-inconclusive"], inputs),
      providerError: decidable(inputs["on-provider-error"], inputs),
    },
    holdTimeout: inputs["hold-timeout"],
    onHoldTimeout: inputs["on-hold-timeout"],
  };
  return { ramp, policy: policyOf(inputs, steps.length), gates: gatesOf(inputs), lag };
}

/** Without a ledger nobody could decide on a hold, and no run would know of it: the share of the requests would stay. */
const decidable = (wish: WhenUnsure, { ledger }: CanaryInputs): WhenUnsure =>
  wish === "hold" && ledger === undefined ? "rollback" : wish;

function policyOf(inputs: CanaryInputs, steps: number): JudgePolicy {
  return {
    ...DEFAULT_POLICY,
    toleratedRatio: inputs["tolerated-ratio"],
    floor: inputs["bad-share-floor"] / 100,
    ceiling: inputs["bad-share-ceiling"] / 100,
    minimumSample: inputs["minimum-sample"],
    steps,
    looks: 1 + inputs.extensions,
  };
}

function gatesOf(inputs: CanaryInputs): MetricName[] {
  if (inputs["metrics-query"] !== undefined) return ["custom"];
  return METRIC_NAMES.filter((name) => inputs.gates.includes(name));
}

/** One fault: what came, why it cannot be, what to write. */
interface Fault {
  input: string;
  why: string;
  fix: string;
}

function readSteps(text: string): { steps: RampStep[]; faults: Fault[] } {
  const steps: RampStep[] = [];
  const faults: Fault[] = [];
  const parts = text.split(/[,\n]/).map((part) => part.trim());
  for (const part of parts.filter((each) => each !== "")) {
    const [, weight = "", time = ""] = /^(\d+(?:\.\d+)?)\s*%\s+(?:for\s+)?(.+)$/.exec(part) ?? [];
    const duration = parseDuration(time);
    if (duration === undefined) faults.push(unreadStep(part));
    else steps.push({ weight: Number(weight), duration });
  }
  if (steps.length === 0 && faults.length === 0) faults.push(unreadStep(text));
  return { steps, faults };
}

const unreadStep = (part: string): Fault => ({
  input: "steps",
  why: `"${part}" is no step`,
  fix: 'write a weight and a duration, such as "5% 10m", with commas between steps',
});

function stepFaults(steps: readonly RampStep[], inputs: CanaryInputs, lag: number): Fault[] {
  const { bin, "step-warm-up": warmUp } = inputs;
  const least = Math.ceil((warmUp + Math.max(lag + bin, 3 * bin)) / bin) * bin;
  return steps.flatMap(({ weight, duration }, index): Fault[] => {
    const before = steps[index - 1]?.weight ?? 0;
    const name = `step ${index + 1} (${weight} %)`;
    const found: Fault[] = [];
    if (weight < 1 || weight > 99)
      found.push({
        input: "steps",
        why: `${name} is not between 1 % and 99 %`,
        fix:
          weight >= 100
            ? "leave it out: after the last step the swap gives it everything"
            : "leave it out, or begin with 1 %",
      });
    else if (weight <= before && index > 0)
      found.push({
        input: "steps",
        why: `${name} is not above the ${before} % before it`,
        fix: "let the weights ascend",
      });
    if (duration < least)
      found.push({
        input: "steps",
        why: `${name} lasts ${formatDuration(duration)}: with step-warm-up ${formatDuration(warmUp)}, metrics ${formatDuration(lag)} late and bins of ${formatDuration(bin)}, nothing could be seen of it before it is over`,
        fix: `give it ${formatDuration(least)} or more`,
      });
    return found;
  });
}

function sourceFaults(inputs: CanaryInputs): Fault[] {
  const source = inputs["metric-source"];
  const isLogs = source === "app-insights" || source === "log-analytics";
  const found: Fault[] = [];
  if (isLogs && inputs[source] === undefined)
    found.push({
      input: source,
      why: `metric-source: ${source} needs it`,
      fix:
        source === "app-insights" ? "set it to the application id (portal: API Access)" : "set it to the workspace id",
    });
  for (const input of ["metrics-query", "release-dimension"] as const)
    if (!isLogs && inputs[input] !== undefined)
      found.push({
        input,
        why: `${source} has nothing to query`,
        fix: "set metric-source to app-insights or log-analytics",
      });
  if (
    inputs["metrics-query"] === undefined &&
    inputs.gates.every((gate) => gate === "slow-requests") &&
    source === "platform-metrics"
  )
    found.push({
      input: "gates",
      why: "platform metrics know no slow requests, only an average, so nothing could fail this canary",
      fix: "add server-errors, or set metric-source to app-insights, log-analytics or probes",
    });
  return found;
}

function shareFaults(inputs: CanaryInputs): Fault[] {
  const [floor, ceiling] = [inputs["bad-share-floor"], inputs["bad-share-ceiling"]];
  if (floor < ceiling) return [];
  return [
    {
      input: "bad-share-floor",
      why: `${floor} % is not below bad-share-ceiling, ${ceiling} %`,
      fix: "lower it, or raise the ceiling",
    },
  ];
}

function wrongInputs(faults: readonly Fault[]): UsageError {
  const lines = faults.map(({ input, why, fix }) => `${input}: ${why}; ${fix}.`);
  const [only] = faults;
  if (faults.length === 1 && only)
    return new UsageError({ what: `Input ${only.input} is wrong.`, why: `${capital(only.why)}.`, fix: `${only.fix}.` });
  const names = [...new Set(faults.map(({ input }) => input))].join(", ");
  return new UsageError({
    what: `${faults.length} faults in the canary's inputs: ${names}.`,
    why: `Each fault:\n${lines.map((line) => `- ${line}`).join("\n")}`,
    fix: "correct them all under with: in the workflow; nothing was changed.",
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
