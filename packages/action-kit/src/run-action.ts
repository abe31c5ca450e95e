import { Interrupted } from "@augeo/release";
import { type Cancellation, listenForCancellation } from "./cancellation.ts";
import { systemClock } from "./clock.ts";
import { type Failure, failureOf, failureSummary, failureText } from "./failure.ts";
import type { Action, ActionContext, Journal } from "./implement.ts";
import { withKnownNames } from "./known-names.ts";
import { createLog, type Log } from "./log.ts";
import { nearMisses } from "./near-misses.ts";
import { type Environment, parseInputs, secretValues } from "./parse-inputs.ts";
import { readRunInfo } from "./run-info.ts";
import { readState, resultJson, writeOutputs, writeState, writeSummary } from "./runner-files.ts";
import type { Json, Outcome, ReasonSpec } from "./spec.ts";

/** Each reason has an anchor on its action's page. */
const REFERENCE = "https://github.com/augeo/deploy-action/blob/v1/docs/reference";

export interface RunOptions {
  readonly phase: "main" | "post";
  /** Version of the toolkit, for the first line. */
  readonly version: string;
  readonly env?: Environment;
  /** Takes whole lines without their newline. */
  readonly write?: (text: string) => void;
}

/** What a run ended with, in the shape both outcomes and errors have. */
interface End {
  readonly reason: string;
  readonly spec: ReasonSpec;
  readonly outputs: Readonly<Record<string, string>>;
  readonly result: { readonly [key: string]: Json | undefined };
  readonly summary: string;
  readonly message: string;
  /** Text of the annotation, when the step fails. */
  readonly error?: string;
}

/**
 * Runs one phase of an action, from the runner's variables to its outputs, summary and exit code. Never throws.
 * @returns the exit code: 0, or 1 for an error or a reason that fails.
 */
export async function runAction(action: Action, options: RunOptions): Promise<number> {
  const env = options.env ?? process.env;
  const log = createLog(options.write ?? ((text) => process.stdout.write(`${text}\n`)));
  const cancellation = listenForCancellation(systemClock.now);
  try {
    return options.phase === "main"
      ? await runMain(action, options.version, env, log, cancellation)
      : await runPost(action, env, log, cancellation);
  } finally {
    cancellation.release();
  }
}

async function runMain(
  action: Action,
  version: string,
  env: Environment,
  log: Log,
  cancellation: Cancellation,
): Promise<number> {
  const end = await mainEnd(action, version, env, log, cancellation);
  if (end.error !== undefined) log.error(end.error, { title: `${action.spec.name}: ${end.reason}` });
  await writeEnd(end, env, log);
  if (end.error !== undefined) log.info(`See ${REFERENCE}/${action.spec.name}.md#${end.reason}`);
  log.info(`${end.spec.decision}: ${end.message} (${end.reason})`);
  return end.spec.fails === true ? 1 : 0;
}

async function mainEnd(
  action: Action,
  version: string,
  env: Environment,
  log: Log,
  cancellation: Cancellation,
): Promise<End> {
  try {
    for (const secret of secretValues(action.spec.inputs, env)) log.mask(secret);
    log.info(firstLine(action, version, env));
    warnOfInputs(action, env, log);
    const context = contextOf(action, env, log, cancellation);
    const outcome = await withinBudget(action.main(context), cancellation);
    return outcomeEnd(action, outcome, env);
  } catch (error) {
    const failure = failureOf(asInterruption(error, cancellation), action.spec.name);
    return failureEnd(action, { ...failure, fix: withKnownNames(failure.fix, env) });
  }
}

/** The main step has said what happened; a post step only adds what it undid, and never fails the job. */
async function runPost(action: Action, env: Environment, log: Log, cancellation: Cancellation): Promise<number> {
  if (action.post === undefined) return 0;
  try {
    for (const secret of secretValues(action.spec.inputs, env)) log.mask(secret);
    await withinBudget(action.post(contextOf(action, env, log, cancellation)), cancellation);
    return 0;
  } catch (error) {
    const failure = failureOf(asInterruption(error, cancellation), action.spec.name);
    log.error(failureText(failure), { title: `${action.spec.name}, clean-up: ${failure.reason}` });
    await writeSummary(failureSummary(`${action.spec.name}, clean-up`, failure), env);
    return 1;
  }
}

