/** A 404 explained: which of subscription, group, app and slot does not exist, and which do. */
import { ServiceError } from "@augeo/release";
import type { Arm } from "./arm.ts";
import { fieldsOf, textOf } from "./decode.ts";
import { groupPath, isProduction, listAll, listSlotNames, PRODUCTION, type SlotRef, sitePath } from "./site.ts";

/** The error itself, unless it is a 404, which becomes one that says what is there instead. */
export async function explainAbsence(arm: Arm, ref: SlotRef, error: unknown): Promise<unknown> {
  if (!(error instanceof ServiceError) || error.status !== 404) return error;
  try {
    return (await absence(arm, ref, error)) ?? error;
  } catch {
    return error;
  }
}

async function absence(arm: Arm, ref: SlotRef, error: ServiceError): Promise<ServiceError | undefined> {
  if (error.code === "SubscriptionNotFound") {
    return explained(
      error,
      `The subscription ${arm.subscriptionId} does not exist, or this identity may not see it.`,
      [],
      "Set subscription-id to the output of az account show --query id, and check that the identity has a role in it and that tenant-id is its tenant.",
    );
  }
  if (error.code === "ResourceGroupNotFound" || !(await exists(arm, groupPath(arm, ref.resourceGroup))))
    return absentGroup(arm, ref, error);
  if (!(await exists(arm, sitePath(arm, { ...ref, slot: PRODUCTION })))) return absentApp(arm, ref, error);
  if (isProduction(ref.slot)) return undefined;
  const slots = await listSlotNames(arm, ref);
  if (slots.some((slot) => slot.toLowerCase() === ref.slot.toLowerCase())) return undefined;
  const target = `--resource-group ${ref.resourceGroup} --name ${ref.app}`;
  const create = `reate it (slots need a Standard plan or larger; slot-deploy also takes create-slot: true): az webapp deployment slot create ${target} --slot ${ref.slot} --configuration-source ${ref.app}`;
  const fix = slots[0] === undefined ? `C${create}` : `Set slot: ${slots[0]}, or c${create}`;
  return explained(error, `Slot "${ref.slot}" does not exist on app "${ref.app}".`, ["slots", slots], fix);
}

async function exists(arm: Arm, path: string): Promise<boolean> {
  const query = path.includes("/providers/") ? {} : { "api-version": "2021-04-01" };
  // 403: may not be read, which is not absent.
  const reply = await arm.call({ operation: "look what exists", method: "GET", path, query, accept: [403, 404, 501] });
  return reply.status !== 404;
}

async function absentGroup(arm: Arm, ref: SlotRef, error: ServiceError): Promise<ServiceError> {
  const apps = await listApps(arm, `/subscriptions/${arm.subscriptionId}`);
  const home = apps.find(({ name }) => name.toLowerCase() === ref.app.toLowerCase())?.group;
  const groups = [...new Set(apps.map(({ group }) => group))];
  const fix =
    home === undefined
      ? "Set resource-group to the group that holds the app."
      : `Set resource-group: ${home}, where "${ref.app}" is.`;
  return explained(
    error,
    `Resource group "${ref.resourceGroup}" does not exist in subscription ${arm.subscriptionId}.`,
    ["resource groups with apps", groups],
    fix,
  );
}

async function absentApp(arm: Arm, ref: SlotRef, error: ServiceError): Promise<ServiceError> {
  const apps = await listApps(arm, `/subscriptions/${arm.subscriptionId}`);
  const home = apps.find(({ name }) => name.toLowerCase() === ref.app.toLowerCase())?.group;
  const here = apps
    .filter(({ group }) => group.toLowerCase() === ref.resourceGroup.toLowerCase())
    .map(({ name }) => name);
  const fix =
    home === undefined
      ? "Set app to one that exists, or create it first."
      : `Set resource-group: ${home}, where "${ref.app}" is.`;
  return explained(
    error,
    `App "${ref.app}" does not exist in resource group "${ref.resourceGroup}".`,
    ["apps there", here],
    fix,
  );
}

async function listApps(arm: Arm, scope: string): Promise<{ name: string; group: string }[]> {
  const path = `${scope}/providers/Microsoft.Web/sites`;
  const found = await listAll(arm, { operation: "list the apps", method: "GET", path }).catch(() => []);
  return found.map((each) => {
    const group = /\/resourceGroups\/([^/]+)/i.exec(textOf(fieldsOf(each).id))?.[1] ?? "";
    return { name: textOf(fieldsOf(each).name), group };
  });
}

function explained(
  error: ServiceError,
  what: string,
  [kind, names]: [string, readonly string[]] | [],
  fix: string,
): ServiceError {
  const existing =
    kind === undefined
      ? ""
      : ` Existing ${kind}: ${names?.length ? names.join(", ") : "none that this identity may see"}.`;
  return new ServiceError({ ...error, what, why: `${error.why}.${existing}`.replace("..", "."), fix, cause: error });
}
