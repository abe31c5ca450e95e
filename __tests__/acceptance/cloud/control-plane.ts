import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSiteManagementClient } from "@azure/arm-appservice";
import { ClientAssertionCredential, type ClientAssertionCredentialOptions } from "@azure/identity";
import {
  type Application,
  type Arm,
  addApplication,
  createSite,
  createWorld,
  startArm,
  type World,
} from "../../../packages/rehearsal/src/arm/index.ts";
import { type Entra, startEntra } from "../../../packages/rehearsal/src/entra.ts";
import { Faults } from "../../../packages/rehearsal/src/faults.ts";
import type { Site } from "../../../packages/rehearsal/src/model.ts";
import { type Oidc, startOidc, subjectOf } from "../../../packages/rehearsal/src/oidc.ts";
import { RequestLog } from "../../../packages/rehearsal/src/request-log.ts";
import { createTls, type Tls } from "../../../packages/rehearsal/src/tls.ts";
import { StillHosting } from "./still-hosting.ts";

export const exchangeAudience = "api://AzureADTokenExchange";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  json: () => unknown;
}

/** The control plane alone, over a hosting that runs nothing. */
export interface ControlPlane {
  tls: Tls;
  faults: Faults;
  requests: RequestLog;
  oidc: Oidc;
  entra: Entra;
  arm: Arm;
  world: World;
  hosting: StillHosting;
  application: Application;
  site: Site;
  subscriptionId: string;
  /** `/subscriptions/…/sites/<site>` */
  sitePath: string;
  close(): Promise<void>;
}

export async function startControlPlane(): Promise<ControlPlane> {
  const directory = await mkdtemp(join(tmpdir(), "rehearsal-control-"));
  const tls = await createTls(directory);
  const [faults, requests] = [new Faults(), new RequestLog()];
  const ground = { tls, faults, requests };
  const oidc = await startOidc(ground);
  const world = createWorld({ resourceGroup: "rg-auction" });
  const entra = await startEntra(ground, { world, issuers: new Map([[oidc.issuer, oidc.jwks]]) });
  const hosting = new StillHosting();
  const arm = await startArm(ground, { world, entra, hosting, behaviour: { retryAfter: 0 } });
  const site = await createSite(world, hosting, {
    name: "auction",
    slots: ["staging"],
    appSettings: { LOG_LEVEL: "info" },
  });
  const subscriptionId = site.subscriptionId;
  const application = addApplication(world, {
    scope: `/subscriptions/${subscriptionId}/resourceGroups/rg-auction`,
    credentials: [
      { name: "production", issuer: oidc.issuer, subject: subjectOf(oidc.job), audiences: [exchangeAudience] },
    ],
  });
  const close = async () => {
    await arm.settled();
    for (const service of [oidc.service, entra.service, arm.service]) await service.close();
    await rm(directory, { recursive: true });
  };
  const sitePath = `/subscriptions/${subscriptionId}/resourceGroups/rg-auction/providers/Microsoft.Web/sites/auction`;
  const base = { tls, faults, requests, oidc, entra, arm, world, hosting, application, site };
  return { ...base, subscriptionId, sitePath, close };
}

/** A plain HTTPS request that trusts the cloud's authority. */
export function ask(
  plane: ControlPlane,
  method: string,
  url: string,
  options: { body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = options.headers ?? {};
    const outgoing = request(url, { method, ca: plane.tls.ca, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body,
          json: () => JSON.parse(body) as unknown,
        });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(options.body);
  });
}

/** Asks ARM with a good token; `path` starts at the host. */
export async function askArm(plane: ControlPlane, method: string, path: string, body?: unknown): Promise<Answer> {
  const token = await plane.entra.mint(plane.application, "https://management.azure.com");
  const separator = path.includes("?") ? "&" : "?";
  const url = `${plane.arm.service.origin}${path}${separator}api-version=2025-05-01`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return ask(plane, method, url, { headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

/** The ID token of the plane's job, asked for as a job asks. */
export async function idToken(plane: ControlPlane, audience = exchangeAudience): Promise<string> {
  const url = `${plane.oidc.requestUrl}&audience=${encodeURIComponent(audience)}`;
  const headers = { authorization: `Bearer ${plane.oidc.requestToken}` };
  const { value } = (await ask(plane, "GET", url, { headers })).json() as { value: string };
  return value;
}

/** The SDK's own credential, pointed at the cloud by its options alone. */
export function credentialFor(
  plane: ControlPlane,
  assertion: () => Promise<string> = () => idToken(plane),
  ids: { tenantId?: string; clientId?: string } = {},
): ClientAssertionCredential {
  const options: ClientAssertionCredentialOptions = {
    authorityHost: plane.entra.service.origin,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
    tlsOptions: { ca: plane.tls.ca },
  };
  const tenant = ids.tenantId ?? plane.world.tenantId;
  return new ClientAssertionCredential(tenant, ids.clientId ?? plane.application.clientId, assertion, options);
}

/** The SDK's own client of App Service, pointed at the cloud by its options alone. */
export function webSites(plane: ControlPlane): WebSiteManagementClient {
  return new WebSiteManagementClient(credentialFor(plane), plane.subscriptionId, {
    endpoint: plane.arm.service.origin,
    tlsOptions: { ca: plane.tls.ca },
    retryOptions: { maxRetries: 0 },
  });
}
