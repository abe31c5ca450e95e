import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { closeOnSignals } from "../close-on-signals.ts";
import { Progress, paint } from "../progress.ts";
import type { Findings } from "../scenario.ts";
import { setStage } from "../stage.ts";
import { terminalReport } from "../terminal-report.ts";
import { canaryPicture } from "./charts.ts";
import { canaryReport } from "./report.ts";
import { playCanaries } from "./scenario.ts";
import type { CanaryStory } from "./story.ts";

const folder = resolve(import.meta.dirname, "../../../.rehearsal/last-run");
const reportFile = resolve(folder, "../canary.html");

/** A good and a bad release are ramped up under load, with the shipped bundles; resolves to whether all was as expected. */
export async function rehearseCanary(): Promise<boolean> {
  const began = Date.now();
  const progress = new Progress(began);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  progress.say("starting a cloud with one app, its staging slot, its database and a ledger");
  const stage = await setStage(folder);
  closeOnSignals(() => stage.close());
  const findings: Findings = { began, ended: began, steps: [], expectations: [], samples: [] };
  const stories: CanaryStory[] = [];
  try {
    progress.say(`${paint("green", "✓")} ${stage.site.name} at ${stage.production}`);
    await playCanaries({ stage, progress, findings, about: "" }, stories);
    progress.stop();
    process.stdout.write(`${terminalReport(findings)}\n`);
    await writeFile(join(folder, "stories.json"), JSON.stringify(stories));
    await writeFile(reportFile, canaryReport(findings, stories));
    for (const [index, story] of stories.entries())
      await writeFile(join(folder, `canary-${index + 1}.svg`), canaryPicture(story));
    process.stdout.write(`\nReport: ${reportFile}\nLogs: ${join(folder, "logs")}\n`);
    return findings.expectations.every(({ met }) => met);
  } finally {
    progress.stop();
    await stage.close();
  }
}
