/** A fenced block whose fence is longer than any run of backticks inside, so that hostile text cannot leave it. */
export function codeBlock(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n+$/, "")}\n${fence}`;
}

/**
 * Text of unknown origin for a table cell or a paragraph: one line, nothing of it Markdown or HTML. GitHub looks for
 * mentions and references once entities are read, so that nothing less than a space of no width keeps them from it.
 */
export const plain = (text: string): string => escaped(text).replace(/&#(?:64|35);/g, "$&&#8203;");

const escaped = (text: string): string =>
  stripControls(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>|#~@$&!]/g, (character) => `&#${character.charCodeAt(0)};`)
    .trim();

/** A short inline code span for a table cell. */
export function code(text: string): string {
  const line = escaped(text);
  return line === "" ? "" : `<code>${line}</code>`;
}

/**
 * Names and values as a table; values are Markdown already, and empty ones are left out. The first one is the head: an
 * empty head would be drawn as an empty row.
 */
export function factsTable(facts: readonly (readonly [name: string, value: string])[]): string {
  const [first, ...rest] = facts.filter(([, value]) => value !== "").map(([name, value]) => `| ${name} | ${value} |`);
  return first === undefined ? "" : [first, "| --- | --- |", ...rest].join("\n");
}

/** Keeps line breaks and tabs; drops every other control character and the marks that turn text around. */
export const stripControls = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to drop
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, "");

export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const UNITS = [
  [1e9, "&nbsp;G"],
  [1e6, "&nbsp;M"],
  [1e3, "&nbsp;k"],
] as const;

/** `950`, `12 k`, `1.2 M`, in one piece. */
export function shortCount(number: number): string {
  const [size, unit] = UNITS.find(([least]) => number >= least) ?? [1, ""];
  const scaled = number / size;
  return `${size > 1 && scaled < 10 ? Math.floor(scaled * 10) / 10 : Math.floor(scaled)}${unit}`;
}

/** `1 table`, `2 tables`. */
export const count = (number: number, noun: string, plural = `${noun}s`): string =>
  `${number} ${number === 1 ? noun : plural}`;
