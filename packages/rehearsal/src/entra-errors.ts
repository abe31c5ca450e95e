import { randomUUID } from "node:crypto";
import { type Call, ReplyError } from "./http.ts";

const documentation = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
const compare = `Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${documentation}`;

function unmatched(what: string, value: string): string {
  return `No matching federated identity record found for presented assertion ${what} '${value}'. ${compare}`;
}

interface AadError {
  /** The number after `AADSTS`. */
  code: number;
  /** OAuth's own word. */
  error: string;
  status: 400 | 401;
  text: string;
}

/** The errors of the token endpoint, as Entra words them. Sources: public issue threads; pairing of status and word by observation. */
export const aadsts = {
  issuer: (value: string): AadError => ({
    code: 700211,
    error: "invalid_client",
    status: 401,
    text: unmatched("issuer", value),
  }),
  audience: (value: string): AadError => ({
    code: 700212,
    error: "invalid_client",
    status: 401,
    text: unmatched("audience", value),
  }),
  subject: (value: string): AadError => ({
    code: 700213,
    error: "invalid_client",
    status: 401,
    text: unmatched("subject", value),
  }),
  /** The subject would match but for its case. */
  subjectCase: (value: string): AadError => ({
    code: 7002138,
    error: "invalid_client",
    status: 401,
    text: `No matching federated identity record found for presented assertion subject '${value}'. Please note that the matching is done using a case-sensitive comparison. ${compare}`,
  }),
  /** Only credentials with an expression are left, and none of them matches. */
  expression: (value: string): AadError => ({
    code: 7002131,
    error: "invalid_client",
    status: 401,
    text: `No matching federated identity record found for presented assertion subject '${value}' by a claims matching expression. ${compare}`,
  }),
  validity: (now: string, from: string, to: string): AadError => ({
    code: 700024,
    error: "invalid_client",
    status: 401,
    text: `Client assertion is not within its valid time range. Current time: ${now}, assertion valid from ${from}, expiry time of assertion ${to}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
  }),
  signature: (reason: string): AadError => ({
    code: 700027,
    error: "invalid_client",
    status: 401,
    text: `Client assertion failed signature validation. [Reason - ${reason}] Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
  }),
  malformed: (): AadError => ({
    code: 50027,
    error: "invalid_request",
    status: 400,
    text: "JWT token is invalid or malformed.",
  }),
  application: (clientId: string, tenant: string): AadError => ({
    code: 700016,
    error: "unauthorized_client",
    status: 400,
    text: `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  }),
  tenant: (tenant: string): AadError => ({
    code: 90002,
    error: "invalid_request",
    status: 400,
    text: `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  }),
  resource: (resource: string, tenant: string): AadError => ({
    code: 500011,
    error: "invalid_resource",
    status: 400,
    text: `The resource principal named ${resource} was not found in the tenant named ${tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  }),
  parameter: (name: string): AadError => ({
    code: 900144,
    error: "invalid_request",
    status: 400,
    text: `The request body must contain the following parameter: '${name}'.`,
  }),
  scope: (scope: string): AadError => ({
    code: 1002012,
    error: "invalid_scope",
    status: 400,
    text: `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  }),
  grant: (grant: string): AadError => ({
    code: 70003,
    error: "unsupported_grant_type",
    status: 400,
    text: `The app requested an unsupported grant type '${grant}'.`,
  }),
  noCredential: (): AadError => ({
    code: 7000218,
    error: "invalid_client",
    status: 401,
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  }),
  secret: (clientId: string): AadError => ({
    code: 7000215,
    error: "invalid_client",
    status: 401,
    text: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  }),
};

/** Ends the request as Entra ends it. */
export function refuse(call: Call, reason: AadError): never {
  const timestamp = `${new Date().toISOString().slice(0, 19).replace("T", " ")}Z`;
  const trace = randomUUID();
  const correlation = call.query.get("client-request-id") ?? call.header("client-request-id") ?? randomUUID();
  throw new ReplyError({
    status: reason.status,
    headers: { "x-ms-request-id": trace, "client-request-id": correlation },
    body: {
      error: reason.error,
      error_description: `AADSTS${reason.code}: ${reason.text} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [reason.code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${reason.code}`,
    },
  });
}
