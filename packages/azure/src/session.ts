/** Everything an action needs of Azure, behind one sign-in that starts at once. */
import { ServiceError } from "@augeo/release";
import { Arm } from "./arm.ts";
import { BlobAccess } from "./blob.ts";
import { cloudFrom } from "./cloud.ts";
import type { AzureContext } from "./context.ts";
import { Http } from "./http.ts";
import { Kudu } from "./kudu.ts";
import { SignIn } from "./sign-in.ts";
import { listInstances, nameOf, readSite, type SiteView, type SlotRef } from "./site.ts";

/** The inputs that every action which signs in has. */
export interface AzureInputs {
  "client-id": string;
  "tenant-id": string;
  "subscription-id": string;
  cloud: string;
}

export interface AzureSession {
  readonly context: AzureContext;
  readonly http: Http;
  readonly signIn: SignIn;
  readonly arm: Arm;
  readonly blobs: BlobAccess;
  /** Ends the connections that are kept alive. */
  close(): void;
}

/** Opens the session and asks for the ID token; nothing else is asked until it is needed. */
export function openSession(context: AzureContext, inputs: AzureInputs): AzureSession {
  const http = new Http(context.env);
  const identity = { clientId: inputs["client-id"], tenantId: inputs["tenant-id"] };
  const signIn = new SignIn(context, http, cloudFrom(inputs.cloud), identity);
  signIn.start();
  const arm = new Arm(context, signIn, inputs["subscription-id"]);
  return { context, http, signIn, arm, blobs: new BlobAccess(context, signIn), close: () => http.close() };
}

/** The slot's SCM site, pinned to one instance where there are several. */
export async function openKudu(session: AzureSession, ref: SlotRef, known?: SiteView): Promise<Kudu> {
  const [site, instances] = await Promise.all([
    known ?? readSite(session.arm, ref),
    // Only a better address: without it the front end chooses.
    listInstances(session.arm, ref).catch(() => []),
  ]);
  if (site.scmHostName === undefined) throw noScmHost(ref);
  const instance = instances.map(({ id }) => id).sort()[0];
  return new Kudu(session.context, session.http, session.signIn, { host: site.scmHostName, instance });
}

function noScmHost(ref: SlotRef): ServiceError {
  return new ServiceError({
    service: "Azure Resource Manager",
    operation: "find the SCM site",
    what: `Azure names no SCM site for ${nameOf(ref)}.`,
    why: "Its hostNameSslStates hold no entry of type Repository.",
    fix: "Set via: arm, which needs none.",
  });
}
