/** An app in two slots with clients that call production all the time: `r1` is live, `r2` is staged. */
import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { Timing } from "@augeo/rehearsal";
import { type AppInSlots, type AppOptions, appFiles, startAppInSlots } from "../slot-swap/app-in-slots.ts";

/**
 * `/work` fails in the share of requests that the setting FAILING gives the release (`r2 0.3`), evenly spread, with a
 * traceback in the log; SLOW gives the share that takes a fifth of a second.
 */
export function workFiles(release: string): Record<string, string> {
  const files = appFiles(release);
  const server = (files["server.py"] ?? "")
    .replace(
      "class Handler",
      `import itertools, traceback
count = itertools.count(1)
def share_of(name):
    whose, _, share = os.environ.get(name, "").partition(" ")
    return float(share) if whose == release else 0.0
def strikes(name, turn):
    share = share_of(name)
    return int(turn * share) > int((turn - 1) * share)
def work():
    turn = next(count)
    if strikes("SLOW", turn): time.sleep(0.2)
    if not strikes("FAILING", turn): return 200
    try: raise LookupError("no such lot")
    except LookupError: traceback.print_exc()
    return 500
class Handler`,
    )
    .replace(
      'if self.path.startswith("/crash")',
      'if self.path.startswith("/work"): return self.reply(work(), {"release": release})\n        if self.path.startswith("/crash")',
    );
  return { ...files, "server.py": server };
}

export interface Clients {
  /** Which release answered each request that was sent since a moment, and how. */
  since(at: number): { release: string | undefined; status: number }[];
  stop(): Promise<void>;
}

/** Calls production's `/work` at a steady rate, without cookies. */
export function startClients(app: AppInSlots, perSecond: number): Clients {
  const agent = new Agent({ keepAlive: true, ca: app.cloud.tls.ca, maxSockets: 16 });
  const answers: { at: number; release: string | undefined; status: number }[] = [];
  const stopped = new AbortController();
  const underWay = new Set<Promise<void>>();
  const call = (at: number): Promise<void> =>
    new Promise((resolve) => {
      const sent = request(`https://${app.production.hostName}/work`, { agent }, async (response) => {
        const text = Buffer.concat(await response.toArray().catch(() => [])).toString();
        const release = text.startsWith("{") ? (JSON.parse(text) as { release?: string }).release : undefined;
        answers.push({ at, release, status: response.statusCode ?? 0 });
        resolve();
      });
      sent.on("error", () => {
        answers.push({ at, release: undefined, status: 0 });
        resolve();
      });
      sent.end();
    });
  const run = async (): Promise<void> => {
    const began = Date.now();
    for (let turn = 0; !stopped.signal.aborted; turn += 1) {
      await sleep(Math.max(0, began + (turn * 1000) / perSecond - Date.now()), undefined, {
        signal: stopped.signal,
      }).catch(() => undefined);
      const asked: Promise<void> = call(Date.now()).finally(() => underWay.delete(asked));
      underWay.add(asked);
    }
    await Promise.all(underWay);
  };
  const running = run();
  return {
    since: (from) => answers.filter(({ at }) => at >= from),
    async stop() {
      stopped.abort();
      await running;
      agent.destroy();
    },
  };
}

/**
 * Times of a canary that is over in seconds: bins of a second, metrics a second or so late. On a busy machine a step has
 * too few requests in its time, and is given more of it.
 */
export const quick = {
  bin: "1s",
  "step-warm-up": "1s",
  lag: "2s",
  steps: "20% 6s, 50% 6s",
  extensions: "3",
  "health-path": "/health",
} as const;

export const startWorkingApp = (options: AppOptions = {}): Promise<AppInSlots> =>
  startAppInSlots({ filesOf: workFiles, timing: Timing.fast, ...options });

/** The rules that split production's traffic now. */
export const rulesOf = (app: AppInSlots) => app.production.config.experiments.rampUpRules;
