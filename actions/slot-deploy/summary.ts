import { formatDuration, stripControls } from "@augeo/action-kit";
import type { DeployResult } from "./deploy-to-slot.ts";

export interface Place {
  app: string;
  slot: string;
}

const HEADINGS: Readonly<Record<DeployResult["kind"], (release: string, slot: string) => string>> = {
  deployed: (release, slot) => `✅ ${release} runs in the slot ${slot}`,
  "already-deployed": (release, slot) => `⏭️ The slot ${slot} holds ${release} already`,
  "not-started": (release, slot) => `❌ ${release} is in the slot ${slot}, and its app did not start`,
};

const LOG_LINES = 40;

/** The job summary. Pure. */
export function summarise({ app, slot }: Place, result: DeployResult): string {
  const parts = [`### ${HEADINGS[result.kind](code(result.release.release), code(slot))}`, table(app, slot, result)];
  if (result.redeployed)
    parts.push("The SCM site was restarted during the first deployment; it was deployed once more.");
  if (result.containerLog !== undefined && result.containerLog !== "") parts.push(containerLog(result.containerLog));
  return `${parts.join("\n\n")}\n`;
}

function table(app: string, slot: string, result: DeployResult): string {
  const { release, package: sent } = result;
  const rows = [
    ["App", `${code(app)}, slot ${code(slot)}${result.slotCreated ? " (created by this run)" : ""}`],
    ["Address", result.slotUrl],
    ["Commit", code(release.commit.slice(0, 12))],
    ["Content", code(release.content.slice(0, 12))],
    ["Schema head", release.schemaHead === null ? "none" : code(release.schemaHead)],
    ["Package", `${sent.kind}, ${sent.files} files, ${(sent.bytes / (1024 * 1024)).toFixed(1)} MB`],
    ["Deployment", result.deployment === undefined ? "none needed" : code(result.deployment)],
    ["Time", formatDuration(result.duration)],
  ];
  // The first row is the head: an empty one would be drawn as an empty row.
  const [head = "", ...rest] = rows.map(([name, value]) => `| ${name} | ${value} |`);
  return [head, "| --- | --- |", ...rest].join("\n");
}

function code(text: string): string {
  return `\`${text.replace(/[`|\r\n]/g, " ")}\``;
}

/** Indented, so that no fence in it can end it. */
function containerLog(log: string): string {
  const lines = stripControls(log).trimEnd().split("\n").slice(-LOG_LINES);
  return `<details><summary>Container log, last lines</summary>\n\n${lines.map((line) => `    ${line}`).join("\n")}\n\n</details>`;
}
