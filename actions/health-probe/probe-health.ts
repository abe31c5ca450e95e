import { type ActionContext, formatDuration, type Log, type Outcome } from "@augeo/action-kit";
import { adviceFor, answerText, createHttpProbe, probeUntilVerdict, type SessionResult } from "@augeo/probe";
import type { Assessment } from "@augeo/release";
import { rulesOf } from "./expectations.ts";
import { logTarget } from "./log-target.ts";
import type { spec } from "./spec.ts";
import { summarise } from "./summary.ts";

type Context = ActionContext<typeof spec>;

export async function probeHealth(context: Context): Promise<Outcome<typeof spec>> {
  const { inputs, log, clock, signal, env } = context;
  const rules = rulesOf(inputs);
  const target = logTarget(inputs);
  const count = rules.endpoints.length === 1 ? "1 endpoint" : `${rules.endpoints.length} endpoints`;
  const session = await log.group(`Probe ${count} until ${rules.successes}× healthy in a row`, () =>
    probeUntilVerdict({
      rules,
      probe: createHttpProbe({ env, signal }),
      clock,
      interval: inputs.interval,
      requestTimeout: inputs["request-timeout"],
      signal,
      onAssessment: changeReporter(log),
    }),
  );
  if (session.verdict === "healthy") return outcomeOf(session, undefined);
  showFailure(log, session);
  const container = target === undefined ? undefined : await readLog(target, context);
  return outcomeOf(session, container);
}

/** One line per change of an endpoint's state: a line per probe would bury the one that matters. */
function changeReporter(log: Log): (assessment: Assessment) => void {
  const last = new Map<string, string>();
  return (assessment) => {
    const { endpoint, result, faults } = assessment;
    const state = faults.length === 0 ? "as expected" : faults.join("; ");
    const status = result.answer.kind === "response" ? `${result.answer.status}` : result.answer.code;
    log.debug(`GET ${result.url} ${status} ${Math.round(result.latency)} ms`);
    const kind = faults.length === 0 ? state : `${status} ${faults.length}`;
    if (last.get(endpoint) !== kind) log.info(`${endpoint}: ${state} (${Math.round(result.latency)} ms)`);
    last.set(endpoint, kind);
  };
}

function lastFailed(session: SessionResult): Assessment | undefined {
  return session.assessments.findLast(({ faults }) => faults.length > 0);
}

function showFailure(log: Log, session: SessionResult): void {
  const failed = lastFailed(session);
  if (failed === undefined) return;
  log.info(`Last answer of ${failed.endpoint} that failed:`);
  log.quote(answerText(failed));
}

async function readLog(
  target: NonNullable<ReturnType<typeof logTarget>>,
  context: Context,
): Promise<string | undefined> {
  const { containerLogTail } = await import("./container-log-tail.ts");
  return context.log.group(`Container log of ${target.app}, slot ${target.slot}`, async () => {
    const text = await containerLogTail(target, context);
    if (text !== undefined) context.log.quote(text);
    return text;
  });
}

function outcomeOf(session: SessionResult, container: string | undefined): Outcome<typeof spec> {
  const { verdict, why, assessments, endpoints, duration } = session;
  const failed = lastFailed(session);
  const p95 = Math.max(...endpoints.map((each) => each.p95 ?? Number.NEGATIVE_INFINITY));
  return {
    reason: verdict,
    outputs: {
      probes: assessments.length,
      failed: assessments.filter(({ faults }) => faults.length > 0).length,
      p95: Number.isFinite(p95) ? Math.round(p95) : "",
    },
    result: {
      verdict,
      why,
      duration: Math.round(duration),
      endpoints: endpoints.map(({ lastFaults, ...each }) => ({ ...each, lastFaults: [...lastFaults] })),
    },
    summary: summarise(session, container),
    message: `${why}, after ${formatDuration(duration)}`,
    ...(verdict === "unhealthy" && failed !== undefined ? { fix: adviceFor(failed) } : {}),
  };
}
