/** The share of production's requests that goes to a slot: one of production's routing rules. */
import { ServiceError, type Slots } from "@augeo/release";
import type { Arm } from "./arm.ts";
import type { SiteView, SlotRef } from "./site.ts";
import { type RampUpRule, readRampUpRules, writeRampUpRules } from "./site-settings.ts";

export interface SlotInTraffic {
  ref: SlotRef;
  staging: Pick<SiteView, "defaultHostName">;
}

/** What the rules send to the slot, in percent, and those that are none of its business. */
export async function readTraffic(arm: Arm, { ref, staging }: SlotInTraffic) {
  const rules = await readRampUpRules(arm, ref);
  const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  const isOwn = ({ actionHostName, name }: RampUpRule) =>
    isSame(actionHostName, staging.defaultHostName) || isSame(name, ref.slot);
  return { weight: rules.find(isOwn)?.reroutePercentage ?? 0, others: rules.filter((rule) => !isOwn(rule)) };
}

/** As `Slots.route`: looks before every request, also before one that is repeated. */
export async function setTraffic(
  arm: Arm,
  slot: SlotInTraffic,
  weight: number,
  expected: number | null,
): ReturnType<Slots["route"]> {
  const { ref, staging } = slot;
  const { weight: found, others } = await readTraffic(arm, slot);
  if (expected !== null && found !== expected) return { kind: "withheld", weight: found };
  const own = { actionHostName: staging.defaultHostName, name: ref.slot, reroutePercentage: weight };
  const seen: (number | undefined)[] = [];
  const mayRepeat = async () => {
    // Whether it is as before is not known when it cannot be read.
    seen.push(
      await readTraffic(arm, slot).then(
        (now) => now.weight,
        () => undefined,
      ),
    );
    return seen.at(-1) === expected;
  };
  try {
    const rules = weight === 0 ? others : [...others, own];
    await writeRampUpRules(arm, ref, rules, expected === null ? undefined : mayRepeat);
  } catch (error) {
    // No reply, and a moment later it is there. A rule that is gone may as well have been removed by somebody.
    if (weight !== 0 && seen.at(-1) === weight) return { kind: "set" };
    // What answered the repetition says nothing of the request before it.
    throw error instanceof ServiceError && seen.length > 0 ? new ServiceError({ ...error, status: undefined }) : error;
  }
  return { kind: "set" };
}
