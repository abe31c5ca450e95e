export type { ProjectSession } from "./alembic-events.ts";
export { applyMigrations } from "./apply-migrations.ts";
export { type DatabaseAddress, readDatabaseUrl } from "./database-address.ts";
export type * from "./migration-outcome.ts";
export { type AlembicProject, type ReadOptions, readProject } from "./read-project.ts";
export { type TraceRequest, type TraceServer, traceStatements } from "./trace/trace-statements.ts";
