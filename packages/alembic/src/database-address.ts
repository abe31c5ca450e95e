import { readFile } from "node:fs/promises";
import type { ConnectionOptions } from "node:tls";
import { UsageError } from "@augeo/release";

export type TlsMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full";

/** A PostgreSQL database as the project's own URL names it. */
export interface DatabaseAddress {
  /** As the project is given it, password included. Never printed, never an argument. */
  url: string;
  host: string;
  port: number;
  database: string;
  user: string;
  password: string | undefined;
  tls: TlsMode;
  /** Path of a PEM file, or `system`. */
  rootCertificate: string | undefined;
  /** Every text that must not be printed. */
  secrets: readonly string[];
  /** `user@host:port/database`, for people. */
  shown: string;
}

const schemes = /^postgres(?:ql)?(?:\+[a-z0-9_]+)?:$/;
const tlsModes: Readonly<Record<string, TlsMode>> = {
  disable: "disable",
  false: "disable",
  allow: "prefer",
  prefer: "prefer",
  require: "require",
  true: "require",
  "verify-ca": "verify-ca",
  "verify-full": "verify-full",
};

/**
 * Reads a SQLAlchemy or libpq URL: `postgresql+driver://user:password@host:port/database?sslmode=…`. Of several hosts
 * the first counts. `password` (an Entra token) takes the place of the URL's own.
 * @throws UsageError when it is not such a URL.
 */
export function readDatabaseUrl(text: string, password?: string): DatabaseAddress {
  const url = parse(text.trim());
  const query = url.searchParams;
  const given = decode(url.password) || undefined;
  const host = query.get("host") || decode(url.hostname).replace(/^\[|\]$/g, "") || "localhost";
  const port = Number(url.port || query.get("port") || 5432);
  const user = decode(url.username) || query.get("user") || "";
  const database = decode(url.pathname.slice(1)) || query.get("dbname") || user;
  if (password !== undefined) url.password = encodeURIComponent(password);
  const secret = password ?? given ?? query.get("password") ?? undefined;
  return {
    url: password === undefined ? text.trim() : url.toString(),
    host,
    port,
    database,
    user,
    password: secret,
    tls: tlsMode(query.get("sslmode") ?? query.get("ssl")),
    rootCertificate: query.get("sslrootcert") ?? undefined,
    secrets: secretsOf(text.trim(), url.toString(), url.password, secret),
    shown: `${user}@${host}:${port}/${database}`,
  };
}

function secretsOf(...texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.filter((text) => text !== undefined && text !== ""))].filter((text) => text !== undefined);
}

function parse(text: string): URL {
  // A user without a host (a Unix socket named in the query) is no URL to WHATWG's parser.
  const full = text.replace(/^([a-z0-9+]+:\/\/[^/@]*@)(?=\/)/i, "$1localhost");
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url !== undefined && schemes.test(url.protocol)) return url;
  throw new UsageError({
    what: "database-url is not the address of a PostgreSQL database.",
    why:
      url === undefined
        ? "It cannot be read as a URL. Characters such as @, /, #, ? and spaces in a password have to be percent-encoded."
        : `It starts with ${url.protocol}//, which is not PostgreSQL.`,
    fix: "Write postgresql://user:password@host:5432/database?sslmode=require, as a secret; postgresql+psycopg:// and other drivers are fine too.",
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function tlsMode(word: string | null): TlsMode {
  if (word === null) return "prefer";
  const mode = tlsModes[word.toLowerCase()];
  if (mode !== undefined) return mode;
  throw new UsageError({
    what: `database-url asks for sslmode=${word}, which PostgreSQL does not know.`,
    why: `The modes are ${Object.keys(tlsModes)
      .filter((name) => !/true|false/.test(name))
      .join(", ")}.`,
    fix: "Set sslmode=require, or sslmode=verify-full with sslrootcert.",
  });
}

/** TLS options for `pg`, with libpq's meaning of each mode: only the `verify` modes check who answers. */
export async function tlsOptions({ tls, rootCertificate, host }: DatabaseAddress): Promise<ConnectionOptions | false> {
  if (tls === "disable" || host.startsWith("/")) return false;
  const ca = await certificate(rootCertificate);
  if (tls === "verify-full") return { ...ca, rejectUnauthorized: true };
  const verifies = tls === "verify-ca" || (tls === "require" && rootCertificate !== undefined);
  return verifies
    ? { ...ca, rejectUnauthorized: true, checkServerIdentity: () => undefined }
    : { rejectUnauthorized: false };
}

async function certificate(path: string | undefined): Promise<{ ca?: string }> {
  if (path === undefined || path === "system") return {};
  try {
    return { ca: await readFile(path, "utf8") };
  } catch (cause) {
    throw new UsageError({
      what: `The root certificate ${path} of database-url cannot be read.`,
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Correct sslrootcert in database-url, or write the certificate there in an earlier step.",
      cause,
    });
  }
}
