import type { SlotHost } from "../hosting/slot-host.ts";
import { within } from "../hosting/wait.ts";
import { type Call, type Ground, listen, type Reply, Routes, type Service } from "../http.ts";
import { addDeploymentRoutes } from "./deployment-routes.ts";
import { addInformationRoutes } from "./information-routes.ts";
import { addLogRoutes } from "./log-routes.ts";
import { addPublishRoutes } from "./publish-routes.ts";
import { signIn, type TokenVerifier } from "./scm-access.ts";
import { addVfsRoutes } from "./vfs-routes.ts";
import { addZipRoutes } from "./zip-routes.ts";

export interface ScmHostOptions {
  ground: Ground;
  verify: TokenVerifier;
  quirks: { pendingWhileLocked: boolean; coldScmHolds: boolean };
}

/** Opens a slot's SCM host. It serves the SCM site of whatever app is in the slot at that moment. */
export function openScmHost(host: SlotHost, options: ScmHostOptions): Promise<Service> {
  const routes = new Routes();
  addPublishRoutes(routes, host);
  addDeploymentRoutes(routes, host, options.quirks.pendingWhileLocked);
  addLogRoutes(routes, host);
  addVfsRoutes(routes, host);
  addZipRoutes(routes, host);
  addInformationRoutes(routes, host);
  const coldReplies = coldStart();
  return listen(options.ground, {
    kind: "scm",
    label: host.slot.name,
    routes,
    before: async (call) => {
      const refused = await signIn(call, host.slot, options.verify);
      if (refused) return refused;
      if (host.scm.isUp()) return undefined;
      if (options.quirks.coldScmHolds)
        await within(host.scm.firstStart ?? Promise.resolve(), host.scm.timing.requestWait);
      return host.scm.isUp() ? undefined : coldReplies();
    },
    finish: (call, reply) => withAffinity(call, host, reply),
  });
}

/** What callers meet while the container starts: by turns no upstream, a gateway that failed, and a page that is not Kudu's. */
function coldStart(): () => Reply {
  const page = (status: number, title: string): Reply => ({
    status,
    headers: { "content-type": "text/html" },
    body: Buffer.from(`<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`),
  });
  const replies = [page(503, "503 Service Unavailable"), page(502, "502 Bad Gateway"), page(404, "404 Not Found")];
  let turn = 0;
  return () => replies[turn++ % replies.length] ?? page(503, "503 Service Unavailable");
}

function withAffinity(call: Call, host: SlotHost, reply: Reply): Reply {
  const id = host.instanceIds()[0];
  if (id === undefined || (call.header("cookie") ?? "").includes("ARRAffinity=")) return reply;
  const cookies = [
    `ARRAffinity=${id};Path=/;HttpOnly;Secure`,
    `ARRAffinitySameSite=${id};Path=/;HttpOnly;SameSite=None;Secure`,
  ];
  return { ...reply, headers: { ...reply.headers, "set-cookie": cookies } };
}
