import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { closeOnSignals } from "./close-on-signals.ts";
import { htmlReport } from "./html-report.ts";
import { Progress, paint } from "./progress.ts";
import { rehearse } from "./scenario.ts";
import { setStage } from "./stage.ts";
import { terminalReport } from "./terminal-report.ts";

const folder = resolve(import.meta.dirname, "../../.rehearsal/last-run");
const reportFile = resolve(folder, "../report.html");

/**
 * An app goes out blue-green under load, fails, and comes back, with the shipped bundles. Ends with a timeline in the
 * terminal and `.rehearsal/report.html`; resolves to whether all was as expected.
 */
export async function rehearseBlueGreen(): Promise<boolean> {
  const began = Date.now();
  const progress = new Progress(began);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  progress.say("starting a cloud with one app, its staging slot, its database and a ledger");
  const stage = await setStage(folder);
  closeOnSignals(() => stage.close());
  try {
    progress.say(
      `${paint("green", "✓")} ${stage.site.name} at ${stage.production}, trusting ${stage.cloud.oidc.job.repository}`,
    );
    const findings = await rehearse(stage, progress, began);
    progress.stop();
    process.stdout.write(`${terminalReport(findings)}\n`);
    await writeFile(reportFile, htmlReport(findings));
    await writeFile(join(folder, "findings.json"), JSON.stringify(findings));
    process.stdout.write(`\nReport: ${reportFile}\nLogs: ${join(folder, "logs")}\n`);
    return findings.expectations.every(({ met }) => met);
  } finally {
    progress.stop();
    await stage.close();
  }
}
