/** What this package needs of the run it works for; an action's context fits as it is. */
import type { Clock } from "@augeo/release";

export interface AzureLog {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  /** Prints text that came from outside so that it cannot issue a workflow command. */
  quote(text: string): void;
  /** Hides a secret in all output from now on. */
  mask(secret: string): void;
}

export interface AzureContext {
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  log: AzureLog;
  /** Aborted when the run is cancelled. */
  signal: AbortSignal;
}
