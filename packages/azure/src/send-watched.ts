/** Sending the package while looking whether it was accepted: a reply that never comes must not be waited for. */
import { type Before, isReceiving, oursAmong } from "./find-deployment.ts";
import { type HttpReply, TransportError, type Upload } from "./http.ts";
import type { Kudu } from "./kudu.ts";

/** Milliseconds after the last byte until the records are looked at, and between looks. */
const LOOK_AFTER = 4_000;
const LOOK_INTERVAL = 2_000;
/** Milliseconds without a reply or a sign of a deployment until the request is given up; buffers on the way hold little. */
const GIVE_UP = 30_000;

export type SendOutcome =
  | HttpReply
  | TransportError
  | { /** Found among the records, no reply having come. */ deployment: string };

export async function sendWatched(kudu: Kudu, upload: Upload, message: string, before: Before): Promise<SendOutcome> {
  const over = new AbortController();
  const sent = Promise.withResolvers<void>();
  const signal = AbortSignal.any([kudu.context.signal, over.signal]);
  const reply = kudu.publish(upload, message, { signal, onSent: sent.resolve }).catch(onlyTransport);
  const found = sent.promise.then(() => lookForOurs(kudu, before, signal));
  // Only its result is of use; that the other one won ends it.
  found.catch(() => undefined);
  reply.catch(() => undefined);
  try {
    return await Promise.race([reply, found]);
  } finally {
    over.abort(new TransportError("the deployment was looked up instead", "EABANDONED", "waiting"));
  }
}

async function lookForOurs(kudu: Kudu, before: Before, signal: AbortSignal): Promise<SendOutcome> {
  const { clock } = kudu.context;
  await clock.sleep(LOOK_AFTER, signal);
  for (let quietSince = clock.now(); ; ) {
    // The reply decides; a look that fails is no reason to give it up.
    const records = await kudu.deployments().catch(() => []);
    const ours = oursAmong(records, before);
    if (ours !== undefined) return { deployment: ours.id };
    if (isReceiving(records, before) || (await kudu.isDeploying().catch(() => true))) quietSince = clock.now();
    if (clock.now() - quietSince > GIVE_UP)
      return new TransportError("no answer after the whole package was sent", "ETIMEDOUT", "waiting");
    await clock.sleep(LOOK_INTERVAL, signal);
  }
}

function onlyTransport(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  throw error;
}
