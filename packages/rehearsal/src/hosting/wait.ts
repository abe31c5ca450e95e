/** Resolves after `milliseconds`, or at once when `signal` is aborted. Never rejects, never keeps the process alive. */
export function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted || milliseconds <= 0) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
  });
}

/** Resolves with `promise`, or with `undefined` once `milliseconds` have passed. */
export async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([promise, wait(milliseconds, timer.signal).then(() => undefined)]);
  } finally {
    timer.abort();
  }
}
