/** A rehearsal cloud with one app in two slots: `r1` is live, `r2` is staged. */
import { type Cloud, type CloudOptions, type Site, type Slot, startCloud, Timing } from "@augeo/rehearsal";
import { letRest } from "../../support/let-rest.ts";
import { type MainRun, type RunOptions, runAction } from "../../support/run-action.ts";
import { ask, pythonApp, pythonCommand, until, zipOf } from "../cloud/hosted-site.ts";

export interface AppInSlots {
  readonly cloud: Cloud;
  readonly site: Site;
  readonly production: Slot;
  readonly staging: Slot;
  /** Address of an empty ledger container. */
  readonly ledger: string;
  /** The cloud's own: what is set here counts from then on. */
  readonly timing: Timing;
  /** Inputs that reach this app, with times short enough for a test. */
  readonly inputs: Readonly<Record<string, string>>;
  deploy(slot: Slot, release: string | undefined): Promise<void>;
  /** The release whose app answers at a slot's public host. */
  releaseAt(slot: Slot): Promise<string | undefined>;
  /** The releases in production and staging, by what answers. */
  live(): Promise<[string | undefined, string | undefined]>;
  /** Requests that asked for a swap. */
  swaps(): number;
  run(name: string, inputs?: RunOptions["inputs"], options?: Partial<RunOptions>): Promise<MainRun>;
  readHead(): Promise<Record<string, unknown>>;
  writeHead(head: Record<string, unknown>, environment?: string, appName?: string): Promise<void>;
  /** Events of the ledger, oldest first; `after`: without the first so many. */
  readEvents(after?: number): Promise<Record<string, unknown>[]>;
  /** Ends the short lease that a dead run has left on the head, if it did. */
  breakLease(): Promise<void>;
  /** What GitHub says of a run; default of the job's own run. */
  setRun(state: "completed" | "in_progress", runId?: string): void;
  close(): Promise<void>;
}

/** Answers 500 where the setting BROKEN names its release, so that a release can be broken under production's settings only. */
export function appFiles(release: string): Record<string, string> {
  const files = pythonApp(release);
  const server = (files["server.py"] ?? "").replace(
    'status = int(os.environ.get("ANSWER_STATUS", "200"))',
    'status = 500 if os.environ.get("BROKEN") == release else 200',
  );
  return { ...files, "server.py": server };
}

export const releaseFile = (release: string): string =>
  JSON.stringify({ schema: 1, release, commit: "c".repeat(40), content: "d".repeat(64), "schema-head": null });

let count = 0;
let deployments = 0;

export interface AppOptions extends CloudOptions {
  withLedger?: boolean;
  /** The content of a release; `appFiles` without it. */
  filesOf?: (release: string) => Record<string, string>;
  /** Of both slots. */
  appSettings?: Record<string, string>;
}

