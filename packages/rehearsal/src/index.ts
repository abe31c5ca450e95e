export { auctionReleases, auctionStartCommand, materialiseRelease } from "./auction-api.ts";
export { type Cloud, type CloudOptions, startCloud } from "./cloud.ts";
export type { Fault, FaultAction } from "./faults.ts";
export { Timing } from "./hosting/timing.ts";
export type { Site, Slot } from "./model.ts";
export { createDatabaseOn, type PostgresServer, startPostgres } from "./postgres.ts";
export { pythonPath } from "./python.ts";
export type { LoggedRequest, RequestFilter } from "./request-log.ts";
export { serversVariable, startServers } from "./servers.ts";
