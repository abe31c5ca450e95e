import {
  type ActionContext,
  type Json,
  type Outcome,
  ServiceError,
  stripControls,
  UsageError,
} from "@augeo/action-kit";
import { runCommand } from "./run-command.ts";
import { spec } from "./spec.ts";

type Context = ActionContext<typeof spec>;
type Done = Outcome<typeof spec>;

/** Where the command finds what this run was asked for, as flags of `augeo-gate apply`. */
const ARGUMENTS = "AUGEO_GATE_ARGS";
const OUTPUT_LIMIT = 4_000_000;

/**
 * Applies by a command of the workflow's own, which reaches a place that the runner does not and runs
 * `augeo-gate apply --json` there. Its outcome becomes this step's, as if it had been applied from here.
 */
export async function applyByCommand(context: Context): Promise<Done> {
  const { inputs, log, env, run, signal } = context;
  const command = inputs["apply-command"];
  if (command === undefined) {
    throw new UsageError({
      what: "connect: command has no command to run.",
      why: "apply-command is empty.",
      fix: `set apply-command to what runs augeo-gate inside the network, such as: ssh deploy@jump augeo-gate apply /srv/app $${ARGUMENTS}`,
    });
  }
  const asked = argumentsFor(context);
  log.info(`${ARGUMENTS}: ${asked}`);
  const { code, stdout } = await log.group("Apply migrations by apply-command", () =>
    runCommand(
      command,
      run.workspace,
      { ...env, [ARGUMENTS]: asked },
      { signal, onLine: log.quote, keep: OUTPUT_LIMIT },
    ),
  );
  signal.throwIfAborted();
  return checked(reportIn(stdout) ?? noReport(code, stdout), context);
}

/** Durations in milliseconds; all values come from patterns without spaces or quotes. */
function argumentsFor({ inputs }: Context): string {
  const durations = ["lock-timeout", "statement-timeout", "timeout"] as const;
  const flags = {
    target: inputs.target,
    phase: inputs.phase === "expand" ? "expand" : "all",
    "database-url-env": inputs["database-url-env"],
    "lock-retries": inputs["lock-retries"],
    ...Object.fromEntries(durations.map((name) => [name, `${inputs[name]}ms`])),
  };
  return ["--json", ...Object.entries(flags).map(([name, value]) => `--${name} ${value}`)].join(" ");
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The last line that is a report: what carries it here may say something before and after. */
function reportIn(stdout: string): Fields | undefined {
  for (const line of stdout.split("\n").reverse()) {
    const start = line.indexOf('{"schema":1,"action":"migration-gate"');
    if (start < 0) continue;
    try {
      const value: unknown = JSON.parse(line.slice(start, line.lastIndexOf("}") + 1));
      if (isFields(value)) return value;
    } catch {
      // Cut off on its way: an earlier line may be whole.
    }
  }
  return undefined;
}

function noReport(code: number, stdout: string): never {
  throw new ServiceError({
    service: "apply-command",
    operation: "apply migrations",
    what: `apply-command ended with exit code ${code} and printed no outcome of augeo-gate apply.`,
    why: `Its last words: ${stdout.trim().split("\n").at(-1) || "none"}. What state the database is in is not known from here.`,
    fix: `Let the command run augeo-gate apply with $${ARGUMENTS} and pass its standard output on whole. Look where the database is (alembic current) before running again; running again is safe.`,
  });
}

/** The outcome as it was given, once it proves to be one of this action's and of what was asked for. */
function checked(report: Fields, { inputs }: Context): Done {
  const { kind, reason, outputs, result, summary, message, fix } = report;
  if (kind === "error") {
    const text = (name: string) => (typeof report[name] === "string" ? stripControls(String(report[name])) : "");
    throw new ServiceError({
      service: "apply-command",
      operation: "apply migrations",
      what: text("what"),
      why: text("why"),
      fix: text("fix"),
    });
  }
  if (typeof reason !== "string" || !(reason in spec.reasons) || !isFields(result)) return unknownReport();
  const wanted = inputs.phase === "expand" ? "expand" : "all";
  if (result.target !== inputs.target || result.phases !== wanted) {
    throw new UsageError({
      what: "apply-command applied something else than was asked for.",
      why: `Asked for target ${inputs.target}, phase ${wanted}; applied target ${result.target}, phase ${result.phases}.`,
      fix: `pass $${ARGUMENTS} on to augeo-gate apply, unquoted.`,
    });
  }
  return {
    reason: reason as Done["reason"],
    outputs: isFields(outputs) ? textsOf(outputs) : {},
    result: result as Done["result"],
    summary: typeof summary === "string" ? stripControls(summary) : "",
    ...(typeof message === "string" ? { message: stripControls(message) } : {}),
    ...(typeof fix === "string" ? { fix: stripControls(fix) } : {}),
  };
}

function textsOf(fields: Fields): NonNullable<Done["outputs"]> {
  const own = Object.keys(spec.outputs);
  const entries = Object.entries(fields).filter(([name]) => own.includes(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, stripControls(String(value as Json))]));
}

function unknownReport(): never {
  throw new UsageError({
    what: "apply-command printed an outcome that this action does not know.",
    why: "Its augeo-gate is of another version than this action.",
    fix: "Install the version of augeo-gate inside the network that the workflow uses here.",
  });
}