function firstLine({ spec }: Action, version: string, env: Environment): string {
  const input = (name: string): string => env[`INPUT_${name}`]?.trim() ?? "";
  const app = "app" in spec.inputs ? input("APP") : "";
  const slot = "slot" in spec.inputs && app !== "" ? input("SLOT") || String(spec.inputs.slot?.default ?? "") : "";
  const subject = [app, slot === "" ? "" : `slot ${slot}`].filter((part) => part !== "").join(", ");
  const ref = env.GITHUB_ACTION_REF ? ` (${env.GITHUB_ACTION_REF})` : "";
  return `deploy-action/${spec.name} ${version}${ref}${subject === "" ? "" : ` → ${subject}`}`;
}

function warnOfInputs({ spec }: Action, env: Environment, log: Log): void {
  for (const { given, meant } of nearMisses(spec.inputs, env)) {
    log.warning(`There is no input ${given}: it was ignored. Did you mean ${meant}?`);
  }
  if (env.GITHUB_ACTION_REF === "main" && env.GITHUB_ACTION_REPOSITORY === "augeo/deploy-action") {
    log.warning("This workflow uses augeo/deploy-action@main, which changes under it. Pin a release or a commit.");
  }
}

function contextOf(action: Action, env: Environment, log: Log, cancellation: Cancellation): ActionContext {
  return {
    inputs: parseInputs(action.spec, env),
    log,
    signal: cancellation.signal,
    remaining: cancellation.remaining,
    journal: createJournal(env),
    run: readRunInfo(env),
    clock: systemClock,
    env,
  };
}

function createJournal(env: Environment): Journal {
  const entries = new Map<string, Json>();
  return {
    async record(key, value) {
      entries.set(key, value);
      await writeState(key, value);
    },
    read: (key) => entries.get(key) ?? readState(key, env),
  };
}

/** Gives up waiting shortly before the runner would kill the process, so that the outcome is still written. */
async function withinBudget<T>(work: Promise<T>, cancellation: Cancellation): Promise<T> {
  const late = cancellation.lastCall.then((): never => {
    throw new Interrupted({
      what: "The run was cancelled, and what was under way did not end within the runner's budget.",
      done: [],
      undone: ["the last phase shown in the log"],
    });
  });
  return Promise.race([work, late]);
}

/** A cancelled request surfaces as the client's own abort error: the cancellation is what happened. */
function asInterruption(error: unknown, { signal }: Cancellation): unknown {
  const isAbort = error instanceof Error && (error.name === "AbortError" || error === signal.reason);
  return signal.aborted && isAbort ? signal.reason : error;
}

function outcomeEnd({ spec }: Action, outcome: Outcome, env: Environment): End {
  const reason = spec.allReasons[outcome.reason];
  if (reason === undefined) throw new TypeError(`main ended with the undeclared reason ${outcome.reason}`);
  const message = outcome.message ?? reason.doc;
  const fix = outcome.fix ?? reason.fix;
  const error = fix === undefined ? message : `${message}\nFix: ${withKnownNames(fix, env)}`;
  return {
    reason: outcome.reason,
    spec: reason,
    outputs: Object.fromEntries(Object.entries(outcome.outputs ?? {}).map(([name, value]) => [name, String(value)])),
    result: outcome.result,
    summary: outcome.summary,
    message,
    ...(reason.fails === true ? { error } : {}),
  };
}

function failureEnd({ spec }: Action, failure: Failure): End {
  const { reason, what, why, fix, facts } = failure;
  const reasonSpec = spec.allReasons[reason];
  if (reasonSpec === undefined) throw new TypeError(`no reason ${reason}`);
  return {
    reason,
    spec: reasonSpec,
    outputs: {},
    result: { error: { reason, what, why, fix, ...facts } },
    summary: failureSummary(spec.name, failure),
    message: what,
    error: failureText(failure),
  };
}

async function writeEnd(end: End, env: Environment, log: Log): Promise<void> {
  const outputs = { ...end.outputs, decision: end.spec.decision, reason: end.reason, result: resultJson(end.result) };
  try {
    await writeOutputs(outputs);
    await writeSummary(end.summary, env);
  } catch (error) {
    log.warning(`Outputs or summary could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
