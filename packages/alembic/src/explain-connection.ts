import { ServiceError } from "@augeo/release";
import type { DatabaseAddress } from "./database-address.ts";
import { redactor } from "./redact.ts";

type Advice = readonly [what: string, fix: string];

/** By SQLSTATE, Node's error code, or TLS code. */
function adviceFor(code: string, message: string, address: DatabaseAddress): Advice | undefined {
  const { host, port, user, database } = address;
  const client = /no pg_hba\.conf entry for host "([^"]+)"/.exec(message)?.[1];
  if (client !== undefined && address.tls !== "disable") return notAdmitted(host, client);
  const known: Readonly<Record<string, Advice>> = {
    "28P01": [
      `PostgreSQL at ${host} refused the password of ${user}.`,
      "Correct the secret behind database-url. In a URL, special characters of a password have to be percent-encoded. With database-auth: entra, the user must be the name of a database principal made for this identity (pgaadauth_create_principal).",
    ],
    "28000": [
      `PostgreSQL at ${host} does not let ${user} connect to ${database}.`,
      "Check the user's name and that pg_hba.conf (or the server's firewall and TLS setting) admits this runner; add ?sslmode=require if the server demands TLS.",
    ],
    "3D000": [
      `There is no database called ${database} at ${host}.`,
      `Create it (CREATE DATABASE), or correct the name after the last slash of database-url.`,
    ],
    "53300": [
      `PostgreSQL at ${host} has no free connection.`,
      "Wait for running jobs to end, or raise max_connections.",
    ],
    "57P03": [`PostgreSQL at ${host} is starting up or shutting down.`, "Run the job again in a minute."],
    ENOTFOUND: [
      `The database host ${host} is not known.`,
      "Correct the host in database-url. A private endpoint's name only resolves from inside its network.",
    ],
    ECONNREFUSED: [
      `Nothing listens at ${host}:${port}.`,
      "Start PostgreSQL, or correct host and port in database-url.",
    ],
    ETIMEDOUT: [
      `${host}:${port} did not answer.`,
      "Most often a firewall. On an Azure flexible server set connect: firewall-rule, which opens it to this runner for the run; a server with private access alone needs a runner inside its network.",
    ],
  };
  if (/timeout expired|ETIMEDOUT|terminated due to connection timeout/i.test(message)) return known.ETIMEDOUT;
  if (code === "EAI_AGAIN") return known.ENOTFOUND;
  if (/does not support SSL/i.test(message))
    return [
      `PostgreSQL at ${host} does not offer TLS, which database-url demands.`,
      "Turn TLS on at the server, or set sslmode=disable for a database on this machine.",
    ];
  if (/certificate|self.signed|CERT|altname/i.test(`${code} ${message}`))
    return [
      `The certificate of ${host} cannot be verified.`,
      "Set sslrootcert in database-url to the server's root certificate, or sslmode=require to encrypt without verifying.",
    ];
  return known[code];
}

function notAdmitted(host: string, client: string): Advice {
  return [
    `PostgreSQL at ${host} admits no connection from ${client}, which is this runner.`,
    "On an Azure flexible server set connect: firewall-rule, which opens its firewall to this runner for the run and closes it again; where it is set already, give runner-address the range that this runner's network leaves by. Elsewhere add the address to the server's firewall or pg_hba.conf.",
  ];
}

/** What a failed connection means and what to do, by PostgreSQL's or the system's own code; unknown ones are shown raw. */
export function explainConnection(error: unknown, address: DatabaseAddress): ServiceError {
  const clean = redactor(address.secrets);
  const message = clean(error instanceof AggregateError ? error.errors.map(String).join("; ") : messageOf(error));
  const code = codeOf(error);
  const advice = adviceFor(code ?? "", message, address);
  return new ServiceError({
    service: "PostgreSQL",
    operation: "connect",
    code,
    what: advice?.[0] ?? `The database ${address.shown} cannot be reached.`,
    why: `${code === undefined ? "" : `${code}: `}${message}`,
    fix: advice?.[1] ?? "Correct database-url, and check that this runner may reach the server.",
    retryable: code === "57P03" || code === "53300",
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
