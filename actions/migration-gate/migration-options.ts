import type { InputsOf } from "@augeo/action-kit";
import type { MigrationOptions } from "@augeo/alembic";
import type { spec } from "./spec.ts";

/** What the inputs ask of the migrations: the same from the action and from the command. */
export const migrationOptionsOf = (
  inputs: InputsOf<typeof spec>,
  databaseUrl: string,
  branches: readonly string[],
): MigrationOptions => ({
  directory: inputs["working-directory"],
  config: inputs["alembic-config"],
  python: inputs.python,
  target: inputs.target,
  branches,
  databaseUrl,
  databaseUrlEnv: inputs["database-url-env"],
  lockTimeout: inputs["lock-timeout"],
  statementTimeout: inputs["statement-timeout"],
  lockRetries: inputs["lock-retries"],
  timeout: inputs.timeout,
  expandOnly: inputs.phase === "expand",
});
