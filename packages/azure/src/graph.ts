/** Microsoft Graph, as far as registering an application that GitHub may sign in as. No SDK: six small calls. */
import { ServiceError } from "@augeo/release";
import type { AzureContext } from "./context.ts";
import { fieldsOf, jsonOf, listOf, textOf } from "./decode.ts";
import type { Http, HttpReply } from "./http.ts";
import { pauseBefore, pauseWithin, retryAfterOf } from "./retry.ts";
import type { TokenSource } from "./sign-in.ts";

export interface Registration {
  /** Of the application object, which federated credentials belong to. */
  readonly objectId: string;
  readonly clientId: string;
}

export interface Credential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

type Method = "GET" | "POST" | "PATCH";

const PATIENCE = 60_000;
const SILENCE = 30_000;

export class Graph {
  readonly #context: AzureContext;
  readonly #http: Http;
  readonly #signIn: TokenSource;

  constructor(context: AzureContext, http: Http, signIn: TokenSource) {
    this.#context = context;
    this.#http = http;
    this.#signIn = signIn;
  }

  /** The registration of this name; undefined without one. Throws when there are several: none may be guessed. */
  async findApplication(displayName: string): Promise<Registration | undefined> {
    const filter = encodeURIComponent(`displayName eq '${displayName.replaceAll("'", "''")}'`);
    const found = listOf(
      (await this.#call("find the app registration", "GET", `applications?$filter=${filter}`)).value,
    );
    if (found.length > 1) throw ambiguous(displayName, found);
    return found[0] === undefined ? undefined : registrationOf(found[0]);
  }

  async createApplication(displayName: string): Promise<Registration> {
    const body = { displayName, signInAudience: "AzureADMyOrg" };
    return registrationOf(await this.#call("register the application", "POST", "applications", body));
  }

  /** Object id of the application's service principal, which roles are assigned to. */
  async findServicePrincipal(clientId: string): Promise<string | undefined> {
    const filter = encodeURIComponent(`appId eq '${clientId}'`);
    const [found] = listOf(
      (await this.#call("find the service principal", "GET", `servicePrincipals?$filter=${filter}`)).value,
    );
    return found === undefined ? undefined : textOf(fieldsOf(found).id);
  }

  async createServicePrincipal(clientId: string): Promise<string> {
    return textOf(
      (await this.#call("create the service principal", "POST", "servicePrincipals", { appId: clientId })).id,
    );
  }

  async listCredentials(objectId: string): Promise<Credential[]> {
    const path = `applications/${objectId}/federatedIdentityCredentials`;
    return listOf((await this.#call("list the federated credentials", "GET", path)).value).map(credentialOf);
  }

  async addCredential(objectId: string, credential: Credential): Promise<void> {
    const path = `applications/${objectId}/federatedIdentityCredentials`;
    await this.#call("add the federated credential", "POST", path, credential);
  }

  /** Sets what the credential of that name trusts. */
  async updateCredential(objectId: string, { name, ...credential }: Credential): Promise<void> {
    const path = `applications/${objectId}/federatedIdentityCredentials/${encodeURIComponent(name)}`;
    await this.#call("change the federated credential", "PATCH", path, credential);
  }

  /** Sends again what Graph throttled, and what a new object's replicas do not know yet (404 after a creation). */
  async #call(operation: string, method: Method, path: string, body?: unknown) {
    const { clock, signal } = this.#context;
    const deadline = clock.now() + PATIENCE;
    for (let attempt = 1; ; attempt++) {
      const reply = await this.#send(method, path, body);
      if (reply.status < 300) return fieldsOf(jsonOf(reply.text));
      const again = reply.status === 429 || (method === "GET" && reply.status >= 500);
      const pause = pauseBefore(attempt, retryAfterOf(reply.headers, clock.now()));
      if (!again || !(await pauseWithin(clock, pause, deadline, signal))) throw failure(operation, reply);
    }
  }

  async #send(method: Method, path: string, body: unknown): Promise<HttpReply> {
    const { graph } = this.#signIn.cloud;
    const token = await this.#signIn.token(graphAudience(graph));
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json",
    };
    const text = body === undefined ? undefined : JSON.stringify(body);
    const request = { method, url: `${graph}/v1.0/${path}`, headers, body: text, timeout: SILENCE };
    return this.#http.send({ ...request, signal: this.#context.signal });
  }
}

/** A cloud of another name still asks Entra for Graph's own audience. */
function graphAudience(origin: string): string {
  return origin.includes("graph") ? origin : "https://graph.microsoft.com";
}

function registrationOf(value: unknown): Registration {
  const { id, appId } = fieldsOf(value);
  return { objectId: textOf(id), clientId: textOf(appId) };
}

function credentialOf(value: unknown): Credential {
  const { name, issuer, subject, audiences } = fieldsOf(value);
  return {
    name: textOf(name),
    issuer: textOf(issuer),
    subject: textOf(subject),
    audiences: listOf(audiences).filter((one): one is string => typeof one === "string"),
  };
}

function ambiguous(displayName: string, found: readonly unknown[]): ServiceError {
  return new ServiceError({
    service: "Microsoft Graph",
    operation: "find the app registration",
    what: `There are ${found.length} app registrations named "${displayName}".`,
    why: `Their client ids: ${found.map((one) => registrationOf(one).clientId).join(", ")}.`,
    fix: "Give the one to use a name of its own, and write that name as identity-name in .augeo/deploy.yml.",
  });
}

function failure(operation: string, reply: HttpReply): ServiceError {
  const { code, message } = fieldsOf(fieldsOf(jsonOf(reply.text)).error);
  const denied = reply.status === 403;
  return new ServiceError({
    service: "Microsoft Graph",
    operation,
    status: reply.status,
    code: textOf(code) || undefined,
    what: denied ? `You may not ${operation} in this tenant.` : `Microsoft Graph refused to ${operation}.`,
    why: `It answered ${[reply.status, textOf(code)].filter(Boolean).join(" ")}: ${textOf(message) || reply.text.slice(0, 300)}`,
    fix: denied
      ? "Ask an Entra administrator for the role Application Developer, or set identity: managed-identity in .augeo/deploy.yml, which needs rights in the subscription only."
      : "Run the command again; what is there already is found and left as it is.",
    retryable: reply.status === 429 || reply.status >= 500,
  });
}
