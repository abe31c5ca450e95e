import { type Log, type RunInfo, UsageError } from "@augeo/action-kit";
import { AppSlots, type AzureSession, type LedgerStore, openLedger, openSession, type SlotRef } from "@augeo/azure";
import type { Clock, Holder } from "@augeo/release";

/** What of an action's context the parts of a rollout need; every `ActionContext` fits. */
export interface RunContext {
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run: RunInfo;
}

export interface ConnectionInputs {
  readonly "client-id": string;
  readonly "tenant-id": string;
  readonly "subscription-id": string;
  readonly cloud: string;
  readonly app: string;
  readonly "resource-group": string;
  readonly slot: string;
  readonly ledger?: string | undefined;
  readonly environment: string;
}

/** An app's slots, and its ledger if it has one. Nothing was asked of anyone yet. */
export interface Connection {
  readonly session: AzureSession;
  readonly slots: AppSlots;
  readonly ledger: LedgerStore | undefined;
}

export function connect(context: RunContext, inputs: ConnectionInputs, signal = context.signal): Connection {
  const { log, clock, env } = context;
  refuseProduction(inputs.slot);
  return connectionOf(openSession({ log, clock, env, signal }, inputs), inputs);
}

/** The same over a sign-in that is there already. */
export function connectionOf(session: AzureSession, inputs: ConnectionInputs): Connection {
  const { context, http, signIn } = session;
  const ref = refOf(inputs);
  const slots = new AppSlots({ context, http, signIn, subscriptionId: inputs["subscription-id"], ref });
  const { app, environment } = inputs;
  const audience = `${signIn.cloud.storageAudience}/.default`;
  const place = { app, environment, container: inputs.ledger ?? "", audience };
  const ledger = inputs.ledger === undefined ? undefined : openLedger(context, signIn.asCredential(), place);
  return { session, slots, ledger };
}

/** The slot that releases are staged in. */
export const refOf = (inputs: Pick<ConnectionInputs, "app" | "resource-group" | "slot">): SlotRef => ({
  app: inputs.app,
  resourceGroup: inputs["resource-group"],
  slot: inputs.slot,
});

function refuseProduction(slot: string): void {
  if (slot.toLowerCase() !== "production") return;
  throw new UsageError({
    what: "slot: production names no slot to swap from.",
    why: "A release is staged in a slot of its own and swapped into production from there.",
    fix: "set slot to the staging slot's name, such as staging.",
  });
}

/** This run as a holder of the lock. A re-run has the same run id and so the same claim. */
export function holderOf({ repository, runId, attempt, actor, runUrl }: RunInfo): Omit<Holder, "since"> {
  return { claimId: `${repository}/${runId}`, repository, runId, attempt, actor, url: runUrl };
}
