import { join } from "node:path";
import { measureAction, progress, round } from "./measured-run.ts";
import { openStage, writePackage } from "./stage.ts";

/** Seconds that deployments take. */
const DURATIONS = [0.3, 0.7, 1, 2, 3, 4, 5.1, 7, 9, 12, 16, 20, 25, 30];
/** So few at once that they do not hold each other up. */
const AT_ONCE = 5;

interface Loss {
  readonly deploymentSeconds: number;
  readonly lostSeconds: number;
  readonly polls: number;
}

/** From the end of a deployment to the answer that told us of it. */
export async function benchPolling(dist: string, folder: string): Promise<object> {
  progress("polling");
  const path = await writePackage(join(folder, "polling"));
  const losses: Loss[] = [];
  // Longest first, so that the last ones to end are short.
  const waiting = [...DURATIONS].reverse();
  const work = async (): Promise<void> => {
    for (let seconds = waiting.shift(); seconds !== undefined; seconds = waiting.shift()) {
      losses.push(await lossOf(join(dist, "slot-deploy", "index.js"), path, seconds));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  losses.sort((a, b) => a.deploymentSeconds - b.deploymentSeconds);
  const lost = losses.map(({ lostSeconds }) => lostSeconds);
  return {
    meanLostSeconds: round(lost.reduce((sum, one) => sum + one, 0) / lost.length, 3),
    worstLostSeconds: Math.max(...lost),
    deployments: losses,
  };
}

async function lossOf(script: string, path: string, seconds: number): Promise<Loss> {
  const { cloud, site, inputs } = await openStage(`bench-poll-${seconds * 10}`, (seconds * 1_000) / 2);
  try {
    const run = await measureAction(script, cloud, { ...inputs, package: path, release: "bench" });
    const slot = site.slots.get("staging") ?? site.production;
    const record = cloud.hosting.deployments(slot).at(0);
    const ended = Date.parse(record?.end_time ?? "");
    const polls = cloud.requests.of({ host: "scm", method: "GET", path: /\/api\/deployments\/[^/?]+$/ });
    const told = polls.map(({ at, milliseconds = 0 }) => at + milliseconds).find((at) => at >= ended);
    if (run.reason !== "deployed" || told === undefined) throw new Error(`no poll after the end: ${run.reason}`);
    return { deploymentSeconds: seconds, lostSeconds: round((told - ended) / 1_000, 3), polls: polls.length };
  } finally {
    await cloud.close();
  }
}
