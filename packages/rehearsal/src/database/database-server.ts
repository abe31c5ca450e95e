import type { World } from "../arm/world.ts";
import type { Ground } from "../http.ts";
import { listen, Routes, type Service } from "../http.ts";
import type { FlexibleServer, FlexibleServerOptions } from "./flexible-server.ts";
import { openServerDoor, type ServerDoor } from "./server-door.ts";

/** A flexible server that runs: what Resource Manager knows of it, its door, and a database behind it. */
export interface DatabaseServer {
  readonly server: FlexibleServer;
  readonly door: ServerDoor;
  /** Of a superuser, through the door: it needs a rule, and TLS. */
  readonly url: string;
  /** The same database past the door, for a test that looks inside. */
  readonly insideUrl: string;
  /** Answers the address under which the runner comes out of its network, as public services do. */
  readonly addressUrl: string;
  close(): Promise<void>;
}

export async function openDatabaseServer(
  world: World,
  ground: Ground,
  insideUrl: string,
  options: FlexibleServerOptions,
): Promise<DatabaseServer> {
  const [group] = world.resourceGroups;
  const server: FlexibleServer = {
    subscriptionId: group?.subscriptionId ?? "",
    resourceGroup: group?.name ?? "",
    location: group?.location ?? "",
    host: "127.0.0.1",
    state: "Ready",
    publicNetworkAccess: "Enabled",
    firewallRules: new Map(),
    changeTakes: 200,
    propagation: 0,
    operation: undefined,
    ...options,
  };
  const inside = new URL(insideUrl);
  const door = await openServerDoor(server, { port: Number(inside.port), tls: ground.tls });
  const address = await openAddressService(ground, door);
  world.flexibleServers.push(server);
  const url = new URL(insideUrl);
  url.port = String(door.port);
  url.searchParams.set("sslmode", "require");
  return {
    server,
    door,
    url: url.href,
    insideUrl,
    addressUrl: `${address.origin}/`,
    close: async () => {
      await Promise.all([door.close(), address.close()]);
    },
  };
}

function openAddressService(ground: Ground, door: ServerDoor): Promise<Service> {
  const routes = new Routes().add("GET", "/", () => ({ status: 200, body: `${door.egress[0]}\n` }));
  return listen(ground, { kind: "address", routes });
}
