/**
 * What the release engine needs of the world. The pure side owns these types; shells implement them.
 * Times are milliseconds since 1970 (UTC), durations are milliseconds.
 */
import type { Event, Head } from "./ledger-records.ts";

export type Milliseconds = number;

/** Which release a slot runs, read from the release file inside its content and never from the slot's name. */
export type SlotContent =
  | { kind: "release"; release: string; schemaHead: string | null }
  /** The slot answers and holds no release file: empty, or deployed by something else. */
  | { kind: "unlabelled" }
  /** The slot could not be read; nothing may be decided from this. */
  | { kind: "unreadable"; why: string };

export interface SlotsObservation {
  production: SlotContent;
  /** The slot releases are staged in. */
  staging: SlotContent;
  /** Share of production's requests routed to the staging slot, 0 to 100. */
  weight: number;
  /** When Azure last swapped these two slots (`slotSwapStatus`), if it ever did; a hint for people, not an identity. */
  lastSwapAt?: Milliseconds | undefined;
  /** The management operation that is under way on the app (`inProgressOperationId`), or undefined. */
  operation?: string | undefined;
}

/** How an asynchronous operation (a swap) stands. */
export type OperationStatus =
  /** `retryAfter`: how long the service asks to wait before the next question. */
  | { kind: "running"; operationUrl: string; retryAfter?: Milliseconds | undefined }
  | { kind: "succeeded" }
  /** Refused or failed for good. `busy`: only because another operation was under way; nothing was begun. */
  | { kind: "failed"; status: number | undefined; code: string | undefined; message: string; busy: boolean }
  /** The reply was lost, or the operation's URL is no longer known: only identity can tell. */
  | { kind: "unknown"; why: string };

export interface Slots {
  /** Reads which release is in production and in staging. Never changes anything. `identityOnly`: the weight may be left 0. */
  observe(options?: { identityOnly?: boolean | undefined }): Promise<SlotsObservation>;
  /** The share of production's requests routed to staging alone, by one question. */
  weight(): Promise<number>;
  /**
   * Sends one swap of staging with production, and never a second: no retry at any layer. Resolves as soon as the
   * service has accepted, refused, or the reply was lost; does not wait for the end.
   */
  swap(): Promise<OperationStatus>;
  /** Asks once how an accepted swap stands. */
  swapStatus(operationUrl: string): Promise<OperationStatus>;
  /**
   * Sets the share of production's requests that go to staging to an absolute percentage; 0 removes the rule. Looks
   * right before every request it sends: where the share is not `expected` (null: any), nothing is sent, and what was
   * found is returned.
   */
  route(weight: number, expected: number | null): Promise<{ kind: "set" } | { kind: "withheld"; weight: number }>;
}

export interface ProbeResult {
  url: string;
  /** When the request was sent. */
  at: Milliseconds;
  /** Until the whole body (or its capped head) was read, or the failure. */
  latency: Milliseconds;
  /** Which instance answered, where one was pinned (`ARRAffinity`). */
  instance?: string | undefined;
  answer:
    | { kind: "response"; status: number; headers: Readonly<Record<string, string>>; body: string; truncated: boolean }
    | { kind: "failure"; code: string; message: string };
}

export interface Probe {
  /** One GET. Never throws for what the endpoint does: failures are results. */
  get(
    url: string,
    options?: { timeout?: Milliseconds; instance?: string; headers?: Record<string, string> },
  ): Promise<ProbeResult>;
}

export type LedgerRead =
  | { kind: "absent" }
  | { kind: "head"; head: Head; etag: string }
  /** Not a head we can read: corrupt, or written by a newer version. Blocks; never repaired silently. */
  | { kind: "unreadable"; etag: string; newer: boolean; why: string };

export type LedgerWrite = { kind: "written"; etag: string } | { kind: "lost"; why: string };

export interface Ledger {
  read(): Promise<LedgerRead>;
  /** Compare-and-swap: writes when the stored head still has `etag` (undefined: when there is none). */
  write(head: Head, etag: string | undefined): Promise<LedgerWrite>;
  /** Create-only; an event that exists already is left as it is. */
  append(event: Event): Promise<void>;
  /**
   * Runs one live mutation under a short exclusive lease that is only given while the stored head still has `etag`,
   * so that nobody takes over between the check and the act.
   */
  guard<T>(etag: string, act: () => Promise<T>): Promise<{ kind: "held"; value: T } | { kind: "lost"; why: string }>;
}

export interface Clock {
  now(): Milliseconds;
  /** Rejects with the signal's reason when aborted. */
  sleep(duration: Milliseconds, signal?: AbortSignal): Promise<void>;
}
