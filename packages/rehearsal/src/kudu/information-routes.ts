import type { SlotHost } from "../hosting/slot-host.ts";
import { type Call, type Reply, ReplyError, type Routes } from "../http.ts";
import { ProcessGroup } from "../slots/process-group.ts";
import { homePath } from "./vfs-routes.ts";

/** What the SCM site says of itself and its settings, and `/api/command`. */
export function addInformationRoutes(routes: Routes, host: SlotHost): void {
  // Written through the SCM site, settings live with the site's content and win over its app settings there.
  const own = new Map<string, string>();
  const settings = (): Record<string, string> => ({
    ...defaults(host),
    ...host.slot.appSettings,
    ...Object.fromEntries(own),
  });
  routes.add("GET", "/api/settings", () => ({ status: 200, body: settings() }));
  routes.add("GET", "/api/settings/{key}", (call) => oneSetting(call, settings()));
  routes.add("POST", "/api/settings", (call) => writeSettings(call, own));
  routes.add("DELETE", "/api/settings/{key}", (call) => {
    own.delete(call.param("key"));
    return { status: 204 };
  });
  routes.add("GET", "/api/environment", () => ({ status: 200, body: environment(host) }));
  routes.add("GET", "/api/diagnostics/runtime", () => ({ status: 200, body: runtime() }));
  routes.add("GET", "/diagnostics/runtime", () => ({ status: 200, body: runtime() }));
  routes.add("POST", "/api/command", (call) => command(call, host));
  routes.add("POST", "/api/app/restart", () => {
    host.scm.restartApp();
    return { status: 200 };
  });
  routes.add("GET", "/", () => ({
    status: 200,
    headers: { "content-type": "text/html" },
    body: Buffer.from("<html><title>Kudu Lite</title></html>"),
  }));
}

function defaults({ slot }: SlotHost): Record<string, string> {
  return {
    deployment_branch: "master",
    SCM_TRACE_LEVEL: "1",
    SCM_COMMAND_IDLE_TIMEOUT: "60",
    SCM_LOGSTREAM_TIMEOUT: "7200",
    SCM_USE_LIBGIT2SHARP_REPOSITORY: "0",
    WEBSITE_SITE_NAME: slot.site.name,
    ScmType: "None",
  };
}

function oneSetting(call: Call, settings: Record<string, string>): Reply {
  const value = settings[call.param("key")];
  return value === undefined
    ? { status: 404, body: `'${call.param("key")}' not found.` }
    : { status: 200, body: value };
}

async function writeSettings(call: Call, own: Map<string, string>): Promise<Reply> {
  for (const [key, value] of Object.entries(fieldsOf(await call.json()))) own.set(key, String(value));
  return { status: 204 };
}

function environment({ slot }: SlotHost) {
  return { version: "1.0.0.7", siteLastModified: slot.lastModifiedTimeUtc, site_name: slot.site.name, slot: slot.name };
}

function runtime() {
  return {
    nodejs: [],
    system: { os_name: "Unix 5.15.0.0", os_build_lab_ex: "N/A", cores: 2, framework: ".NET", vers: "8.0" },
  };
}

/** Runs a shell command below the app's home: `{"command":"ls","dir":"site/wwwroot"}`. */
async function command(call: Call, host: SlotHost): Promise<Reply> {
  const fields = fieldsOf(await call.json());
  const directory = homePath(host, String(fields.dir ?? "").replace(/^\/home\/?/, ""));
  if (typeof fields.command !== "string" || directory === undefined)
    throw new ReplyError({ status: 400, body: "No command." });
  const lines: string[] = [];
  const group = new ProcessGroup({
    command: fields.command,
    directory,
    environment: { ...host.slot.appSettings, HOME: host.app.home, PATH: process.env.PATH ?? "/usr/bin:/bin" },
    onLine: (line) => lines.push(line),
  });
  const exit = await group.exited;
  return {
    status: 200,
    body: { Output: lines.map((line) => `${line}\n`).join(""), Error: "", ExitCode: exit.code ?? 137 },
  };
}

function fieldsOf(body: unknown): Record<string, unknown> {
  return typeof body === "object" && body !== null ? Object.fromEntries(Object.entries(body)) : {};
}
