import { randomUUID } from "node:crypto";
import { request } from "node:https";
import { join } from "node:path";
import { ZipFile } from "yazl";
import { Faults } from "../../../packages/rehearsal/src/faults.ts";
import {
  createHosting,
  type HostingOptions,
  type RehearsalHosting,
} from "../../../packages/rehearsal/src/hosting/create-hosting.ts";
import { Timing } from "../../../packages/rehearsal/src/hosting/timing.ts";
import type { Site, Slot } from "../../../packages/rehearsal/src/model.ts";
import { pythonPath } from "../../../packages/rehearsal/src/python.ts";
import { RequestLog } from "../../../packages/rehearsal/src/request-log.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { createTls } from "../../../packages/rehearsal/src/tls.ts";

/** A site with one staging slot on the data plane alone: no ARM, no Entra; the tokens `owner` and `reader` are known. */
export interface HostedSite {
  hosting: RehearsalHosting;
  site: Site;
  production: Slot;
  staging: Slot;
  requests: RequestLog;
  faults: Faults;
  /** The site's own: what is set here counts from then on. */
  timing: Timing;
  ca: string;
  /** Holds all content of all slots, until it is closed. */
  folder: string;
  close(): Promise<void>;
}

export function newSlot(site: Site, name: string): Slot {
  return {
    site,
    name,
    hostName: "",
    scmHostName: "",
    state: "Running",
    httpsOnly: true,
    appSettings: {},
    connectionStrings: {},
    config: { linuxFxVersion: "PYTHON|3.11", appCommandLine: "", alwaysOn: false, experiments: { rampUpRules: [] } },
    siteAuthEnabled: false,
    basicPublishing: { scm: true, ftp: false },
    publishingUserName: name === "production" ? `$${site.name}` : `$${site.name}__${name}`,
    publishingPassword: "publishing-password",
    lastModifiedTimeUtc: new Date().toISOString(),
    targetSwapSlot: undefined,
    slotSwapStatus: undefined,
    tags: {},
    identity: undefined,
  };
}

export function newSite(): Site {
  const site: Omit<Site, "production"> & { production?: Slot } = {
    subscriptionId: randomUUID(),
    resourceGroup: "rg-auction",
    name: "auction-api",
    location: "westeurope",
    planName: "plan",
    kind: "app,linux",
    slots: new Map(),
    slotConfigNames: { appSettingNames: [], connectionStringNames: [], azureStorageConfigNames: [] },
    operation: undefined,
  };
  const whole = site as Site;
  site.production = newSlot(whole, "production");
  whole.slots.set("staging", newSlot(whole, "staging"));
  return whole;
}

export interface SiteOptions extends Partial<Pick<HostingOptions, "instances" | "random" | "quirks">> {
  timing?: Partial<Timing>;
}

/** SCM sites answer at once unless `timing.scmStart` says otherwise. */
export async function hostSite(options: SiteOptions = {}): Promise<HostedSite> {
  const folder: TemporaryFolder = await temporaryFolder("hosting");
  const tls = await createTls(join(folder.path, "tls"));
  const ground = { tls, faults: new Faults(), requests: new RequestLog() };
  const { timing: more, ...others } = options;
  const timing = { ...Timing.fast, scmStart: 0, ...more };
  const hosting = createHosting({
    ...ground,
    ...others,
    dir: join(folder.path, "slots"),
    python: pythonPath(),
    timing,
    tokenVerifier: (token) =>
      token === "owner" ? { principal: "owner" } : token === "reader" ? "forbidden" : "unauthorized",
  });
  const site = newSite();
  const staging = site.slots.get("staging");
  if (staging === undefined) throw new Error("no staging slot");
  await hosting.create(site.production);
  await hosting.create(staging);
  const close = async (): Promise<void> => {
    await hosting.close();
    await folder.remove();
  };
  const { production } = site;
  return { hosting, site, production, staging, ...ground, timing, ca: tls.ca, folder: folder.path, close };
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  json: () => unknown;
}

export interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  /** Default `owner`; empty for none. */
  token?: string;
}

/** One request on a connection of its own. Rejects when the connection breaks. */
export function ask(ca: string, host: string, path: string, asking: Asking = {}): Promise<Answer> {
  const { method = "GET", token = "owner", body } = asking;
  const headers = { ...(token ? { authorization: `Bearer ${token}` } : {}), ...asking.headers };
  return new Promise((resolve, reject) => {
    const outgoing = request(`https://${host}${path}`, { method, headers, ca, agent: false }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json: () => JSON.parse(text) });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** A zip with the files given; all with one fixed time unless `modified` says which. */
export async function zipOf(
  files: Record<string, string>,
  modified = new Date("2026-01-02T03:04:06Z"),
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name, { mtime: modified });
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** An app of a few lines: answers with the release it is and what it sees of its environment, slowly when asked to. */
export function pythonApp(release: string): Record<string, string> {
  return {
    "release.txt": release,
    "server.py": `
import json, os, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
release = open("release.txt").read().strip()
shown = ("WEBSITE_SLOT_NAME", "WEBSITE_HOSTNAME", "WEBSITE_INSTANCE_ID", "STICKY", "MOVING", "POSTGRESQLCONNSTR_MAIN")
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    ill = False
    def reply(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        if self.path.startswith("/slow"): time.sleep(1)
        if self.path.startswith("/crash"): os._exit(7)
        status = int(os.environ.get("ANSWER_STATUS", "200"))
        if self.path.startswith("/sicken"): Handler.ill = True
        if self.path.startswith("/health") and Handler.ill: status = 503
        self.reply(status, {"release": release, "path": self.path, "environment": {k: os.environ.get(k) for k in shown}, "headers": {k.lower(): v for k, v in self.headers.items()}})
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.reply(200, {"release": release, "received": len(body)})
    def log_message(self, *arguments):
        print("request", self.path, flush=True)
print("serving release", release, flush=True)
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
`,
  };
}

export const pythonCommand = "exec python server.py 8000";

/** Waits until a condition holds; fails with its name after a minute, or as many milliseconds as are given. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  patience = 60_000,
): Promise<void> {
  for (let tries = 0; tries < patience / 25; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Never happened: ${what}`);
}

/** Deploys files to a slot through its SCM site and waits until the app of that release answers there. */
export async function deployRelease(hosted: HostedSite, slot: Slot, release: string): Promise<void> {
  const body = await zipOf({ ...pythonApp(release) });
  slot.config.appCommandLine = pythonCommand;
  hosted.hosting.configurationChanged(slot, "config");
  const answer = await ask(hosted.ca, slot.scmHostName, "/api/publish?type=zip", { method: "POST", body });
  if (answer.status !== 200) throw new Error(`deploying ${release}: ${answer.status} ${answer.text}`);
  await until(`release ${release} answers at ${slot.name}`, async () => (await releaseAt(hosted, slot)) === release);
}

/** The release that answers at a slot's public host now; `undefined` when none does. */
export async function releaseAt(hosted: HostedSite, slot: Slot): Promise<string | undefined> {
  const answer = await ask(hosted.ca, slot.hostName, "/", { token: "" });
  if (answer.status !== 200 || !String(answer.headers["content-type"]).includes("json")) return undefined;
  const document = answer.json();
  return typeof document === "object" && document !== null && "release" in document
    ? String(document.release)
    : undefined;
}
