/** When to send again: one schedule for every service. */
import type { Clock } from "@augeo/release";

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** Milliseconds to wait that a `Retry-After` header asks for (seconds or an HTTP date); undefined without one. */
export function retryAfterOf(headers: Readonly<Record<string, string | undefined>>, now: number): number | undefined {
  const value = headers["retry-after"]?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * The pause before attempt `attempt + 1` (attempts count from 1): never shorter than the server asked for, a little
 * longer so that jobs that were refused together do not return together; without a wish, doubling with full jitter.
 */
export function pauseBefore(attempt: number, wished: number | undefined, random = Math.random): number {
  if (wished !== undefined) return wished + random() * Math.min(1_000, wished * 0.1);
  const ceiling = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1));
  return ceiling / 2 + (random() * ceiling) / 2;
}

export const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 500, 502, 503, 504]);

/** 406 with this body is how the SCM site's front end says 429. */
export function isThrottled(status: number, text: string): boolean {
  return status === 429 || (status === 406 && /excessive scm site/i.test(text));
}

/** Sleeps, unless the end would lie after `deadline`: then says so by false and does not sleep. */
export async function pauseWithin(
  clock: Clock,
  pause: number,
  deadline: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (clock.now() + pause > deadline) return false;
  await clock.sleep(pause, signal);
  return true;
}
