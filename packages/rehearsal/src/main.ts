/**
 * `npm run cloud [-- --timing real]`: starts a rehearsal cloud with one site, prints one line of JSON once it is ready,
 * and stays until it is stopped (SIGTERM, SIGINT) or whoever started it is gone.
 */
import { parseArgs } from "node:util";
import { auctionStartCommand } from "./auction-api.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { Timing } from "./hosting/timing.ts";
import type { Site, Slot } from "./model.ts";
import { subjectOf } from "./oidc.ts";

function timingFrom(args: string[]): Timing {
  const { values } = parseArgs({ args, options: { timing: { type: "string", default: "fast" } } });
  if (values.timing === "fast" || values.timing === "real") return Timing[values.timing];
  process.stderr.write(`Error: --timing is fast or real, not "${values.timing}".\n`);
  process.exit(2);
}

function addresses(slot: Slot): Record<string, string> {
  return { url: `https://${slot.hostName}`, scm: `https://${slot.scmHostName}` };
}

async function describe(cloud: Cloud, site: Site): Promise<Record<string, unknown>> {
  return {
    endpoints: cloud.endpoints,
    ca: cloud.tls.files.ca,
    subscriptionId: cloud.subscriptionId,
    tenantId: cloud.tenantId,
    clientId: cloud.application.clientId,
    resourceGroup: cloud.resourceGroup,
    idToken: { url: cloud.oidc.requestUrl, token: cloud.oidc.requestToken, subject: subjectOf(cloud.oidc.job) },
    github: { url: cloud.github.url, token: cloud.github.token, repository: cloud.oidc.job.repository },
    site: site.name,
    slots: Object.fromEntries([site.production, ...site.slots.values()].map((slot) => [slot.name, addresses(slot)])),
    startCommand: auctionStartCommand,
    ledger: await cloud.newContainer("releases"),
    databaseUrl: cloud.databaseUrl,
    inputs: cloud.inputs,
    env: cloud.env,
  };
}

/** Resolves when it is time to stop: by a signal, or because the process that started this one is gone. */
function untilStopped(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    if (parent !== 1) setInterval(() => process.ppid !== parent && resolve(), 250);
  });
}

const stopped = untilStopped();
const cloud = await startCloud({ timing: timingFrom(process.argv.slice(2)) });
cloud.trust();
const site = await cloud.createSite({
  name: "auction-api",
  slots: ["staging"],
  appCommandLine: auctionStartCommand,
  appSettings: { DATABASE_URL: cloud.databaseUrl },
});
process.stdout.write(`${JSON.stringify(await describe(cloud, site))}\n`);
await stopped;
await cloud.close();
process.exit(0);
