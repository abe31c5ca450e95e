import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface Proxy {
  url: string;
  /** host:port of every tunnel that was asked for. */
  targets: Set<string>;
  close(): Promise<void>;
}

/** A proxy that opens tunnels (CONNECT) and nothing else. */
export async function startProxy(): Promise<Proxy> {
  const targets = new Set<string>();
  const sockets = new Set<Socket>();
  const server = createServer((_, reply) => reply.writeHead(405).end());
  server.on("connect", (request, socket: Socket, head: Buffer) => {
    const target = request.url ?? "";
    targets.add(target);
    const [host, port] = target.split(":");
    const upstream = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) {
      sockets.add(end);
      end.on("error", () => end.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    targets,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
