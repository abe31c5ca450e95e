import { Agent } from "node:http";
import type { SlotHost } from "../hosting/slot-host.ts";
import type { Timing } from "../hosting/timing.ts";
import { type Call, type Ground, listen, type Reply, Routes, type Service } from "../http.ts";
import type { RampUpRule } from "../model.ts";
import type { AppProcess, Telemetry } from "../telemetry/telemetry.ts";
import { pages } from "./pages.ts";
import { proxy } from "./proxy.ts";
import { type RouteDecision, readCookies, route } from "./routing.ts";

export interface FrontEndOptions {
  ground: Ground;
  timing: Timing;
  /** Finds another slot of the same site. */
  hostOf: (slotName: string) => SlotHost | undefined;
  /** In [0, 1); draws clients without cookies. */
  random: () => number;
  telemetry: Telemetry;
}

/** Opens a slot's public host. Production's splits its traffic by the ramp-up rules. */
export async function openFrontEnd(host: SlotHost, options: FrontEndOptions): Promise<Service> {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 32 });
  const service = await listen(options.ground, {
    kind: "front",
    label: host.slot.name,
    routes: new Routes(),
    unknown: (call) => answer(call, host, agent, options),
  });
  return {
    ...service,
    async close() {
      agent.destroy();
      await service.close();
    },
  };
}

async function answer(call: Call, host: SlotHost, agent: Agent, options: FrontEndOptions): Promise<Reply> {
  const cookies = readCookies(call.header("cookie"));
  const decision = host.slot.name === "production" ? decide(call, host, cookies, options) : undefined;
  const chosen = decision === undefined ? host : destination(decision, host, options);
  if (chosen === undefined) return pages.notFound();
  const { reply, app } = await serve(call, chosen, cookies.get("ARRAffinity"), agent, options.timing);
  note(options.telemetry, call, chosen, reply, app);
  return withCookies(reply, decision?.cookies ?? []);
}

function note(telemetry: Telemetry, call: Call, { slot }: SlotHost, reply: Reply, app: AppProcess | undefined): void {
  const { method, path, log } = call;
  telemetry.serve({
    slot: slot.name,
    siteName: slot.site.name,
    at: log.at,
    duration: Date.now() - log.at,
    status: reply.status,
    method,
    path,
    userAgent: call.header("user-agent") ?? "",
    app,
  });
}

function decide(
  call: Call,
  host: SlotHost,
  cookies: Map<string, string>,
  { hostOf, random, timing }: FrontEndOptions,
): RouteDecision {
  const mix = Number.parseFloat(cookies.get("TiPMix") ?? "");
  return route({
    rules: host.slot.config.experiments.rampUpRules,
    forced: call.query.get("x-ms-routing-name"),
    pinned: cookies.get("x-ms-routing-name"),
    mix: Number.isFinite(mix) ? mix : undefined,
    slotExists: (name) => hostOf(name) !== undefined,
    random,
    pinFor: timing.routingCookie,
  });
}

function destination({ to }: RouteDecision, host: SlotHost, options: FrontEndOptions): SlotHost | undefined {
  if (to === "self") return host;
  if (to === "gone") return undefined;
  return "slotName" in to ? options.hostOf(to.slotName) : hostOfRule(to, host, options);
}

/** A rule names its slot by host name; by its own name when no slot has that host name. */
function hostOfRule(rule: RampUpRule, host: SlotHost, { hostOf }: FrontEndOptions): SlotHost | undefined {
  for (const slot of host.slot.site.slots.values()) if (slot.hostName === rule.actionHostName) return hostOf(slot.name);
  return hostOf(rule.name);
}

interface Served {
  reply: Reply;
  /** Undefined when the platform answered for the app. */
  app: AppProcess | undefined;
}

const byPlatform = (reply: Reply): Served => ({ reply, app: undefined });

/** Holds a request while a container is on its way up, as the platform does, and no longer than `requestWait`. */
async function serve(
  call: Call,
  host: SlotHost,
  affinity: string | undefined,
  agent: Agent,
  timing: Timing,
): Promise<Served> {
  const deadline = Date.now() + timing.requestWait;
  while (!call.signal.aborted && Date.now() < deadline) {
    if (host.slot.state === "Stopped") return byPlatform(pages.disabled());
    // Read anew each time: a swap may have put another app here while this request waited.
    const { app } = host;
    const container = app.pick(affinity);
    if (container !== undefined) {
      const reply = await proxy(call, container, { hostName: host.slot.hostName, idle: timing.frontEndIdle, agent });
      if (reply !== "unreachable") {
        const answered = withCookies(reply, affinityCookies(container.instanceId, affinity));
        return { reply: answered, app: container.identity };
      }
    } else if (!app.isStarting && host.app === app) return byPlatform(pages.failed());
    if (host.app === app) await app.change(Math.min(100, deadline - Date.now()));
  }
  return byPlatform(pages.starting());
}

function affinityCookies(instanceId: string, current: string | undefined): string[] {
  if (current === instanceId) return [];
  return [
    `ARRAffinity=${instanceId};Path=/;HttpOnly;Secure`,
    `ARRAffinitySameSite=${instanceId};Path=/;HttpOnly;SameSite=None;Secure`,
  ];
}

function withCookies(reply: Reply, cookies: string[]): Reply {
  if (cookies.length === 0) return reply;
  const own = reply.headers?.["set-cookie"];
  const before = own === undefined ? [] : typeof own === "object" ? own : [String(own)];
  return { ...reply, headers: { ...reply.headers, "set-cookie": [...before, ...cookies] } };
}