export async function startAppInSlots(options: AppOptions = {}): Promise<AppInSlots> {
  const { withLedger = true, filesOf = appFiles, appSettings = {}, ...rest } = options;
  const timing = { ...(rest.timing ?? Timing.fast), scmStart: 0 };
  const cloud = await startCloud({
    postgres: "none",
    ...(withLedger ? {} : { blob: "none" }),
    ...rest,
    timing,
    arm: { retryAfter: undefined, ...rest.arm },
  });
  try {
    return await prepare(cloud, { withLedger, filesOf, appSettings, timing });
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

async function prepare(
  cloud: Cloud,
  {
    withLedger,
    filesOf,
    appSettings,
    timing,
  }: Required<Pick<AppOptions, "withLedger" | "filesOf" | "appSettings" | "timing">>,
): Promise<AppInSlots> {
  cloud.trust();
  count += 1;
  const site = await cloud.createSite({
    name: `auction-${count}`,
    slots: ["staging"],
    appCommandLine: pythonCommand,
    appSettings,
  });
  const staging = site.slots.get("staging");
  if (!staging) throw new Error("the site has no staging slot");
  const { production } = site;
  const ledger = withLedger ? await cloud.newContainer() : "";
  const deploy = async (slot: Slot, release: string | undefined): Promise<void> => {
    const files =
      release === undefined ? pythonApp("none") : { ...filesOf(release), "augeo-release.json": releaseFile(release) };
    // A time of its own: Kudu leaves a file alone whose size and time are those of the one that is there.
    deployments += 1;
    const body = await zipOf(files, new Date(Date.UTC(2026, 0, 2, 3, deployments)));
    const login = Buffer.from(`${slot.publishingUserName}:${slot.publishingPassword}`).toString("base64");
    const headers = { authorization: `Basic ${login}` };
    const reply = await ask(cloud.tls.ca, slot.scmHostName, "/api/publish?type=zip", {
      method: "POST",
      body,
      headers,
      token: "",
    });
    if (reply.status !== 200) throw new Error(`deploying ${release}: ${reply.status} ${reply.text}`);
    await until(`${release} answers`, async () => (await releaseAt(slot)) === (release ?? "none"));
  };
  const headAddress = `${ledger}/${site.name}/production/head.json`;
  const releaseAt = async (slot: Slot): Promise<string | undefined> => {
    const answer = await ask(cloud.tls.ca, slot.hostName, "/", { token: "" });
    const isJson = String(answer.headers["content-type"]).includes("json");
    return isJson ? (answer.json() as { release?: string }).release : undefined;
  };
  await Promise.all([deploy(production, "r1"), deploy(staging, "r2")]);
  letRest(site);
  const inputs = {
    ...cloud.inputs,
    app: site.name,
    "resource-group": cloud.resourceGroup,
    slot: "staging",
    "bake-time": "300ms",
    "probe-interval": "100ms",
    "poll-interval": "100ms",
    "settle-time": "1s",
    "warm-up-timeout": "60s",
    "swap-timeout": "60s",
  };
  return {
    cloud,
    site,
    production,
    staging,
    ledger,
    timing,
    inputs,
    deploy,
    releaseAt,
    live: async () => [await releaseAt(production), await releaseAt(staging)],
    swaps: () => cloud.requests.of({ host: "management", method: "POST", path: /\/slotsswap/ }).length,
    run: (name, more = {}, runOptions = {}) =>
      runAction(name, { cloud, ...runOptions, inputs: { ...inputs, ...more } }),
    readHead: async () => JSON.parse(await blob(cloud, headAddress, "GET")) as Record<string, unknown>,
    writeHead: async (head, environment = "production", appName = site.name) => {
      await blob(cloud, `${ledger}/${appName}/${environment}/head.json`, "PUT", JSON.stringify(head));
    },
    breakLease: async () => {
      const breaking = { "x-ms-lease-action": "break", "x-ms-lease-break-period": "0" };
      await blob(cloud, `${headAddress}?comp=lease`, "PUT", undefined, breaking).catch((error: Error) => {
        if (!/LeaseNotPresent/.test(error.message)) throw error;
      });
    },
    readEvents: async (after = 0) => {
      const list = await blob(
        cloud,
        `${ledger}?restype=container&comp=list&prefix=${site.name}/production/events/`,
        "GET",
      );
      const names = [...list.matchAll(/<Name>([^<]+)<\/Name>/g)].map(([, name]) => name);
      const events = await Promise.all(names.slice(after).map((name) => blob(cloud, `${ledger}/${name}`, "GET")));
      return events.map((event) => JSON.parse(event) as Record<string, unknown>);
    },
    setRun: (status, runId = cloud.oidc.job.runId) => {
      cloud.github.state.runs.set(
        runId,
        status === "completed" ? { status, conclusion: "cancelled" } : { status, conclusion: null },
      );
    },
    close: () => cloud.close(),
  };
}

/** One request to Blob Storage as the deploying application. */
export async function blob(
  cloud: Cloud,
  address: string,
  method: "GET" | "PUT",
  body?: string,
  more: Record<string, string> = {},
): Promise<string> {
  const { host, pathname, search } = new URL(address);
  const token = await cloud.entra.mint(cloud.application, "https://storage.azure.com");
  const length =
    body === undefined ? {} : { "x-ms-blob-type": "BlockBlob", "content-length": String(Buffer.byteLength(body)) };
  const headers = { authorization: `Bearer ${token}`, "x-ms-version": "2025-01-05", ...length, ...more };
  const reply = await ask(cloud.tls.ca, host, `${pathname}${search}`, {
    method,
    headers,
    token: "",
    ...(body && { body }),
  });
  if (reply.status >= 300) throw new Error(`${method} ${address}: ${reply.status} ${reply.text}`);
  return reply.text;
}

/** Settings that stay with production: `r2` fails there and nowhere else. */
export function breakInProduction(app: AppInSlots, release = "r2"): void {
  app.production.appSettings.BROKEN = release;
  app.site.slotConfigNames.appSettingNames.push("BROKEN");
  app.cloud.hosting.configurationChanged(app.production, "config");
}

export function errorOf(run: MainRun): string {
  return run.annotations
    .filter(({ level }) => level === "error")
    .map(({ message }) => message)
    .join("\n");
}
