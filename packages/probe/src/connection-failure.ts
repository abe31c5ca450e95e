import type { ProbeResult } from "@augeo/release";

type Failure = Extract<ProbeResult["answer"], { kind: "failure" }>;

/** What went wrong below HTTP, in words. The code is Node's or OpenSSL's own. */
export function connectionFailure(error: unknown, url: string): Failure {
  const { name, code, message } = partsOf(error);
  const { hostname, port, protocol } = new URL(url);
  const host = port === "" ? hostname : `${hostname}:${port}`;
  if (name === "TimeoutError" || code === "ETIMEDOUT")
    return { kind: "failure", code: "TIMEOUT", message: `${host} did not answer in time` };
  if (name === "AbortError" || name === "Interrupted")
    return { kind: "failure", code: "ABORTED", message: "the run was cancelled" };
  const words = WORDS[code]?.(host) ?? (protocol === "https:" ? tlsWords(code, host, message) : undefined);
  return { kind: "failure", code, message: words ?? message };
}

const WORDS: Readonly<Record<string, (host: string) => string>> = {
  ENOTFOUND: (host) => `the name ${host} does not resolve`,
  EAI_AGAIN: (host) => `the name ${host} could not be looked up: the runner's DNS did not answer`,
  ECONNREFUSED: (host) => `${host} refused the connection: nothing listens there`,
  ECONNRESET: (host) => `${host} closed the connection without an answer`,
  EPIPE: (host) => `${host} closed the connection without an answer`,
  EHOSTUNREACH: (host) => `there is no route to ${host}`,
  ENETUNREACH: (host) => `there is no route to ${host}`,
};

function tlsWords(code: string, host: string, message: string): string | undefined {
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return `the certificate of ${host} is for another name: ${message}`;
  if (code === "CERT_HAS_EXPIRED") return `the certificate of ${host} has expired`;
  if (UNTRUSTED.has(code)) return `the certificate of ${host} is not trusted by this runner`;
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "EPROTO")
    return `${host} does not speak TLS on this port: is the address http?`;
  return /^ERR_(?:SSL|TLS)|CERT/.test(code) ? `TLS with ${host} failed: ${message}` : undefined;
}

const UNTRUSTED: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function partsOf(error: unknown): { name: string; code: string; message: string } {
  if (!(error instanceof Error)) return { name: "", code: "UNKNOWN", message: String(error) };
  // An abort carries what aborted it; a failed connection to several addresses carries one error for each.
  if (error.name === "AbortError" && error.cause instanceof Error) return partsOf(error.cause);
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return partsOf(error.errors[0]);
  const code = "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
  return { name: error.name, code, message: error.message.replace(/\s+/g, " ") };
}
