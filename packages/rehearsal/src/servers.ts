import { readFile } from "node:fs/promises";
import { startAzurite } from "./azurite.ts";
import { startPostgres } from "./postgres.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { createTls, type Tls } from "./tls.ts";

/** The one storage account of a cloud. */
export const storageAccount = "augeo";

/** Servers that several clouds can share, each with its own database and its own containers. */
export interface Servers {
  /** A PostgreSQL superuser's URL. */
  postgresUrl: string;
  /** Azurite's port on 127.0.0.1; its certificate is the one in `tls`. */
  blobPort: number;
  /** Files of the authority and the server certificate that the clouds use too, so that a client has one to trust. */
  tls: Tls["files"];
}

/** Tells child processes of servers that are there: clouds attach to them instead of starting their own. */
export const serversVariable = "AUGEO_REHEARSAL_SERVERS";

export function announcedServers(): Servers | undefined {
  const text = process.env[serversVariable];
  return text === undefined ? undefined : (JSON.parse(text) as Servers);
}

export async function readTls(files: Tls["files"]): Promise<Tls> {
  const [ca, cert, key] = await Promise.all([files.ca, files.cert, files.key].map((file) => readFile(file, "utf8")));
  return { ca: ca ?? "", cert: cert ?? "", key: key ?? "", files };
}

/** Starts one of each, for a run of many clouds. */
export async function startServers(): Promise<{ servers: Servers; close(): Promise<void> }> {
  const folder = await temporaryFolder("servers");
  const tls = await createTls(folder.path);
  const [postgres, azurite] = await Promise.all([
    startPostgres(),
    startAzurite({ tls: tls.files, accounts: [storageAccount] }),
  ]);
  return {
    servers: { postgresUrl: postgres.url, blobPort: azurite.port, tls: tls.files },
    async close() {
      await Promise.all([postgres.close(), azurite.close()]);
      await folder.remove();
    },
  };
}
