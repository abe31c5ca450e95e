/** What a request counts as. */
export type Kind = "reads" | "writes" | "deletes";

export interface BucketLimits {
  /** Tokens when full. */
  size: number;
  /** Tokens per second. */
  refill: number;
}

/** ARM's limits for one principal in one subscription since 2024. Source: Microsoft Learn, "Throttling Resource Manager requests". */
export const azureLimits: Record<Kind, BucketLimits> = {
  reads: { size: 250, refill: 25 },
  writes: { size: 200, refill: 10 },
  deletes: { size: 200, refill: 10 },
};

interface Bucket {
  tokens: number;
  /** Milliseconds. */
  filledAt: number;
  /** No token is given before, however many there are: asking too early begins the wait anew. */
  closedUntil: number;
}

export type Taken = { allowed: true; remaining: number } | { allowed: false; retryAfter: number };

export function kindOf(method: string): Kind {
  if (method === "GET" || method === "HEAD") return "reads";
  return method === "DELETE" ? "deletes" : "writes";
}

/** Token buckets, one for each principal, subscription and kind of operation. */
export class Throttle {
  #limits: Record<Kind, BucketLimits> = azureLimits;
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get limits(): Record<Kind, BucketLimits> {
    return this.#limits;
  }

  /** New limits begin with full buckets. */
  set limits(limits: Record<Kind, BucketLimits>) {
    this.#limits = limits;
    this.#buckets.clear();
  }

  /** Takes a token; `retryAfter` is whole seconds. */
  take(owner: string, kind: Kind): Taken {
    const now = this.#now();
    const limits = this.#limits[kind];
    const bucket = this.#filled(`${kind} ${owner}`, limits, now);
    if (bucket.tokens >= 1 && now >= bucket.closedUntil) {
      bucket.tokens -= 1;
      return { allowed: true, remaining: Math.floor(bucket.tokens) };
    }
    const retryAfter = Math.max(1, Math.ceil((1 - bucket.tokens) / limits.refill));
    bucket.closedUntil = now + retryAfter * 1000;
    return { allowed: false, retryAfter };
  }

  #filled(key: string, limits: BucketLimits, now: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { tokens: limits.size, filledAt: now, closedUntil: 0 };
    const gained = ((now - bucket.filledAt) / 1000) * limits.refill;
    bucket.tokens = Math.min(limits.size, bucket.tokens + gained);
    bucket.filledAt = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
