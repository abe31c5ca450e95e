import { findSlot, openKudu, RELEASE_FILE, readSite, type SlotRef } from "@augeo/azure";
import { createHttpProbe } from "@augeo/probe";
import { azTarget } from "../az-target.ts";
import { type Examination, findingOf } from "../examination.ts";
import type { Finding } from "../finding.ts";

const PATIENCE = 30_000;

/** Whether production holds a release of this toolkit: before the first there may be nothing that answers. */
async function holdsRelease({ session, production }: Examination): Promise<boolean> {
  try {
    return (await (await openKudu(session, production)).file(`site/wwwroot/${RELEASE_FILE}`)) !== undefined;
  } catch {
    // What cannot be seen is not excused.
    return true;
  }
}

/** Whether both slots answer at the paths that a release is probed at. */
export async function checkHealth(examination: Examination): Promise<Finding[]> {
  const { session, production, staging } = examination;
  const hosts = await Promise.all([
    readSite(session.arm, production).catch(() => undefined),
    findSlot(session.arm, staging).catch(() => undefined),
  ]);
  const places = [
    { name: "Production", slot: production, host: hosts[0]?.defaultHostName, state: "problem" as const },
    // An empty slot answers with a default page or an error: only a hint before the first release.
    { name: `The slot "${staging.slot}"`, slot: staging, host: hosts[1]?.defaultHostName, state: "warning" as const },
  ];
  const probed = places.flatMap(({ name, slot, host, state }) =>
    host === undefined
      ? []
      : examination.inputs["health-path"].map((path) => probeOne(examination, { name, slot }, host, path, state)),
  );
  const found = await Promise.all(probed);
  const fails = found.some((finding) => finding.state === "problem");
  if (!fails || (await holdsRelease(examination))) return found;
  const why = "No release is in production yet: the first one brings what answers there.";
  return found.map(({ area, state, what }) =>
    state === "ok" ? { area, state, what } : { area, state: "warning", what, why },
  );
}

async function probeOne(
  { context }: Examination,
  { name, slot }: { readonly name: string; readonly slot: SlotRef },
  host: string,
  path: string,
  state: Finding["state"],
): Promise<Finding> {
  const url = `https://${host}${path}`;
  try {
    const { answer, latency } = await createHttpProbe({ env: context.env, signal: context.signal }).get(url, {
      timeout: PATIENCE,
    });
    if (answer.kind === "failure")
      return {
        area: "health",
        state,
        what: `${name} does not answer at ${url}.`,
        why: answer.message,
        // Where an app that does not start says why.
        fix: `az webapp log tail ${azTarget(slot)}`,
      };
    const milliseconds = Math.round(latency);
    if (answer.status >= 200 && answer.status < 300) {
      return {
        area: "health",
        state: "ok",
        what: `${name} answers ${answer.status} at ${path} in ${milliseconds} ms.`,
      };
    }
    const redirect =
      answer.headers.location === undefined
        ? ""
        : ` It redirects to ${answer.headers.location}; redirects are not followed.`;
    return {
      area: "health",
      state,
      what: `${name} answers ${answer.status} at ${path}.${redirect}`,
      why: "A probe counts 200 to 299 as healthy.",
      fix: "Set health-path to a path that answers 2xx without sign-in when the app can serve.",
    };
  } catch (error) {
    return findingOf("health", "unknown", error);
  }
}
