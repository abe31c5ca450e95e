/** What a container's log says of an app that does not start. Pure. */
import { stripControls } from "@augeo/action-kit";
import { fenced } from "@augeo/probe";

const SHOWN_LINES = 60;
const SHOWN_LETTERS = 200;

export function lastLines(log: string): string {
  return log.trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
}

/** The last line that names an exception, as Python ends a traceback: `ModuleNotFoundError: No module named 'x'`. */
export function lastErrorIn(log: string): string | undefined {
  const lines = stripControls(log)
    .split("\n")
    .map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z?\s+/, "").trimEnd());
  return lines.findLast((line) => /^(?:\w+\.)*\w*(?:Error|Exception)(?::|$)/.test(line))?.slice(0, SHOWN_LETTERS);
}

export function containerLogMarkdown(log: string): string {
  return `<details><summary>Container log, last lines</summary>\n\n${fenced(stripControls(log))}\n\n</details>`;
}
