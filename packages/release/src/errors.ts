/**
 * The three errors a user can meet. Each says what happened, why, and what to do; anything else that is thrown is a
 * fault of ours. Refused gates, unhealthy probes and completed rollbacks are outcomes and never come here.
 */

export interface Explanation {
  /** What happened, one sentence. */
  what: string;
  why: string;
  /** What the reader does next, concretely: an input to set, a command to run. */
  fix: string;
}

/** `Error: … / Why: … / Fix: …`, the one form in which errors are shown. */
export function explain({ what, why, fix }: Explanation): string {
  return [`Error: ${what}`, `Why: ${why}`, `Fix: ${fix}`].join("\n");
}

/** The workflow, its inputs or its package are wrong; nothing was changed remotely. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly what: string;
  readonly why: string;
  readonly fix: string;

  constructor({ what, why, fix, cause }: Explanation & { cause?: unknown }) {
    super(what, cause === undefined ? undefined : { cause });
    this.what = what;
    this.why = why;
    this.fix = fix;
  }
}

export interface ServiceFailure extends Explanation {
  /** Who said no: `Azure Resource Manager`, `Kudu`, `Blob Storage`, `GitHub`, `Entra`, `PostgreSQL`. */
  service: string;
  /** What was asked, in the service's own word: `WebApps_SwapSlotWithProduction`. */
  operation: string;
  /** HTTP status; undefined when no reply came. */
  status?: number | undefined;
  /** The service's own code: `SlotNotFound`, `AADSTS700213`, `55P03`. */
  code?: string | undefined;
  correlationId?: string | undefined;
  /** True when the same call may succeed later and sending it again is harmless. */
  retryable?: boolean | undefined;
  cause?: unknown;
}

/** A remote service refused, failed or did not answer. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly service: string;
  readonly operation: string;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly correlationId: string | undefined;
  readonly retryable: boolean;

  constructor(failure: ServiceFailure) {
    super(failure.what, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.service = failure.service;
    this.operation = failure.operation;
    this.status = failure.status;
    this.code = failure.code;
    this.what = failure.what;
    this.why = failure.why;
    this.fix = failure.fix;
    this.correlationId = failure.correlationId;
    this.retryable = failure.retryable ?? false;
  }
}

export interface Interruption {
  what: string;
  /** What was completed before the cancellation, one sentence each. */
  done: readonly string[];
  /** What was begun and is not known to be completed, one sentence each. */
  undone: readonly string[];
}

/** The run was cancelled (SIGINT or SIGTERM): what was done, and what is left. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly what: string;
  readonly done: readonly string[];
  readonly undone: readonly string[];

  constructor({ what, done, undone }: Interruption) {
    super(what);
    this.what = what;
    this.done = done;
    this.undone = undone;
  }

  get why(): string {
    if (this.done.length > 0) return `The run was cancelled. Done: ${this.done.join("; ")}.`;
    const isClean = this.undone.length === 0;
    return isClean ? "The run was cancelled before anything was changed." : "The run was cancelled.";
  }

  get fix(): string {
    return this.undone.length === 0
      ? "Nothing is left half done; run the workflow again when ready."
      : `Left open: ${this.undone.join("; ")}. The post step or the next run of this workflow takes it up.`;
  }
}
