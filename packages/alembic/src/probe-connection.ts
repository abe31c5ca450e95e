import { readDatabaseUrl } from "./database-address.ts";
import { tryToConnect } from "./database-session.ts";

/** How a server receives this runner, before anything is asked of it. */
export type Reception =
  /** It speaks with this runner; whether the sign-in works is another matter. */
  | { readonly kind: "open" }
  /** It turned the address away, and named it: the address under which it sees this runner. */
  | { readonly kind: "refused"; readonly address: string; readonly message: string }
  /** Nothing came back in time. */
  | { readonly kind: "silent"; readonly message: string };

const REFUSED = /no pg_hba\.conf entry for host "([^"]+)"/;
/** Codes of errors that come from the network and not from a server. */
const NETWORK = /^E[A-Z_]+$|timeout|timed out|terminated/i;

/** Knocks at the database's server. Never throws for what the server or the network does. */
export async function probeConnection(url: string, timeout: number): Promise<Reception> {
  const address = readDatabaseUrl(url);
  try {
    await (await tryToConnect(address, timeout)).end();
    return { kind: "open" };
  } catch (error) {
    const message = error instanceof Error ? error.message || String(Reflect.get(error, "code")) : String(error);
    const seen = REFUSED.exec(message)?.[1];
    // A rule there is, and TLS is what it lacks: the firewall is not what stands in the way.
    if (seen !== undefined && address.tls !== "disable") return { kind: "refused", address: seen, message };
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return NETWORK.test(code) || NETWORK.test(message) ? { kind: "silent", message } : { kind: "open" };
  }
}
