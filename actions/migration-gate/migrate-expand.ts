import { applyMigrations, type MigrationOptions, type MigrationOutcome, type MigrationPorts } from "@augeo/alembic";

/**
 * The migrations a release runs before it moves traffic: up to and without the first contract revision, so that the
 * code that is still live keeps working. Errors and outcomes are those of `applyMigrations`.
 */
export function migrateExpand(ports: MigrationPorts, options: MigrationOptions): Promise<MigrationOutcome> {
  return applyMigrations(ports, { ...options, expandOnly: true });
}
