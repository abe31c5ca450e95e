import type { IncomingHttpHeaders } from "node:http";

/** One request to any host of the cloud, logged when it arrives and completed when its reply ended. */
export interface LoggedRequest {
  /** Counts up over the whole cloud, in order of arrival. */
  readonly id: number;
  /** Arrival, milliseconds since 1970. */
  readonly at: number;
  /** Kind of host: `login`, `oidc`, `management`, `scm`, `front`, `github`… */
  readonly host: string;
  /** Which of several hosts of the kind, e.g. a slot's name. */
  readonly label: string | undefined;
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  /** The query as sent, without its question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Status sent; undefined while in work, and when the connection was cut instead. */
  status: number | undefined;
  /** Bytes of the request's body that were read. */
  requestBytes: number;
  /** Its body, once a host read it as JSON. */
  json: unknown;
  /** Object id (or user name) of who called, once that is known. */
  principal: string | undefined;
  /** Kinds of the faults that struck it. */
  faults: string[];
  /** Until the reply ended or the connection was cut; undefined while in work. */
  milliseconds: number | undefined;
}

export interface RequestFilter {
  host?: string;
  label?: string;
  method?: string;
  /** Tested against the path and query. */
  path?: RegExp;
}

/** Whether a request is one of those meant; a filter without fields means every request. */
export function matches(filter: RequestFilter, request: LoggedRequest): boolean {
  if (filter.host !== undefined && filter.host !== request.host) return false;
  if (filter.label !== undefined && filter.label.toLowerCase() !== request.label?.toLowerCase()) return false;
  if (filter.method !== undefined && filter.method.toUpperCase() !== request.method) return false;
  if (filter.path === undefined) return true;
  const target = request.query === "" ? request.path : `${request.path}?${request.query}`;
  return new RegExp(filter.path.source, filter.path.flags.replace("g", "")).test(target);
}

/** Every request that reached the cloud since it began or was last cleared. */
export class RequestLog {
  readonly #entries: LoggedRequest[] = [];
  #next = 1;

  get entries(): readonly LoggedRequest[] {
    return this.#entries;
  }

  /** The requests that match, in order of arrival. */
  of(filter: RequestFilter): LoggedRequest[] {
    return this.#entries.filter((entry) => matches(filter, entry));
  }

  clear(): void {
    this.#entries.length = 0;
  }

  begin(request: Pick<LoggedRequest, "host" | "label" | "method" | "path" | "query" | "headers">): LoggedRequest {
    const entry: LoggedRequest = {
      id: this.#next++,
      at: Date.now(),
      ...request,
      status: undefined,
      requestBytes: 0,
      json: undefined,
      principal: undefined,
      faults: [],
      milliseconds: undefined,
    };
    this.#entries.push(entry);
    return entry;
  }
}
