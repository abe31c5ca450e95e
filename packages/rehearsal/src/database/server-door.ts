import { connect, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Tls } from "../tls.ts";
import { admits, type FlexibleServer } from "./flexible-server.ts";
import { fatal, readPacket, type Startup } from "./startup-packet.ts";

/** What stands before the databases of a flexible server: its firewall, and TLS, which Azure demands. */
export interface ServerDoor {
  readonly port: number;
  /**
   * Addresses under which the runner comes out of its network: connections take them in turn. Azure sees these, and
   * never the loopback address.
   */
  egress: string[];
  /** How a client that no rule admits is turned away: both were reported of Azure. */
  refusal: "named" | "silent";
  /** Connections that were let in, with the address they came from. */
  readonly admitted: string[];
  close(): Promise<void>;
}

interface Backend {
  port: number;
  tls: Pick<Tls, "cert" | "key">;
}

/** Opens the door before a real server on a port of loopback. Connections that are in stay in when a rule goes. */
export async function openServerDoor(server: FlexibleServer, backend: Backend): Promise<ServerDoor> {
  const sockets = new Set<Socket>();
  let count = 0;
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
    const address = door.egress[count++ % door.egress.length] ?? "0.0.0.0";
    receive(socket, address).catch(() => socket.destroy());
  });
  const receive = async (socket: Socket, address: string): Promise<void> => {
    const isIn = server.state === "Ready" && admits(server, address, Date.now());
    // An address that a firewall drops hears nothing at all.
    if (!isIn && (door.refusal === "silent" || server.state !== "Ready")) return;
    const { client, startup } = await shakeHands(socket, backend.tls);
    const encryption = client instanceof TLSSocket ? "SSL encryption" : "no encryption";
    if (startup.kind === "startup" && !(isIn && client instanceof TLSSocket)) {
      client.end(fatal("28000", noEntry(address, startup, encryption)));
      return;
    }
    door.admitted.push(address);
    pass(client, startup.bytes, backend.port);
  };
  const door: ServerDoor = {
    port: await listening(listener),
    egress: ["203.0.113.7"],
    refusal: "named",
    admitted: [],
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return door;
}

function noEntry(address: string, { user, database }: Startup, encryption: string): string {
  return `no pg_hba.conf entry for host "${address}", user "${user}", database "${database}", ${encryption}`;
}

/** Up to the client's first message, encrypted where it asks for that. */
async function shakeHands(socket: Socket, tls: Backend["tls"]): Promise<{ client: Socket; startup: Startup }> {
  const first = await readPacket(socket);
  if (first.kind !== "ssl-request") return { client: socket, startup: first };
  socket.write("S");
  const client = new TLSSocket(socket, { isServer: true, cert: tls.cert, key: tls.key });
  client.on("error", () => client.destroy());
  return { client, startup: await readPacket(client) };
}

function pass(client: Socket, first: Buffer, port: number): void {
  const server = connect(port, "127.0.0.1");
  server.write(first);
  client.pipe(server);
  server.pipe(client);
  const end = () => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) socket.on("error", end).once("close", end);
}

function listening(listener: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", () => {
      const address = listener.address();
      if (address === null || typeof address === "string") reject(new Error("The door did not get a port."));
      else resolve(address.port);
    });
  });
}
