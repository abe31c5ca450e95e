import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

/** One request of a client, whatever became of it. */
export interface Sample {
  kind: "read" | "bid";
  /** When it was due, milliseconds since 1970: a client that has to wait for a connection waits from here on. */
  at: number;
  /** Until its answer was complete or it failed. */
  milliseconds: number;
  /** 0 when there was no answer. */
  status: number;
  /** Why there was none. */
  error?: string;
  /** The release that answered, by its own word. */
  release?: string;
  path: string;
}

/** A bid that was answered with 201: it has to be there at the end. */
export interface AcceptedBid {
  id: number;
  itemId: number;
  bidder: string;
  amountCents: number;
}

export interface LoadOptions {
  origin: string;
  ca: string;
  /** Each bidder bids on an item of its own. */
  itemIds: readonly number[];
  readers: number;
  /** Per client. */
  requestsPerSecond: number;
}

export interface Load {
  readonly samples: readonly Sample[];
  readonly accepted: readonly AcceptedBid[];
  /** Resolves once every request under way has ended. */
  stop(): Promise<void>;
}

interface Ask {
  kind: Sample["kind"];
  path: string;
  body?: unknown;
}

type Answer = { status: number; release: string | undefined; text: string };

const TIMEOUT_MS = 30_000;

export const isFailure = (sample: Sample): boolean =>
  sample.status === 0 || sample.status >= 500 || sample.status === 404;

function send(agent: Agent, options: LoadOptions, { path, body }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      text === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const method = text === undefined ? "GET" : "POST";
    const sent = request(new URL(path, options.origin), { agent, method, headers, timeout: TIMEOUT_MS }, (response) => {
      let received = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        received += part;
      });
      response.on("error", reject);
      response.on("end", () => {
        const named = response.headers["x-release"];
        resolve({
          status: response.statusCode ?? 0,
          release: typeof named === "string" ? named : undefined,
          text: received,
        });
      });
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    sent.on("error", reject);
    sent.end(text);
  });
}

/** Every client has connections of its own, kept open, and no cookies. Nothing is tried again. */
class Client {
  readonly #agent: Agent;
  readonly #options: LoadOptions;
  readonly #samples: Sample[];

  constructor(options: LoadOptions, samples: Sample[]) {
    this.#options = options;
    this.#samples = samples;
    this.#agent = new Agent({ keepAlive: true, ca: options.ca });
  }

  async ask(ask: Ask): Promise<Answer | undefined> {
    const at = Date.now();
    const base = { kind: ask.kind, path: ask.path, at };
    try {
      const answer = await send(this.#agent, this.#options, ask);
      const release = answer.release === undefined ? {} : { release: answer.release };
      this.#samples.push({ ...base, milliseconds: Date.now() - at, status: answer.status, ...release });
      return answer;
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.#samples.push({ ...base, milliseconds: Date.now() - at, status: 0, error: words });
      return undefined;
    }
  }

  close(): void {
    this.#agent.destroy();
  }
}

const readPaths = (itemId: number): readonly string[] => [
  `/items/${itemId}`,
  "/events",
  "/items",
  `/items/${itemId}/bids?limit=5`,
];

async function read(client: Client, turn: number, { itemIds }: LoadOptions): Promise<void> {
  const paths = readPaths(itemIds[turn % itemIds.length] ?? 1);
  await client.ask({ kind: "read", path: paths[turn % paths.length] ?? "/events" });
}

async function bid(
  client: Client,
  bidder: string,
  itemId: number,
  amountCents: number,
  accepted: AcceptedBid[],
): Promise<void> {
  const body = { bidder, amount_cents: amountCents };
  const answer = await client.ask({ kind: "bid", path: `/items/${itemId}/bids`, body });
  if (answer?.status !== 201) return;
  const { id } = JSON.parse(answer.text) as { id: number };
  accepted.push({ id, itemId, bidder, amountCents });
}

/** Asks at a steady rate, whether or not the answers come: waiting for a slow one would hide how slow it is. */
async function keepAsking(
  rate: number,
  offset: number,
  stopped: AbortSignal,
  ask: (turn: number) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const began = Date.now() + offset;
  for (let turn = 0; !stopped.aborted; turn += 1) {
    await sleep(Math.max(0, began + (turn * 1000) / rate - Date.now()), undefined, { signal: stopped }).catch(
      () => undefined,
    );
    if (stopped.aborted) break;
    const asked: Promise<void> = ask(turn).finally(() => underWay.delete(asked));
    underWay.add(asked);
  }
  await Promise.all(underWay);
}

/** Starts the clients: one bidder for each item, and the readers. */
export function startLoad(options: LoadOptions): Load {
  const samples: Sample[] = [];
  const accepted: AcceptedBid[] = [];
  const stopped = new AbortController();
  const clients: Client[] = [];
  const { itemIds, readers, requestsPerSecond: rate } = options;
  const everyone = readers + itemIds.length;
  const join = (index: number, ask: (client: Client, turn: number) => Promise<void>): Promise<void> => {
    const client = new Client(options, samples);
    clients.push(client);
    return keepAsking(rate, (index * 1000) / rate / everyone, stopped.signal, (turn) => ask(client, turn));
  };
  const running = [
    ...itemIds.map((itemId, index) =>
      join(index, (client, turn) => bid(client, `bidder-${index + 1}`, itemId, 1000 + turn * 100, accepted)),
    ),
    ...Array.from({ length: readers }, (_, index) =>
      join(itemIds.length + index, (client, turn) => read(client, turn + index, options)),
    ),
  ];
  return {
    samples,
    accepted,
    async stop() {
      stopped.abort();
      await Promise.all(running);
      for (const client of clients) client.close();
    },
  };
}
