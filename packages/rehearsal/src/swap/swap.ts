import { isDeepStrictEqual } from "node:util";
import type { SlotHost } from "../hosting/slot-host.ts";
import type { Timing } from "../hosting/timing.ts";
import { wait } from "../hosting/wait.ts";
import { ProviderError } from "../model.ts";
import type { StartOutcome } from "../slots/container.ts";
import { configurationAt, exchangeConfiguration, ownConfiguration } from "./settings.ts";
import { warmUp } from "./warm-up.ts";

/** The six steps of a swap. Whatever fails before the fifth leaves the target untouched and the source as it was. */
export async function swapSlots(source: SlotHost, target: SlotHost, timing: Timing): Promise<void> {
  refuseOtherPreview(source, target);
  if (source.slot.targetSwapSlot === undefined) await prepare(source, target, timing);
  try {
    await wait(timing.swapStep * 2);
    await warmUp(source, timing);
    await wait(timing.swapStep);
  } catch (error) {
    revert(source);
    throw error;
  }
  switchRouting(source, target);
  await wait(timing.swapStep);
  restartOldApp(source);
}

/** Steps 1 and 2: the target's sticky settings on the source's instances, all of which must come up with them. */
async function prepare(source: SlotHost, target: SlotHost, timing: Timing): Promise<void> {
  const configuration = configurationAt(source.slot, target.slot);
  if (source.slot.state === "Stopped") throw couldNotStart(source);
  await wait(timing.swapStep);
  const changed = !isDeepStrictEqual(configuration, source.app.launched?.configuration);
  if (changed) source.scm.restartSoon();
  const { slot } = source;
  const outcomes = changed
    ? await source.app.launch({ slot, configuration, instanceIds: source.instanceIds() })
    : await source.app.settled;
  await wait(timing.swapStep);
  const failed = outcomes.find((outcome) => outcome !== "ready");
  if (failed === undefined) return;
  revert(source);
  throw startFailure(source, failed);
}

/** Swap with preview, first phase: stops after step 2 and locks the slot until it is swapped or reset. */
export async function applySlotConfig(source: SlotHost, target: SlotHost, timing: Timing): Promise<void> {
  refuseOtherPreview(source, target);
  if (source.slot.siteAuthEnabled || target.slot.siteAuthEnabled)
    throw new ProviderError(409, "Conflict", "Swap with preview is not supported when site authentication is enabled.");
  if (source.slot.targetSwapSlot !== undefined) return;
  await prepare(source, target, timing);
  source.slot.targetSwapSlot = target.slot.name;
}

export function resetSlotConfig(source: SlotHost): void {
  source.slot.targetSwapSlot = undefined;
  revert(source);
}

function refuseOtherPreview(source: SlotHost, target: SlotHost): void {
  const pending = source.slot.targetSwapSlot;
  const completes = pending?.toLowerCase() === target.slot.name.toLowerCase();
  if ((pending === undefined || completes) && target.slot.targetSwapSlot === undefined) return;
  throw new ProviderError(
    409,
    "Conflict",
    "The slot cannot be changed because its configuration settings have been prepared for swap.",
  );
}

/** Puts the source back on its own settings, if it runs with others. Nothing waits for it. */
function revert(source: SlotHost): void {
  const configuration = ownConfiguration(source.slot);
  if (source.slot.state === "Stopped" || isDeepStrictEqual(configuration, source.app.launched?.configuration)) return;
  void source.app.launch({ slot: source.slot, configuration, instanceIds: source.instanceIds() });
}

/**
 * Step 5, in one turn of the event loop: there is no moment at which a request finds no app. What is under way ends
 * in the process it began in; what comes next goes to the other.
 */
function switchRouting(source: SlotHost, target: SlotHost): void {
  exchangeConfiguration(source.slot, target.slot);
  [source.app, target.app] = [target.app, source.app];
  [source.scm, target.scm] = [target.scm, source.scm];
  for (const host of [source, target]) host.scm.settings = () => host.slot.appSettings;
  const timestampUtc = new Date().toISOString();
  const status = { timestampUtc, sourceSlotName: source.slot.name, destinationSlotName: target.slot.name };
  for (const { slot } of [source, target]) {
    slot.slotSwapStatus = { ...status };
    slot.lastModifiedTimeUtc = timestampUtc;
    slot.targetSwapSlot = undefined;
  }
  source.app.wake();
  target.app.wake();
}

/** Step 6: the app that was live gets the source slot's settings and restarts there. */
function restartOldApp(source: SlotHost): void {
  if (source.slot.state === "Stopped") return void source.app.stop();
  const configuration = ownConfiguration(source.slot);
  source.scm.restartSoon();
  void source.app.launch({ slot: source.slot, configuration, instanceIds: source.instanceIds() });
}

function couldNotStart({ slot }: SlotHost): ProviderError {
  const message = `Cannot swap slots for site '${slot.site.name}' because the worker process for '${slot.name}' slot could not be started.`;
  return new ProviderError(400, "BadRequest", message);
}

function startFailure(source: SlotHost, outcome: StartOutcome): ProviderError {
  if (outcome === "exited") return couldNotStart(source);
  const { site, name } = source.slot;
  const cause =
    outcome === "stopped"
      ? `the allocation of VM instances for '${name}' slot has changed during the swap process. Please retry the swap operation.`
      : `the application initialization in '${name}' slot either took too long or failed. Please check AppInit module configuration or try using a different instance.`;
  return new ProviderError(400, "BadRequest", `Cannot swap slots for site '${site.name}' because ${cause}`);
}
