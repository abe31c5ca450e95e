import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "@augeo/release";

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    signal?.throwIfAborted();
    await wait(Math.max(0, milliseconds), undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
  },
};
