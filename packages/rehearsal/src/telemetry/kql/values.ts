export type Type = "long" | "real" | "string" | "datetime" | "timespan" | "bool" | "dynamic";

/** Dates are milliseconds since 1970, timespans milliseconds; the column's type tells. */
export type Value = number | string | boolean | null | Readonly<Record<string, unknown>>;

export interface Column {
  name: string;
  type: Type;
}

export interface Table {
  columns: readonly Column[];
  rows: readonly (readonly Value[])[];
}

/** A scalar, ready to be asked of each row. */
export interface Scalar {
  type: Type;
  of(row: readonly Value[]): Value;
}

export const isNumeric = (type: Type): boolean => type === "long" || type === "real" || type === "dynamic";

/** As the services print it in JSON. */
export function printed(value: Value, type: Type): unknown {
  if (value === null) return null;
  if (type === "datetime" && typeof value === "number") return new Date(value).toISOString();
  if (type === "timespan" && typeof value === "number") return timespan(value);
  if (type === "dynamic") return JSON.stringify(value);
  return typeof value === "number" && Number.isNaN(value) ? "NaN" : value;
}

function timespan(milliseconds: number): string {
  const sign = milliseconds < 0 ? "-" : "";
  const rest = Math.abs(milliseconds);
  const [days, hours] = [Math.floor(rest / 86_400_000), Math.floor(rest / 3_600_000) % 24];
  const [minutes, seconds] = [Math.floor(rest / 60_000) % 60, (rest / 1000) % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  const fraction = (seconds % 1).toFixed(7).slice(1);
  return `${sign}${days > 0 ? `${days}.` : ""}${two(hours)}:${two(minutes)}:${two(Math.floor(seconds))}${Number(fraction) > 0 ? fraction : ""}`;
}
