import { parseFreezeWindow, windowInForce } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";

/** The end of the freeze at a moment, both in UTC; `free` when there is none. */
function at(line: string, moment: string): string {
  const window = parseFreezeWindow(line);
  if (!window) throw new Error(`${line} is no window`);
  const freeze = windowInForce([window], Date.parse(moment));
  return freeze ? new Date(freeze.until ?? Number.NaN).toISOString().replace(":00.000Z", "Z") : "free";
}

const weekend = "Fri 16:00 - Mon 08:00 Europe/Zurich";

describe("a freeze window", () => {
  test.each<[string, string, string, string]>([
    ["has not begun a minute before", weekend, "2026-01-09T14:59:59Z", "free"],
    ["begins with its minute", weekend, "2026-01-09T15:00:00Z", "2026-01-12T07:00Z"],
    ["goes over midnight and Sunday", weekend, "2026-01-11T23:30:17Z", "2026-01-12T07:00Z"],
    ["lasts until the second before its end", weekend, "2026-01-12T06:59:59Z", "2026-01-12T07:00Z"],
    ["is over with its end", weekend, "2026-01-12T07:00:00Z", "free"],
    ["is an hour earlier in UTC in summer", weekend, "2026-07-10T14:00:00Z", "2026-07-13T06:00Z"],
    ["ends by the clock that was put forward in it", weekend, "2026-03-28T12:00:00Z", "2026-03-30T06:00Z"],
    ["ends by the clock that was put back in it", weekend, "2026-10-24T12:00:00Z", "2026-10-26T07:00Z"],
    ["within one day", "Wed 09:00 - Wed 17:00 UTC", "2026-01-07T12:00:00Z", "2026-01-07T17:00Z"],
    ["within one day is free the day after", "Wed 09:00 - Wed 17:00 UTC", "2026-01-08T12:00:00Z", "free"],
    [
      "that ends where it began spans the week around",
      "Mon 08:01 - Mon 08:00 UTC",
      "2026-01-08T12:00:00Z",
      "2026-01-12T08:00Z",
    ],
    [
      "whose end does not exist on the day the clock is put forward ends when the clock has passed it",
      "Sat 20:00 - Sun 02:30 Europe/Zurich",
      "2026-03-28T23:00:00Z",
      "2026-03-29T01:00Z",
    ],
    [
      "whose end comes twice on the day the clock is put back ends the first time",
      "Sat 20:00 - Sun 02:30 Europe/Zurich",
      "2026-10-24T23:00:00Z",
      "2026-10-25T00:30Z",
    ],
    [
      "and is in force again in the hour that is shown twice, until the clock has passed its end for good",
      "Sat 20:00 - Sun 02:30 Europe/Zurich",
      "2026-10-25T01:10:00Z",
      "2026-10-25T01:30Z",
    ],
    ["in a zone of half an hour", "Fri 16:00 - Sat 00:00 Asia/Kolkata", "2026-01-09T10:30:00Z", "2026-01-09T18:30Z"],
    [
      "in New York, in the week Europe has changed and America has not",
      "Fri 16:00 - Mon 08:00 America/New_York",
      "2026-10-31T12:00:00Z",
      "2026-11-02T13:00Z",
    ],
    [
      "written with other words and signs",
      "friday 16:00 to monday 08:00 UTC",
      "2026-01-10T00:00:00Z",
      "2026-01-12T08:00Z",
    ],
  ])("%s", (_, line, moment, end) => {
    expect(at(line, moment)).toBe(end);
  });

  test.each([
    ["an hour that no day has", "Fri 25:00 - Mon 08:00 UTC"],
    ["a zone that no list has", "Fri 16:00 - Mon 08:00 Europe/Zurch"],
    ["no zone", "Fri 16:00 - Mon 08:00"],
    ["no length", "Fri 16:00 - Fri 16:00 UTC"],
  ])("with %s is none", (_, line) => {
    expect(parseFreezeWindow(line)).toBeUndefined();
  });

  test("ends at the first minute outside it, whenever it is looked at", () => {
    const window = parseFreezeWindow(weekend);
    if (!window) throw new Error("no window");
    for (let now = Date.UTC(2026, 2, 20); now < Date.UTC(2026, 3, 6); now += 37 * 60_000 + 11_000) {
      const end = windowInForce([window], now)?.until;
      if (end == null) continue;
      expect(windowInForce([window], end)).toBeUndefined();
      expect(windowInForce([window], end - 1)).toBeDefined();
    }
  });
});
