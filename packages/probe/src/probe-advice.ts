import type { Assessment } from "@augeo/release";
import { isRedirect } from "./probe-session.ts";

/** What to do about a failed probe, from the way it failed. */
export function adviceFor(assessment: Assessment): string {
  const { answer, url } = assessment.result;
  if (answer.kind === "failure") return failureAdvice(answer.code, new URL(url).hostname);
  if (isRedirect(assessment)) return redirectAdvice(url, answer.headers.location ?? "");
  if (isHtml(answer.headers) && assessment.faults.some((fault) => fault.includes("not JSON"))) return HTML_ADVICE;
  return statusAdvice(answer.status);
}

const HTML_ADVICE =
  "the answer is a web page, where JSON is expected: probe the API's own health path, not a page of a front end or of a sign-in.";

function failureAdvice(code: string, host: string): string {
  if (code === "ENOTFOUND") return `check the host name ${host}: a new app's name takes some minutes to appear in DNS.`;
  if (code === "TIMEOUT")
    return "look at the app's start in its log; raise request-timeout if such answers are expected.";
  if (code === "EPROTO" || code === "ERR_SSL_WRONG_VERSION_NUMBER")
    return "write http:// in the address, or the port that speaks TLS.";
  if (/CERT|TLS|SSL|UNABLE_TO|SELF_SIGNED/.test(code)) {
    return "bind a certificate for this name, or trust its authority on the runner with NODE_EXTRA_CA_CERTS.";
  }
  return "see whether the app has started: its log says why it stopped or what it listens on.";
}

/** Known redirects have known causes: plain http on an HTTPS-only app, and App Service's own sign-in. */
function redirectAdvice(from: string, location: string): string {
  const target = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (target === undefined) return "probe the address that answers itself.";
  if (/\.auth\/login|login\.microsoftonline|\/oauth2\//.test(target.href)) {
    return "the path asks for a sign-in: exclude it from authentication (excludedPaths), or probe one that is open.";
  }
  return `probe ${target.href} itself: redirects are not followed, as load balancers do not follow them.`;
}

function statusAdvice(status: number): string {
  if (status === 401 || status === 403)
    return "let the health path answer without sign-in, and check access restrictions.";
  if (status === 404) return "check the path: the app answers, but not there.";
  if (status === 502 || status === 503)
    return "the platform answers in the app's place: it has not started, or has stopped. Its log says why.";
  return status >= 500
    ? "the app itself failed: its log has the trace."
    : "compare the answer above with what is expected.";
}

function isHtml(headers: Readonly<Record<string, string>>): boolean {
  return (headers["content-type"] ?? "").includes("html");
}
