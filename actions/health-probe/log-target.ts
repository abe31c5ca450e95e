import { type InputsOf, UsageError } from "@augeo/action-kit";
import type { spec } from "./spec.ts";

/** Whose container log is shown when the probe fails. */
export interface LogTarget {
  readonly clientId: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly cloud: string;
  readonly app: string;
  readonly resourceGroup: string;
  readonly slot: string;
}

/** All of the sign-in inputs, or none. @throws UsageError that names the missing ones. */
export function logTarget(inputs: InputsOf<typeof spec>): LogTarget | undefined {
  const { app } = inputs;
  const clientId = inputs["client-id"];
  const tenantId = inputs["tenant-id"];
  const subscriptionId = inputs["subscription-id"];
  const resourceGroup = inputs["resource-group"];
  const given = {
    "client-id": clientId,
    "tenant-id": tenantId,
    "subscription-id": subscriptionId,
    app,
    "resource-group": resourceGroup,
  };
  if (Object.values(given).every((value) => value === undefined)) return undefined;
  if (clientId && tenantId && subscriptionId && app && resourceGroup) {
    return { clientId, tenantId, subscriptionId, cloud: inputs.cloud, app, resourceGroup, slot: inputs.slot };
  }
  const missing = Object.entries(given).filter(([, value]) => value === undefined);
  throw new UsageError({
    what: "The inputs for the container's log are incomplete.",
    why: `Missing: ${missing.map(([name]) => name).join(", ")}.`,
    fix: "give all of client-id, tenant-id, subscription-id, app and resource-group, or none of them.",
  });
}
