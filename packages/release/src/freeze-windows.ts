/**
 * Freezes that come back every week, on the clock of a time zone: `Fri 16:00 - Mon 08:00 Europe/Zurich`. What the wall
 * clock there shows decides, also on the days when it is put forward or back.
 */
import type { Explanation } from "./errors.ts";
import type { Freeze } from "./ledger-records.ts";
import type { Milliseconds } from "./ports.ts";

export interface FreezeWindow {
  /** As it was written. */
  text: string;
  /** Minutes since Monday 00:00 on the zone's clock; the end is no longer in the window. */
  from: number;
  to: number;
  zone: string;
}

export const WINDOW_PATTERN =
  /^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\s+(\d\d):(\d\d)\s*(?:-|–|to)\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*\s+(\d\d):(\d\d)\s+(\S+)$/i;

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY = 24 * 60;
const WEEK = 7 * DAY;
const MINUTE = 60_000;
/** More than any change of a clock, in minutes. */
const LONGEST_SHIFT = 180;

/** Undefined for what is no window: a time or a zone that does not exist, a window without length. */
export function parseFreezeWindow(text: string): FreezeWindow | undefined {
  const [, fromDay = "", fromHour, fromMinute, toDay = "", toHour, toMinute, zone = ""] =
    WINDOW_PATTERN.exec(text) ?? [];
  const from = minuteOf(fromDay, Number(fromHour), Number(fromMinute));
  const to = minuteOf(toDay, Number(toHour), Number(toMinute));
  if (from === undefined || to === undefined || from === to || !isZone(zone)) return undefined;
  return { text, from, to, zone };
}

/** The freeze of the first window that `now` lies in. Its `since` is not known and not needed. */
export function windowInForce(windows: readonly FreezeWindow[], now: Milliseconds): Freeze | undefined {
  const window = windows.find((each) => isWithin(each, now));
  if (!window) return undefined;
  return { reason: window.text, by: "freeze-windows", url: "", since: now, until: endOf(window, now) };
}

export function explainWindow(place: { app: string; environment: string }, freeze: Freeze, end: string): Explanation {
  return {
    what: `${place.app} (${place.environment}) is frozen ${end}: no new release goes out, and nothing was changed.`,
    why: `This workflow's freeze-windows say so: ${freeze.reason}.`,
    fix: "Release again after the end. If this one cannot wait, run again with override-freeze: <why>, which is recorded. A rollback is never held back.",
  };
}

function minuteOf(day: string, hour: number, minute: number): number | undefined {
  const index = DAYS.indexOf(day.slice(0, 3).toLowerCase());
  const isTime = hour < 24 && minute < 60;
  return index < 0 || !isTime ? undefined : index * DAY + hour * 60 + minute;
}

function isZone(zone: string): boolean {
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}

const clockOf = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });

/** What the zone's clock shows, in minutes since its Monday. */
function wallClock(zone: string, at: Milliseconds): number {
  const parts = new Map(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return minuteOf(parts.get("weekday") ?? "", Number(parts.get("hour")), Number(parts.get("minute"))) ?? 0;
}

function isWithin({ from, to, zone }: FreezeWindow, at: Milliseconds): boolean {
  const shown = wallClock(zone, at);
  return from < to ? from <= shown && shown < to : from <= shown || shown < to;
}

/** The first minute from `now` on that is not in the window. */
function endOf(window: FreezeWindow, now: Milliseconds): Milliseconds {
  const { to, zone } = window;
  const minute = now - (now % MINUTE);
  // Right but for a change of the clock in between, which is looked for minute by minute.
  let end = minute + ((to - wallClock(zone, now) + WEEK) % WEEK) * MINUTE;
  for (let step = 0; step <= LONGEST_SHIFT && isWithin(window, end); step++) end += MINUTE;
  for (let step = 0; step <= LONGEST_SHIFT && end - MINUTE > now && !isWithin(window, end - MINUTE); step++)
    end -= MINUTE;
  return end;
}
