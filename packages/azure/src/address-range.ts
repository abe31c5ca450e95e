/** Which addresses a runner comes from, as a firewall rule takes them: IPv4 alone, and public ones alone. */
import { ServiceError, UsageError } from "@augeo/release";
import type { Http } from "./http.ts";
import type { AddressRange } from "./server-firewall.ts";

/** The widest range that is still somebody's own network and not half of the Internet. */
const MOST_ADDRESSES = 4_096;
const ANSWER_TIMEOUT = 10_000;

/** Ranges that never reach a server over the Internet (RFC 6890), by their first address and prefix length. */
const NOT_PUBLIC = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
].concat(["192.168.0.0/16", "224.0.0.0/3"]);

/**
 * Reads `203.0.113.7`, `203.0.113.0/28` or `203.0.113.0-203.0.113.15`.
 * @throws UsageError for what is no such thing, is too wide, or can only be an address behind a NAT.
 */
export function readAddressRange(text: string): AddressRange {
  const range = boundsOf(text.trim());
  if (range === undefined) throw refused(text, "It is no IPv4 address, range or CIDR block.");
  const [start, end] = range;
  if (end < start) throw refused(text, "It ends before it begins.");
  if (end - start >= MOST_ADDRESSES)
    throw refused(text, `It holds ${end - start + 1} addresses; ${MOST_ADDRESSES} are the most.`);
  const inner = NOT_PUBLIC.find((block) => overlaps(range, boundsOf(block)));
  if (inner !== undefined)
    throw refused(text, `It lies in ${inner}, which the server never sees: a NAT stands in between.`);
  return { start: textOf(start), end: textOf(end) };
}

function boundsOf(text: string): [start: number, end: number] | undefined {
  const [first = "", last] = text.split("-").map((part) => part.trim());
  const [address = "", bits] = first.split("/");
  const start = numberOf(address);
  if (start === undefined) return undefined;
  if (last !== undefined) {
    const end = numberOf(last);
    return end === undefined || bits !== undefined ? undefined : [start, end];
  }
  if (bits === undefined) return [start, start];
  if (!/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  const base = Math.floor(start / size) * size;
  return [base, base + size - 1];
}

function numberOf(address: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
}

function overlaps([start, end]: [number, number], block: [number, number] | undefined): boolean {
  return block !== undefined && start <= block[1] && end >= block[0];
}

/** Asks a service on the Internet under which address this runner comes to it: a text, or JSON that holds one. */
export async function askOwnAddress(http: Http, url: string, signal: AbortSignal): Promise<AddressRange> {
  let why: string;
  try {
    const { status, text } = await http.send({ method: "GET", url, signal, timeout: ANSWER_TIMEOUT });
    const found = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/.exec(text)?.[0];
    if (status === 200 && found !== undefined) return readAddressRange(found);
    const isIpv6 = status === 200 && /[0-9a-f]{1,4}:[0-9a-f:]+/i.test(text);
    why = isIpv6
      ? "It answered an IPv6 address, and the server's firewall takes IPv4 alone."
      : `It answered ${status} without an IPv4 address.`;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    why = error.message;
  }
  throw new ServiceError({
    service: new URL(url).host,
    operation: "say the runner's address",
    what: `${url} did not say under which address this runner comes out of its network.`,
    why,
    fix: "Set runner-address to the runner's public IPv4 address (or the range that its network leaves by), or runner-address-url to a service that answers it.",
  });
}

function refused(text: string, why: string): UsageError {
  return new UsageError({
    what: `runner-address: "${text.trim()}" cannot be let through a firewall.`,
    why,
    fix: "Give the public IPv4 address under which the runner reaches the Internet, such as 203.0.113.7, or what its network leaves by: 203.0.113.0/28.",
  });
}
