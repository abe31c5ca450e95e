import { KqlFault } from "./fault.ts";

export interface Token {
  kind: "name" | "number" | "timespan" | "string" | "sign" | "end";
  /** A string's own text; otherwise what was written. */
  text: string;
  /** Of a number, or a timespan in milliseconds. */
  value: number;
  position: number;
}

const UNITS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  microsecond: 1e-3,
  tick: 1e-4,
};

const PATTERN =
  /\s+|\/\/[^\n]*|(?<timespan>\d+(?:\.\d+)?(?:d|h|ms|microsecond|m|s|tick)\b)|(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<name>[A-Za-z_][\w]*)|@?"(?<double>(?:[^"\\\n]|\\.)*)"|@?'(?<single>(?:[^'\\\n]|\\.)*)'|(?<sign>!~|=~|==|!=|<=|>=|\.\.|[-+*/%<>=|(),;.[\]{}:!])/y;

/** Splits a query; whitespace and comments fall out. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < text.length) {
    const position = PATTERN.lastIndex;
    const match = PATTERN.exec(text);
    if (match === null) throw new KqlFault("SyntaxError", `Unexpected character '${text[position]}'.`, position);
    const token = tokenOf(match.groups ?? {}, position);
    if (token) tokens.push(token);
  }
  return [...tokens, { kind: "end", text: "", value: 0, position: text.length }];
}

function tokenOf(groups: Record<string, string | undefined>, position: number): Token | undefined {
  const { timespan, number, name, double, single, sign } = groups;
  const text = double ?? single;
  if (text !== undefined) return { kind: "string", text: unescaped(text), value: 0, position };
  if (timespan !== undefined) return { kind: "timespan", text: timespan, value: millisecondsOf(timespan), position };
  if (number !== undefined) return { kind: "number", text: number, value: Number(number), position };
  if (name !== undefined) return { kind: "name", text: name, value: 0, position };
  if (sign !== undefined) return { kind: "sign", text: sign, value: 0, position };
  return undefined;
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, sign: string) => (sign === "n" ? "\n" : sign));

export function millisecondsOf(timespan: string): number {
  const [, count = "0", unit = "s"] = /^([\d.]+)([a-z]+)$/.exec(timespan) ?? [];
  return Number(count) * (UNITS[unit] ?? 0);
}
