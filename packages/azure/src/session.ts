/** Everything an action needs of Azure, behind one sign-in that starts at once. */
import { ServiceError } from "@augeo/release";
import { Arm } from "./arm.ts";
import { BlobAccess } from "./blob.ts";
import { cloudFrom } from "./cloud.ts";
import type { AzureContext } from "./context.ts";
import { Http } from "./http.ts";
import { Kudu } from "./kudu.ts";
import { SignIn, type TokenSource } from "./sign-in.ts";
import { listInstances, nameOf, readSite, type SiteView, type SlotRef } from "./site.ts";
import { UserSignIn } from "./user-sign-in.ts";

/** The inputs that every action which signs in has. */
export interface AzureInputs {
  "client-id": string;
  "tenant-id": string;
  "subscription-id": string;
  cloud: string;
}

export interface AzureSession<S extends TokenSource = TokenSource> {
  readonly context: AzureContext;
  readonly http: Http;
  readonly signIn: S;
  readonly arm: Arm;
  readonly blobs: BlobAccess;
  /** Ends the connections that are kept alive. */
  close(): void;
}

/** Opens the session and asks for the ID token; nothing else is asked until it is needed. */
export function openSession(context: AzureContext, inputs: AzureInputs): AzureSession<SignIn> {
  const http = new Http(context.env);
  const identity = { clientId: inputs["client-id"], tenantId: inputs["tenant-id"] };
  const signIn = new SignIn(context, http, cloudFrom(inputs.cloud), identity);
  signIn.start();
  return sessionOf(context, http, signIn, inputs["subscription-id"]);
}

/** A session of a person, signed in with the az command line. */
export function openUserSession(
  context: AzureContext,
  { "tenant-id": tenantId, "subscription-id": subscriptionId, cloud }: Omit<AzureInputs, "client-id">,
): AzureSession<UserSignIn> {
  const signIn = new UserSignIn(context, cloudFrom(cloud), tenantId);
  return sessionOf(context, new Http(context.env), signIn, subscriptionId);
}

function sessionOf<S extends TokenSource>(
  context: AzureContext,
  http: Http,
  signIn: S,
  subscriptionId: string,
): AzureSession<S> {
  const arm = new Arm(context, signIn, subscriptionId);
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
