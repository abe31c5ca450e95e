/** The SCM site (Kudu) of one slot: a small typed client. It has no SDK. */
import { ServiceError } from "@augeo/release";
import type { AzureContext } from "./context.ts";
import { fieldsOf, jsonOf, listOf } from "./decode.ts";
import { type Http, type HttpReply, type HttpRequest, TransportError, type Upload } from "./http.ts";
import { kuduFailure, kuduNoReply } from "./kudu-errors.ts";
import { type DeploymentRecord, decodeDeployment, decodeLogEntry, type LogEntry } from "./kudu-records.ts";
import { isThrottled, pauseBefore, pauseWithin, retryAfterOf } from "./retry.ts";
import type { TokenSource } from "./sign-in.ts";

export interface KuduSite {
  /** Host, with a port where it is not 443, from the site's `hostNameSslStates`. */
  host: string;
  /** Instance whose SCM container is asked each time: on a plan of several, another one would not know the deployment. */
  instance?: string | undefined;
}

export interface KuduReply extends HttpReply {
  /** Of the request this answers, from the clock. */
  sentAt: number;
}

/** Milliseconds without an answer to a small request. */
const SILENCE = 30_000;
/** Milliseconds without a byte sent or an answer to an upload: the front end itself ends a request at 230 s. */
const UPLOAD_SILENCE = 240_000;
const PATIENCE = 120_000;
/** The site, or its container, is starting: it answers with these or with an HTML 404. */
const STARTING: ReadonlySet<number> = new Set([500, 502, 503, 504]);

export class Kudu {
  readonly origin: string;
  readonly context: AzureContext;
  readonly #http: Http;
  readonly #signIn: TokenSource;
  readonly #cookie: string | undefined;

  constructor(context: AzureContext, http: Http, signIn: TokenSource, site: KuduSite) {
    this.context = context;
    this.origin = `https://${site.host}`;
    this.#http = http;
    this.#signIn = signIn;
    this.#cookie =
      site.instance === undefined ? undefined : `ARRAffinity=${site.instance}; ARRAffinitySameSite=${site.instance}`;
  }

