/** Milliseconds. */
export type Milliseconds = number;

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNITS;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d)\s*)+$/;

/** Reads `90s`, `5m`, `1h 30m`, `250ms`. `undefined` for anything else, a bare number included. */
export function parseDuration(text: string): Milliseconds | undefined {
  if (!WHOLE.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * UNITS[unit as Unit];
  return total;
}

/** `1500` → `1.5s`, `300000` → `5m`, `5400000` → `1h 30m`. */
export function formatDuration(milliseconds: Milliseconds): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)}ms`;
  if (milliseconds < 60_000) return `${trimmed(milliseconds / 1_000)}s`;
  const seconds = Math.round(milliseconds / 1_000);
  const parts = [
    [Math.floor(seconds / 3_600), "h"],
    [Math.floor((seconds % 3_600) / 60), "m"],
    [seconds % 60, "s"],
  ] as const;
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join(" ");
}

function trimmed(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}
