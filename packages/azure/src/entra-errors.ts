/** What Entra's refusals mean and what mends them: one table. Codes that are not in it are shown as they came. */
import { ServiceError } from "@augeo/release";
import { registrationCommands, subjectForms } from "./federated-subject.ts";

export interface Presented {
  clientId: string;
  tenantId: string;
  audience: string;
  /** Claims of the ID token that was presented. */
  claims: Readonly<Record<string, unknown>>;
}

interface Explained {
  what: string;
  why: string;
  fix: string;
  retryable?: boolean;
}

const CODES: Readonly<Record<string, (presented: Presented) => Explained>> = {
  "70021": mismatch("federated credential"),
  "700211": mismatch("issuer"),
  "700212": mismatch("audience"),
  "700213": mismatch("subject"),
  "7002131": mismatch("subject expression"),
  "700016": ({ clientId, tenantId }) => ({
    what: `Entra knows no application ${clientId} in the tenant ${tenantId}.`,
    why: "The client id is wrong, belongs to another tenant, or the identity was deleted.",
    fix: "Set client-id to the application (client) id, not the object id: az ad app list --display-name <name> --query '[].appId', or az identity show --name <identity> --resource-group <group> --query clientId.",
  }),
  "90002": ({ tenantId }) => ({
    what: `Entra knows no tenant ${tenantId}.`,
    why: "The tenant id is wrong, or it is a tenant of another cloud.",
    fix: "Set tenant-id to the output of: az account show --query tenantId. For a national cloud, set cloud as well.",
  }),
  "700024": () => ({
    what: "Entra refused the ID token as not valid at this time.",
    why: "GitHub's ID tokens live five minutes. A new one was requested for this exchange, so the clocks differ.",
    fix: "Set the clock of the self-hosted runner (NTP), then run the job again.",
    retryable: true,
  }),
  "700027": () => ({
    what: "Entra could not verify the signature of the ID token.",
    why: "The token was not issued by the issuer that the federated credential names, or its signing key has just been changed.",
    fix: "Run the job again in a few minutes. On GitHub Enterprise Server, check that Entra can reach the issuer's keys.",
    retryable: true,
  }),
  "500011": ({ tenantId }) => ({
    what: "Entra does not know the service that a token was asked for.",
    why: `The service is not available in the tenant ${tenantId}, or cloud names the wrong one.`,
    fix: "Check tenant-id and cloud.",
  }),
  "53003": () => ({
    what: "A Conditional Access policy blocked the sign-in.",
    why: "The tenant has a policy for workload identities that this runner does not meet.",
    fix: "Let an Entra administrator exempt this identity or the runner's addresses.",
  }),
  "7000215": secretInsteadOfFederation,
  "7000222": secretInsteadOfFederation,
};

function secretInsteadOfFederation({ clientId }: Presented): Explained {
  return {
    what: "Entra treated the sign-in as one by client secret.",
    why: `The application ${clientId} refused the federated assertion.`,
    fix: `Add a federated credential to it: az ad app federated-credential list --id ${clientId}`,
  };
}

function mismatch(part: string): (presented: Presented) => Explained {
  return ({ clientId, audience, claims }) => {
    const { sent, classic, immutable } = subjectForms(claims);
    const [app, identity] = registrationCommands(claims, clientId, audience);
    return {
      what: `No federated credential of ${clientId} matches the ${part} of this job's ID token.`,
      why: [
        "Entra compares exactly and case-sensitively. GitHub sent:",
        `  sub: ${sent}`,
        `  aud: ${String(claims.aud)}`,
        `  iss: ${String(claims.iss)}`,
        "GitHub writes subjects in one of two forms; for this job they are:",
        `  classic:   ${classic}`,
        `  immutable: ${immutable}`,
      ].join("\n"),
      fix: [
        "Register what was sent. For an app registration:",
        `  ${app}`,
        "for a managed identity:",
        `  ${identity}`,
      ].join("\n"),
    };
  };
}

/** The error for a failed exchange, from the text in which MSAL wraps Entra's reply. */
export function entraError(message: string, presented: Presented, cause: unknown): ServiceError {
  const code = /AADSTS(\d+)/.exec(message)?.[1] ?? /Error\(s\): (\d+)/.exec(message)?.[1];
  const explained = (code === undefined ? undefined : CODES[code])?.(presented);
  const correlationId = /Correlation ID: ([0-9a-f-]{36})/i.exec(message)?.[1];
  const said = /(AADSTS\d+:[^\r\n]*?)(?: Trace ID:|$)/m.exec(message)?.[1];
  return new ServiceError({
    service: "Entra",
    operation: "exchange the GitHub ID token",
    code: code === undefined ? undefined : `AADSTS${code}`,
    what: explained?.what ?? "Entra did not sign this job in.",
    why: [explained?.why, said === undefined ? message : `Entra said: ${said.trim()}`].filter(Boolean).join("\n"),
    fix: explained?.fix ?? "Look the code up at https://login.microsoftonline.com/error, or run the job again.",
    correlationId,
    retryable: explained?.retryable ?? code === undefined,
    cause,
  });
}
