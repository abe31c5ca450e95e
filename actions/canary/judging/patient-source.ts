import { type Clock, ServiceError } from "@augeo/release";
import type { RunContext } from "../../slot-swap/connection.ts";

/** Argo Rollouts' numbers: an error is asked again ten seconds later, four times. */
const TRIES = 4;
const PAUSE = 10_000;

/**
 * Asks again when a metric source fails, then lets the failure through. It never waits longer than a bin: what is
 * counted by the second must not be blind for ten.
 */
export async function patiently<T>(
  { log, clock, signal }: Pick<RunContext, "log" | "signal"> & { clock: Clock },
  bin: number,
  ask: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ServiceError) || attempt > TRIES || isForGood(error)) throw error;
      log.info(`${error.what} ${error.why} Asking again (${attempt} of ${TRIES}).`);
      await clock.sleep(Math.min(PAUSE, bin), signal);
    }
  }
}

/** A missing right or a wrong id does not heal within a minute. */
const isForGood = ({ status }: ServiceError): boolean =>
  status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
