import { UsageError } from "@augeo/action-kit";
import type { MigrationOutcome } from "@augeo/alembic";
import type { SchemaChange } from "@augeo/release";
import { type AccessContext, type AccessInputs, withDatabaseAccess } from "../migration-gate/database-access.ts";
import { databaseToken } from "../migration-gate/database-token.ts";
import { migrateExpand } from "../migration-gate/migrate-expand.ts";
import { spec as gate } from "../migration-gate/spec.ts";
import type { RunContext } from "../slot-swap/connection.ts";
import { type Inputs, type Prepared, projectFolder } from "./prepare.ts";

/** Runs the expand migrations. What changed, or null; throws a `UsageError` that explains a refusal or a failure. */
export async function migrateStep(
  context: AccessContext,
  inputs: Inputs,
  prepared: Prepared,
): Promise<SchemaChange | null> {
  const { log, signal, clock, env } = context;
  const databaseUrl = inputs["database-url"];
  if (databaseUrl === undefined) return null;
  const identity = { clientId: inputs["client-id"], tenantId: inputs["tenant-id"], cloud: inputs.cloud };
  const ports = { log, signal, clock, env, token: databaseToken(inputs["database-auth"], identity, context) };
  const options = {
    directory: projectFolder(inputs, prepared.package),
    config: inputs["alembic-config"],
    python: inputs.python,
    target: "head",
    branches: prepared.branches,
    databaseUrl,
    databaseUrlEnv: inputs["database-url-env"],
    lockTimeout: inputs["lock-timeout"],
    statementTimeout: inputs["statement-timeout"],
    lockRetries: inputs["lock-retries"],
    timeout: inputs["migration-timeout"],
  };
  const outcome = await withDatabaseAccess(context, accessInputs(inputs), databaseUrl, () =>
    log.group("Apply expand migrations", () => migrateExpand(ports, options)),
  );
  tellHeld(context, outcome);
  if (outcome.reason === "migrated") return changeOf(outcome, prepared.label.release, clock.now());
  if (outcome.reason === "up-to-date" || outcome.reason === "contract-pending") return null;
  throw refusal(outcome);
}

/** The server is looked for beside the app, unless the workflow says where. */
export const accessInputs = (inputs: Inputs): AccessInputs => ({
  ...inputs,
  "database-resource-group": inputs["database-resource-group"] ?? inputs["resource-group"],
});

function tellHeld({ log }: Pick<RunContext, "log">, { held }: MigrationOutcome): void {
  if (held.length === 0) return;
  const ids = held.map(({ revision }) => revision.id).join(", ");
  log.notice(
    `Held back: ${ids}. A contract revision takes away what the live release still uses; apply it with migration-gate (mode: apply) once this release need not be rolled back any more.`,
  );
}

function changeOf({ from, to, applied }: MigrationOutcome, release: string, at: number): SchemaChange {
  const isContract = applied.some(({ phase }) => phase === "contract");
  return { from: nodeOf(from), to: nodeOf(to), kind: isContract ? "contract" : "expand", release, at };
}

const nodeOf = (revisions: readonly string[] | null) =>
  revisions && revisions.length > 0 ? revisions.join(" ") : null;

function refusal({ reason, objections, failure }: MigrationOutcome): UsageError {
  const declared = reason in gate.reasons ? gate.allReasons[reason] : undefined;
  const [first] = objections;
  const what = failure
    ? `The migration ${failure.revision ?? ""} failed: ${failure.message}`
    : `The migrations were refused: ${reason}.`;
  const why = failure?.state ?? ([first?.what, declared?.doc].filter(Boolean).join(" ") || reason);
  const fix = failure
    ? `mend the revision; to go on by hand: ${failure.command}`
    : (first?.fix ?? declared?.fix ?? "see migration-gate.");
  return new UsageError({ what, why, fix });
}
