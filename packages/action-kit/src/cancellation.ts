import { Interrupted } from "@augeo/release";

/** From SIGINT to SIGTERM, and from SIGTERM to the end: the runner's own budgets. */
const AFTER_SIGINT = 7_500;
const AFTER_SIGTERM = 2_500;

export interface Cancellation {
  readonly signal: AbortSignal;
  /** Milliseconds until the runner kills the process; `Infinity` while nothing was cancelled. */
  remaining(): number;
  /** Resolves when too little of the budget is left to wait for anything but writing the outcome. */
  readonly lastCall: Promise<void>;
  /** Stops listening. */
  release(): void;
}

/** Turns the runner's SIGINT and SIGTERM into an abort signal with a budget. */
export function listenForCancellation(now: () => number, events: NodeJS.Process = process): Cancellation {
  const controller = new AbortController();
  let deadline = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = (budget: number): void => {
    deadline = Math.min(deadline, now() + budget);
    clearTimeout(timer);
    timer = setTimeout(resolve, Math.max(0, deadline - now() - 800));
    controller.abort(new Interrupted({ what: "The run was cancelled.", done: [], undone: [] }));
  };
  const onInterrupt = (): void => cancel(AFTER_SIGINT + AFTER_SIGTERM);
  const onTerminate = (): void => cancel(AFTER_SIGTERM);
  events.on("SIGINT", onInterrupt);
  events.on("SIGTERM", onTerminate);
  return {
    signal: controller.signal,
    remaining: () => Math.max(0, deadline - now()),
    lastCall: promise,
    release() {
      clearTimeout(timer);
      events.off("SIGINT", onInterrupt);
      events.off("SIGTERM", onTerminate);
    },
  };
}
