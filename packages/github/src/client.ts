import { type Clock, ServiceError } from "@augeo/release";
import { failureOf, isThrottled, throttlePause } from "./failures.ts";

export interface GitHubOptions {
  /** `https://api.github.com`, or an Enterprise server's `/api/v3`. */
  readonly apiUrl: string;
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Milliseconds that may be spent waiting for limits and for a server that fails; default 60 s. */
  readonly patience?: number;
}

export interface GitHubCall {
  /** In GitHub's own words: `create a deployment`. */
  readonly operation: string;
  /** What the token needs: `deployments: write`. */
  readonly permission: string;
  /** `POST /repos/{owner}/{repo}/deployments`. */
  readonly route: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Sending it again after a lost reply does no harm. */
  readonly repeatable: boolean;
  /** Statuses that are an answer: they come back with no data. */
  readonly accept?: readonly number[];
}

type Send = (route: string, parameters: Record<string, unknown>) => Promise<{ status: number; data: unknown }>;

const ATTEMPTS = 5;

/** GitHub's REST API through `@actions/github`, which is loaded by the first call and not before. */
export class GitHubClient {
  readonly owner: string;
  readonly repo: string;
  readonly #options: GitHubOptions;
  #send: Promise<Send> | undefined;

  constructor(options: GitHubOptions) {
    const [owner = "", repo = ""] = options.repository.split("/");
    this.owner = owner;
    this.repo = repo;
    this.#options = options;
  }

  /**
   * The reply's body; `undefined` for an accepted status without one.
   * @throws ServiceError that names the missing permission, the field that was refused, or the limit that was met.
   */
  async call(call: GitHubCall): Promise<unknown> {
    const { clock, signal, patience = 60_000 } = this.#options;
    const deadline = clock.now() + patience;
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      const reply = await this.#attempt(call);
      if (!(reply instanceof ServiceError)) return reply.data;
      const pause = pauseAfter(reply, call, attempt, clock.now());
      if (pause === undefined || clock.now() + pause > deadline) throw reply;
      await clock.sleep(pause, signal);
    }
  }

  async #attempt(call: GitHubCall): Promise<{ data: unknown } | ServiceError> {
    this.#send ??= connect(this.#options);
    const send = await this.#send;
    try {
      const { data } = await send(call.route, { owner: this.owner, repo: this.repo, ...call.parameters });
      return { data };
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      const failure = failureOf(error, call, this.#options.repository);
      return failure.status !== undefined && call.accept?.includes(failure.status) ? { data: undefined } : failure;
    }
  }
}

async function connect({ token, apiUrl, signal }: GitHubOptions): Promise<Send> {
  const { getOctokit } = await import("@actions/github");
  const { request } = getOctokit(token, { baseUrl: apiUrl, userAgent: "augeo-deploy-action", log: SILENT });
  return (route, parameters) =>
    request(route, { ...parameters, ...(signal === undefined ? {} : { request: { signal } }) });
}

const quiet = (): void => undefined;
/** Octokit prints warnings of its own, past our log. */
const SILENT = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** Milliseconds until the call may be sent again; `undefined` when it may not. */
function pauseAfter(failure: ServiceError, call: GitHubCall, attempt: number, now: number): number | undefined {
  if (attempt >= ATTEMPTS) return undefined;
  const backoff = Math.min(30_000, 1_000 * 2 ** (attempt - 1));
  // A call that met a limit was not carried out: sending it again is no repetition.
  if (isThrottled(failure)) return throttlePause(failure, now) ?? backoff;
  const wasLost = failure.status === undefined || failure.status >= 500;
  return wasLost && call.repeatable ? backoff : undefined;
}
