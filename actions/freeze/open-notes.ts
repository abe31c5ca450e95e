import { cloudFrom, Http, type LedgerStore, openLedger, SignIn } from "@augeo/azure";
import type { RunContext } from "../slot-swap/connection.ts";

export interface NoteInputs {
  readonly "client-id": string;
  readonly "tenant-id": string;
  readonly cloud: string;
  readonly app: string;
  readonly environment: string;
  readonly ledger: string;
}

/** The ledger alone, to note something in its head: nothing is asked of the app. */
export function openNotes(context: RunContext, inputs: NoteInputs): LedgerStore {
  const { log, clock, env, signal } = context;
  const azure = { log, clock, env, signal };
  const identity = { clientId: inputs["client-id"], tenantId: inputs["tenant-id"] };
  const signIn = new SignIn(azure, new Http(env), cloudFrom(inputs.cloud), identity);
  signIn.start();
  const { app, environment, ledger: container } = inputs;
  const audience = `${signIn.cloud.storageAudience}/.default`;
  return openLedger(azure, signIn.asCredential(), { app, environment, container, audience });
}
