/** Creating a slot as a copy of production's configuration: content is not copied, identity and host names are not. */
import { ServiceError } from "@augeo/release";
import type { Arm } from "./arm.ts";
import { operationState, type Patience, untilDone } from "./operation.ts";
import { callSlot, nameOf, PRODUCTION, readSite, type SiteView, type SlotRef } from "./site.ts";
import {
  changeConfiguration,
  readAppSettings,
  readConfiguration,
  readConnectionStrings,
  writeAppSettings,
  writeConnectionStrings,
} from "./site-settings.ts";

/**
 * Fields of `config/web` that a slot must not take over: routing belongs to production, and `publicNetworkAccess` is
 * refused there (409), it belongs to the site.
 */
const NOT_CLONED = new Set([
  "publicNetworkAccess",
  "experiments",
  "publishingUsername",
  "autoSwapSlotName",
  "appSettings",
  "connectionStrings",
  "metadata",
]);

/** Creates the slot and gives it production's configuration, app settings and connection strings. */
export async function createSlot(arm: Arm, ref: SlotRef, patience: Patience): Promise<SiteView> {
  const production = { ...ref, slot: PRODUCTION };
  const [site, configuration, settings, strings] = await Promise.all([
    readSite(arm, production),
    readConfiguration(arm, production),
    readAppSettings(arm, production),
    readConnectionStrings(arm, production),
  ]);
  const properties = { serverFarmId: site.serverFarmId, httpsOnly: site.httpsOnly, clientAffinityEnabled: false };
  const body = { location: site.location, kind: site.kind, tags: site.tags, properties };
  await createEmpty(arm, ref, body, patience);
  const cloned = Object.fromEntries(
    Object.entries(configuration).filter(([field, value]) => !NOT_CLONED.has(field) && value !== null),
  );
  await changeConfiguration(arm, ref, cloned);
  if (Object.keys(strings).length > 0) await writeConnectionStrings(arm, ref, strings);
  if (Object.keys(settings).length > 0) await writeAppSettings(arm, ref, settings);
  return readSite(arm, ref);
}

async function createEmpty(arm: Arm, ref: SlotRef, body: unknown, patience: Patience): Promise<void> {
  const operation = `create ${nameOf(ref)}`;
  try {
    const reply = await callSlot(arm, ref, { operation, method: "PUT", body });
    await untilDone(arm, operation, operationState(reply, arm.context.clock.now()), patience);
  } catch (error) {
    throw noRoomForSlot(error, ref);
  }
}

function noRoomForSlot(error: unknown, ref: SlotRef): unknown {
  const isLimit =
    error instanceof ServiceError && /number of slots|slots? (are|is) not (allowed|supported)|upgrade/i.test(error.why);
  if (!isLimit) return error;
  return new ServiceError({
    ...error,
    what: `The slot "${ref.slot}" could not be created on "${ref.app}".`,
    why: error.why,
    fix: "Slots need a Standard plan (5 slots) or a Premium one (20): raise the plan, or delete a slot that is no longer used.",
    cause: error,
  });
}
