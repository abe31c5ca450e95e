// Plain JavaScript: jest loads it before its own transforms. Node runs the TypeScript below as it is.
import { serversVariable, startServers } from "../../packages/rehearsal/src/servers.ts";

export default async function start() {
  const { servers, close } = await startServers();
  process.env[serversVariable] = JSON.stringify(servers);
  globalThis.stopSharedServers = close;
}
