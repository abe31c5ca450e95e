import type { Entra } from "../entra.ts";
import { Timing } from "../hosting/timing.ts";
import { type Call, type Ground, type Handler, listen, type Reply, Routes, type Service } from "../http.ts";
import { type Hosting, ProviderError } from "../model.ts";
import { metricRoutes } from "../telemetry/metrics.ts";
import { Telemetry } from "../telemetry/telemetry.ts";
import { authorizationRoutes } from "./authorization.ts";
import { configRoutes } from "./config.ts";
import { type ArmBehaviour, azureBehaviour, type Context } from "./context.ts";
import { creationRoutes } from "./creation.ts";
import { deploymentRoutes } from "./deployments.ts";
import { flexibleServerRoutes } from "./flexible-servers.ts";
import { admit, finish, type Gateway } from "./gateway.ts";
import { identityRoutes } from "./identities.ts";
import { cloudMetadata } from "./metadata.ts";
import { errorReply, Operations, operationRoutes } from "./operations.ts";
import { publishingRoutes } from "./publishing.ts";
import { settingRoutes } from "./settings.ts";
import { siteRoutes } from "./site.ts";
import { slotRoutes } from "./slots.ts";
import { slotsDiffsRoutes } from "./slots-diffs.ts";
import { storageRoutes } from "./storage.ts";
import { subscriptionRoutes } from "./subscriptions.ts";
import { surroundingRoutes } from "./surroundings.ts";
import { swapRoutes } from "./swap.ts";
import { Throttle } from "./throttle.ts";
import type { World } from "./world.ts";

export { type ArmBehaviour, azureBehaviour } from "./context.ts";
export { can, siteId, slotId } from "./rbac.ts";
export * from "./world.ts";

/** Azure Resource Manager with the Microsoft.Web provider. */
export interface Arm {
  readonly service: Service;
  /** Assign its fields to change how ARM behaves from now on. */
  readonly behaviour: ArmBehaviour;
  /** Assign its `limits` to throttle sooner. */
  readonly throttle: Throttle;
  /** Resolves once no long-running operation runs. */
  settled(): Promise<void>;
}

export interface ArmOptions {
  world: World;
  entra: Entra;
  hosting: Hosting;
  behaviour?: Partial<ArmBehaviour>;
  /** What platform metrics are made of; without it there is none. */
  telemetry?: Telemetry;
  timing?: Timing;
  blob?: Pick<Context, "blobEndpoint" | "makeContainer">;
}

/** A cloud without Blob Storage keeps accounts on paper only. */
const noBlob: Pick<Context, "blobEndpoint" | "makeContainer"> = {
  blobEndpoint: () => undefined,
  makeContainer: async () => undefined,
};

type ContextRoute = readonly [string, string, (context: Context, call: Call) => Reply | Promise<Reply>];

const routesOfWeb: readonly ContextRoute[] = [
  ...subscriptionRoutes,
  ...siteRoutes,
  ...slotRoutes,
  ...configRoutes,
  ...settingRoutes,
  ...swapRoutes,
  ...slotsDiffsRoutes,
  ...deploymentRoutes,
  ...publishingRoutes,
  ...surroundingRoutes,
  ...flexibleServerRoutes,
  ...metricRoutes,
  ...operationRoutes,
  ...authorizationRoutes,
  ...identityRoutes,
  ...storageRoutes,
  ...creationRoutes,
];

function routesFor(context: Context): Routes {
  const routes = new Routes();
  for (const [method, pattern, work] of routesOfWeb) {
    const handler: Handler = (call) => work(context, call);
    routes.add(method, pattern, handler);
  }
  return routes;
}

/** Opens ARM's host. Tokens for its own origin are good there too, since many clients ask for `<endpoint>/.default`. */
export async function startArm(ground: Ground, options: ArmOptions): Promise<Arm> {
  const { world, entra, hosting, timing = Timing.fast, telemetry = new Telemetry(timing) } = options;
  const behaviour = { ...azureBehaviour, ...options.behaviour };
  const operations = new Operations(behaviour);
  const blob = options.blob ?? noBlob;
  const context: Context = { world, hosting, operations, behaviour, telemetry, timing, ...blob };
  const audiences = entra.armAudiences;
  const gateway: Gateway = { world, entra, audiences, throttle: new Throttle() };
  const metadata = (call: Call) =>
    cloudMetadata(call.query.get("api-version") ?? "", call.origin, entra.service.origin, [...audiences]);
  const service = await listen(ground, {
    kind: "management",
    routes: routesFor(context).add("GET", "/metadata/endpoints", metadata),
    before: (call) => admit(gateway, call),
    onError: (error) => (error instanceof ProviderError ? errorReply(behaviour, error) : undefined),
    finish,
  });
  audiences.add(service.origin);
  entra.resources.add(service.origin);
  return { service, behaviour, throttle: gateway.throttle, settled: () => operations.settled() };
}
