import { findServers, startEphemeralServer, traceStatements } from "@augeo/alembic";
import pg from "pg";
import type { Rehearse } from "./judge-case.ts";

export interface Rehearsal {
  readonly version: string;
  readonly rehearse: Rehearse;
  /** How many scripts ran, and how many could not because their scene could not be set. */
  describe(): string;
  close(): Promise<void>;
}

/** A server to run cases on: the one at `url`, or one of our own. */
export async function openRehearsal(url: string | undefined): Promise<Rehearsal> {
  const own = url === undefined ? await startOwn() : undefined;
  const server = { url: url ?? own?.url ?? "" };
  let ran = 0;
  let failed = 0;
  const version = await versionOf(server.url);
  const major = Number.parseInt(version, 10);
  return {
    version,
    async rehearse(request) {
      try {
        const traces = await traceStatements(server, request);
        ran += 1;
        return { traces, version: major };
      } catch {
        failed += 1;
        return undefined;
      }
    },
    describe: () => `${ran} scripts ran, ${failed} could not be set up there and were only read`,
    close: async () => own?.close(),
  };
}

async function startOwn() {
  const [binaries] = await findServers(process.env);
  if (binaries === undefined) throw new Error("No PostgreSQL server is installed here: give --server-url.");
  return startEphemeralServer(binaries);
}

async function versionOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>("show server_version");
    return rows[0]?.server_version ?? "unknown";
  } finally {
    await client.end();
  }
}
