import {
  type Assessment,
  assessProbe,
  type Clock,
  type Endpoint,
  judgeProbes,
  type Milliseconds,
  type Probe,
  type Verdict,
  type VerdictRules,
} from "@augeo/release";

export interface SessionOptions {
  readonly rules: VerdictRules;
  readonly probe: Probe;
  readonly clock: Clock;
  /** From the start of one round to the start of the next. */
  readonly interval: Milliseconds;
  /** The longest one request may take; the session's own deadline cuts it shorter. */
  readonly requestTimeout: Milliseconds;
  readonly signal?: AbortSignal;
  /** Instances to address in turn by their affinity cookie; without them the front end chooses. */
  readonly instances?: readonly string[];
  /** Called after each answer, with its place in the session. */
  readonly onAssessment?: (assessment: Assessment) => void;
}

export interface SessionResult extends Verdict {
  readonly assessments: readonly Assessment[];
  readonly startedAt: Milliseconds;
  readonly duration: Milliseconds;
}

/** An endpoint that redirects so often in a row is set up so, and will not stop by waiting. */
const HOPELESS_REDIRECTS = 3;

/**
 * Asks every endpoint, round after round, until the verdict is final.
 * @throws the signal's reason when it aborts.
 */
export async function probeUntilVerdict(options: SessionOptions): Promise<SessionResult> {
  const { rules, clock, interval, signal } = options;
  const startedAt = clock.now();
  const assessments: Assessment[] = [];
  for (let round = 0; ; round++) {
    signal?.throwIfAborted();
    const left = rules.atMost - (clock.now() - startedAt);
    if (left > 0) assessments.push(...(await probeRound(options, round, left, assessments)));
    signal?.throwIfAborted();
    const verdict = decide(rules, assessments, clock.now() - startedAt);
    const duration = clock.now() - startedAt;
    if (verdict.final) return { ...verdict, assessments, startedAt, duration };
    const next = Math.min((round + 1) * interval, rules.atMost);
    await clock.sleep(Math.max(0, next - duration), signal);
  }
}

async function probeRound(
  options: SessionOptions,
  round: number,
  left: Milliseconds,
  earlier: readonly Assessment[],
): Promise<Assessment[]> {
  const { rules, probe, requestTimeout, instances = [], onAssessment } = options;
  const timeout = Math.max(1, Math.min(requestTimeout, left));
  const instance = instances[round % Math.max(1, instances.length)];
  const ask = async (endpoint: Endpoint): Promise<Assessment> => {
    const result = await probe.get(endpoint.url, { timeout, ...(instance === undefined ? {} : { instance }) });
    const assessment = assessProbe(endpoint, result);
    if (!isCutShort(assessment, timeout < requestTimeout, earlier)) onAssessment?.(assessment);
    return assessment;
  };
  const all = await Promise.all(rules.endpoints.map(ask));
  return all.filter((assessment) => !isCutShort(assessment, timeout < requestTimeout, earlier));
}

/** A request that the session's own deadline ended says nothing of the endpoint, unless nothing else is known. */
function isCutShort({ endpoint, result }: Assessment, wasCut: boolean, earlier: readonly Assessment[]): boolean {
  const timedOut = result.answer.kind === "failure" && result.answer.code === "TIMEOUT";
  return wasCut && timedOut && earlier.some((one) => one.endpoint === endpoint);
}

function decide(rules: VerdictRules, assessments: readonly Assessment[], age: Milliseconds): Verdict {
  const verdict = judgeProbes(rules, assessments, age);
  if (verdict.final) return verdict;
  const redirecting = rules.endpoints.find((endpoint) => keepsRedirecting(endpoint, assessments));
  if (redirecting === undefined) return verdict;
  const why = `${redirecting.name} redirects, ${HOPELESS_REDIRECTS} times in a row: ${lastFault(redirecting, assessments)}`;
  return { ...verdict, verdict: "unhealthy", final: true, why };
}

function keepsRedirecting(endpoint: Endpoint, assessments: readonly Assessment[]): boolean {
  const last = assessments.filter((one) => one.endpoint === endpoint.name).slice(-HOPELESS_REDIRECTS);
  return last.length === HOPELESS_REDIRECTS && last.every((one) => one.faults.length > 0 && isRedirect(one));
}

export function isRedirect({ result: { answer } }: Assessment): boolean {
  return answer.kind === "response" && answer.status >= 300 && answer.status < 400 && "location" in answer.headers;
}

function lastFault(endpoint: Endpoint, assessments: readonly Assessment[]): string {
  return assessments.findLast((one) => one.endpoint === endpoint.name)?.faults.join("; ") ?? "";
}
