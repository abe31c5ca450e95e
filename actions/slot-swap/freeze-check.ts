import { UsageError } from "@augeo/action-kit";
import {
  describeEnd,
  type Explanation,
  explainFreeze,
  explainWindow,
  type Freeze,
  type FreezeWindow,
  freezeInForce,
  type Head,
  parseFreezeWindow,
  windowInForce,
} from "@augeo/release";

export interface FreezeInputs {
  /** Why a freeze does not hold this run back. */
  readonly "override-freeze"?: string | undefined;
  readonly "freeze-windows"?: readonly string[] | undefined;
}

/** Throws `UsageError` for a time or a zone that does not exist. */
export function windowsOf(inputs: FreezeInputs): FreezeWindow[] {
  return (inputs["freeze-windows"] ?? []).map((line) => {
    const window = parseFreezeWindow(line);
    if (window) return window;
    throw new UsageError({
      what: `freeze-windows: "${line}" is no window.`,
      why: "Its time or its time zone does not exist, or it begins when it ends.",
      fix: "write it as Fri 16:00 - Mon 08:00 Europe/Zurich, with a zone of the IANA list.",
    });
  });
}

/** The freeze that counts now: the one in the ledger, else that of a window. */
export function freezeNow(
  head: Head,
  windows: readonly FreezeWindow[],
  now: number,
): { freeze: Freeze; explanation: Explanation } | undefined {
  const set = freezeInForce(head, now);
  if (set) return { freeze: set, explanation: explainFreeze(head, set, now) };
  const freeze = windowInForce(windows, now);
  return freeze && { freeze, explanation: explainWindow(head, freeze, describeEnd(freeze, now)) };
}
