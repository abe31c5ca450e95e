import { relative } from "node:path";
import { type ActionContext, type Outcome, UsageError } from "@augeo/action-kit";
import { applyMigrations, type MigrationOptions, type MigrationOutcome, type MigrationPorts } from "@augeo/alembic";
import type { Objection } from "@augeo/migrations";
import { annotate } from "./annotate.ts";
import { applyByCommand } from "./apply-by-command.ts";
import { type Applied, type ContractRefusal, contractSchema } from "./contract-phase.ts";
import { withDatabaseAccess } from "./database-access.ts";
import { databaseToken } from "./database-token.ts";
import { outcomeOf } from "./gate-outcome.ts";
import { migrationOptionsOf } from "./migration-options.ts";
import { readBranches } from "./policy-file.ts";
import type { spec } from "./spec.ts";
import { escapedMarkdown, findingsOf, PHASES } from "./summary.ts";

type Context = ActionContext<typeof spec>;

/** Brings the database to the target, as far as `phase` lets it. */
export async function applyToDatabase(context: Context): Promise<Outcome<typeof spec>> {
  const apply = context.inputs.connect === "command" ? () => byCommand(context) : () => fromHere(context);
  if (context.inputs.phase !== "contract") return (await apply()).told;
  const done = await contractSchema(context, apply);
  return "explanation" in done ? refused(context, done) : done.told;
}

async function fromHere(context: Context): Promise<Applied<Outcome<typeof spec>>> {
  const { inputs, log, run } = context;
  const { ports, options } = requestOf(context, await readBranches(inputs["working-directory"], run.workspace));
  const outcome = await withDatabaseAccess(context, inputs, options.databaseUrl, () =>
    log.group("Apply migrations", () => applyMigrations(ports, options)),
  );
  const folder = relative(run.workspace, inputs["working-directory"]);
  annotate([...outcome.objections, ...failureObjection(outcome)], log, folder);
  return { ...outcome, told: outcomeOf(findingsOf(outcome.reason, outcome), inputs) };
}

async function byCommand(context: Context): Promise<Applied<Outcome<typeof spec>>> {
  const told = await applyByCommand(context);
  const { from, to, applied } = told.result;
  const ids = (value: unknown) => (Array.isArray(value) ? value.map(String) : null);
  const phases = Array.isArray(applied) ? applied : [];
  // What it does not say is taken for a contract revision: a rollback too few is better than one too many.
  const phaseIn = (value: unknown) => PHASES.find((name) => JSON.stringify(value).includes(`"phase":"${name}"`));
  return { told, from: ids(from), to: ids(to), applied: phases.map((one) => ({ phase: phaseIn(one) ?? "contract" })) };
}

/** Nothing was done, and the message says what it would take. */
function refused({ inputs }: Context, { reason, explanation }: ContractRefusal): Outcome<typeof spec> {
  const { what, why, fix } = explanation;
  const message = `${what} ${why}`;
  const summary = `### ⏸️ Contract revisions wait\n\n${escapedMarkdown(message)}\n\n**Fix:** ${escapedMarkdown(fix)}\n`;
  return { reason, message, fix, result: { mode: inputs.mode, target: inputs.target, phases: inputs.phase }, summary };
}

function requestOf(
  context: Context,
  branches: readonly string[],
): { ports: MigrationPorts; options: MigrationOptions } {
  const { inputs, log, signal, clock, env } = context;
  const url = inputs["database-url"];
  if (url === undefined) {
    throw new UsageError({
      what: "There is no database to apply migrations to.",
      why: "mode is apply, and the input database-url is empty. A secret that does not exist, or that a fork may not read, is empty too.",
      fix: "set database-url from a secret, or mode: check, which needs no database.",
    });
  }
  const identity = { clientId: inputs["client-id"], tenantId: inputs["tenant-id"], cloud: inputs.cloud };
  const token = databaseToken(inputs["database-auth"], identity, context);
  return { ports: { log, signal, clock, env, token }, options: migrationOptionsOf(inputs, url, branches) };
}

/** The failed revision as a place in the code, so that the annotation stands on its line. */
function failureObjection({ failure }: MigrationOutcome): Objection[] {
  if (failure?.file == null) return [];
  const code = failure.sqlstate === null ? "" : ` (${failure.sqlstate})`;
  return [{ file: failure.file, line: failure.line ?? 1, what: `${failure.message}${code}`, fix: failure.state }];
}
