import { Readable } from "node:stream";
import { containerAddress, openLedger } from "@augeo/azure";
import { type Examination, findingOf } from "../examination.ts";
import type { Finding } from "../finding.ts";

/** Whether the ledger can be read and written, and whether anybody holds it. */
export async function checkLedger({ session, context, inputs }: Examination): Promise<Finding[]> {
  const container = inputs.ledger;
  if (container === undefined) {
    return [
      {
        area: "ledger",
        state: "unknown",
        what: "No ledger was given, so it was not checked.",
        fix: "ledger: https://<account>.blob.core.windows.net/<container>",
      },
    ];
  }
  try {
    const place = {
      container,
      audience: session.signIn.cloud.storageAudience,
      app: inputs.app,
      environment: inputs.environment,
    };
    const ledger = openLedger(context, session.signIn.asCredential(), place);
    const read = await ledger.read();
    const found: Finding[] = [stateOf(read)];
    await tryToWrite(container, session, context.clock.now());
    found.push({ area: "ledger", state: "ok", what: "The container can be written." });
    return found;
  } catch (error) {
    return [findingOf("ledger", "problem", error)];
  }
}

type Read = Awaited<ReturnType<ReturnType<typeof openLedger>["read"]>>;

function stateOf(read: Read): Finding {
  if (read.kind === "absent")
    return { area: "ledger", state: "ok", what: "The ledger is empty: the next release is its first." };
  if (read.kind !== "head")
    return {
      area: "ledger",
      state: "problem",
      what: "The ledger's head cannot be used.",
      why: read.why,
      fix: "Start the workflow Reconcile by hand: it says what is live and what to do.",
    };
  const { holder, live } = read.head;
  const what = `The ledger says that ${live?.release ?? "nothing"} is live.`;
  if (holder === null) return { area: "ledger", state: "ok", what: `${what} Nobody holds the lock.` };
  return {
    area: "ledger",
    state: "warning",
    what: `${what} Run ${holder.runId} holds the lock.`,
    why: "A release waits for it, or takes over when that run is over.",
  };
}

/** Writes a few bytes under a name of their own and deletes them: reading alone does not show the right to write. */
async function tryToWrite(container: string, session: Examination["session"], now: number): Promise<void> {
  const client = await session.blobs.container(containerAddress(container));
  const blob = client.getBlockBlobClient(`doctor/${now}`);
  await blob.uploadStream(Readable.from([Buffer.from("doctor")]), undefined, undefined, {});
  await blob.delete();
}
