/** Waiting until the SCM site stands still: a change of settings restarts its container, which kills a deployment. */
import type { Kudu } from "./kudu.ts";

export interface Settling {
  /** How many answers in a row must come from the same container. */
  answers: number;
  /** Milliseconds between them. */
  interval: number;
  deadline: number;
}

/** Returns once the site has answered so many times in a row; a gap or another container starts the count anew. */
export async function settle(kudu: Kudu, { answers, interval, deadline }: Settling): Promise<void> {
  const { clock, signal } = kudu.context;
  let last: string | undefined;
  for (let count = 0; count < answers; ) {
    const asked = clock.now();
    const container = await kudu.container(deadline);
    // `container` waits while the site is down: an answer that took long says that it was.
    const undisturbed = container === last && clock.now() - asked < 2 * interval + 5_000;
    count = undisturbed ? count + 1 : 1;
    last = container;
    if (count < answers) await clock.sleep(interval, signal);
  }
}
