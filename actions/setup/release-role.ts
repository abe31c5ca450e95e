/** What a release does in Azure, by the names that roles grant. Source: Microsoft.Web's resource provider operations. */

/** Asked of the app and its slot in every release. */
export const RELEASE_ACTIONS: readonly string[] = [
  "Microsoft.Web/sites/read",
  "Microsoft.Web/sites/config/read",
  "Microsoft.Web/sites/config/write",
  "Microsoft.Web/sites/config/list/action",
  "Microsoft.Web/sites/publish/action",
  "Microsoft.Web/sites/slotsdiffs/action",
  "Microsoft.Web/sites/slotsswap/action",
  "Microsoft.Web/sites/containerlogs/action",
  "Microsoft.Web/sites/slots/read",
  "Microsoft.Web/sites/slots/config/read",
  "Microsoft.Web/sites/slots/config/list/action",
  "Microsoft.Web/sites/slots/publish/action",
  "Microsoft.Web/sites/slots/restart/action",
  "Microsoft.Web/sites/slots/containerlogs/action",
];

/** Asked only at times: after a lost reply, by canaries, by `create-slot`, by `via: arm`, by the doctor. */
const FURTHER_ACTIONS: readonly string[] = [
  "Microsoft.Authorization/permissions/read",
  "Microsoft.Insights/metrics/read",
  "Microsoft.Web/serverfarms/join/action",
  "Microsoft.Web/serverfarms/read",
  "Microsoft.Web/sites/deployments/read",
  "Microsoft.Web/sites/extensions/read",
  "Microsoft.Web/sites/instances/read",
  "Microsoft.Web/sites/operationresults/read",
  "Microsoft.Web/sites/restart/action",
  "Microsoft.Web/sites/slots/config/write",
  "Microsoft.Web/sites/slots/deployments/read",
  "Microsoft.Web/sites/slots/extensions/read",
  "Microsoft.Web/sites/slots/extensions/write",
  "Microsoft.Web/sites/slots/instances/read",
  "Microsoft.Web/sites/slots/operationresults/read",
  "Microsoft.Web/sites/slots/slotsdiffs/action",
  "Microsoft.Web/sites/slots/slotsswap/action",
  "Microsoft.Web/sites/slots/start/action",
  "Microsoft.Web/sites/slots/write",
];

/** The custom role: a release and nothing more. It cannot delete an app or a slot, nor read publishing passwords. */
export const ROLE_ACTIONS: readonly string[] = [...RELEASE_ACTIONS, ...FURTHER_ACTIONS];

/** Role names are unique in a tenant, and a role lives in one subscription here. */
export function roleName(subscriptionId: string): string {
  return `Augeo release (${subscriptionId.slice(0, 8)})`;
}

/** Ids of built-in roles. Source: Microsoft Learn, Azure built-in roles. */
export const BUILT_IN = {
  "Website Contributor": "de139f84-1756-47ae-9be6-808fbbe84772",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  "Storage Blob Delegator": "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
} as const;
