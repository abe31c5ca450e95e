import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds before the answer. */
  readonly delay?: number;
  /** Cut the connection instead of an answer. */
  readonly cut?: boolean;
}

/** A small app for probes: answers by path and by how often that path was asked before. */
export interface EndpointServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  close(): Promise<void>;
}

export async function startEndpoints(
  answer: (path: string, count: number) => Answer | undefined,
  tls?: { cert: string; key: string },
): Promise<EndpointServer> {
  const requests: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? "/";
    const count = requests.filter((one) => one.url === path).length;
    requests.push(request);
    const { status = 200, headers = {}, body = "", delay = 0, cut = false } = answer(path, count) ?? { status: 404 };
    if (cut) {
      request.socket.destroy();
      return;
    }
    const timer = setTimeout(() => response.writeHead(status, headers).end(body), delay);
    response.once("close", () => clearTimeout(timer));
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
