import { resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  explain,
  Interrupted,
  inputVariable,
  type Outcome,
  parseInputs,
  ServiceError,
  systemClock,
  UsageError,
} from "@augeo/action-kit";
import { applyMigrations } from "@augeo/alembic";
import { notUnderstood } from "../../cli/not-understood.ts";
import { outcomeOf } from "../gate-outcome.ts";
import { migrationOptionsOf } from "../migration-options.ts";
import { readBranches } from "../policy-file.ts";
import { spec } from "../spec.ts";
import { findingsOf } from "../summary.ts";
import { managedIdentityToken } from "./managed-identity.ts";
import type { CommandResult } from "./sql-command.ts";
import { terminalLog } from "./terminal-log.ts";

export const APPLY_USAGE = `augeo-gate apply [DIR] [options]

Brings a database to the target with the project's own Alembic: what migration-gate does with mode: apply, for where
the database can be reached and no runner can be. The address comes from the environment (DATABASE_URL).

  --target REV               where to, in Alembic's words (default: head)
  --phase PHASE              all, or expand: stop before the first contract revision (default: all)
  --database-url-env NAME    variable that holds the address, for the project too (DATABASE_URL)
  --managed-identity         sign in to the database as the managed identity of this app or job
  --client-id ID             which one, where there are several
  --alembic-config FILE      alembic.ini or pyproject.toml, from DIR
  --python PATH              interpreter with the project's packages
  --lock-timeout TIME, --lock-retries N, --statement-timeout TIME, --timeout TIME
                             as the inputs of migration-gate
  --json                     print the outcome as one line of JSON (schema 1), whatever it is

Exit code 0: applied, or nothing to do; 1: refused or failed; 2: the command was not understood.
`;

/** Flags that are inputs of the action by the same name. */
const INPUTS = [
  "target",
  "phase",
  "database-url-env",
  "alembic-config",
  "python",
  "lock-timeout",
  "lock-retries",
  "statement-timeout",
  "timeout",
] as const;

/** What `--json` prints, and what `connect: command` reads back. */
export type ApplyReport = { readonly schema: 1; readonly action: "migration-gate" } & (
  | ({ readonly kind: "outcome" } & Outcome<typeof spec>)
  | { readonly kind: "error"; readonly what: string; readonly why: string; readonly fix: string }
);

export async function applyCommand(args: readonly string[]): Promise<CommandResult> {
  const { values, positionals } = read(args);
  const asJson = values.json === true;
  try {
    const outcome = await applied(values, positionals[0] ?? ".");
    const report: ApplyReport = { schema: 1, action: "migration-gate", kind: "outcome", ...outcome };
    const { message = outcome.reason, fix } = outcome;
    const words = fix === undefined ? message : `${message}\nFix: ${fix}`;
    const exitCode = spec.allReasons[outcome.reason]?.fails === true ? 1 : 0;
    return { stdout: asJson ? `${JSON.stringify(report)}\n` : `${words}\n`, exitCode };
  } catch (error) {
    const isOurs = error instanceof UsageError || error instanceof ServiceError || error instanceof Interrupted;
    if (!isOurs || !asJson) throw error;
    const { what, why, fix } = error;
    const report: ApplyReport = { schema: 1, action: "migration-gate", kind: "error", what, why, fix };
    process.stderr.write(`${explain(error)}\n`);
    return { stdout: `${JSON.stringify(report)}\n`, exitCode: error instanceof UsageError ? 2 : 1 };
  }
}

type Values = ReturnType<typeof read>["values"];

const OPTIONS = {
  target: { type: "string" },
  phase: { type: "string" },
  "database-url-env": { type: "string" },
  "alembic-config": { type: "string" },
  python: { type: "string" },
  "lock-timeout": { type: "string" },
  "lock-retries": { type: "string" },
  "statement-timeout": { type: "string" },
  timeout: { type: "string" },
  "managed-identity": { type: "boolean" },
  "client-id": { type: "string" },
  json: { type: "boolean" },
} as const;

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (cause) {
    throw notUnderstood("augeo-gate apply", Object.keys(OPTIONS), cause);
  }
}

async function applied(values: Values, directory: string): Promise<Outcome<typeof spec>> {
  const { env } = process;
  const inputs = readInputs(values, resolve(directory));
  const url = env[inputs["database-url-env"]];
  if (url === undefined || url === "") {
    throw new UsageError({
      what: "There is no database to apply migrations to.",
      why: `${inputs["database-url-env"]} is not set in this environment.`,
      fix: `Set ${inputs["database-url-env"]}, or name the variable that holds the address with --database-url-env.`,
    });
  }
  const token = values["managed-identity"] === true ? managedIdentityToken(env, values["client-id"]) : undefined;
  const ports = { log: terminalLog(), signal: stopSignal(), clock: systemClock, env, token };
  const outcome = await applyMigrations(
    ports,
    migrationOptionsOf(inputs, url, await readBranches(inputs["working-directory"])),
  );
  return outcomeOf(findingsOf(outcome.reason, outcome), inputs);
}

/** The flags are inputs by another spelling: read, checked and defaulted as such. */
function readInputs(values: Values, directory: string) {
  const given = INPUTS.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[inputVariable(name), value]];
  });
  return parseInputs(spec, {
    ...Object.fromEntries(given),
    // Asked for by the action alone, and never sent from here.
    [inputVariable("github-token")]: "-",
    [inputVariable("mode")]: "apply",
    [inputVariable("working-directory")]: directory,
  });
}

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort(new Interrupted({ what: "The run was cancelled.", done: [], undone: [] }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  return controller.signal;
}
