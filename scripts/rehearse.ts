/**
 * `npm run rehearse`: an app goes out blue-green under load, fails, and comes back, with the shipped bundles, in a
 * cloud of its own. Ends with a timeline in the terminal and `.rehearsal/report.html`; the exit code tells the truth.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { htmlReport } from "./rehearse/html-report.ts";
import { Progress, paint } from "./rehearse/progress.ts";
import { rehearse } from "./rehearse/scenario.ts";
import { setStage } from "./rehearse/stage.ts";
import { terminalReport } from "./rehearse/terminal-report.ts";

const folder = resolve(import.meta.dirname, "../.rehearsal/last-run");
const reportFile = resolve(folder, "../report.html");

function closeOnSignals(close: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => void close().finally(() => process.exit(signal === "SIGINT" ? 130 : 143)));
}

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
  process.exitCode = findings.expectations.every(({ met }) => met) ? 0 : 1;
} finally {
  progress.stop();
  await stage.close();
}
