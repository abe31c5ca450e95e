// Plain JavaScript: jest loads it before its own transforms. Node runs the TypeScript below as it is.
import { serversVariable, startServers } from "../../packages/rehearsal/src/servers.ts";
import { temporaryFolder } from "../../packages/rehearsal/src/temporary-folder.ts";

export default async function start() {
  const { servers, close } = await startServers();
  process.env[serversVariable] = JSON.stringify(servers);
  // Hundreds of runs of the same few bundles: what Node compiled of them is kept for the next.
  const compiled = await temporaryFolder("compiled");
  process.env.AUGEO_COMPILED = compiled.path;
  globalThis.stopSharedServers = () => Promise.all([close(), compiled.remove()]);
}
