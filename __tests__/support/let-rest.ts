import type { Site } from "@augeo/rehearsal";

const HOUR = 3_600_000;

/**
 * As if nothing had been changed on the site for an hour, which is how most releases find it: one that comes within a
 * minute of a change waits until the SCM site stands still.
 */
export function letRest({ production, slots }: Site): void {
  for (const slot of [production, ...slots.values()])
    slot.lastModifiedTimeUtc = new Date(Date.now() - HOUR).toISOString();
}
