import { writeFileSync } from "node:fs";
import { quick, startClients, startWorkingApp } from "../__tests__/acceptance/canary/app-under-load.ts";

const [, , failing = "", rate = "80", ...more] = process.argv;
const app = await startWorkingApp({ appSettings: failing ? { FAILING: failing } : {} });
const clients = Number(rate) > 0 ? startClients(app, Number(rate)) : undefined;
try {
  const extra = Object.fromEntries(more.map((each) => each.split("=", 2)));
  const ids = { "app-insights": app.cloud.appInsights.id, "log-analytics": app.cloud.logAnalytics.id };
  await new Promise((r) => setTimeout(r, 4000));
  const run = await app.run("canary", { ...quick, ...ids, ledger: app.ledger, ...extra }, { timeout: 200_000 });
  console.log(run.stdout, run.stderr);
  writeFileSync("/tmp/canary-summary.md", run.summary);
  console.log(run.outputs.result);
  console.log(await app.live(), app.production.config.experiments.rampUpRules);
} finally {
  await clients?.stop();
  await app.close();
  process.exit(0);
}
