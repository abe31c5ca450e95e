/** A rehearsal cloud with one app and its staging slot, a package, and runs of the bundle against it. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FaultAction } from "../../../packages/rehearsal/src/faults.ts";
import { Timing } from "../../../packages/rehearsal/src/hosting/timing.ts";
import { type Cloud, type CloudOptions, startCloud } from "../../../packages/rehearsal/src/index.ts";
import type { Site, Slot } from "../../../packages/rehearsal/src/model.ts";
import type { LoggedRequest } from "../../../packages/rehearsal/src/request-log.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { letRest } from "../../support/let-rest.ts";
import { type MainRun, type RunOptions, runAction } from "../../support/run-action.ts";

export const APP = "auction-api";

/** Answers every path with its own release file. */
const SERVER = `import http.server, os

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = open("augeo-release.json", "rb").read()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
`;

export interface Stage {
  cloud: Cloud;
  site: Site;
  staging: Slot;
  folder: TemporaryFolder;
  /** Writes a folder with the app in it, and further files. */
  package(name: string, files?: Record<string, string>): Promise<string>;
  deploy(inputs?: RunOptions["inputs"], options?: Partial<RunOptions>): Promise<MainRun>;
  /** Uploads of a package that reached the SCM sites, whatever the answer. */
  uploads(): LoggedRequest[];
  /** Puts a fault on the staging slot's SCM site. */
  fault(method: string, path: RegExp, action: FaultAction, more?: { times?: number; after?: number }): void;
  reset(): void;
  close(): Promise<void>;
}

export interface StageOptions extends Omit<CloudOptions, "timing"> {
  slots?: string[];
  /** Default false: without Blob Storage. */
  withBlobs?: boolean;
  timing?: Partial<Timing>;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { slots = ["staging"], withBlobs = false, ...cloudOptions } = options;
  const timing = { ...Timing.fast, scmStart: 0, ...options.timing };
  const cloud = await startCloud({
    postgres: "none",
    ...(!withBlobs && { blob: "none" }),
    arm: { retryAfter: 1 },
    ...cloudOptions,
    timing,
  });
  const folder = await temporaryFolder("slot-deploy");
  cloud.trust();
  const site = await cloud.createSite({ name: APP, slots, appCommandLine: "python3 app.py" });
  const staging = site.slots.get("staging") ?? site.production;
  const stage: Stage = {
    cloud,
    site,
    staging,
    folder,
    async package(name, files = {}) {
      const path = join(folder.path, name);
      await mkdir(path, { recursive: true });
      for (const [file, text] of Object.entries({ "app.py": SERVER, ...files }))
        await writeFile(join(path, file), text);
      return path;
    },
    deploy: (inputs = {}, more = {}) =>
      runAction("slot-deploy", { cloud, inputs: { ...signIn(cloud), ...place(cloud), ...inputs }, ...more }),
    uploads: () => cloud.requests.of({ host: "scm", method: "POST", path: /\/api\/publish/ }),
    fault: (method, path, action, more = {}) =>
      void cloud.faults.add({ match: { host: "scm", method, path }, action, ...more }),
    reset() {
      letRest(site);
      cloud.faults.clear();
      cloud.requests.clear();
    },
    async close() {
      await cloud.close();
      await folder.remove();
    },
  };
  return stage;
}

function signIn({ inputs }: Cloud): RunOptions["inputs"] {
  const { "github-token": _, ...rest } = inputs;
  return rest;
}

function place(cloud: Cloud): RunOptions["inputs"] {
  return { app: APP, "resource-group": cloud.resourceGroup, slot: "staging", "start-timeout": "60s", timeout: "2m" };
}

/** The one error of a failed run, with its reasons: annotation and log say the same. */
export function errorOf(run: MainRun): string {
  return run.annotations
    .filter(({ level }) => level === "error")
    .map(({ message }) => message)
    .join("\n");
}

/** The release file that the slot's running app serves. */
export async function served(stage: Stage): Promise<unknown> {
  const { Agent, get } = await import("node:https");
  const agent = new Agent({ ca: stage.cloud.tls.ca });
  return new Promise((resolve, reject) => {
    get(`https://${stage.staging.hostName}/`, { agent }, (reply) => {
      let text = "";
      reply.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      reply.on("end", () => resolve(JSON.parse(text)));
    }).on("error", reject);
  });
}
