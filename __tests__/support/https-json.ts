import { Agent, request } from "node:https";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

export interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A client for one host that trusts the given authority: JSON both ways, whatever the status. */
export function httpsClient(origin: string, ca: string, common: Record<string, string> = {}) {
  const agent = new Agent({ ca, keepAlive: true });
  return {
    ask: (path: string, asking: Asking = {}): Promise<Answer> => ask(agent, new URL(path, origin), common, asking),
    close: () => agent.destroy(),
  };
}

function ask(agent: Agent, url: URL, common: Record<string, string>, asking: Asking): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const text = asking.body === undefined || typeof asking.body === "string" ? asking.body : JSON.stringify(asking.body);
  const headers = {
    ...common,
    ...(text === undefined ? {} : { "content-type": "application/json" }),
    ...asking.headers,
  };
  const sent = request(url, { agent, method: asking.method ?? "GET", headers }, async (response) => {
    try {
      const chunks: Buffer[] = await response.toArray();
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: parsed(Buffer.concat(chunks).toString()),
      });
    } catch (error) {
      reject(error);
    }
  });
  sent.on("error", reject);
  sent.end(text);
  return promise;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
