import { mkdir, writeFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { join } from "node:path";
import {
  auctionStartCommand,
  type Cloud,
  materialiseRelease,
  pythonPath,
  type Site,
  startCloud,
} from "@augeo/rehearsal";
import pg from "pg";
import { type MainRun, runAction } from "../../__tests__/support/run-action.ts";

/** What the rehearsal plays on: a cloud with one app, its database and ledger, and the releases laid out on disk. */
export interface Stage {
  readonly cloud: Cloud;
  readonly site: Site;
  /** `https://…` of production, where the clients call. */
  readonly production: string;
  /** Runs a bundle against the app, as a job's step would; its log goes to `<logs>/<title>.log`. */
  run(title: string, action: string, inputs: Record<string, string>, onLine: (line: string) => void): Promise<MainRun>;
  /** Lays out a release of the example app and resolves to the folder's path. */
  layOut(release: string): Promise<string>;
  /** The Alembic revision that the database is at. */
  revision(): Promise<string>;
  /** Asks production's API. */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  close(): Promise<void>;
}

/** Seconds that Azure Resource Manager asks to wait between two questions about a swap. In Azure 15. */
export const RETRY_AFTER = 1;

/** The setting that only production has, which release 3 cannot live with. */
export const productionSetting = { name: "BID_CEILING_CENTS", value: "100000000" };

async function createSite(cloud: Cloud): Promise<Site> {
  const site = await cloud.createSite({
    name: "auction-api",
    slots: ["staging"],
    appCommandLine: auctionStartCommand,
    appSettings: { DATABASE_URL: cloud.databaseUrl },
  });
  site.production.appSettings[productionSetting.name] = productionSetting.value;
  site.slotConfigNames.appSettingNames.push(productionSetting.name);
  return site;
}

function commonInputs(cloud: Cloud, site: Site, ledger: string): Record<string, string> {
  return {
    ...cloud.inputs,
    app: site.name,
    "resource-group": cloud.resourceGroup,
    slot: "staging",
    environment: "production",
    ledger,
    "database-url": cloud.databaseUrl,
    python: pythonPath(),
  };
}

function asker(origin: string, ca: string): Stage["ask"] {
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const agent = new Agent({ ca });
      const headers = { "content-type": "application/json" };
      const sent = request(new URL(path, origin), { agent, method, headers }, async (response) => {
        const text = Buffer.concat(await response.toArray()).toString();
        agent.destroy();
        resolve({
          status: response.statusCode ?? 0,
          body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
        });
      });
      sent.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
}

/** One row of one column, from the database itself. */
export async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts the cloud and prepares all that a first release needs. `folder` takes the laid-out releases and the logs. */
export async function setStage(folder: string): Promise<Stage> {
  const cloud = await startCloud({ arm: { retryAfter: RETRY_AFTER } });
  try {
    cloud.trust();
    const [site, ledger] = [await createSite(cloud), await cloud.newContainer("releases")];
    const inputs = commonInputs(cloud, site, ledger);
    const workspace = join(folder, "workspace");
    const logs = join(folder, "logs");
    await Promise.all([workspace, logs].map((path) => mkdir(path, { recursive: true })));
    const production = `https://${site.production.hostName}`;
    return {
      cloud,
      site,
      production,
      async run(title, action, more, onLine) {
        const options = { cloud, workspace, timeout: 180_000, onLine };
        const run = await runAction(action, { ...options, inputs: { ...inputs, ...more } });
        await writeFile(join(logs, `${title}.log`), `${run.stdout}${run.stderr}`);
        await writeFile(join(logs, `${title}.summary.md`), run.summary);
        return run;
      },
      layOut: (release) => materialiseRelease(release, join(workspace, `auction-${release}`)),
      revision: async () => {
        const rows = await query<{ version_num: string }>(cloud.databaseUrl, "select version_num from alembic_version");
        return rows.map(({ version_num }) => version_num).join(", ");
      },
      ask: asker(production, cloud.tls.ca),
      close: () => cloud.close(),
    };
  } catch (error) {
    await cloud.close();
    throw error;
  }
}
