export type { Exercise, ProjectSession } from "./alembic-events.ts";
export { applyMigrations } from "./apply-migrations.ts";
export { type Base, findBase } from "./base-commit.ts";
export { type DatabaseAddress, readDatabaseUrl } from "./database-address.ts";
export type * from "./migration-outcome.ts";
export { probeConnection, type Reception } from "./probe-connection.ts";
export { type AlembicProject, type ReadOptions, readProject } from "./read-project.ts";
export { type EphemeralServer, startEphemeralServer } from "./rehearsal/ephemeral-server.ts";
export { type OfflineRevision, printOffline } from "./rehearsal/print-offline.ts";
export {
  type NotRehearsed,
  type Rehearsal,
  type RehearsalRequest,
  type RehearsedRevision,
  type Return,
  rehearse,
} from "./rehearsal/rehearse.ts";
export { findServers, type ServerBinaries } from "./rehearsal/server-binaries.ts";
export type { TracedStatement } from "./rehearsal/traced-run.ts";
export { readTableSizes } from "./table-sizes.ts";
export { serverVersion, type TraceRequest, type TraceServer, traceStatements } from "./trace/trace-statements.ts";