  /** One request, sent once. A 401 earns one new token; anything else is the caller's to judge. Throws `TransportError`. */
  async once(
    request: Omit<HttpRequest, "url" | "signal" | "timeout"> & { path: string; signal?: AbortSignal; timeout?: number },
  ): Promise<HttpReply> {
    const { path, signal = this.context.signal, timeout = SILENCE, ...rest } = request;
    const url = new URL(path, this.origin);
    if (url.origin !== this.origin) throw this.#foreign(url);
    for (let renewed = false; ; renewed = true) {
      const token = await this.#signIn.token(this.#signIn.cloud.managementAudience);
      const headers = {
        "user-agent": "augeo-deploy-action",
        ...rest.headers,
        authorization: `Bearer ${token}`,
        ...(this.#cookie === undefined ? {} : { cookie: this.#cookie }),
      };
      const reply = await this.#http.send({ ...rest, headers, url: url.href, signal, timeout });
      if (reply.status !== 401 || renewed) return reply;
      this.context.log.info("The SCM site no longer accepts the token; signing in again.");
      this.#signIn.forget();
    }
  }

  /** A read, repeated while the site starts, throttles or does not answer. `accept`: statuses that are answers besides 2xx. */
  async read(
    operation: string,
    path: string,
    accept: readonly number[] = [],
    deadline = this.context.clock.now() + PATIENCE,
  ): Promise<HttpReply> {
    const { clock, signal } = this.context;
    for (let attempt = 1; ; attempt++) {
      const reply = await this.once({ method: "GET", path, headers: { accept: "application/json" } }).catch(
        onlyTransport,
      );
      if (!(reply instanceof Error) && (reply.status < 300 || (accept.includes(reply.status) && !isStartPage(reply))))
        return reply;
      const failure =
        reply instanceof Error ? kuduNoReply(operation, reply, this.origin) : kuduFailure(operation, reply);
      const wished = reply instanceof Error ? undefined : retryAfterOf(reply.headers, clock.now());
      const again = reply instanceof Error || isStarting(reply) || isThrottled(reply.status, reply.text);
      if (!again || !(await pauseWithin(clock, pauseBefore(attempt, wished), deadline, signal))) throw failure;
      this.context.log.debug(`${failure.what} ${failure.why}`);
    }
  }

  /** Sends the package once. The reply, whatever it is; throws `TransportError` with how far the request came. */
  publish(package_: Upload, message: string, watch: { signal: AbortSignal; onSent: () => void }): Promise<HttpReply> {
    const query = new URLSearchParams({
      type: "zip",
      async: "true",
      deployer: "augeo-deploy-action",
      message,
      clean: "true",
      restart: "true",
      trackDeploymentProgress: "true",
    });
    return this.once({
      method: "POST",
      path: `/api/publish?${query}`,
      headers: { "content-type": "application/octet-stream", "cache-control": "no-cache" },
      body: package_,
      timeout: UPLOAD_SILENCE,
      ...watch,
    });
  }

  async isDeploying(): Promise<boolean> {
    const reply = await this.read("ask whether a deployment runs", "/api/isdeploying");
    const value = fieldsOf(jsonOf(reply.text)).value;
    return value === true || String(value).toLowerCase() === "true";
  }

  /** Newest first. */
  async deployments(): Promise<DeploymentRecord[]> {
    const reply = await this.read("list the deployments", "/api/deployments", [404]);
    const records = listOf(jsonOf(reply.text)).flatMap((each) => decodeDeployment(each) ?? []);
    return records.sort((a, b) => (b.receivedTime ?? 0) - (a.receivedTime ?? 0));
  }

  /** One look at one deployment: the reply as it is, for a follower that forgives. */
  look(id: string): Promise<HttpReply> {
    return this.once({
      method: "GET",
      path: `/api/deployments/${encodeURIComponent(id)}`,
      headers: { accept: "application/json" },
    });
  }

  /** The deployment's log; empty while there is none. Never throws for what the site answers: a log is no reason to fail. */
  async log(id: string, entry?: string): Promise<LogEntry[]> {
    const below = entry === undefined ? "" : `/${encodeURIComponent(entry)}`;
    const path = `/api/deployments/${encodeURIComponent(id)}/log${below}`;
    const reply = await this.once({ method: "GET", path, headers: { accept: "application/json" } }).catch(
      onlyTransport,
    );
    if (reply instanceof Error || reply.status !== 200) return [];
    return listOf(jsonOf(reply.text)).flatMap((each) => decodeLogEntry(each) ?? []);
  }

  /** A file under `/home`, or undefined when it is not there. */
  async file(path: string): Promise<string | undefined> {
    const reply = await this.read("read a file of the site", `/api/vfs/${path}`, [404]);
    return reply.status === 404 ? undefined : reply.text;
  }

  /** What identifies the container that answers: it changes when the SCM site restarts. */
  async container(deadline: number): Promise<string> {
    const reply = await this.read("wait for the SCM site", "/api/environment", [404], deadline);
    const environment = fieldsOf(jsonOf(reply.text));
    const named = ["instance", "hostname", "containerId", "startTime", "processId"].map((name) => environment[name]);
    return JSON.stringify([...named, environment.version]);
  }

  #foreign(url: URL): ServiceError {
    return new ServiceError({
      service: "Kudu",
      operation: "follow the deployment",
      what: `The SCM site named an address on another host (${url.host}), which was not asked.`,
      why: `The access token was not sent there: it belongs to ${this.origin} alone.`,
      fix: "Check what stands between the runner and the SCM site (proxy, gateway) and rewrites addresses.",
    });
  }
}

function onlyTransport(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  throw error;
}

/** A site that starts answers 404 with a page of the platform; a 404 of Kudu's own is JSON or plain text. */
function isStartPage({ status, text }: HttpReply): boolean {
  return status === 404 && /^\s*<(!doctype|html)/i.test(text);
}

function isStarting(reply: HttpReply): boolean {
  return STARTING.has(reply.status) || isStartPage(reply);
}
