import { PassThrough, Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { SlotHost } from "../hosting/slot-host.ts";
import type { Call, Reply, Routes } from "../http.ts";
import type { StoredDeployment } from "./deployment-history.ts";

const fileName = "default_docker.log";

/** Container logs: listed, zipped, recent lines, streamed. */
export function addLogRoutes(routes: Routes, host: SlotHost): void {
  routes.add("GET", "/api/logs/docker", (call) => ({ status: 200, body: [logFile(call, host)] }));
  routes.add("GET", "/api/logs/docker/zip", () => zipped(host));
  routes.add("GET", "/dump", () => zipped(host));
  routes.add("GET", "/api/dump", () => zipped(host));
  routes.add("GET", "/api/logs/recent", (call) => ({ status: 200, body: recent(call, host) }));
  routes.add("GET", "/api/logstream[/{*path}]", (call) => stream(call, host));
  // Where `href` of the list points: the log is kept in memory, and shown as the file it would be.
  routes.add("GET", `/api/vfs/LogFiles/${fileName}`, () => ({ status: 200, body: host.app.log.text() }));
}

function logFile(call: Call, host: SlotHost) {
  return {
    machineName: host.instanceIds()[0]?.slice(0, 12) ?? "",
    lastUpdated: new Date().toISOString(),
    size: Buffer.byteLength(host.app.log.text()),
    href: `${call.origin}/api/vfs/LogFiles/${fileName}`,
    path: `/home/LogFiles/${fileName}`,
  };
}

function zipped(host: SlotHost): Reply {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(host.app.log.text()), `LogFiles/${fileName}`);
  for (const record of host.scm.history.records)
    zip.addBuffer(deploymentLog(record), `deployments/${record.id}/log.log`);
  zip.end();
  return { status: 200, headers: { "content-type": "application/zip" }, body: new Readable().wrap(zip.outputStream) };
}

function deploymentLog({ log }: StoredDeployment): Buffer {
  const lines = log.flatMap((line) => [line, ...line.details]);
  return Buffer.from(lines.map(({ time, message }) => `${time} ${message}\n`).join(""));
}

function recent(call: Call, host: SlotHost) {
  const top = Number(call.query.get("top") ?? 100);
  return host.app.log.tail(Number.isInteger(top) && top > 0 ? top : 100).map((line) => {
    const [timestamp = "", ...message] = line.split(" ");
    return { timestamp, level: "Information", message: message.join(" "), source: "Container" };
  });
}

/** Lines as they come, until the client goes or the SCM container does. */
function stream(call: Call, host: SlotHost): Reply {
  const out = new PassThrough();
  const { log } = host.app;
  const write = (line: string): void => void out.write(`${line}\n`);
  out.write(`${new Date().toISOString()}  Welcome, you are now connected to log-streaming service.\n`);
  for (const line of log.tail(20)) write(line);
  log.on("line", write);
  const end = (): void => {
    log.off("line", write);
    out.end();
  };
  call.signal.addEventListener("abort", end);
  host.scm.container.signal.addEventListener("abort", end);
  return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: out };
}
