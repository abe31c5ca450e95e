import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { closeOnSignals } from "./close-on-signals.ts";
import { Progress, paint } from "./progress.ts";
import type { Findings, Play } from "./scenario.ts";
import { setStage } from "./stage.ts";
import { terminalReport } from "./terminal-report.ts";

const folder = resolve(import.meta.dirname, "../../.rehearsal/last-run");

/**
 * Sets a stage, plays on it, and takes it down. Ends with a timeline in the terminal and `.rehearsal/<page>`, which
 * `report` makes (it may keep more in the run's folder); resolves to whether all was as expected.
 */
export async function onStage(
  page: string,
  perform: (play: Play) => Promise<void>,
  report: (findings: Findings, folder: string) => Promise<string>,
): Promise<boolean> {
  const began = Date.now();
  const progress = new Progress(began);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  progress.say("starting a cloud with one app, its staging slot, its database and a ledger");
  const stage = await setStage(folder);
  closeOnSignals(() => stage.close());
  const findings: Findings = { began, ended: began, steps: [], expectations: [], samples: [] };
  try {
    const { site, production, cloud } = stage;
    progress.say(`${paint("green", "✓")} ${site.name} at ${production}, trusting ${cloud.oidc.job.repository}`);
    await perform({ stage, progress, findings, about: "" });
    progress.stop();
    process.stdout.write(`${terminalReport(findings)}\n`);
    const file = resolve(folder, "..", page);
    await writeFile(file, await report(findings, folder));
    process.stdout.write(`\nReport: ${file}\nLogs: ${join(folder, "logs")}\n`);
    return findings.expectations.every(({ met }) => met);
  } finally {
    progress.stop();
    await stage.close();
  }
}
