/** The SCM site's refusals, with what mends them. Its own words are always shown. */
import { ServiceError } from "@augeo/release";
import { fieldsOf, jsonOf, optionalText } from "./decode.ts";
import type { HttpReply, TransportError } from "./http.ts";
import { isThrottled } from "./retry.ts";

interface Known {
  matches: (reply: HttpReply) => boolean;
  what: string;
  fix: string;
}

const KNOWN: readonly Known[] = [
  {
    matches: ({ status, text }) => status === 409 && /Run-From-Zip|WEBSITE_RUN_FROM_PACKAGE/i.test(text),
    what: "The slot runs from a package at a URL, so nothing can be deployed into it.",
    fix: "Remove the app setting WEBSITE_RUN_FROM_PACKAGE from the slot (it is not supported for Python).",
  },
  {
    matches: ({ status, text }) => status === 409 && /auto swap/i.test(text),
    what: "An auto swap of this slot is under way.",
    fix: "Turn auto swap off (az webapp deployment slot auto-swap --disable): this action swaps by itself, once the slot is healthy.",
  },
  {
    matches: ({ status }) => status === 409,
    what: "Another deployment to this slot is in progress.",
    fix: "Wait for it to end. Give the workflow a concurrency group with cancel-in-progress: false so that its runs do not meet. A deployment that never ends is cleared by restarting the SCM site: az webapp restart.",
  },
  {
    matches: ({ status, text }) =>
      status === 403 && /ip forbidden|ip address|not allowed to|web app is stopped|site disabled/i.test(text),
    what: "The SCM site does not let this runner in.",
    fix: "Set via: arm, which deploys through Resource Manager and needs no way to the SCM site; or start the app, or allow the runner's address in the SCM access restrictions.",
  },
  {
    matches: ({ status }) => status === 403,
    what: "The identity may not deploy to this slot.",
    fix: 'It lacks the action microsoft.web/sites/publish/action (for slots microsoft.web/sites/slots/publish/action): az role assignment create --assignee <client-id> --role "Website Contributor" --scope "$(az webapp show --resource-group <group> --name <app> --query id --output tsv)". Where the SCM site is closed to this runner, set via: arm.',
  },
  {
    matches: ({ status }) => status === 401,
    what: "The SCM site refused the sign-in, also with a new token.",
    fix: "Check tenant-id and cloud, and that the identity has the role Website Contributor on the app.",
  },
  {
    matches: ({ status, text }) => isThrottled(status, text),
    what: "The SCM site throttles this run.",
    fix: "Run again later; stagger workflows that deploy to the same plan, or raise timeout.",
  },
  {
    matches: ({ status }) => status === 413,
    what: "The package is larger than the SCM site takes.",
    fix: "Leave out what the app does not need at run time; the limit is 2048 MB.",
  },
  {
    matches: ({ status }) => status === 400,
    what: "The SCM site refused the package.",
    fix: "Mend what it says, then run again.",
  },
  {
    matches: ({ status }) => status >= 500,
    what: "The SCM site does not work at the moment.",
    fix: "Run again later. When it stays, restart the app (az webapp restart) and look at its Diagnose and solve problems page.",
  },
];

export function kuduFailure(operation: string, reply: HttpReply): ServiceError {
  const known = KNOWN.find(({ matches }) => matches(reply));
  return new ServiceError({
    service: "Kudu",
    operation,
    status: reply.status,
    what: known?.what ?? `The SCM site could not ${operation}.`,
    why: `It answered ${reply.status} when asked to ${operation}${saidBy(reply)}`,
    fix: known?.fix ?? "Look at the app's deployment log in the Azure portal.",
    correlationId: reply.headers["x-ms-correlation-request-id"] ?? reply.headers["x-ms-request-id"],
    retryable: reply.status === 409 || isThrottled(reply.status, reply.text) || reply.status >= 500,
  });
}

/** What the body says, as one paragraph of at most 600 characters: JSON's message, or the text without mark-up. */
function saidBy({ text }: HttpReply): string {
  const json = fieldsOf(jsonOf(text));
  const message = optionalText(json.Message) ?? optionalText(json.message) ?? optionalText(json.error) ?? text;
  const plain = message
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return plain === "" ? "." : `: ${plain.slice(0, 600)}`;
}

export function kuduNoReply(operation: string, cause: TransportError, origin: string): ServiceError {
  const unresolved = cause.code === "ENOTFOUND" || cause.code === "EAI_AGAIN";
  return new ServiceError({
    service: "Kudu",
    operation,
    code: cause.code,
    what: `The SCM site ${new URL(origin).host} did not answer.`,
    why: `It was asked to ${operation}: ${cause.message}.`,
    fix: unresolved
      ? "Its name does not resolve from this runner. Where the app has a private endpoint, set via: arm or use a runner inside the network."
      : "Check that this runner may reach it (private endpoint, firewall, proxy). Where it may not, set via: arm.",
    retryable: true,
    cause,
  });
}
