/** What the slot really holds, and whether its app runs: the last word on a deployment, whatever its status was. */
import { ServiceError } from "@augeo/release";
import type { Arm } from "./arm.ts";
import { type Http, TransportError } from "./http.ts";
import type { Kudu } from "./kudu.ts";
import { SUCCEEDED } from "./kudu-records.ts";
import { decodeReleaseFile, RELEASE_FILE, type ReleaseFile } from "./package/release-file.ts";
import { type InstanceView, listInstances, type SlotRef } from "./site.ts";

/** The release file in the slot; undefined where there is none that can be read. */
export type DeployedFile = ReleaseFile | undefined;

export async function readDeployed(kudu: Kudu): Promise<DeployedFile> {
  const text = await kudu.file(`site/wwwroot/${RELEASE_FILE}`);
  return text === undefined ? undefined : decodeReleaseFile(text);
}

/** Everything but the commit: a commit that changes nothing in the package needs no deployment. */
export function isSameRelease(there: DeployedFile, ours: ReleaseFile): boolean {
  return (
    there !== undefined &&
    there.release === ours.release &&
    there.content === ours.content &&
    there.schemaHead === ours.schemaHead
  );
}

/**
 * Whether the slot already holds this release, completely: its files are copied in place, so the release file proves
 * nothing while a deployment runs or after one that failed half-way.
 */
export async function holdsRelease(kudu: Kudu, ours: ReleaseFile): Promise<boolean> {
  if (!isSameRelease(await readDeployed(kudu), ours)) return false;
  const newest = (await kudu.deployments()).find(({ temporary }) => !temporary);
  return newest?.status === SUCCEEDED && !(await kudu.isDeploying());
}

/** Throws unless the slot's content carries our label: success that is not success. */
export async function proveContent(kudu: Kudu, ours: ReleaseFile, deadline: number): Promise<void> {
  const { clock, signal } = kudu.context;
  for (let attempt = 1; ; attempt++) {
    const there = await readDeployed(kudu);
    if (isSameRelease(there, ours)) return;
    if (attempt >= 5 || clock.now() > deadline) throw notServed(there, ours);
    await clock.sleep(1_000, signal);
  }
}

function notServed(there: DeployedFile, ours: ReleaseFile): ServiceError {
  return new ServiceError({
    service: "Kudu",
    operation: "verify the release",
    code: "ReleaseNotThere",
    what: `The deployment ended with success, but the slot does not hold ${ours.release}.`,
    why:
      there === undefined
        ? `There is no readable ${RELEASE_FILE} in its content.`
        : `Its ${RELEASE_FILE} names ${there.release} (content ${there.content.slice(0, 12)}).`,
    fix: "Another deployment may have followed ours: look at the app's Deployment Center, then run again. WEBSITE_RUN_FROM_PACKAGE must not be set.",
    retryable: true,
  });
}

export type Running =
  | { kind: "running"; instances: readonly InstanceView[] }
  | { kind: "not-running"; instances: readonly InstanceView[] };

const POLL = 1_000;

/** Waits until every instance of the slot reports READY, at the longest until the deadline. */
export async function awaitRunning(arm: Arm, ref: SlotRef, deadline: number): Promise<Running> {
  const { clock, signal } = arm.context;
  for (;;) {
    const instances = await listInstances(arm, ref);
    if (instances.length > 0 && instances.every(({ state }) => state === "READY"))
      return { kind: "running", instances };
    if (clock.now() + POLL > deadline) return { kind: "not-running", instances };
    await clock.sleep(POLL, signal);
  }
}

/** What a front end answers in place of an app that does not run, or that it does not let this runner see. */
const NO_APP: ReadonlySet<number> = new Set([403, 502, 503, 504]);
const ANSWER_TIMEOUT = 10_000;

/** Whether the slot's app answers at all: counts where the instances' own report does not. */
export async function answersAt(http: Http, hostName: string, signal: AbortSignal): Promise<boolean> {
  try {
    const reply = await http.send({ method: "GET", url: `https://${hostName}/`, signal, timeout: ANSWER_TIMEOUT });
    return !NO_APP.has(reply.status);
  } catch (error) {
    if (error instanceof TransportError) return false;
    throw error;
  }
}
