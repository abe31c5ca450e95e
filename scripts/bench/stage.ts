import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cloud, type Site, startCloud, Timing } from "@augeo/rehearsal";

/** The least app that answers: what is measured is the way there, not the app. */
const SERVER = `import http.server, os

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status":"ok"}')

    def log_message(self, *arguments):
        pass

http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
`;

export interface Stage {
  readonly cloud: Cloud;
  readonly site: Site;
  /** What every action takes to reach the site's staging slot. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** A rehearsal cloud with one site. `stageTime`: what each of a deployment's two stages takes, in milliseconds. */
export async function openStage(
  name: string,
  stageTime = 0,
  postgres: "own" | "none" = "none",
  blob: "own" | "none" = "none",
): Promise<Stage> {
  const timing = { ...Timing.fast, scmStart: 0, deploymentStage: stageTime };
  const cloud = await startCloud({ postgres, blob, timing, arm: { retryAfter: 1 } });
  cloud.trust();
  const site = await cloud.createSite({ name, slots: ["staging"], appCommandLine: "python3 app.py" });
  // A slot that nobody has changed for an hour, as before most deploys: one changed just now is first watched for a second.
  for (const slot of site.slots.values()) slot.lastModifiedTimeUtc = new Date(Date.now() - 3_600_000).toISOString();
  const { "github-token": _, ...signIn } = cloud.inputs;
  return { cloud, site, inputs: { ...signIn, app: name, "resource-group": cloud.resourceGroup, slot: "staging" } };
}

/** Writes a package with the app and some further files. */
export async function writePackage(
  folder: string,
  files: Readonly<Record<string, string | Buffer>> = {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries({ "app.py": SERVER, ...files })) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}
