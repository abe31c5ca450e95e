/** `PT1M`, `PT30S`, `P1D`, `PT1H30M` in milliseconds; undefined for anything else. */
export function isoDuration(text: string): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text);
  if (match === null || text.length < 3) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

/** `start/end` or a duration up to now; undefined when it is neither. */
export function timespanOf(text: string, now: number): readonly [number, number] | undefined {
  const [first = "", second] = text.split("/");
  if (second === undefined) {
    const length = isoDuration(first);
    return length === undefined ? undefined : [now - length, now];
  }
  const [from, to] = [Date.parse(first), Date.parse(second)];
  return Number.isNaN(from) || Number.isNaN(to) ? undefined : [from, to];
}
