import { ServiceError } from "@augeo/release";
import { fieldsOf, textOf } from "./decode.ts";

interface Asked {
  readonly operation: string;
  readonly permission: string;
}

interface Refusal {
  readonly status: number | undefined;
  readonly message: string;
  readonly details: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Whatever Octokit threw, as an error that says which permission, field or limit it was about. */
export function failureOf(error: unknown, { operation, permission }: Asked, repository: string): ServiceError {
  const refusal = refusalOf(error);
  const { what, fix } = remedyOf(refusal, operation, permission, repository);
  const code = codeOf(error);
  return new ServiceError({
    service: "GitHub",
    operation,
    status: refusal.status,
    ...(code === undefined ? {} : { code }),
    what,
    why: whyOf(refusal),
    fix,
    correlationId: textOf(refusal.headers["x-github-request-id"]),
    retryable: isLimit(refusal) || (refusal.status ?? 500) >= 500,
    cause: error,
  });
}

function refusalOf(error: unknown): Refusal {
  const { status, message, response } = fieldsOf(error);
  const { headers, data } = fieldsOf(response);
  const body = fieldsOf(data);
  const known = typeof status === "number" && response !== undefined ? status : undefined;
  const details = Array.isArray(body.errors) ? body.errors.map(detailOf).join("; ") : "";
  return {
    status: known,
    message: textOf(body.message) ?? textOf(message) ?? String(error),
    details,
    headers: fieldsOf(headers),
  };
}

/** One entry of a 422's `errors`: text, or the field with a code and sometimes a message. */
function detailOf(entry: unknown): string {
  if (typeof entry === "string") return entry;
  const { resource, field, code, message } = fieldsOf(entry);
  return textOf(message) ?? [resource, field, code].filter((part) => typeof part === "string").join(" ");
}

function whyOf({ status, message, details }: Refusal): string {
  if (status === undefined) return `No answer came: ${message}.`;
  return `GitHub answered ${status}: ${[message, details].filter(Boolean).join(" – ")}.`;
}

function remedyOf(
  refusal: Refusal,
  operation: string,
  permission: string,
  repository: string,
): { what: string; fix: string } {
  const { status, message, headers } = refusal;
  if (status === undefined || status >= 500) {
    return {
      what: `GitHub did not ${operation}.`,
      fix: "run the job again; https://www.githubstatus.com tells of outages.",
    };
  }
  if (isLimit(refusal)) {
    return {
      what: `GitHub's rate limit stopped the attempt to ${operation}.`,
      fix: "run the job again later, or give github-token a token with a limit of its own.",
    };
  }
  if (status === 401) {
    return {
      what: `GitHub refused the token to ${operation}.`,
      fix: "leave github-token out to use the job's own token, or renew the one given.",
    };
  }
  if (status === 403 || (status === 404 && /not found|not accessible/i.test(message))) {
    const accepted = acceptedPermissions(textOf(headers["x-accepted-github-permissions"])) ?? permission;
    return {
      what: `The token may not ${operation} in ${repository}.`,
      fix: `add ${accepted} under permissions: of the job${status === 404 ? ", and check that what is named exists" : ""}. A pull request from a fork gets no write permission.`,
    };
  }
  return { what: `GitHub would not ${operation}.`, fix: "correct what GitHub names above." };
}

/** `issues=write; pull_requests=write` → `issues: write or pull-requests: write`, as a workflow writes it. */
function acceptedPermissions(header: string | undefined): string | undefined {
  return header
    ?.split(";")
    .map((one) => one.trim().replaceAll("_", "-").replace(",", ", ").replaceAll("=", ": "))
    .join(" or ");
}

function isLimit({ status, message, headers }: Refusal): boolean {
  if (status === 429) return true;
  const isSpent = headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined;
  return status === 403 && (isSpent || /rate limit|abuse detection/i.test(message));
}

export function isThrottled(failure: ServiceError): boolean {
  return isLimit(refusalOf(failure.cause));
}

/** Milliseconds GitHub asks to wait: `retry-after`, else until its limit is renewed. */
export function throttlePause(failure: ServiceError, now: number): number | undefined {
  const { headers } = refusalOf(failure.cause);
  const after = Number(headers["retry-after"] ?? Number.NaN);
  if (Number.isFinite(after)) return after * 1_000;
  const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
  return headers["x-ratelimit-remaining"] === "0" && Number.isFinite(reset)
    ? Math.max(0, reset * 1_000 - now)
    : undefined;
}

/** Octokit wraps fetch's error, which wraps the socket's. */
function codeOf(error: unknown): string | undefined {
  for (let cause = error, depth = 0; depth < 5; cause = fieldsOf(cause).cause, depth++) {
    const code = textOf(fieldsOf(cause).code);
    if (code !== undefined) return code;
  }
  return undefined;
}
