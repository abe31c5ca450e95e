/** The query services of Azure Monitor: one POST with a query, a table back. Nothing is repeated here. */
import { ServiceError } from "@augeo/release";
import type { AzureContext } from "../context.ts";
import { fieldsOf, jsonOf, listOf, optionalText, textOf } from "../decode.ts";
import { type Http, type HttpReply, TransportError } from "../http.ts";
import type { TokenSource } from "../sign-in.ts";

/** `app-insights` by app id, `log-analytics` by workspace id. */
export interface QueryPlace {
  kind: "app-insights" | "log-analytics";
  id: string;
}

/** A row by the names of its columns. */
export type QueryRow = Readonly<Record<string, unknown>>;

export interface QueryTable {
  columns: readonly { name: string; type: string }[];
  rows: readonly QueryRow[];
}

const KINDS = {
  "app-insights": {
    service: "Application Insights",
    path: (id: string) => `/v1/apps/${encodeURIComponent(id)}/query`,
    role: "Monitoring Reader",
    input: "app-insights",
    where:
      "the application id that the portal shows under API Access (az monitor app-insights component show --query appId)",
  },
  "log-analytics": {
    service: "Log Analytics",
    path: (id: string) => `/v1/workspaces/${encodeURIComponent(id)}/query`,
    role: "Log Analytics Reader",
    input: "log-analytics",
    where: "the workspace id (az monitor log-analytics workspace show --query customerId)",
  },
} as const;

/** A query may take some time over a busy workspace; the services give up at 3 to 10 minutes. */
const TIMEOUT = 60_000;

export class LogQueries {
  readonly place: QueryPlace;
  readonly #context: AzureContext;
  readonly #http: Http;
  readonly #signIn: TokenSource;

  constructor(context: AzureContext, http: Http, signIn: TokenSource, place: QueryPlace) {
    this.place = place;
    this.#context = context;
    this.#http = http;
    this.#signIn = signIn;
  }

  /** Throws `ServiceError`, also when only part of the data was read: half of the counts is no count. */
  async run(operation: string, query: string): Promise<QueryTable> {
    const reply = await this.#send(operation, query);
    if (reply.status !== 200) throw this.#failure(operation, reply);
    const body = fieldsOf(jsonOf(reply.text));
    if (body.error !== undefined) throw this.#partial(operation, fieldsOf(body.error));
    return decodeTable(body);
  }

  async #send(operation: string, query: string, isSecond = false): Promise<HttpReply> {
    const { cloud } = this.#signIn;
    const isInsights = this.place.kind === "app-insights";
    const token = await this.#signIn.token(isInsights ? cloud.appInsightsAudience : cloud.logAnalyticsAudience);
    const url = `${isInsights ? cloud.appInsights : cloud.logAnalytics}${KINDS[this.place.kind].path(this.place.id)}`;
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "user-agent": "augeo-deploy-action",
    };
    const { signal } = this.#context;
    try {
      const body = JSON.stringify({ query });
      const reply = await this.#http.send({ method: "POST", url, headers, body, signal, timeout: TIMEOUT });
      if (reply.status !== 401 || isSecond) return reply;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      throw this.#silence(operation, error);
    }
    this.#signIn.forget();
    return this.#send(operation, query, true);
  }

  #failure(operation: string, { status, headers, text }: HttpReply): ServiceError {
    const { service, role, input, where } = KINDS[this.place.kind];
    const error = fieldsOf(fieldsOf(jsonOf(text)).error);
    const code = optionalText(error.code);
    const answered = `${service} answered ${[status, code].filter(Boolean).join(" ")}: ${innermost(error) || text.slice(0, 300)}`;
    const wait = headers["retry-after"] === undefined ? "" : ` It asks to wait ${headers["retry-after"]} s.`;
    const fixes: Readonly<Record<number, string>> = {
      400: "Mend the query; try it in the portal under Logs.",
      401: "Check tenant-id and cloud: the token was refused even after a new sign-in.",
      403: `Assign the role "${role}" to the identity on that resource: az role assignment create --role "${role}" --scope <its resource id> --assignee-object-id <object id of the identity>`,
      404: `Set ${input} to ${where}.`,
      429: "Fewer queries from this identity at once: 200 in 30 s are allowed.",
    };
    return new ServiceError({
      service,
      operation,
      status,
      code,
      what: `${service} refused to ${operation}.`,
      why: `${answered}.${wait}`.replace("..", "."),
      fix: fixes[status] ?? "Run again later; see https://azure.status.microsoft when it stays.",
      correlationId: optionalText(error.correlationId),
      retryable: status === 429 || status >= 500,
    });
  }

  #partial(operation: string, error: Readonly<Record<string, unknown>>): ServiceError {
    const { service } = KINDS[this.place.kind];
    return new ServiceError({
      service,
      operation,
      status: 200,
      code: textOf(error.code) || "PartialError",
      what: `${service} read only part of the data.`,
      why: `It answered ${textOf(error.code)}: ${innermost(error)}`,
      fix: "Run again later; a shorter window reads less.",
      retryable: true,
    });
  }

  #silence(operation: string, error: TransportError): ServiceError {
    const { service } = KINDS[this.place.kind];
    return new ServiceError({
      service,
      operation,
      code: error.code,
      what: `${service} did not answer.`,
      why: `${error.message}.`,
      fix: "Check that the runner reaches it (proxy, firewall, private link).",
      retryable: true,
      cause: error,
    });
  }
}

/** The message that names the fault lies deepest. */
function innermost(error: Readonly<Record<string, unknown>>): string {
  const [detail] = listOf(error.details).map(fieldsOf);
  const inner = error.innererror === undefined ? detail : fieldsOf(error.innererror);
  const deeper = inner === undefined ? "" : innermost(inner);
  return deeper === "" ? textOf(error.message) : deeper;
}

export function decodeTable(body: unknown): QueryTable {
  const [table] = listOf(fieldsOf(body).tables).map(fieldsOf);
  const columns = listOf(table?.columns)
    .map(fieldsOf)
    .map(({ name, type }) => ({ name: textOf(name), type: textOf(type) }));
  const rows = listOf(table?.rows).map((row) =>
    Object.fromEntries(listOf(row).map((value, index) => [columns[index]?.name ?? String(index), value])),
  );
  return { columns, rows };
}
