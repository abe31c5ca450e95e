import { randomUUID } from "node:crypto";

/**
 * The runner's line protocol on stdout. The file protocol (outputs, state, summary) is `@actions/core`'s, loaded when
 * it is needed: its HTTP client costs more to load than everything else an action does before its first request.
 */
export function workflowCommand(
  name: string,
  message: string,
  properties: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const list = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
    .join(",");
  return `::${name}${list === "" ? "" : ` ${list}`}::${escapeMessage(message)}`;
}

function escapeMessage(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
/** Colours, cursor movements and window titles of terminals. */
const TERMINAL = new RegExp(
  `${ESCAPE}(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^${ESCAPE}${BELL}]*(?:${BELL}|${ESCAPE}\\\\))`,
  "g",
);
const CONTROL = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/** Text from outside without terminal sequences, control characters and changes of writing direction. Newlines and tabs stay. */
export function stripControls(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(TERMINAL, "").replaceAll(CONTROL, "");
}

/** The text between `::stop-commands::` and its token, so that no line of it can act as a command. */
export function withoutCommands(text: string, token: string = randomUUID()): string {
  return `::stop-commands::${token}\n${text.replace(/\n+$/, "")}\n::${token}::`;
}
