/** Which of the SCM site's records is ours: `latest` may be anyone's. */
import type { Kudu } from "./kudu.ts";
import type { DeploymentRecord } from "./kudu-records.ts";

/** What was there before the package was sent, and what ours carries. */
export interface Before {
  ids: ReadonlySet<string>;
  /** Text in our record's `message`, where the site keeps it. */
  marker: string;
}

export async function recordsBefore(kudu: Kudu, marker: string): Promise<Before> {
  const records = await kudu.deployments();
  return { ids: new Set(records.map(({ id }) => id)), marker };
}

/** Ours among the records: by our marker, else the one that was not there before. */
export function oursAmong(records: readonly DeploymentRecord[], before: Before): DeploymentRecord | undefined {
  const fresh = records.filter(({ id, temporary }) => !before.ids.has(id) && !temporary);
  const marked = fresh.find(({ message }) => message.includes(before.marker));
  // Sites that keep no message: the deployment lock lets one deployment in at a time, and ours was accepted first.
  return marked ?? fresh.at(-1);
}

/** Whether something that was not there before is being received. */
export function isReceiving(records: readonly DeploymentRecord[], before: Before): boolean {
  return records.some(({ id, temporary, complete }) => !before.ids.has(id) && temporary && !complete);
}

/**
 * Looks for our record until the deadline. With `patient`, its existence is certain (the site accepted it); without,
 * the search ends as soon as nothing has been received for `quiet` milliseconds.
 */
export async function findOurs(
  kudu: Kudu,
  before: Before,
  search: { deadline: number; quiet: number },
): Promise<DeploymentRecord | undefined> {
  const { clock, signal } = kudu.context;
  let quietSince = clock.now();
  for (let pause = 250; ; pause = Math.min(2_000, pause * 1.5)) {
    const records = await kudu.deployments();
    const ours = oursAmong(records, before);
    if (ours !== undefined) return ours;
    const busy = isReceiving(records, before) || (await kudu.isDeploying());
    if (busy) quietSince = clock.now();
    if (clock.now() - quietSince >= search.quiet || clock.now() + pause > search.deadline) return undefined;
    await clock.sleep(pause, signal);
  }
}
