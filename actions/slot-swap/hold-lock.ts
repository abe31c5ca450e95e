import { formatDuration } from "@augeo/action-kit";
import { GitHubClient, readRunLiveness } from "@augeo/github";
import {
  type Acquired,
  acquire,
  claim,
  emptyHead,
  type Head,
  type Holder,
  type Ledger,
  memoryLedger,
  type RunState,
  readHead,
  ServiceError,
} from "@augeo/release";
import { holderOf, type RunContext } from "./connection.ts";

export interface LockInputs {
  readonly app: string;
  readonly environment: string;
  readonly "github-token": string;
  readonly "lock-wait": number;
  readonly "take-over"?: string | undefined;
  readonly "accept-live"?: string | undefined;
}

/** Claims the ledger's lock for this run, and says in the log whom it waits for or whose place it takes. */
export async function holdLock(
  context: RunContext,
  ledger: Ledger & { where: string },
  inputs: LockInputs,
): Promise<Acquired> {
  const { log, clock, signal, run } = context;
  let isWaiting = false;
  const acquired = await acquire({
    ledger,
    clock,
    signal,
    app: inputs.app,
    environment: inputs.environment,
    where: ledger.where,
    me: holderOf(run),
    askRun: (holder) => askRun(context, holder, inputs["github-token"]),
    takeOver: inputs["take-over"],
    acceptLive: inputs["accept-live"],
    lockWait: inputs["lock-wait"],
    pollInterval: Math.min(15_000, Math.max(250, inputs["lock-wait"] / 20)),
    onWait: ({ what, why }) => {
      if (!isWaiting) log.notice(`${what} ${why} Waiting for up to ${formatDuration(inputs["lock-wait"])}.`);
      isWaiting = true;
    },
  });
  if (acquired.kind === "acquired") tellClaim(context, acquired);
  return acquired;
}

function tellClaim({ log }: RunContext, { how, from }: Acquired & { kind: "acquired" }): void {
  if (how === "free") log.info("The lock is ours.");
  if (how === "resumed") log.info("An earlier attempt of this run held the lock; it is taken up.");
  if (how === "taken-over" && from)
    log.notice(`The run that held the lock is over (${from.url}); its lock was taken over.`);
}

/** The attempt of a run that holds something. */
export type RunOfLock = Pick<Holder, "repository" | "runId" | "attempt">;

/** Only GitHub can say that a run is over; silence and refusals leave its lock alone. */
export async function askRun(
  { log, clock, signal, run }: RunContext,
  holder: RunOfLock,
  token: string,
): Promise<RunState> {
  if (token === "") return "unknown";
  const client = new GitHubClient({
    apiUrl: run.apiUrl,
    token,
    repository: holder.repository,
    clock,
    signal,
    patience: 15_000,
  });
  try {
    const liveness = await readRunLiveness(client, holder.runId, holder.attempt);
    if (liveness.kind === "running") return "running";
    if (liveness.kind === "hidden") return "unknown";
    // Another repository may be seen by its name, and its runs not.
    return liveness.kind === "ended" || holder.repository === run.repository ? "over" : "unknown";
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.warning(`Whether the lock's holder still runs could not be asked. ${error.what} ${error.why}`);
    return "unknown";
  }
}

/** Without a ledger this process is alone: the head lives in memory, and `keep` saves it for the post step. */
export async function standInLock(
  context: RunContext,
  inputs: LockInputs,
  keep: (head: Head) => Promise<void>,
): Promise<{ ledger: Ledger; acquired: Acquired & { kind: "acquired" } }> {
  const now = context.clock.now();
  const head = claim(emptyHead(inputs.app, inputs.environment), { ...holderOf(context.run), since: now }, "free", now);
  const ledger = memoryLedger(undefined, keep);
  const written = await ledger.write(head, undefined);
  if (written.kind === "lost") throw new Error("a new ledger in memory was lost");
  return { ledger, acquired: { kind: "acquired", held: { head, etag: written.etag }, how: "free", from: null } };
}

/** The head that `main` kept without a ledger, for its post step. */
export function rememberedLedger(kept: unknown, keep: (head: Head) => Promise<void>): Ledger | undefined {
  const read = readHead(JSON.stringify(kept ?? null));
  return read.kind === "head" ? memoryLedger(read.head, keep) : undefined;
}
