import type { Environment } from "./parse-inputs.ts";
import type { Json } from "./spec.ts";

/** GitHub drops a larger summary, and the step stays green. */
const SUMMARY_LIMIT = 1_024 * 1_024;
/** The outputs of one job may be 1 MB in all, counted in UTF-16. */
const RESULT_LIMIT = 256 * 1_024;

export async function writeOutputs(outputs: Readonly<Record<string, string>>): Promise<void> {
  const { setOutput } = await import("@actions/core");
  for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
}

export async function writeState(key: string, value: Json): Promise<void> {
  const { saveState } = await import("@actions/core");
  saveState(key, JSON.stringify(value));
}

export function readState(key: string, env: Environment): Json | undefined {
  const text = env[`STATE_${key}`];
  if (text === undefined || text === "") return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Appends to the step's summary; without a summary file (an old runner, a terminal) it does nothing. */
export async function writeSummary(markdown: string, env: Environment): Promise<void> {
  if (!env.GITHUB_STEP_SUMMARY) return;
  const { summary } = await import("@actions/core");
  await summary.addRaw(fitSummary(markdown), true).write();
}

/** Cuts whole lines from the end, and says so. */
export function fitSummary(markdown: string, limit: number = SUMMARY_LIMIT): string {
  const bytes = Buffer.from(markdown, "utf8");
  if (bytes.length <= limit) return markdown;
  const notice = "\n\n> The summary was longer than GitHub shows and ends here. The log has the rest.\n";
  const kept = bytes.subarray(0, limit - Buffer.byteLength(notice) - 64).toString("utf8");
  const whole = kept.slice(0, Math.max(0, kept.lastIndexOf("\n")));
  const closing = count(whole, "<details>") > count(whole, "</details>") ? "\n\n</details>" : "";
  const fence = count(whole, "```") % 2 === 1 ? "\n```" : "";
  return `${whole}${fence}${closing}${notice}`;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** `result` as JSON with its schema number; a result too large for an output says so instead. */
export function resultJson(result: Readonly<Record<string, Json | undefined>>): string {
  const json = JSON.stringify({ schema: 1, ...result });
  return json.length <= RESULT_LIMIT ? json : JSON.stringify({ schema: 1, truncated: true, length: json.length });
}
